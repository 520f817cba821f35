"""Never a 500: every address and every form, with junk in each place; what is refused is refused in a sentence.

Junk takes turns instead of being multiplied out, so the file stays quick; the turns are the same every time.
"""

import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.claims import accident, adjustments, benefit, handover, intake, later_papers, requests
from caseflow.claims.complaints import Told, file_complaint
from caseflow.claims.models import Claim
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents.intake import Place
from caseflow.documents.models import Document
from caseflow.documents.review import get_requirement
from caseflow.documents.storage import open_store
from caseflow.documents.uploads import open_upload
from caseflow.extensions import db
from caseflow.launch.databases import DatabaseUrls
from caseflow.payments.statements import load_statement
from caseflow.people import accounts
from caseflow.people.accounts import actor_of
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.devices import device_for_reporter, find_device
from caseflow.people.models import StaffUser
from caseflow.training.people import PASSPHRASE
from caseflow.web.security import CONTENT_SECURITY_POLICY
from tests import story
from tests.conftest import START, copy_of, make_settings
from tests.files import samples
from tests.monitoring.visiting import visited
from tests.notices.letters import issue
from tests.payments.world import World, row, statement
from tests.told import helped
from tests.web.casework import accidents

# who walks through the house, by the beginning of an address; the doors themselves are test_permissions'
WALKERS = {"/keuangan/rekening-koran": "lusi", "/keuangan/berkas/B": "hadi", "/petugas/persetujuan": "mega",
           "/petugas/pendapat-medis": "vera", "/petugas": "dedi", "/keuangan": "nina", "/admin": "bram",
           "/akun": "aulia", "/pengawasan/aduan": "irma", "/berkas": "family", "/program": "desi", "/nagari": "fitri"}  # fmt: skip
# where a part of an address is called like another one elsewhere
DRAWERS = {"/keuangan/berkas/": {"number": "batch"}, "/nagari/jorong/": {"code": "nagari"},
           "/program/kuota/": {"code": "nagari"}, "/admin/batas/": {"name": "limit"}}  # fmt: skip
JUNK_IN_ADDRESSES = (
    "0", "-1", "99999999999999999999", "%00", "%D9%A1%D9%A2", "%FF%FE", "x%0d%0aSet-Cookie:a=b", "..%2f..%2fetc",
    "'%20OR%201=1--", "%E2%80%AE", "SJJ-26-9999-6", "a" * 2000, "%F0%9F%98%80", "null", "%20",
)  # fmt: skip
JUNK_IN_FIELDS = (
    "", "\x00", "99999999999999999999", "-1", "١٢٣", "1e999", "NaN", "\u202eabc", "😀" * 60, "x" * 5000,
    "' OR 1=1;--", "<script>alert(1)</script>", "{{7*7}}", "\r\nX: y", "a" + "\u0301" * 40, "1_000", "\ufeff",
    "2026-02-30",
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ENGLISH = (
    "Traceback",
    "Bad Request",
    "Not Found",
    "Method Not Allowed",
    "Internal Server Error",
    "not permitted",
)
WHAT_WAS_SAVED = re.compile(
    r"tersimpan|disimpan|tidak ada yang berubah|belum dilakukan|sudah dicetak|perlu diperbaiki", re.IGNORECASE
)
SAYS_WHAT_WAS_SAVED = {409, 413, 415}
# forms that end the visit of whoever sends them
LEAVING = {"/keluar", "/berkas/tutup", "/berkas/hp/cabut", "/akun/sesi/cabut", "/akun/sesi/cabut-semua"}
QUERIES = ("aksi", "alur", "antre", "antrean", "d", "dari", "h", "isi", "jalan", "kode", "next", "nomor", "q", "referensi",
           "saring", "sebelum", "setelah", "tahun")  # fmt: skip
FORMS_AT_LEAST = 45
REFUSED = {413, 415, 422}
# what families sent is shown without any rights at all
FILES = {"image/jpeg", "image/png", "application/pdf"}
FILE_POLICY = "default-src 'none'; sandbox"
BODIES: tuple[tuple[str | None, bytes], ...] = (
    ("application/json", b'{"a":[1]}'),
    ("application/xml", b"<a/>"),
    ("application/x-www-form-urlencoded", b"a=%FF%ZZ&\xff=\x00&=&&version=" + b"9" * 30_000),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(1200))),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=b", b"--b\r\n\r\n"),
    (None, b"abc"),
)


@dataclass
class Found:
    """A form of a page: where it goes, and everything it would send."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Found] = []
        self.links: list[str] = []
        self._form: Found | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name, value = has.get("name", ""), has.get("value", "")
        if tag == "a" and "?isi=" in has.get("href", ""):
            self.links.append(has["href"])
        if tag == "form" and has.get("method", "").lower() == "post":
            self._form = Found(has.get("action", "").split("#")[0])
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and value:
            self._form.fields.setdefault(self._select, [value])
        elif tag == "input" and has.get("type") == "file":
            self._form.files.add(name)
        elif tag in {"input", "textarea", "button"} and name:
            self._form.fields.setdefault(name, [value])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


@dataclass
class House:
    """The application, what lies in it, and a browser for everybody who walks."""

    app: CaseflowApp
    names: Mapping[str, tuple[str, ...]]
    browsers: Mapping[str, FlaskClient]
    forms: list[tuple[FlaskClient, Found]] = field(default_factory=list)

    def walker(self, path: str) -> FlaskClient:
        """Who may open an address."""
        return next(
            (self.browsers[who] for start, who in WALKERS.items() if path.startswith(start)),
            self.browsers["public"],
        )


@pytest.fixture(scope="module")
def house(cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Cases on every part of the way, money under way, and everybody signed in."""
    clock.set_start(START)
    folder: Path = tmp_path_factory.mktemp("objects")
    for database in copy_of(cluster, template):
        with Session(database.engine) as session:
            names, device = _furnish(session, folder)
            session.commit()
        app = create_app(
            make_settings(database.app_url, folder),
            TESTING=True,
            WTF_CSRF_ENABLED=False,
            PROPAGATE_EXCEPTIONS=False,
        )
        browsers = {who: app.test_client() for who in ("public", *WALKERS.values())}
        browsers["family"].set_cookie("kel", device)
        for who in set(WALKERS.values()) - {"family"}:
            answer = browsers[who].post("/masuk", data={"username": who, "passphrase": PASSPHRASE})
            assert answer.status_code == 303
        browsers["public"].post("/lapor")
        furnished = House(app, names, browsers)
        furnished.forms += _forms(furnished)  # before any junk has moved a case
        yield furnished
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _furnish(session: Session, folder: Path) -> tuple[dict[str, tuple[str, ...]], str]:
    users = session.execute(select(StaffUser.username, StaffUser.id)).all()
    found = {name: actor_of(session, number) for name, number in users}
    staff = {name: actor for name, actor in found.items() if actor is not None}
    stage = story.Stage(session, open_store(f"folder://{folder}"), staff, previews=True)
    _medical_adviser(session)
    hurt = [
        accidents.certified(stage, accidents.ERMAWATI),
        accidents.computed(stage, accidents.BUSTAMI),
        accidents.reviewed(stage, accidents.MARZUKI),
    ]
    claims = [
        *hurt,
        story.verified(stage, story.ZULBAHRI),
        story.submitted(stage, story.NURBAITI),
        story.approved(stage),
        story.reported(stage, story.SYAFRIL),
    ]
    rest, ride = (one(session, hurt[0].id)[0].id for one in (accident.periods, accident.costs))
    adjustment = _adjustment(session, hurt[1], staff["dedi"])
    asked, later = _asked_for(stage, claims[-1]), _later_paper(stage, claims[0])
    world = World(session, staff)
    waiting, sent = world.prepare(world.approved_claim()), world.sent()
    batches = [
        world.locked(world.prepare(world.approved_claim())),
        world.batch(world.prepare(world.approved_claim())),
    ]
    text = statement(
        row(f"TRF {sent.reference}", debit=42_000_000, ref="FT1"), row("SETORAN", credit=5, ref="FT2")
    )
    loaded = load_statement(session, "koran.csv", io.BytesIO(text), by=staff["lusi"], now=clock.now())
    papers = session.scalars(select(Document.public_id).order_by(Document.id).limit(2)).all()
    letter = issue(stage, claims[0], "receipt", by=staff["dedi"])
    device = device_for_reporter(session, claims[-1].id, "Yusra", now=clock.now())
    told = Told(category="levy", accused="nagari", words="Ada yang meminta uang.", key="junk")
    filed = file_complaint(session, told, branch_code="solok", now=clock.now(), pepper="p" * 40)
    place = Place(claims[-1].id, get_requirement(session, claims[-1].id, "family_card").id, "half", "kk.jpg")
    opened = find_device(session, device, now=clock.now())
    assert opened is not None
    half = open_upload(session, place, 5000, by=opened.actor, open_in=OPEN_FOR_PAPERS)
    return {
        "number": (*(claim.number for claim in claims), filed.number),
        "batch": tuple(batch.number for batch in batches),
        "reference": (waiting.reference, sent.reference),
        "public_id": tuple(papers),
        "upload_id": (half.public_id,),
        "code": ("family_card", "worked", "bank_book"),
        "action": ("approve", "return_to_officer", "hold", "withdraw", "submit", "start_verification"),
        "name": (
            "nama",
            "nik",
            "kapan",
            "di-mana",
            "pelapor",
            "telepon",
            "persetujuan",
            "apa",
            "siapa",
            "kabar",
        ),
        "statement_id": (str(loaded.statement_id),),
        "line_id": ("1", "2"),
        "member_id": ("1",),
        "period_id": (str(rest),),
        "cost_id": (str(ride),),
        "adjustment_id": (str(adjustment),),
        "request_id": (asked,),
        "proposal_id": (later,),
        "page": ("1",),
        "day": ("2026-12-25",),
        "filename": ("css/tokens.css",),
        "letter": (letter.number.replace("/", "-"),),
        "kind": ("receipt", "decision", "refusal", "invitation", "document_request"),
        "paper": ("a4", "counter", "roll"),
        # settings and the nagari's side
        "username": ("sari", "fitri"),
        "nagari": ("13.03.99.2001", "13.03.99.2002"),
        "region_code": ("13.03.99.2001",),
        "payer": ("apb_nagari", "csr"),
        "first": ("2026-01-01",),
        "limit": ("approval_limit_1_idr", "joint_leave_stops_clock"),
        "handover_id": (_handed_over(stage),),
        "payment_id": ("1",),
        "check_id": ("1",),
        "part": ("nagari",),
        **visited(stage),
        **helped(stage),
        "key": ("tepat-waktu", "kunjungan"),
        "month": ("2026-10",),
    }, device


def _handed_over(stage: story.Stage) -> str:
    """A hand-over to the common list and back to whoever had the cases."""
    dedi = stage.staff["dedi"]
    session, held = stage.session, handover.in_hand(stage.session, dedi.user_id or 0)
    given = handover.Given(None, "Semua keluarga sudah ditelepon.")
    moved = handover.hand_over(session, dedi.user_id or 0, given, why="leave", by=dedi, now=clock.now())
    for one in held:
        claim = session.get(Claim, one.casefile_id)
        assert claim is not None
        intake.assign(session, claim, dedi.user_id, by=dedi)
    return moved.public_id


def _medical_adviser(session: Session) -> None:
    """The one role that no practice account holds."""
    user = accounts.create_user(session, "vera", "Vera", PASSPHRASE, by=SYSTEM, now=clock.now())
    scope = accounts.Scope("branch", "solok")
    accounts.grant_role(session, user.person_id, "medical_adviser", scope, by=SYSTEM, now=clock.now())


def _adjustment(session: Session, claim: Claim, by: Actor) -> int:
    """A proposal that waits for a second person."""
    statement = benefit.computed_statement(session, claim, now=clock.now())
    reason = "Nota menyebut perjalanan pulang yang tidak diganti."
    code = statement.lines[0].code
    return adjustments.propose(session, claim, statement, code, 1, reason, by=by, now=clock.now()).id


def _asked_for(stage: story.Stage, claim: Claim) -> str:
    """A question of the family that waits for an answer."""
    phone = story.phone_of(stage, claim)
    words = "Kapan petugas datang ke rumah?"
    return str(requests.ask_question(stage.session, claim, "question", words, by=phone, now=clock.now()).id)


def _later_paper(stage: story.Stage, claim: Claim) -> str:
    """A paper that waits for a second person."""
    reason = "Nama di dua dokumen tidak sama."
    made = later_papers.propose(
        stage.session, claim, "same_person_letter", reason, by=stage.verifier, now=clock.now()
    )
    return str(made.id)


# --- what every answer must be


def faults(answer: TestResponse, asked: str, *, wrote: bool = False) -> list[str]:
    """Return what is wrong with an answer; nothing for a good one."""
    status, kind, headers = answer.status_code, answer.mimetype, answer.headers
    page = unescape(answer.get_data(as_text=True)) if kind == "text/html" and status >= 400 else ""
    answer.close()
    said = [f"{asked}: {status}"] if status >= 500 else []
    expected = {**HEADERS, "Content-Security-Policy": FILE_POLICY} if kind in FILES else HEADERS
    said += [
        f"{asked}: {name} is {headers.get(name)!r}"
        for name, value in expected.items()
        if headers.get(name) != value
    ]
    if page:
        said += [f"{asked}: {status} {wrong}" for wrong in _unfriendly(page, status, wrote=wrote)]
    return said


def _unfriendly(page: str, status: int, *, wrote: bool) -> Iterator[str]:
    """What a person could not use in the page of a refusal."""
    yield from (f"says {word}" for word in ENGLISH if word in page)
    if 'lang="id"' not in page or "<h1" not in page:
        yield "has no heading in Indonesian"
    if not re.search(r"<a |<button", page.split("<main", 1)[-1]):
        yield "leads nowhere"
    if wrote and status in SAYS_WHAT_WAS_SAVED and not WHAT_WAS_SAVED.search(page):
        yield "does not say what was saved"


# --- addresses


def _rules(house: House, *methods: str) -> list[Rule]:
    rules = house.app.url_map.iter_rules()
    fitting = [rule for rule in rules if not methods or set(methods) & (rule.methods or set())]
    return sorted(fitting, key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def _values(house: House, rule: Rule, turn: int = 0) -> dict[str, str]:
    """Values that exist: the same turn gives the same case to all addresses."""
    drawer = next((names for start, names in DRAWERS.items() if rule.rule.startswith(start)), {})
    found = {name: house.names[drawer.get(name, name)] for name in sorted(rule.arguments)}
    return {name: values[turn % len(values)] for name, values in found.items()}


def _path(rule: Rule, values: Mapping[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule.rule)


def test_junk_in_every_address(house: House) -> None:
    """Each part of each address in turn; what stands in the others exists."""
    wrong: list[str] = []
    turns = itertools.cycle(JUNK_IN_ADDRESSES)
    for rule in _rules(house, "GET", "POST"):
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        for name in sorted(rule.arguments):
            for junk in itertools.islice(turns, 4):
                path = _path(rule, {**_values(house, rule), name: junk})
                wrong += faults(house.walker(path).open(path, method=method), f"{method} {path[:90]}")
    assert wrong == []


def test_junk_behind_every_question_mark(house: House) -> None:
    wrong: list[str] = []
    turns = itertools.cycle(JUNK_IN_FIELDS)
    for rule in _rules(house, "GET"):
        path = _path(rule, _values(house, rule))
        for junk in itertools.islice(turns, 3):
            answer = house.walker(path).get(path, query_string=dict.fromkeys(QUERIES, junk))
            wrong += faults(answer, f"GET {path}?{junk[:20]!r}")
    assert wrong == []


def test_methods_and_bodies_that_nobody_asked_for(house: House) -> None:
    wrong: list[str] = []
    methods = itertools.cycle(("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD", "PROPFIND"))
    bodies = itertools.cycle(BODIES)
    for rule in _rules(house):
        path = _path(rule, _values(house, rule))
        browser = house.walker(path)
        for method in itertools.islice(methods, 2):
            wrong += faults(browser.open(path, method=method), f"{method} {path}")
        if "POST" not in (rule.methods or ()) or path in LEAVING:
            continue
        for kind, body in itertools.islice(bodies, 2):
            answer = browser.post(path, data=body, content_type=kind)
            wrong += faults(answer, f"POST {path} {kind} {body[:20]!r}", wrote=True)
    assert wrong == []


# --- forms


def _forms(house: House) -> list[tuple[FlaskClient, Found]]:
    """Every form that somebody can see, once for each kind."""
    pages = [
        _path(rule, _values(house, rule, turn))
        for rule in _rules(house, "GET")
        for turn in range(len(house.names["number"]))
    ]
    panels = [f"/petugas/kasus/{house.names['number'][0]}/dokumen?d=family_card&aksi={panel}"
              for panel in ("ganti", "unggah", "minta", "tidak-perlu")]  # fmt: skip
    found: dict[str, tuple[FlaskClient, Found]] = {}
    waiting = list(dict.fromkeys([*panels, *pages]))
    for path in waiting:
        browser = house.walker(path)
        with browser.get(path) as answer:
            page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        reader = _Reader()
        reader.feed(page)
        waiting += [link for link in reader.links if link not in waiting]
        for form in reader.forms:
            action = form.action or urlsplit(path).path
            if action not in LEAVING:
                # one case is as good as another
                kind = re.sub(r"SJJ-?[0-9-]+", "…", action)
                found.setdefault(kind, (browser, Found(action, form.fields, form.files)))
    return list(found.values())


def _sendings(form: Found, turns: Iterator[str]) -> Iterator[tuple[str, MultiDict[str, object]]]:
    """What a form could send and never should."""
    yield "empty", MultiDict()
    for junk in itertools.islice(turns, 2):
        yield f"all {junk[:12]!r}", MultiDict(dict.fromkeys(form.fields, junk))
    for name in form.fields:
        if name not in {"csrf_token", "request_key"}:
            junk = next(turns)
            yield f"{name} is {junk[:12]!r}", MultiDict({**form.fields, name: junk})
    for name in form.files:
        yield f"{name} is words", MultiDict({**form.fields, name: "no file"})
        yield f"{name} is nothing", MultiDict({**form.fields, name: (io.BytesIO(b""), "")})
    yield "everything twice", MultiDict({name: values * 2 for name, values in form.fields.items()})


def test_junk_in_every_form(house: House) -> None:
    """All fields at once, then each alone, then all of them twice."""
    wrong: list[str] = []
    turns = itertools.cycle(JUNK_IN_FIELDS)
    assert len(house.forms) >= FORMS_AT_LEAST
    for browser, form in house.forms:
        kind = "multipart/form-data" if form.files else None
        for what, body in _sendings(form, turns):
            answer = browser.post(form.action, data=body, content_type=kind)
            wrong += faults(answer, f"POST {form.action} {what}", wrote=True)
    assert wrong == []


# --- files


def _broken_files() -> Iterable[tuple[str, bytes]]:
    photo, paper = samples.jpeg(), samples.pdf()
    yield "nothing", b""
    yield "half a photo", photo[: len(photo) // 2]
    yield "half a PDF", paper[: len(paper) // 2]
    yield "a PDF without pages", b"%PDF-1.4\n%%EOF"
    yield "only the beginning of a HEIC", b"\0\0\0\x18ftypheic" + b"\0" * 40
    yield "only the beginning of a WebP", b"RIFF\x10\0\0\0WEBPVP8 "
    yield "zeros", b"\0" * 5000
    yield "twenty-one megabytes", photo + b"\0" * (21 << 20)
    yield "a web page", samples.html()
    yield "a moving picture", samples.gif()
    yield "a locked PDF", samples.locked_pdf()
    yield "a letter", samples.docx()
    yield "too many dots", samples.large_png()


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # werkzeug's own, for more than 500 kB
def test_broken_files_at_every_door(house: House) -> None:
    """The phone, the counter and the statement; each says the file was not kept."""
    number = house.names["number"][0]
    doors = {"/berkas/dokumen/participant_card": "gallery", "/keuangan/rekening-koran": "file",
             f"/petugas/kasus/{number}/dokumen/participant_card/unggah": "scan"}  # fmt: skip
    wrong: list[str] = []
    for what, content in _broken_files():
        for path, name in doors.items():
            answer = house.walker(path).post(
                path, data={name: (io.BytesIO(content), "a\u202egpj.exe")}, content_type="multipart/form-data"
            )
            if answer.status_code not in REFUSED:
                wrong.append(f"{path} took {what}: {answer.status_code}")
            wrong += faults(answer, f"POST {path} {what}", wrote=True)
    assert wrong == []


def test_statements_no_bank_writes(house: House) -> None:
    """Never a fault, and a row that cannot be read keeps the whole file out."""
    browser, path = house.browsers["lusi"], "/keuangan/rekening-koran"
    wrong: list[str] = []
    for cells in ("a;-5;0;R", "a;NaN;0;R", "a;1.30201E+15;0;R", f"a;{'9' * 40};0;R", "a;9223372036854775808;0;R", "a;5;5;R",
                  "a;;;R", "a;٥;0;R", "a;1_000;0;R", f"a;5;0;{'R' * 5000}", f"{'d' * 90_000};5;0;R", "a;5"):  # fmt: skip
        text = f"tanggal;keterangan;debit;kredit;referensi bank\n20/11/2026;{cells}\n".encode()
        answer = browser.post(
            path, data={"file": (io.BytesIO(text), "k.csv")}, content_type="multipart/form-data"
        )
        if answer.status_code not in REFUSED:
            wrong.append(f"took {cells[:30]}: {answer.status_code}")
        wrong += faults(answer, f"POST {path} {cells[:30]}", wrote=True)
    assert wrong == []
