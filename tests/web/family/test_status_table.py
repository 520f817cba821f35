"""One table: every state of every workflow × everybody who may look at it × living or dead.

The sentences stand in ``tests/cases/family_states.yaml``, to be read by people. No state is without one; none holds
an empty place, a word of code or "null"; and what is refused never looks as if it were under way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow import clock, yaml_strict
from caseflow.claims import complaint_queries, complaints, workflows
from caseflow.claims.accident_reporting import report_accident
from caseflow.claims.complaints import Told
from caseflow.claims.models import Claim
from caseflow.claims.scholarship import Guardian
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.people.actor import REPORTER, SYSTEM, Actor
from caseflow.people.devices import device_for_reporter
from caseflow.people.models import FamilyDevice, HelperMandate
from caseflow.registry import queries as registry
from caseflow.web import complaints as told_complaints
from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.fire import fire, take_duty
from caseflow.workflow.rehearsal import shortest_way
from tests import scholarship_story as school
from tests.story import BRANCH, Stage, reported
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.family.walk import notice

TABLE = Path(__file__).parents[2] / "cases" / "family_states.yaml"
# kind of case → its workflow and whether its worker lives
_NEVER = {"jkk_dead": {"treatment", "recovering", "awaiting_certificate"}}
_LONGEST = 15
_NOT_YET = ChildFacts(employment="none", school_expected_on=date(2027, 7, 12))
KINDS = {
    "jkm": ("jkm", False),
    "jkk_living": ("jkk", True),
    "jkk_dead": ("jkk", False),
    "scholarship": ("scholarship", True),
}
_DUTY = {"verify": ("dedi",), "approve": ("mega", "bram"), "medical": ("rosa",), "make_batch": ("nina",),
         "release": ("hadi",), "reconcile": ("lusi",)}  # fmt: skip
_CODE = re.compile(r"\b(null|None|undefined|nan|[a-z]+_[a-z_]+)\b|[{}]")
_DEATH = re.compile(r"almarhum|meninggal|ahli waris|berduka", re.IGNORECASE)
_SETTLED = {"send_payment", "confirm_payment", "report_payment_failure"}
# states in which somebody was told that nothing is paid
_REFUSED = {"refused", "lapsed"}


@dataclass
class Placed:
    """A case in one state, with the phones of family and helper."""

    kind: str
    state: str
    number: str
    family: FlaskClient
    helper: FlaskClient


def table() -> Mapping[str, Mapping[str, Any]]:
    """The written table."""
    content = yaml_strict.load(TABLE)
    assert isinstance(content, dict)
    return content


def under_mandate(session: Session, claim: Claim, holder: str) -> None:
    """Make the phones of a holder those of a helper."""
    mandate = HelperMandate(
        casefile_id=claim.id,
        helper_name="Jon Efendi",
        helper_relation="wali_jorong",
        helper_phone="",
        given_by_name=holder,
        given_by_relation="istri",
        given_how="spoken",
        given_at=clock.now(),
        ends_on=clock.today() + timedelta(days=30),
    )
    session.add(mandate)
    session.flush()
    session.execute(
        update(FamilyDevice)
        .where(FamilyDevice.casefile_id == claim.id, FamilyDevice.holder_name == holder)
        .values(mandate_id=mandate.id)
    )


def _actor(stage: Stage, claim: Claim, move: Action) -> Actor:
    """Whose step it is; each duty is another person's."""
    if "system" in move.by:
        return SYSTEM
    desks = _DUTY.get(move.duty or "", ("sari", "bram", "hana", "rina", "nina"))
    for name in desks:
        if not stage.staff[name].roles.isdisjoint(move.by):
            return stage.staff[name]
    assert "family" in move.by, move.name
    return REPORTER


def _step(stage: Stage, claim: Claim, definition: Workflow, move: Action) -> None:
    if move.duty == "release":
        take_duty(stage.session, claim, "make_batch", by=stage.staff["nina"], now=clock.now())
    fire(
        stage.session,
        claim,
        move.name,
        by=_actor(stage, claim, move),
        expected_version=claim.version,
        definition=definition,
        calendar=registry.calendar(stage.session, clock.today()),
        now=clock.now(),
        rules={name: lambda _session, _case: None for name in move.when},
        reason_code=move.reasons[0].code if move.reasons and move.reason == "required" else None,
        reason_text="Dicatat untuk pengujian saja." if move.reason == "required" else None,
    )


def _begun(stage: Stage, kind: str) -> Claim:
    if kind == "jkm":
        return reported(stage)
    claim = report_accident(stage.session, notice(), branch=BRANCH, by=REPORTER, now=clock.now())
    if kind == "jkk_dead":
        claim.died_on, claim.honorific = clock.today(), "almarhum"
    return claim


def _placed(office: Office, stage: Stage, kind: str, claim: Claim, state: str) -> Placed | None:
    """Bring a case into a state by the shortest way; ``None`` for what comes before a report was sent."""
    definition = workflows.definition_of(claim)
    way = shortest_way(definition, claim.state, lambda name: name == state)
    if way is None:
        return None
    if kind == "scholarship" and any(move.name in _SETTLED for move, _ in way):
        # a school year that is paid shows what was decided: there it must be the real thing
        school.year_approved(stage, claim, 2026, guardian=Guardian("Elmita", "court"))
        way = shortest_way(definition, claim.state, lambda name: name == state) or []
    for move, _ in way:
        _step(stage, claim, definition, move)
    assert claim.state == state
    claim.assignee_user_id = stage.verifier.user_id
    phones = []
    for holder in ("Yusra", "Jon Efendi"):
        phone = office.app.test_client()
        phone.set_cookie("kel", device_for_reporter(stage.session, claim.id, holder, now=clock.now()))
        phones.append(phone)
    under_mandate(stage.session, claim, "Jon Efendi")
    stage.session.flush()
    return Placed(kind, state, claim.number, *phones)


@pytest.fixture
def placed(office: Office, request: pytest.FixtureRequest) -> list[Placed]:
    """A case of this kind in each state of its workflow."""
    kind: str = request.param
    definition = workflows.book().latest(KINDS[kind][0])
    found = []
    with office.stage() as stage:
        origin = school.paid_claim(stage) if kind == "scholarship" else None
        for state in definition.states.keys() - _NEVER.get(kind, set()):
            with stage.session.begin_nested():
                claim = _begun(stage, kind) if origin is None else _another_right(stage, origin, state)
                place = _placed(office, stage, kind, claim, state)
            found += [place] if place is not None else []
    return found


def _another_right(stage: Stage, origin: Claim, state: str) -> Claim:
    """Rafi's right once more; the one before has given up its place."""
    stage.session.execute(update(ScholarshipChild).values(place=None))
    return school.opened(stage, origin, "Rafi", _NOT_YET if state == "waiting_school" else school.AT_SCHOOL)


def _main(phone: FlaskClient) -> str:
    answer = phone.get("/berkas")
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200, page
    return page.split('<main id="isi"', 1)[1].split("</main>", 1)[0]


def _plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<input[^>]*>", " ", page)).split())


def _said(page: str) -> dict[str, str]:
    """What the box on top, the tracker and the clock say."""
    box = re.search(r'action-sentence">(.*?)</p>', page, re.DOTALL)
    turn = re.search(r'id="giliran-judul">([^<]+)', page)
    notes = re.findall(r'tracker-note">([^<]+)', page)
    steps = re.findall(r'step-(done|current|decision)".*?tracker-label">([^<]+)', page, re.DOTALL)
    assert box is not None
    assert turn is not None
    return {
        "do": _plain(box[1]),
        "says": _plain(notes[0]) if notes else "",
        "step": _plain(steps[-1][1]) if steps else "",
        "turn": _plain(turn[1]),
    }


def _read(one: Placed) -> dict[str, dict[str, str]]:
    """What family and helper read; of the helper only what differs."""
    family, helper = _said(_main(one.family)), _said(_main(one.helper))
    differs = {key: words for key, words in helper.items() if words != family[key]}
    return {"family": family, **({"helper": differs} if differs else {})}


@pytest.mark.parametrize("placed", KINDS, indirect=True, ids=list(KINDS))
def test_every_state_says_what_the_table_says(office: Office, placed: list[Placed]) -> None:
    """On the family's phone, on a helper's, on the officer's and the approver's screen, and at closed doors."""
    kind = placed[0].kind
    definition = workflows.book().latest(KINDS[kind][0])
    assert {one.state: _read(one) for one in placed} == table()[kind]
    for one in placed:
        for page in (_main(one.family), _main(one.helper)):
            assert not _CODE.search(_plain(page)), (one.state, _CODE.search(_plain(page)))
            assert one.state not in _plain(page).split(), one.state
            if kind == "jkk_living":
                assert not _DEATH.search(page), (one.state, _DEATH.search(page))
        path = f"/petugas/kasus/{one.number}"
        for who in ("dedi", "mega"):
            assert definition.label_of(one.state) in office.read(who, path), (who, one.state)
        office.read("fitri", path, 403)
        assert office.app.test_client().get(path).status_code in {302, 303}
        assert one.number not in office.app.test_client().get("/").get_data(as_text=True)


@pytest.mark.parametrize("placed", KINDS, indirect=True, ids=list(KINDS))
def test_money_is_only_on_the_familys_phone(placed: list[Placed]) -> None:
    """A helper sees how far it is: no rupiah, no account."""
    for one in placed:
        page = _plain(_main(one.helper))
        assert "Rp" not in page.replace("Rp1.500.000", "") or one.kind == "scholarship", one.state
        assert "berakhiran" not in page, one.state


def test_the_table_has_every_state_of_every_workflow() -> None:
    """But a draft, which nobody has sent, and what a dead worker cannot be in."""
    written = table()
    for kind, (name, _) in KINDS.items():
        states = set(workflows.book().latest(name).states) - {"draft"}
        missing = states - set(written[kind])
        assert missing == _NEVER.get(kind, set()), kind
    # a complaint and being visited have their own pages, a nomination is nothing a family sees
    others = {"complaint", "nomination", "monitoring"}
    assert {definition.name for definition in workflows.book()} == {
        name for name, _ in KINDS.values()
    } | others


def test_what_is_refused_never_looks_under_way() -> None:
    """Its step is the decision, and its sentence promises nothing."""
    for kind, states in table().items():
        for state in _REFUSED & states.keys():
            said = states[state]["family"]
            assert said["step"] == "Keputusan", (kind, state)
            assert "diperiksa" not in said["says"].lower(), (kind, state)


def test_no_sentence_of_the_table_is_long_or_empty() -> None:
    """At most fifteen words, none of code, none with an open place."""
    for kind, states in table().items():
        for state, said in states.items():
            for words in [said] if kind == "complaint" else said["family"].values():
                assert not _CODE.search(words), (kind, state, words)
                for sentence in re.split(r"(?<=[.?])\s+", words):
                    assert len(sentence.split()) <= _LONGEST, (kind, state, sentence)


@pytest.mark.parametrize("state", [*workflows.book().latest("complaint").states])
def test_every_state_of_a_complaint_has_its_sentence(
    session: Session, staff: Mapping[str, Actor], state: str
) -> None:
    """The complainant reads it with number and code."""
    filed = complaints.file_complaint(
        session,
        Told(category="levy", accused="nagari", words="Ada yang meminta uang.", key=state),
        branch_code="solok",
        now=clock.now(),
        pepper="p" * 40,
    )
    complaint = complaint_queries.find_by_number(session, filed.number)
    assert complaint is not None
    definition = workflows.book().latest("complaint")
    way = shortest_way(definition, complaint.state, lambda name: name == state)
    assert way is not None
    for move, _ in way:
        complaints.act_on(
            session,
            complaint,
            move.name,
            by=SYSTEM
            if "system" in move.by
            else staff["irma"]
            if "inspector" in move.by
            else complaints.COMPLAINANT,
            expected_version=complaint.version,
            now=clock.now(),
            reason_code=move.reasons[0].code if move.reasons else None,
            reason_text="Sudah diperiksa dengan teliti." if move.reason == "required" else None,
        )
    said = told_complaints.told_sentence(complaint)
    assert said == table()["complaint"][state]
