"""A nagari records, another person of the branch confirms; only then is anybody covered, and each month once."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import payment_queries, payments
from caseflow.registry.ledger import cover_on
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.registry.payable import payable
from caseflow.registry.payment_models import ContributionPayment, PaymentLine
from tests.conftest import FreshDatabase
from tests.registry.dues import KOTO_LATIHAN, confirmed, paid, proof, recorded, transfer, worker

Staff = Mapping[str, Actor]
OKT, NOV, DES = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def two(session: Session) -> list[Worker]:
    """Two people of Koto Latihan for whom nobody has paid yet."""
    return [worker(session, name, region_code=KOTO_LATIHAN) for name in ("Afrizal", "Marlis")]


def covered(session: Session, row: Worker) -> list[date]:
    """Return the paid months of a worker."""
    return list(
        session.scalars(
            select(CoverMonth.month).where(CoverMonth.worker_id == row.id).order_by(CoverMonth.month)
        )
    )


def test_what_a_nagari_records_covers_nobody_until_the_branch_confirms(
    session: Session, staff: Staff, two: list[Worker]
) -> None:
    payment = recorded(session, transfer(two, OKT, NOV, 67_200), by=staff["fitri"])
    assert (payment.state, payment.headcount, payment.expected_idr) == ("recorded", 2, 67_200)
    assert covered(session, two[0]) == []
    payments.confirm_payment(session, payment.public_id, by=staff["dedi"], now=clock.now())
    assert [covered(session, one) for one in two] == [[OKT, NOV]] * 2
    found = cover_on(session, two[0].id, TODAY)
    assert (found.covered, found.payment, found.receipt_number) == (
        "yes",
        payment.public_id,
        payment.receipt_number,
    )
    assert [row.action for row in _audit(session, payment)] == ["dues.recorded", "dues.confirmed"]


@pytest.mark.parametrize("username", ["fitri", "desi", "mega", "admin"])
def test_only_the_branch_confirms(session: Session, staff: Staff, two: list[Worker], username: str) -> None:
    payment = recorded(session, transfer(two, NOV, NOV, 33_600), by=staff["fitri"])
    with pytest.raises(NotPermitted):
        payments.confirm_payment(session, payment.public_id, by=staff[username], now=clock.now())


def test_the_database_takes_no_answer_from_whoever_recorded(
    session: Session, staff: Staff, two: list[Worker]
) -> None:
    payment = recorded(session, transfer(two, NOV, NOV, 33_600), by=staff["fitri"])
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(
            text(
                "UPDATE contribution_payment SET state = 'confirmed', answered_at = now(), answered_branch = 'solok',"
                " answered_by_user_id = recorded_by_user_id, answered_by_person_id = recorded_by_person_id WHERE id = :id"
            ),
            {"id": payment.id},
        )
    assert "oleh orang lain" in refusal_of(refused.value).sentence


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO cover_month (worker_id, month, paid_on, funding_source, amount_idr, receipt_number, payment_id)"
            " SELECT worker_id, month, month, 'apbd', 1, 'x', payment_id FROM payment_line"
        ),
        "DELETE FROM cover_month",
        "DELETE FROM payment_line",
        "DELETE FROM contribution_payment",
        "UPDATE contribution_payment SET amount_idr = amount_idr + 1",
        (
            "UPDATE contribution_payment SET state = 'reversed', reversed_at = now(), reversed_by_user_id = 1,"
            " reversed_why = 'tanpa dipastikan dulu', answered_at = now(), answered_branch = 'solok',"
            " answered_by_user_id = 1, answered_by_person_id = -1"
        ),
        "UPDATE payment_line SET amount_idr = 1",
        "UPDATE payment_line SET state = 'reversed'",
    ],
)
def test_cover_without_the_branch_is_refused_by_the_database(
    session: Session, staff: Staff, two: list[Worker], statement: str
) -> None:
    recorded(session, transfer(two, NOV, NOV, 33_600), by=staff["fitri"])
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(text(statement))
    assert getattr(refused.value.orig, "sqlstate", "") in {"23001", "42501"}


def test_another_nagari_is_not_there(session: Session, staff: Staff) -> None:
    stranger = worker(session)
    with pytest.raises(NotFound):
        payments.quote(session, transfer([stranger], NOV, NOV, 16_800), by=staff["fitri"], now=clock.now())
    told = transfer([stranger], NOV, NOV, 16_800)
    smuggled = transfer([worker(session, region_code=KOTO_LATIHAN)], NOV, NOV, 16_800)
    with pytest.raises(Invalid, match="tidak ada lagi di daftar"):
        payments.quote(
            session,
            payments.Transfer(**{**smuggled.__dict__, "workers": told.workers}),
            by=staff["fitri"],
            now=clock.now(),
        )


def test_a_sum_that_differs_is_said_in_words_and_sent_with_a_reason(
    session: Session, staff: Staff, two: list[Worker]
) -> None:
    with pytest.raises(Invalid) as refused:
        recorded(session, transfer(two, OKT, NOV, 60_000), by=staff["fitri"])
    assert refused.value.fields["amount_idr"] == (
        "Hitungannya Rp67.200: 2 orang, Oktober 2026 s.d. November 2026. Yang Anda tulis Rp60.000, kurang Rp7.200. "
        "Belum ada yang tersimpan. Perbaiki jumlah atau orangnya, atau tulis sebabnya di bawah."
    )
    told = transfer(two, OKT, NOV, 60_000, reason="Bank memotong biaya kirim Rp7.200.")
    assert recorded(session, told, by=staff["fitri"]).difference_reason == told.reason


def test_paid_months_are_not_paid_again(session: Session, staff: Staff, two: list[Worker]) -> None:
    paid(session, two[0], [OKT])
    found = payable(session, KOTO_LATIHAN, OKT, NOV)
    assert {
        one.full_name: one.months for one in found if one.public_id in {row.public_id for row in two}
    } == {
        "Afrizal": (NOV,),
        "Marlis": (OKT, NOV),
    }
    payment = recorded(session, transfer(two, OKT, NOV, 50_400), by=staff["fitri"])
    with pytest.raises(Invalid, match="sudah tercatat lunas"):
        recorded(session, transfer(two, OKT, NOV, 50_400), by=staff["fitri"])
    payments.refuse_payment(
        session, payment.public_id, why="Uang belum masuk di rekening.", by=staff["dedi"], now=clock.now()
    )
    again = recorded(
        session, transfer(two, OKT, NOV, 50_400, receipt=payment.receipt_number), by=staff["fitri"]
    )
    assert again.state == "recorded"  # a refused receipt may be told again


def test_one_receipt_once_a_payer(session: Session, staff: Staff, two: list[Worker]) -> None:
    recorded(session, transfer(two, OKT, OKT, 33_600, receipt="BKU-7"), by=staff["fitri"])
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        recorded(session, transfer(two, NOV, NOV, 33_600, receipt="BKU-7"), by=staff["fitri"])
    assert "nomor ini sudah dicatat" in refusal_of(refused.value).sentence
    recorded(session, transfer(two, NOV, NOV, 33_600, receipt="BKU-7", source="csr"), by=staff["fitri"])


def test_ahead_at_most_twelve_months(session: Session, staff: Staff, two: list[Worker]) -> None:
    told = transfer(two, DES, date(2027, 11, 1), 12 * 33_600)
    assert recorded(session, told, by=staff["fitri"]).expected_idr == 403_200
    with pytest.raises(Invalid) as refused:
        recorded(session, transfer(two, date(2027, 12, 1), date(2027, 12, 1), 33_600), by=staff["fitri"])
    assert "paling lama 12 bulan" in refused.value.fields["last_month"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"paid_on": TODAY + timedelta(days=1)}, "paid_on", "belum tiba"),
        ({"first": NOV, "last": OKT}, "last_month", "tidak boleh sebelum"),
        ({"first": date(2024, 1, 1)}, "last_month", "paling banyak 24 bulan"),
        ({"receipt": " 7 "}, "receipt_number", "3 sampai 80 huruf"),
        ({"source": "zakat"}, "funding_source", "Pilih sumber dana"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    session: Session, staff: Staff, two: list[Worker], changes: dict[str, object], field: str, words: str
) -> None:
    facts = {"first": OKT, "last": NOV, "amount_idr": 67_200, **changes}
    with pytest.raises(Invalid) as refused:
        recorded(session, transfer(two, **facts), by=staff["fitri"])  # type: ignore[arg-type]
    assert words in refused.value.fields[field]
    assert session.scalar(select(func.count()).select_from(PaymentLine)) == 0


def test_the_branch_leaves_somebody_out(session: Session, staff: Staff, two: list[Worker]) -> None:
    payment = recorded(session, transfer(two, OKT, NOV, 67_200), by=staff["fitri"])
    why = "Sudah berumur 65 tahun saat didaftarkan."
    payments.confirm_payment(
        session, payment.public_id, left_out={two[1].public_id: why}, by=staff["dedi"], now=clock.now()
    )
    assert [covered(session, one) for one in two] == [[OKT, NOV], []]
    notes = session.scalars(select(PaymentLine.note).where(PaymentLine.worker_id == two[1].id)).all()
    assert notes == [why, why]
    still_open = {one.public_id: one.months for one in payable(session, KOTO_LATIHAN, OKT, NOV)}
    assert still_open.get(two[1].public_id) == (OKT, NOV)
    assert two[0].public_id not in still_open


def test_all_left_out_is_a_refusal(session: Session, staff: Staff, two: list[Worker]) -> None:
    payment = recorded(session, transfer(two, NOV, NOV, 33_600), by=staff["fitri"])
    with pytest.raises(NotPossible, match="Semua orang dikecualikan"):
        payments.confirm_payment(
            session,
            payment.public_id,
            left_out={one.public_id: "Bukan peserta lagi." for one in two},
            by=staff["dedi"],
            now=clock.now(),
        )


def test_a_reversal_takes_the_months_and_keeps_the_evidence(
    session: Session, staff: Staff, two: list[Worker]
) -> None:
    paid(session, two[0], [OKT])
    payment = confirmed(session, transfer(two, NOV, NOV, 33_600), staff)
    with pytest.raises(Invalid, match=r".*"):
        payments.reverse_payment(session, payment.public_id, why="salah", by=staff["dedi"], now=clock.now())
    payments.reverse_payment(
        session,
        payment.public_id,
        why="Transfer ditarik kembali oleh bank.",
        by=staff["bram"],
        now=clock.now(),
    )
    assert [covered(session, one) for one in two] == [[OKT], []]
    kept = session.get_one(ContributionPayment, payment.id)
    assert (kept.state, kept.reversed_why) == ("reversed", "Transfer ditarik kembali oleh bank.")
    assert set(session.scalars(select(PaymentLine.state).where(PaymentLine.payment_id == payment.id))) == {
        "reversed"
    }
    assert [row.action for row in _audit(session, payment)][-1] == "dues.reversed"
    with pytest.raises(NotPossible, match="sudah dijawab"):
        payments.reverse_payment(
            session, payment.public_id, why="Sekali lagi saja.", by=staff["dedi"], now=clock.now()
        )


def test_a_month_paid_after_its_end_is_late_and_the_dead_are_paid_up_to_their_month(
    session: Session, staff: Staff
) -> None:
    someone = worker(session, region_code=KOTO_LATIHAN, died_on=date(2026, 10, 15))
    found = payable(session, KOTO_LATIHAN, OKT, DES)
    assert [one.months for one in found if one.public_id == someone.public_id] == [(OKT,)]
    confirmed(session, transfer([someone], OKT, DES, 16_800), staff)
    assert cover_on(session, someone.id, date(2026, 10, 15)).paid_after == 1


def test_a_month_paid_ahead_for_the_dead_does_not_hide_who_is_unpaid(session: Session, staff: Staff) -> None:
    before = payment_queries.months_of_region(session, KOTO_LATIHAN, DES, DES, by=staff["fitri"])[0]
    worker(session, region_code=KOTO_LATIHAN)
    for gone in (worker(session, region_code=KOTO_LATIHAN, died_on=date(2026, 11, 30)),
                 worker(session, region_code=KOTO_LATIHAN, left_on=date(2026, 11, 30))):  # fmt: skip
        paid(session, gone, [DES])
    after = payment_queries.months_of_region(session, KOTO_LATIHAN, DES, DES, by=staff["fitri"])[0]
    assert (after.due - before.due, after.paid - before.paid) == (1, 0)


def test_two_who_answer_at_once(fresh_database: FreshDatabase, staff: Staff) -> None:
    """One confirms, the other reads that it was answered; the months are there once."""
    with Session(fresh_database.engine) as session:
        rows = [worker(session, region_code=KOTO_LATIHAN)]
        payment_id = recorded(session, transfer(rows, NOV, NOV, 16_800), by=staff["fitri"]).public_id
        session.commit()

    def answer(act: Callable[[Session], object]) -> str:
        with Session(fresh_database.engine) as session:
            try:
                act(session)
                session.commit()
            except CaseflowError as refused:
                return refused.sentence
            return "done"

    acts: list[Callable[[Session], object]] = [
        lambda s: payments.confirm_payment(s, payment_id, by=staff["dedi"], now=clock.now()),
        lambda s: payments.refuse_payment(
            s, payment_id, why="Uang belum masuk.", by=staff["sari"], now=clock.now()
        ),
    ]
    with ThreadPoolExecutor(2) as pool:
        words = sorted(pool.map(answer, acts))
    assert words[1] == "done"
    assert "sudah dijawab" in words[0]


def test_two_who_record_the_same_month_at_once(fresh_database: FreshDatabase, staff: Staff) -> None:
    with Session(fresh_database.engine) as session:
        rows = [worker(session, region_code=KOTO_LATIHAN)]
        public = rows[0].public_id
        proofs = [proof(session, staff[name], KOTO_LATIHAN).id for name in ("fitri", "jon")]
        session.commit()

    def tell(who: str, proof_id: int) -> str:
        with Session(fresh_database.engine) as session:
            row = session.scalars(select(Worker).where(Worker.public_id == public)).one()
            try:
                payments.record_payment(
                    session,
                    transfer([row], NOV, NOV, 16_800),
                    session.get_one(RegistryFile, proof_id),
                    by=staff[who],
                    now=clock.now(),
                )
                session.commit()
            except Invalid as refused:
                return next(iter(refused.fields.values()))
            except DBAPIError as error:
                return refusal_of(error).sentence
            return "done"

    with ThreadPoolExecutor(2) as pool:
        words = list(pool.map(tell, ("fitri", "jon"), proofs))
    assert words.count("done") == 1
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(PaymentLine)) == 1


def _audit(session: Session, payment: ContributionPayment) -> list[AuditEvent]:
    session.flush()
    subject = f"contribution_payment:{payment.public_id}"
    return list(
        session.scalars(select(AuditEvent).where(AuditEvent.subject == subject).order_by(AuditEvent.id))
    )


def test_every_payment_can_be_reached_by_its_year_or_page_by_page(
    session: Session, staff: Staff, two: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are: a nagari looks at a year, the branch turns the pages."""
    monkeypatch.setattr(payment_queries, "PAGE", 2)
    fitri, dedi = staff["fitri"], staff["dedi"]
    by_month = {
        month: recorded(session, transfer(two, month, month, 33_600, paid_on=paid_on), by=fitri).public_id
        for month, paid_on in (
            (date(2025, 11, 1), date(2025, 11, 10)),
            (date(2025, 12, 1), date(2026, 1, 5)),
            (date(2026, 1, 1), date(2025, 12, 29)),
            (date(2026, 2, 1), date(2026, 2, 9)),
            (date(2026, 3, 1), date(2026, 3, 9)),
        )
    }
    mine = list(by_month.values())

    def of_year(year: int) -> list[str]:
        rows = payment_queries.payments_of(session, by=fitri, region_code=KOTO_LATIHAN, year=year)
        return [row.public_id for row in rows if row.public_id in mine]

    assert of_year(2025) == [mine[2], mine[1], mine[0]]
    assert of_year(2026) == [mine[4], mine[3], mine[2], mine[1]]
    for state, order in (("recorded", mine), ("confirmed", mine[::-1])):
        if state == "confirmed":
            for one in mine:
                payments.confirm_payment(session, one, by=dedi, now=clock.now())
        seen: list[str] = []
        after = None
        while page := payment_queries.payments_of(
            session, by=dedi, state=state, after=after, permission="dues.confirm"
        ):
            assert len(page) <= 3
            shown = [row.public_id for row in page[:2]]
            seen, after = [*seen, *shown], shown[-1]
        assert [one for one in seen if one in mine] == order
