"""The quarter report of a nagari: its own figures, counted; nothing of a neighbour; no names."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseflow.people.actor import Actor
from caseflow.reports.nagari_quarter import Cases, MonthPaid, PlacesUsed, quarter
from tests.conftest import FreshDatabase
from tests.reports.coverage_world import KOTO_CONTOH, KOTO_LATIHAN, no_months, pay, quota, worker
from tests.story import SAMSIR, SYAFRIL, reported

SignIn = Callable[[FlaskClient, str], None]
FOURTH = (date(2026, 10, 1), date(2026, 12, 31))


def _filled(session: Session) -> None:
    no_months(session)
    quota(session, KOTO_LATIHAN, 100, 90)
    quota(session, KOTO_CONTOH, 50, 50)
    for number in range(3):
        pay(session, worker(session, number, KOTO_LATIHAN), *(date(2026, 10, 1),) * 2, days_late=number)
    late = worker(session, 3, KOTO_LATIHAN, full_name="Nama Rahasia")
    pay(session, late, *(date(2026, 8, 1),) * 2)
    worker(session, 4, KOTO_LATIHAN, died_on=date(2026, 11, 2))
    worker(session, 5, KOTO_CONTOH, died_on=date(2026, 11, 2))
    pay(session, worker(session, 6, KOTO_CONTOH), *(date(2026, 10, 1),) * 2)
    reported(session, SAMSIR)
    reported(session, SYAFRIL)  # of the neighbour


def test_the_figures_of_one_quarter(session: Session, staff: dict[str, Actor]) -> None:
    """October: four members, three paid, one of them on the 15th; November: the same four, nobody paid yet."""
    _filled(session)
    found = quarter(session, *FOURTH, by=staff["fitri"], permission="coverage.read_nagari", grace=3)
    assert found.places == [PlacesUsed("APB nagari", date(2026, 12, 31), 100, 90, 0)]
    assert found.months == [
        MonthPaid(date(2026, 10, 1), members=4, active=3, in_time=1),
        MonthPaid(date(2026, 11, 1), members=4, active=0, in_time=0),
    ]
    assert (found.deaths, found.helped, found.at_risk) == (1, 0, 1)
    assert found.cases[0] == Cases("jkm", opened=1, closed=0, still_open=1)
    assert (found.days.cases, found.days.median) == (0, None)
    before = quarter(
        session,
        date(2026, 7, 1),
        date(2026, 9, 30),
        by=staff["fitri"],
        permission="coverage.read_nagari",
        grace=3,
    )
    assert [one.active for one in before.months] == [0, 1, 0]
    assert before.cases[0] == Cases("jkm", opened=0, closed=0, still_open=0)


def test_the_page_prints_without_names(
    fresh_database: FreshDatabase, client: FlaskClient, sign_in: SignIn
) -> None:
    """Quarter of the address; an unknown one shows the present; other roles are refused."""
    with Session(fresh_database.engine) as session:
        _filled(session)
        session.commit()
    sign_in(client, "fitri")
    page = client.get("/nagari/laporan?triwulan=2026-4").get_data(as_text=True)
    assert "Laporan perlindungan pekerja rentan, Triwulan IV 2026" in page
    assert "1 orang menunggak pada 20 November 2026" in page
    assert "1 pekerja dalam daftar meninggal" in page
    assert "Wali Nagari" in page
    assert "Rahasia" not in page
    assert "Contoh" not in page
    assert "Triwulan III 2026" in client.get("/nagari/laporan?triwulan=2026-3").get_data(as_text=True)
    assert "Triwulan IV 2026" in client.get("/nagari/laporan?triwulan=besok").get_data(as_text=True)
    sign_in(client, "desi")
    assert client.get("/nagari/laporan").status_code == 403
