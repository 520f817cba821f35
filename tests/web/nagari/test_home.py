"""Where a nagari and the programme begin: figures that agree with the rows, and only their own people."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import letter_checks
from caseflow.claims.reporting import report_death
from caseflow.people.accounts import actor_of
from caseflow.people.actor import REPORTER
from caseflow.people.models import StaffUser
from caseflow.registry.models import Worker
from caseflow.registry.overview import QuotaLine
from caseflow.training.people import PASSPHRASE
from caseflow.web.nagari.meter import meter
from tests.conftest import FreshDatabase, csrf_of
from tests.story import BRANCH, SAMSIR, ZULBAHRI
from tests.web.forms import fill
from tests.web.nagari import test_worker_death as death

SignIn = Callable[[FlaskClient, str], None]


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(("username", "home"), [("fitri", "/nagari/"), ("desi", "/program/")])
def test_signing_in_leads_there(client: FlaskClient, username: str, home: str) -> None:
    token = csrf_of(read(client, "/masuk"))
    answer = client.post("/masuk", data={"username": username, "passphrase": PASSPHRASE, "csrf_token": token})
    assert answer.location == home
    assert f'class="topbar-name" href="{home}"' in read(client, home)


def test_the_meter_says_what_the_rows_say(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    page = read(client, "/nagari/")
    with Session(fresh_database.engine) as session:
        row = session.execute(
            text(
                "SELECT slots, budgeted, taken FROM quota WHERE region_code = '13.03.99.2001'"
                " AND DATE '2026-11-20' BETWEEN starts_on AND ends_on"
            )
        ).one()
    assert f"Kuota {row.slots} orang" in page
    for label, value in (("Dianggarkan", row.budgeted), ("Sisa kuota", row.slots - row.taken)):
        assert f"{label}</dt><dd>{value}</dd>" in page
    assert 'class="meter"' in page


def test_what_waits_is_counted_and_goes_away(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """A known death without a report stands on top, for the nagari and for the programme, until it is reported."""
    with Session(fresh_database.engine) as session:
        samsir = session.scalars(select(Worker).where(Worker.full_name == "Samsir")).one()
        samsir.died_on = date(2026, 11, 17)
        session.commit()
    programme = client.application.test_client()
    sign_in(client, "fitri")
    sign_in(programme, "desi")
    for browser, home, page in (
        (client, "/nagari/", "/nagari/belum-klaim"),
        (programme, "/program/", "/program/belum-klaim"),
    ):
        assert "orang meninggal, belum ada laporannya" in read(browser, home)
        shown = read(browser, page)
        assert "Samsir" in shown
        assert "1.823 hari" in shown or "1823 hari" in shown
        assert "1303991209760001" not in shown
    assert "Mulai laporan" not in read(programme, "/program/belum-klaim")
    address = death.page_of(fresh_database)
    assert address in read(client, "/nagari/belum-klaim")
    assert "Sudah dicatat meninggal 17 November 2026" in read(client, address)
    assert death.send(client, address).location == address
    assert "belum ada laporannya" not in read(client, "/nagari/")
    assert "Semua yang meninggal sudah ada laporannya" in read(client, "/nagari/belum-klaim")


def test_families_show_stage_and_papers_and_nothing_else(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    assert "Belum ada keluarga yang dibantu" in read(client, "/nagari/keluarga")
    death.send(client, death.page_of(fresh_database))
    with Session(fresh_database.engine) as session:
        report_death(session, ZULBAHRI.report, branch=BRANCH, by=REPORTER, now=clock.now())
        session.commit()
    page = read(client, "/nagari/keluarga")
    assert "Samsir" in page
    assert "Kartu Keluarga" in page
    assert "Zulbahri" not in page
    assert re.search(r"Rp ?\d", page) is None


def test_letters_are_answered_by_their_own_nagari(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """The case's number is not on the page; a wrong answer keeps what was typed; the old address goes on."""
    with Session(fresh_database.engine) as session:
        claim = report_death(session, SAMSIR.report, branch=BRANCH, by=REPORTER, now=clock.now())
        user = session.scalars(select(StaffUser.id).where(StaffUser.username == "dedi")).one()
        officer = actor_of(session, user)
        assert officer is not None
        asked = {
            region: letter_checks.ask(
                session, claim, kind="heir_letter", letter_number=f"14{region[-1]}/2026",
                issued_on=date(2026, 11, 18), region_code=region, by=officer, now=clock.now(),
            ).public_id
            for region in ("13.03.99.2001", "13.03.99.2002")
        }  # fmt: skip
        number = claim.number
        session.commit()
    sign_in(client, "fitri")
    page = read(client, "/nagari/surat")
    assert "141/2026" in page
    assert "142/2026" not in page
    assert "surat ditanyakan kantor cabang" in read(client, "/nagari/")
    assert "Surat yang tertahan" in read(client, "/nagari/permintaan")
    own, other = (f"/nagari/surat/{public_id}" for public_id in asked.values())
    assert client.get(other).status_code == 404
    assert number not in read(client, own)
    wrong = fill(client, own, own, verdict="differs", note="lain")
    assert wrong.status_code == 422
    assert "Tulis apa yang berbeda" in wrong.get_data(as_text=True)
    answer = fill(client, own, own, verdict="differs", note="Di buku kami surat izin usaha.")
    assert answer.location == "/nagari/surat"
    assert "Sudah dijawab" in read(client, own)
    branch = client.application.test_client()
    sign_in(branch, "dedi")
    shown = read(branch, f"/petugas/kasus/{number}/tanya-nagari")
    assert "Di buku kami surat izin usaha." in shown
    assert "Usulkan bukti lain" in shown


def test_the_officer_asks_proposes_and_another_decides(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    with Session(fresh_database.engine) as session:
        number = report_death(session, SAMSIR.report, branch=BRANCH, by=REPORTER, now=clock.now()).number
        session.commit()
    sign_in(client, "dedi")
    page = f"/petugas/kasus/{number}/tanya-nagari"
    assert page in read(client, f"/petugas/kasus/{number}/dokumen")
    typed = {
        "kind": "heir_letter",
        "letter_number": "141/2026",
        "issued_on__day": "18",
        "issued_on__month": "11",
        "region_code": "13.03.99.2001",
    }
    wrong = fill(client, page, page, **typed, issued_on__year="2027")
    assert wrong.status_code == 422
    assert "141/2026" in wrong.get_data(as_text=True)
    assert fill(client, page, page, **typed, issued_on__year="2026").location == page
    nagari = client.application.test_client()
    sign_in(nagari, "jon")
    address = read(nagari, "/nagari/surat").split('href="/nagari/surat/')[1].split('"')[0]
    own = f"/nagari/surat/{address}"
    fill(nagari, own, own, verdict="not_ours", note="Tidak ada di buku surat kami.")
    proof = read(client, page).split(f'href="{page}/')[1].split('"')[0]
    assert (
        fill(client, f"{page}/{proof}", f"{page}/{proof}", reason="Akta kematian 1303-KM-2.").location == page
    )
    head = client.application.test_client()
    sign_in(head, "mega")
    settle = read(head, page).split(f'href="{page}/')[1].split('"')[0]
    done = fill(head, f"{page}/{settle}", f"{page}/{settle}", verdict="confirmed", note="Akta asli dilihat.")
    assert done.location == page
    assert "bukti lain diterima" in read(client, page)


def test_an_empty_nagari_is_told_where_to_begin(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """A nagari that nobody has written anything about yet."""
    with Session(fresh_database.engine) as session:
        session.execute(
            text("UPDATE role_grant SET scope_code = '13.03.01.2001' WHERE scope_code = '13.03.99.2001'")
        )
        session.commit()
    sign_in(client, "fitri")
    assert "Belum ada pekerja." in read(client, "/nagari/")
    assert "Samsir" not in read(client, "/nagari/")


def test_more_people_than_money_is_drawn_within_the_bar() -> None:
    line = QuotaLine("Koto", "apbd", date(2026, 1, 1), date(2026, 12, 31), 10, 4, 10, 6, 4, 0, 0)
    drawn = str(meter(line))
    assert 'class="meter-over" x="240"' in drawn
    assert line.left == 0


def test_the_list_leaves_with_masked_numbers(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """Each only the own people, as CSV and Excel; no formula, no whole NIK."""
    with Session(fresh_database.engine) as session:
        for name in ("Samsir", "Syafril"):
            session.scalars(select(Worker).where(Worker.full_name == name)).one().died_on = date(2026, 10, 29)
        session.commit()
    programme = client.application.test_client()
    sign_in(client, "fitri")
    sign_in(programme, "desi")
    own = client.get("/nagari/belum-klaim/unduh.csv").get_data().decode("utf-8-sig")
    both = programme.get("/program/belum-klaim/unduh.csv").get_data().decode("utf-8-sig")
    assert ("Samsir" in own, "Syafril" in own) == (True, False)
    assert ("Samsir" in both, "Syafril" in both) == (True, True)
    assert "1303991209760001" not in own + both
    assert client.get("/nagari/belum-klaim/unduh.xlsx").status_code == 200
    assert client.get("/nagari/belum-klaim/unduh.exe").status_code == 404
    assert client.get("/program/belum-klaim/unduh.csv").status_code == 403
