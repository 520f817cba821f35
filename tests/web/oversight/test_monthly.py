"""The monthly report: made from the fifth on, kept as a letter that anybody can check, without a small number."""

import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.audit.models import AuditEvent
from caseflow.config import MessageSettings
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.jobs import Tools, build
from caseflow.notices.letters.frame import Sender
from caseflow.notices.monthly_report import monthly_report, prepare, ready_months
from caseflow.notices.report_issue import issue_monthly_report
from caseflow.people.actor import Actor
from caseflow.registry.letter_models import RegistryLetter
from caseflow.reports.result_models import MailedReport, PreparedReport
from caseflow.reports.result_refresh import refresh
from tests.conftest import FreshDatabase, csrf_of, make_settings
from tests.notices.servers import mail_server
from tests.reports import results_world as world

SignIn = Callable[[FlaskClient, str], None]
PAGE = "/pengawasan/laporan-bulanan"


@pytest.fixture
def filled(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Forty claims, counted."""
    with Session(fresh_database.engine) as session:
        world.population(session, staff, seed=5, claims=40)
        refresh(session, now=clock.now())
        session.commit()


def test_a_month_is_ready_on_the_fifth() -> None:
    """On the fourth the month before is not told yet."""
    today = clock.today()
    assert ready_months(today.replace(day=5))[0] == today.replace(month=10, day=1)
    assert ready_months(today.replace(day=4))[0] == today.replace(month=9, day=1)


@pytest.mark.usefixtures("filled")
def test_prepared_once_and_put_on_the_list(
    app: CaseflowApp, fresh_database: FreshDatabase, sign_in: SignIn, tmp_path: Path
) -> None:
    """The nightly job prepares October; the head and the programme officer find it on their list, waiting."""
    head, officer = app.test_client(), app.test_client()
    sign_in(head, "bram")
    assert "Disiapkan" not in head.get(PAGE).get_data(as_text=True)
    _night(fresh_database, tmp_path)
    _night(fresh_database, tmp_path)
    with Session(fresh_database.engine) as session:
        assert [row.month for row in session.scalars(select(PreparedReport))] == [date(2026, 10, 1)]
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "report.monthly_prepared")
        ).all()
        assert len(events) == 1
    sign_in(officer, "desi")
    for client in (head, officer):
        page = client.get(PAGE).get_data(as_text=True)
        assert page.count("Disiapkan") == 1
        assert "Laporan bulanan (1)" in page


def test_figures_counted_before_the_fifth_are_not_prepared(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """Counts of the fourth of November have not settled; nothing is put down."""
    world.population(session, staff, seed=5, claims=20)
    refresh(session, now=datetime(2026, 11, 4, 3, tzinfo=UTC))
    assert prepare(session, regency="13.03", now=datetime(2026, 11, 5, 3, tzinfo=UTC)) is None
    refresh(session, now=datetime(2026, 11, 5, 2, tzinfo=UTC))
    assert prepare(session, regency="13.03", now=datetime(2026, 11, 5, 3, tzinfo=UTC)) == date(2026, 10, 1)
    assert prepare(session, regency="13.03", now=datetime(2026, 11, 6, 3, tzinfo=UTC)) is None


def _night(database: FreshDatabase, folder: Path) -> None:
    settings = make_settings(database.app_url, folder / "objects")
    tools = Tools(sessionmaker(database.engine), open_store(settings.storage_url), settings)
    build(tools).tasks["results.prepare_report"](timestamp=0)


@pytest.mark.usefixtures("filled")
def test_issued_opened_and_checked(client: FlaskClient, sign_in: SignIn) -> None:
    """The head of the branch issues October; it is a PDF under a number, and its code is known to everybody."""
    sign_in(client, "bram")
    page = client.get(PAGE).get_data(as_text=True)
    assert "Oktober 2026" in page
    draft = client.get(f"{PAGE}/2026-10/pratinjau.pdf")
    assert draft.status_code == 200
    key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert key is not None
    form = {"csrf_token": csrf_of(page), "request_key": key.group(1)}
    after = client.post(f"{PAGE}/2026-10", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Laporan nomor" in after
    link = re.search(rf'href="({PAGE}/surat/[^"]+)"', after)
    assert link is not None
    with client.get(link.group(1)) as answer:
        body = answer.data
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert len(pdf.pages) >= 2
    assert len(body) <= 160_000  # four pages of tables, more than a letter
    assert client.get(f"{PAGE}/2026-11/pratinjau.pdf").status_code == 404


@pytest.mark.usefixtures("filled")
def test_issued_reports_go_to_the_leaders_once(
    client: FlaskClient,
    sign_in: SignIn,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    tmp_path: Path,
) -> None:
    """Whole, with its number, to each address once; a server that takes nothing is asked again the next hour."""
    with mail_server() as post:
        settings = make_settings(
            fresh_database.app_url, tmp_path / "objects",
            messages=MessageSettings(mail_url=post.url, mail_from="kc@surat.example", report_to=("bupati@surat.example", "dprd@surat.example")),
        )  # fmt: skip
        store = open_store(settings.storage_url)
        store.prepare()
        with Session(fresh_database.engine) as session:
            number = _issued(session, store, staff["bram"]).number
        tasks = build(Tools(sessionmaker(fresh_database.engine), store, settings)).tasks
        post.to_recipient = b"451 later"
        tasks["results.mail_report"](timestamp=0)
        assert post.letters == []
        post.to_recipient = b"250 ok"
        for _ in range(2):
            tasks["results.mail_report"](timestamp=0)
        assert ["To: bupati@surat.example" in one for one in post.letters] == [True, False]
        for one in post.letters:
            assert f"nomor {number}." in one
            assert 'filename="laporan-bulanan-2026-10.pdf"' in one
            assert "JVBERi" in one  # a PDF, as e-mail carries it
    with Session(fresh_database.engine) as session:
        assert set(session.scalars(select(MailedReport.became))) == {"sent"}
        mailed = select(AuditEvent).where(AuditEvent.action == "report.monthly_mailed")
        assert len(session.scalars(mailed).all()) == 2
    sign_in(client, "bram")
    assert "Dikirim ke 2 alamat surel" in client.get(PAGE).get_data(as_text=True)


@pytest.mark.usefixtures("filled")
def test_a_correction_takes_the_place_of_the_report_and_is_mailed_as_one(
    client: FlaskClient,
    sign_in: SignIn,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    tmp_path: Path,
) -> None:
    """What says the same is the same report; after more was counted it is another, that names the one it replaces."""
    with mail_server() as post:
        settings = make_settings(
            fresh_database.app_url, tmp_path / "objects",
            messages=MessageSettings(mail_url=post.url, mail_from="kc@surat.example", report_to=("bupati@surat.example",)),
        )  # fmt: skip
        store = open_store(settings.storage_url)
        store.prepare()
        tasks = build(Tools(sessionmaker(fresh_database.engine), store, settings)).tasks
        with Session(fresh_database.engine) as session:
            first = _issued(session, store, staff["bram"])
            assert _issued(session, store, staff["bram"]).number == first.number
            number, code = first.number, first.check_code
        tasks["results.mail_report"](timestamp=0)
        with Session(fresh_database.engine) as session:
            world.population(session, staff, seed=6, claims=60)
            refresh(session, now=clock.now())
            session.commit()
            again = _issued(session, store, staff["bram"])
            assert _issued(session, store, staff["bram"]).number == again.number
            corrected = again.number
            said = monthly_report(
                session, date(2026, 10, 1), regency="13.03", today=clock.today(), replaces=again
            )
            assert "(diperbaiki)" in said.title
        for _ in range(2):
            tasks["results.mail_report"](timestamp=0)
    assert corrected != number
    assert ["Subject: Laporan bulanan Oktober 2026 (diperbaiki)" in one for one in post.letters] == [
        False,
        True,
    ]
    assert f"menggantikan nomor {number}," in post.letters[1]
    checked = client.get(f"/periksa/{code}", follow_redirects=True).get_data(as_text=True)
    assert "dicabut" in checked.lower()
    sign_in(client, "bram")
    page = client.get(PAGE).get_data(as_text=True)
    assert f"Digantikan oleh laporan nomor {corrected}." in page
    assert "Terbitkan perbaikan" in page


def _issued(session: Session, store: ObjectStore, by: Actor) -> RegistryLetter:
    """October is issued, as from the page."""
    sender = Sender("Kantor Cabang Solok", "Solok", "175", "Solok", "http://localhost")
    letter = issue_monthly_report(
        session, store, date(2026, 10, 1), sender, regency="13.03", office="solok", by=by, now=clock.now()
    )
    session.commit()
    return letter


def test_what_it_says_tells_of_no_few(session: Session, staff: Mapping[str, Actor]) -> None:
    """Figures with codes and definitions; no count of one to four in its tables, but days and shares."""
    world.population(session, staff, seed=5, claims=110)
    refresh(session, now=clock.now())
    said = monthly_report(session, ready_months(clock.today())[0], regency="13.03", today=clock.today())
    assert "1. Bupati Sijunjung" in said.to
    tables = [block for block in said.annex if block["type"] == "table"]
    codes = {block["caption"].split(".")[0] for block in tables}
    assert {"D1", "D3", "D4", "D7", "D8", "D9", "D11", "D13"} <= codes
    for block in tables:
        for row in block["rows"]:
            for column, cell in zip(block["columns"], row, strict=True):
                # places of a quota and months of a year are no people
                if column["label"] in {"Hari", "Kuota", "Dianggarkan"} or column["label"].startswith(
                    "Bulan "
                ):
                    continue
                if cell.isdigit():
                    assert not 0 < int(cell) < 5, (block["caption"], row)
