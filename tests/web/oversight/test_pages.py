"""Days, stuck cases and rehearsals as people read them: no names, nothing kept, every refusal in words."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import operations
from caseflow.claims.models import Assessment, Decision
from caseflow.jobs import Tools, build
from caseflow.people.models import StaffUser
from caseflow.reports.drafts import numbers_text, tables_text, workflow_text
from caseflow.workflow.models import CaseFile, Duty, History, Outbox
from tests import story
from tests.conftest import START, make_settings
from tests.story import NURBAITI, SYAFRIL, ZULBAHRI
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

TRY = "/pengawasan/uji-aturan"
FLOW = f"{TRY}?jenis=alur&alur=jkm"
NAMES = ("Samsir", "Yusra", "Nurbaiti", "Afrizal", "Zulbahri", "Misnar")
SINCE = {"since-day": "1", "since-month": "10", "since-year": "2026"}


@pytest.fixture
def decided(office: Office) -> Office:
    """One case approved in full, one for the funeral, one refused."""
    office.carry(story.approved)
    office.carry(story.approved, NURBAITI)
    office.carry(story.refused, ZULBAHRI)
    return office


def main_of(page: str) -> str:
    """What the page itself says, without the shell."""
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def tried(office: Office, typed: Mapping[str, str], *, path: str = TRY, status: int = 200) -> str:
    """What the branch head reads after a draft was tried."""
    answer = office.fill("bram", path, "/uji-aturan", **typed)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return main_of(answer.get_data(as_text=True))


def another_grant(value: str = "25.000.000", since: Mapping[str, str] = SINCE) -> dict[str, str]:
    """Another death grant from a day on."""
    return {"number": "jkm_death_grant", "value": value, **since}


def test_another_number_shows_whom_it_would_have_paid_what(decided: Office) -> None:
    page = tried(decided, another_grant())
    assert "1 dari" in page
    assert "lebih Rp5.000.000" in page
    assert "SJJ-26-0001-7" in page
    assert not [name for name in NAMES if name in page]


def test_a_number_from_tomorrow_touches_no_case(decided: Office) -> None:
    tomorrow = START + timedelta(days=1)
    day = {"since-day": str(tomorrow.day), "since-month": "11", "since-year": "2026"}
    page = tried(decided, another_grant("99000000", day))
    assert "0 kasus: tidak ada keputusan dahulu yang berubah" in page


def test_the_result_can_be_taken_along_without_names(decided: Office) -> None:
    form = form_of(decided.read("bram", TRY), "/uji-aturan")
    answer = send(decided.browser("bram"), form, **{**another_grant(), "format": "csv"})
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[1][0] == "SJJ-26-0001-7"
    assert rows[1][7] == "5000000"
    assert not [name for name in NAMES if name in answer.get_data(as_text=True)]


@pytest.mark.parametrize(
    ("kind", "content"), [("berkas-angka", numbers_text), ("tabel", tables_text)], ids=["numbers", "tables"]
)
def test_the_files_as_they_are_change_nothing(decided: Office, kind: str, content: Callable[[], str]) -> None:
    assert "0 kasus" in tried(decided, {"draft": content()}, path=f"{TRY}?jenis={kind}")


def test_a_step_taken_away_is_named(decided: Office) -> None:
    """The draft is kept in the form, so that it can be mended and tried again."""
    draft = workflow_text("jkm").replace("  - name: calculate\n", "  - name: reckon\n", 1)
    page = tried(decided, {"draft": draft}, path=FLOW)
    assert "2 dari 3 kasus akan berjalan lain" in page
    assert "Lanjut ke perhitungan" in page
    assert "- name: reckon" in page
    assert not [name for name in NAMES if name in page]


def test_a_draft_that_cannot_be_read_says_every_reason(decided: Office) -> None:
    draft = workflow_text("jkm").replace("stage: report", "stage: tepi", 2)
    page = tried(decided, {"draft": draft}, path=FLOW, status=422)
    assert page.count("harus salah satu dari report, documents") == 2
    assert "Belum ada yang diuji" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"value": "abc"},
        {"value": "-5"},
        {"value": "9" * 40},
        {"value": "25.5e3"},
        {"number": "moon_grant"},
        {"since-day": "31", "since-month": "2"},
        {"since-year": "1900"},
        {"value": ""},
    ],
)
def test_a_number_that_cannot_be_tried_is_refused(office: Office, typed: dict[str, str]) -> None:
    filled = {"number": "jkm_death_grant", "value": "1", **SINCE, **typed}
    form = form_of(office.read("bram", TRY), "/uji-aturan")
    data = {name: values[0] for name, values in form.fields.items() if values} | filled
    assert office.browser("bram").post(TRY, data=data).status_code == 422


@pytest.mark.parametrize(
    "draft", ["", "[" * 4000, "a: &x [*x]", "x" * 250_000, "\x00", "name: 1", "- \ud7ff", "!!binary aGk="]
)
@pytest.mark.parametrize("kind", ["alur", "tabel", "berkas-angka"])
def test_no_draft_breaks_the_page(office: Office, kind: str, draft: str) -> None:
    form = form_of(office.read("bram", f"{TRY}?jenis={kind}"), "/uji-aturan")
    data = {name: values[0] for name, values in form.fields.items() if values} | {"draft": draft}
    assert office.browser("bram").post(TRY, data=data).status_code in {400, 422}


def test_trying_keeps_nothing_but_that_it_was_tried(decided: Office) -> None:
    def standing() -> list[object]:
        tables = (CaseFile, History, Duty, Outbox, Assessment, Decision)
        with Session(decided.database.engine) as session:
            return [session.execute(select(one.__table__).order_by(text("1, 2"))).all() for one in tables]

    before = standing()
    tried(decided, another_grant())
    tried(decided, {"draft": workflow_text("jkm")}, path=FLOW)
    assert standing() == before
    with Session(decided.database.engine) as session:
        query = (
            select(AuditEvent.subject).where(AuditEvent.action == "rules.rehearsed").order_by(AuditEvent.id)
        )
        assert session.scalars(query).all() == ["draft:angka", "draft:jkm"]


def test_who_may_try_rules(office: Office) -> None:
    for username in ("bram", "aulia", "admin"):
        office.read(username, TRY)
    for username in ("dedi", "mega", "nina", "bupati"):
        office.read(username, TRY, status=403)


def test_a_stuck_case_is_listed_with_why_and_what_helps(office: Office) -> None:
    number = office.carry(story.verifying)
    assert "Tidak ada kasus yang macet" in office.read("bram", "/pengawasan/macet")
    with Session(office.database.engine) as session:
        session.execute(update(StaffUser).where(StaffUser.username == "dedi").values(active=False))
        session.commit()
    page = main_of(office.read("bram", "/pengawasan/macet"))
    assert number in page
    assert "Pemegang kasus sudah tidak aktif" in page
    assert "Serahkan kasus kepada petugas lain" in page
    assert "Samsir" not in page
    office.read("mega", "/pengawasan/macet", status=403)
    answer = office.app.test_cli_runner().invoke(args=["check"])
    assert f"Kasus {number} (Verifikasi) macet" in answer.output


def test_every_night_the_log_names_what_is_stuck(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    number = office.carry(story.verifying)
    with Session(office.database.engine) as session:
        session.execute(update(StaffUser).where(StaffUser.username == "dedi").values(active=False))
        session.commit()
    with office.app.app_context():
        store = office.app.extensions["caseflow_store"]
        settings = make_settings(office.database.app_url, office.folder)
        app = build(Tools(lambda: Session(office.database.engine), store, settings))
        app.tasks["house.stuck_cases"].func(timestamp=0)
    said = capsys.readouterr().err
    assert number in said
    assert "Samsir" not in said


def test_the_time_of_a_case_is_split_to_the_day(office: Office) -> None:
    with office.stage() as stage:
        clock.set_start(START - timedelta(days=2))
        claim = story.reported(stage)
        number = claim.number
        story.move(stage, claim, "start_intake")
    clock.set_start(START)
    with office.stage() as stage:
        again = stage.session.merge(claim)
        story.with_papers(stage, claim=again, but=("death_letter", "heir_statement"))
    clock.set_start(START + timedelta(days=3))
    page = main_of(office.read("mega", f"/petugas/kasus/{number}/waktu"))
    assert "Lama kasus: 5 hari" in page
    words = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "Nagari menunggu surat dari nagari 3" in words
    assert "Keluarga menunggu keluarga 2" in words
    assert "masih kurang: Surat kematian, Ket. ahli waris" in page
    office.read("bupati", f"/petugas/kasus/{number}/waktu", status=403)


def test_a_case_of_today_has_no_days_yet(office: Office) -> None:
    number = office.carry(story.reported)
    assert "Lama kasus: kurang dari satu hari" in office.read("dedi", f"/petugas/kasus/{number}/waktu")


def test_a_quarter_says_how_many_cases_it_speaks_of(office: Office) -> None:
    with office.stage() as stage:
        claim = story.reported(stage, SYAFRIL)
        clock.set_start(START + timedelta(days=3))
        operations.act(
            stage.session,
            claim,
            "withdraw",
            by=stage.verifier,
            expected_version=claim.version,
            now=clock.now(),
            reason_code="duplicate",
        )
    page = main_of(office.read("mega", "/pengawasan/?triwulan=2026-4&program=jkm"))
    assert "1 kasus ditutup, data masih sedikit" in page
    assert "1 dari 1" in page
    assert "data sedikit" in page
    assert "Belum ada kasus yang ditutup" in office.read("mega", "/pengawasan/?triwulan=2026-4&program=jkk")
    assert "Belum ada kasus" in office.read("bupati", "/pengawasan/?triwulan=2026-3")
    shown = main_of(office.read("bupati", "/pengawasan/?triwulan=tidak&program=ada"))
    assert "1 kasus ditutup" not in shown
    assert "Bulan yang masih berjalan" not in shown  # nothing is told of: nothing to explain
    clock.set_start(START + timedelta(days=45))
    later = main_of(office.read("siska", "/pengawasan/?triwulan=2026-4"))
    assert "Lama kasus: data sedikit" in later
    assert "Angka 1 sampai 4 tidak ditulis" in later
    assert not re.search(r"\d dari \d", later)
    office.read("nina", "/pengawasan/")


def test_the_way_of_a_case_is_marked_in_the_picture(office: Office) -> None:
    number = office.carry(story.verifying)
    page = main_of(office.read("dedi", f"/petugas/kasus/{number}/alur"))
    assert page.count('class="move move-trail"') == 3
    assert "kasus ini di sini" in page
    assert "Verifikasi dimulai" in page


def test_the_workflows_stand_side_by_side_with_their_counts(office: Office) -> None:
    office.carry(story.verifying)
    page = main_of(office.read("bupati", "/petugas/alur"))
    assert 'Klaim Jaminan Kematian <span class="count">disamarkan</span>' in page
    assert 'Klaim Jaminan Kecelakaan Kerja <span class="count">0</span>' in page
    for name in ("jkk", "scholarship"):
        assert "Gambar" in office.read("bupati", f"/petugas/alur?alur={name}")
