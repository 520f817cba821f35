"""Three stories from the press: Kerinci (stuck on unpaid dues), Solok Selatan (five months bought), Serang (entered anew)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.benefit import compute_benefit
from caseflow.claims.cover import cover_of
from caseflow.documents.storage import open_store
from caseflow.law.cover import PaidMonth, assess_cover
from caseflow.people.actor import Actor
from caseflow.registry import alarms, arrears, payments
from caseflow.registry.ledger import cover_on, numbers
from caseflow.registry.models import Worker
from caseflow.registry.owed import owed_for
from caseflow.registry.queries import find_worker
from caseflow.registry.rates import months_of
from tests import story
from tests.conftest import FreshDatabase
from tests.families import SAMSIR, Person
from tests.registry.dues import KOTO_CONTOH, KOTO_LATIHAN, confirmed, paid, recorded, transfer, worker
from tests.story import Stage

Staff = Mapping[str, Actor]
SEP, OKT, NOV = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
DIED = date(2026, 11, 5)
NIK = "1303990101700099"


def at(day: str) -> datetime:
    """Set the clock to six in the morning of a day and return the instant."""
    clock.set_start(datetime.fromisoformat(f"{day}T06:00:00+07:00"))
    return clock.now()


class TestKerinci:
    """Dues of September to November were never sent; the worker died on 5 November."""

    @pytest.fixture
    def person(self) -> Person:
        """The family of the worker."""
        return replace(SAMSIR, report=replace(SAMSIR.report, national_id=NIK, died_on=DIED))

    @pytest.fixture
    def stage(self, session: Session, staff: Staff, tmp_path: Path) -> Stage:
        """The worker is registered, and paid up to August."""
        row = worker(session, "Samsir", region_code=KOTO_LATIHAN, national_id=NIK)
        paid(session, row, months_of(date(2026, 1, 1), date(2026, 8, 1)))
        return Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)

    def test_it_says_which_months_who_pays_and_since_when_and_goes_on_once_it_is_confirmed(
        self, stage: Stage, person: Person
    ) -> None:
        session, staff = stage.session, stage.staff
        claim = story.with_papers(stage, person)
        row = find_worker(session, NIK)
        assert row is not None
        owed = owed_for(session, row.id, DIED)
        assert owed is not None
        assert (owed.months, owed.funding_source, owed.since) == ((SEP, OKT, NOV), "apb_nagari", SEP)
        assert cover_on(session, row.id, DIED).covered == "officer_decides"

        payment = recorded(session, transfer([row], SEP, NOV, 50_400), by=staff["fitri"])
        waiting = owed_for(session, row.id, DIED)
        assert waiting is not None
        assert [one.receipt_number for one in waiting.waiting] == [payment.receipt_number]
        payments.confirm_payment(session, payment.public_id, by=staff["dedi"], now=clock.now())
        assert owed_for(session, row.id, DIED) is None

        # the money came after the death: the law does not say whether it counts, so the officer decides
        story.calculating(stage, person, claim=claim)
        after = cover_of(session, claim)
        assert after is not None
        assert after.outcome == "officer_decides"
        assert [entry.month for entry in after.paid_after_death] == [SEP, OKT, NOV]
        assert any("baru dibayar sesudah peserta meninggal" in question for question in after.questions)
        assert cover_on(session, row.id, DIED).paid_after == 3
        assert compute_benefit(session, claim, by=stage.verifier, now=clock.now()).total_idr == 42_000_000

    def test_the_officers_page_says_it(
        self,
        client: FlaskClient,
        fresh_database: FreshDatabase,
        staff: Staff,
        sign_in: Callable[[FlaskClient, str], None],
        person: Person,
    ) -> None:
        with Session(fresh_database.engine, expire_on_commit=False) as session:
            row = worker(session, "Samsir", region_code=KOTO_LATIHAN, national_id=NIK)
            paid(session, row, months_of(date(2026, 1, 1), date(2026, 8, 1)))
            stage = Stage(session, client.application.extensions["caseflow_store"], staff)
            claim = story.verifying(stage, person)
            payment = recorded(session, transfer([row], SEP, OKT, 33_600), by=staff["fitri"])
            number = claim.number
            session.commit()
        sign_in(client, "dedi")
        page = client.get(f"/petugas/kasus/{number}/kelayakan").get_data(as_text=True)
        assert "Iuran September s.d. November 2026 belum dibayar, sejak 1 September 2026" in page
        assert "Sebelumnya dibayar APB nagari" in page
        assert f"Pembayaran {payment.receipt_number} untuk September s.d. Oktober 2026" in page
        assert "Kepesertaan berhenti" not in page

    def test_the_officers_page_says_when_the_membership_ended(
        self,
        client: FlaskClient,
        fresh_database: FreshDatabase,
        staff: Staff,
        sign_in: Callable[[FlaskClient, str], None],
        person: Person,
    ) -> None:
        with Session(fresh_database.engine, expire_on_commit=False) as session:
            row = worker(session, "Samsir", region_code=KOTO_LATIHAN, national_id=NIK)
            paid(session, row, months_of(date(2026, 1, 1), date(2026, 5, 1)))
            stage = Stage(session, client.application.extensions["caseflow_store"], staff)
            number = story.verifying(stage, person).number
            session.commit()
        sign_in(client, "dedi")
        page = client.get(f"/petugas/kasus/{number}/kelayakan").get_data(as_text=True)
        assert "Iuran Juni s.d. Agustus 2026 belum dibayar" in page
        assert "Kepesertaan berhenti mulai 1 September 2026" in page


@pytest.mark.parametrize(
    ("months", "owed", "ended"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11], None),
        ([1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11], None),  # three whole months: the law leaves it open
        ([1, 2, 3, 4, 5, 6], [7, 8, 9], date(2026, 10, 1)),
        ([1, 2], [3, 4, 5], date(2026, 6, 1)),
        ([1, 2, 5, 9, 10], [3, 4, 6, 7, 8, 11], None),  # a gap of two, then one of three
        ([1, 2, 3, 8, 9, 10], [11], None),  # a membership that had ended is not owed for
        ([1, 2, 3, 8, 10], [9, 11], None),
        ([1, 2, 3, 8, 9, 10, 11], None, None),
    ],
)
def test_nobody_owes_for_months_after_the_membership_ended(
    session: Session, months: list[int], owed: list[int] | None, ended: date | None
) -> None:
    row = worker(session, "Samsir", region_code=KOTO_LATIHAN, national_id=NIK)
    paid(session, row, [date(2026, month, 1) for month in months])
    found = owed_for(session, row.id, DIED)
    if owed is None:
        assert found is None
        return
    assert found is not None
    assert ([month.month for month in found.months], found.ended_on) == (owed, ended)
    assert (cover_on(session, row.id, DIED).covered == "no") == (ended is not None)


class TestSolokSelatan:
    """DBH sawit bought exactly five months, July to November 2026."""

    @pytest.fixture
    def bought(self, session: Session, staff: Staff) -> list[int]:
        """Three of them, paid at once in July, confirmed."""
        rows = [worker(session, name) for name in ("Afrizal", "Marlis", "Yusrizal")]
        told = transfer(
            rows, date(2026, 7, 1), NOV, 3 * 5 * 16_800, source="dbh_sawit", paid_on=date(2026, 7, 6)
        )
        confirmed(session, told, staff, by="desi")
        return [row.id for row in rows]

    def test_the_alarm_rises_sixty_thirty_and_seven_days_before_the_end(
        self, session: Session, staff: Staff, bought: list[int]
    ) -> None:
        seen = {}
        for day in ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-23", "2026-11-29"):
            alarms.raise_alarms(session, now=at(day))
            found = alarms.alarms(session, KOTO_CONTOH, since=NOV, by=staff["desi"])
            seen[day] = [(one.step, one.workers) for one in found if one.funding_source == "dbh_sawit"]
        assert {day: sorted(steps) for day, steps in seen.items()} == {
            "2026-09-30": [],  # sixty-one days are left
            "2026-10-01": [(60, 3)],
            "2026-10-31": [(30, 3), (60, 3)],
            "2026-11-23": [(7, 3), (30, 3), (60, 3)],
            "2026-11-29": [(7, 3), (30, 3), (60, 3)],
        }

    def test_who_is_at_risk_and_what_the_sixth_to_ninth_month_mean(
        self, session: Session, staff: Staff, bought: list[int]
    ) -> None:
        ending = arrears.gaps_ahead(session, KOTO_CONTOH, on=date(2026, 11, 20), by=staff["desi"])
        assert [
            (one.workers, one.last_day, one.days_left) for one in ending if one.funding_source == "dbh_sawit"
        ] == [(3, date(2026, 11, 30), 10)]
        said = {
            month: cover_on(session, bought[0], month.replace(day=28)).covered
            for month in months_of(NOV, date(2027, 4, 1))
        }
        assert (
            list(said.values())
            == [
                "yes",  # the fifth month
                "officer_decides",  # December to March, the sixth to ninth: unpaid, membership not over, the law silent
                "officer_decides",
                "officer_decides",
                "officer_decides",
                "no",  # from the tenth on nobody is covered
            ]
        )
        steps = {
            on: [one.unpaid for one in arrears.behind(session, KOTO_CONTOH, on=on, by=staff["desi"]) if one.full_name == "Afrizal"]
            for on in (date(2026, 12, 28), date(2027, 1, 28), date(2027, 3, 28), date(2027, 4, 28))
        }  # fmt: skip
        assert list(steps.values()) == [[], [1], [3], [4]]

    def test_another_payer_who_goes_on_ends_the_alarm(
        self, session: Session, staff: Staff, bought: list[int]
    ) -> None:
        rows = [session.get_one(Worker, key) for key in bought]
        told = transfer(rows, date(2026, 12, 1), date(2026, 12, 1), 50_400, source="pokir")
        confirmed(session, told, staff, by="desi")
        ending = arrears.gaps_ahead(session, KOTO_CONTOH, on=date(2026, 11, 20), by=staff["desi"])
        mine = [(one.funding_source, one.last_month) for one in ending if one.workers == 3]
        assert mine == [("pokir", date(2026, 12, 1))]


class TestSerang:
    """Four months unpaid ended the membership; whoever enters again is counted anew."""

    def test_re_entry_counts_anew(self, session: Session, staff: Staff) -> None:
        row = worker(session, registered_on=date(2025, 1, 1))
        paid(session, row, months_of(date(2025, 1, 1), date(2026, 4, 1)))
        assert (
            cover_on(session, row.id, date(2026, 8, 31)).covered == "officer_decides"
        )  # three months unpaid
        assert cover_on(session, row.id, date(2026, 9, 1)).covered == "no"
        confirmed(session, transfer([row], OKT, NOV, 33_600), staff, by="desi")
        found = cover_on(session, row.id, date(2026, 11, 20))
        assert (found.covered, found.first_month, found.consecutive_months) == ("yes", OKT, 2)
        said = assess_cover(
            [PaidMonth(month, month, "apb_nagari") for month in months_of(date(2025, 1, 1), date(2026, 4, 1))]
            + [PaidMonth(month, date(2026, 11, 18), "apb_nagari") for month in (OKT, NOV)],
            registered_on=date(2025, 1, 1),
            died_on=date(2026, 11, 20),
            book=numbers(),
        )
        assert said.restarted_on == OKT
        assert next(count for count in said.counts if count.code == "months").met is False
