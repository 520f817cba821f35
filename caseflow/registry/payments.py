"""The verbs of dues: a nagari records a transfer with its proof, the branch confirms, refuses or reverses it.

Only a confirmed line becomes a paid month (``cover_month``); the database refuses any other. Not here: reading
payments for a screen (``payment_queries``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.formats import long_date, month_year, rupiah
from caseflow.identifiers import public_id
from caseflow.law.ledger import month_number
from caseflow.people.actor import Actor
from caseflow.registry import rates, reach
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import FUNDING_SOURCES, Quota, RegistryFile
from caseflow.registry.payable import Payable, payable
from caseflow.registry.payment_models import MONTHS_AHEAD, ContributionPayment, PaymentLine
from caseflow.registry.rate_models import SECTORS

_NOTHING = "Belum ada yang tersimpan."
_LONGEST_SPAN = 24  # months in one payment
_WHY = range(10, 1001)  # letters
_ANSWERED = (
    "Pembayaran ini sudah dijawab. Tidak ada yang berubah; muat ulang halaman ini untuk melihat jawabannya."
)


@dataclass(frozen=True)
class Transfer:
    """A transfer of dues as somebody tells it.

    :ivar first_month: and ``last_month``: first days of months; :ivar workers: public ids of those it pays for.
    :ivar reason: why the amount differs from the sum of the rates, when it does.
    """

    region_code: str
    funding_source: str
    sector: str
    first_month: date
    last_month: date
    paid_on: date
    receipt_number: str
    amount_idr: int
    workers: Sequence[str]
    reason: str = ""


@dataclass(frozen=True)
class Quote:
    """What a transfer would pay, by the rates in force: each worker with the months still open, and the sum."""

    workers: Sequence[Payable]
    amounts: Mapping[date, int]

    @property
    def expected_idr(self) -> int:
        """The sum of the rates over all lines."""
        return sum(self.amounts[month] for worker in self.workers for month in worker.months)

    @property
    def lines(self) -> int:
        """How many months of workers it pays."""
        return sum(len(worker.months) for worker in self.workers)


def quote(session: Session, transfer: Transfer, *, by: Actor, now: datetime) -> Quote:
    """Check a transfer and say what it pays. Months that are paid already, or are in a living payment, are left out.

    :raises Invalid: a field cannot be so, with the cure; nothing is saved. :raises NotFound: out of reach.
    """
    reach.require(transfer.region_code, by, "dues.record")
    _check_facts(transfer, today=clock.local(now).date())
    chosen = set(transfer.workers)
    found = payable(session, transfer.region_code, transfer.first_month, transfer.last_month)
    workers = [one for one in found if one.public_id in chosen]
    if not chosen:
        raise Invalid({"workers": f"Pilih paling sedikit satu orang. {_NOTHING}"})
    if len(workers) != len(chosen):
        raise Invalid(
            {
                "workers": f"Ada {len(chosen) - len(workers)} orang yang bulannya sudah tercatat lunas, atau tidak ada "
                f"lagi di daftar. {_NOTHING} Periksa lagi daftar di bawah."
            }
        )
    months = sorted({month for one in workers for month in one.months})
    quoted = Quote(workers, rates.amounts(session, transfer.funding_source, transfer.sector, months))
    if transfer.amount_idr != quoted.expected_idr and len(transfer.reason.strip()) not in _WHY:
        raise Invalid(_difference(transfer, quoted))
    return quoted


def record_payment(
    session: Session, transfer: Transfer, proof: RegistryFile, *, by: Actor, now: datetime
) -> ContributionPayment:
    """Record a transfer with its proof; nobody is covered by it before the branch confirms it.

    :raises Invalid: see :func:`quote`. :raises NotPossible: the proof is of another nagari or not stored.
    """
    quoted = quote(session, transfer, by=by, now=now)
    if proof.region_code != transfer.region_code or proof.kind != "payment_proof" or proof.stored_at is None:
        raise NotPossible(f"Bukti bayar ini bukan milik nagari ini. {_NOTHING}")
    if by.user_id is None or by.person_id is None:
        raise NotPermitted
    reason = " ".join(transfer.reason.split())
    payment = ContributionPayment(
        public_id=public_id(),
        region_code=transfer.region_code,
        funding_source=transfer.funding_source,
        sector=transfer.sector,
        first_month=transfer.first_month,
        last_month=transfer.last_month,
        paid_on=transfer.paid_on,
        receipt_number=" ".join(transfer.receipt_number.split()),
        amount_idr=transfer.amount_idr,
        expected_idr=quoted.expected_idr,
        headcount=len(quoted.workers),
        proof_file_id=proof.id,
        recorded_at=now,
        recorded_by_user_id=by.user_id,
        recorded_by_person_id=by.person_id,
        difference_reason=reason if transfer.amount_idr != quoted.expected_idr else None,
        quota_id=_quota_of(session, transfer),
    )
    session.add(payment)
    session.flush()
    lines = [
        {"payment_id": payment.id, "worker_id": one.worker_id, "month": month, "amount_idr": quoted.amounts[month]}
        for one in quoted.workers
        for month in one.months
    ]  # fmt: skip
    session.execute(insert(PaymentLine), lines)
    _note(
        session,
        "dues.recorded",
        payment,
        by=by,
        details={"lines": len(lines), "amount_idr": payment.amount_idr},
    )
    return payment


def confirm_payment(
    session: Session,
    payment_id: str,
    *,
    left_out: Mapping[str, str] | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
) -> ContributionPayment:
    """Confirm that the money came in: its lines become paid months.

    :param left_out: public id of a worker → why they are not paid by this money (at least ten letters).
    :raises NotPossible: already answered, nobody is left, or the same person recorded it.
    """
    payment = _take(session, payment_id, by=by)
    refused = _left_out(session, payment, left_out or {})
    _answer(payment, "confirmed", note, by=by, now=now)
    for worker_id, why in refused.items():
        _move_lines(session, payment, "recorded", "refused", note=why, worker_id=worker_id)
    session.flush()
    confirmed = _move_lines(session, payment, "recorded", "confirmed")
    if not confirmed:
        raise NotPossible(
            "Semua orang dikecualikan. Tidak ada yang berubah; pakai “Tolak pembayaran” dengan alasannya."
        )
    of_lines = select(
        PaymentLine.worker_id,
        PaymentLine.month,
        PaymentLine.amount_idr,
        PaymentLine.payment_id,
        ContributionPayment.paid_on,
        ContributionPayment.funding_source,
        ContributionPayment.receipt_number,
    ).join(ContributionPayment, ContributionPayment.id == PaymentLine.payment_id)
    into = ["worker_id", "month", "amount_idr", "payment_id", "paid_on", "funding_source", "receipt_number"]
    session.execute(
        insert(CoverMonth).from_select(
            into, of_lines.where(PaymentLine.payment_id == payment.id, PaymentLine.state == "confirmed")
        )
    )
    _note(
        session,
        "dues.confirmed",
        payment,
        by=by,
        details={"lines": confirmed, "workers_left_out": len(refused)},
    )
    return payment


def refuse_payment(
    session: Session, payment_id: str, *, why: str, by: Actor, now: datetime
) -> ContributionPayment:
    """Refuse a recorded transfer: its months are open again, and whoever recorded it reads why.

    :raises NotPossible: already answered, or the same person recorded it. :raises Invalid: no reason.
    """
    payment = _take(session, payment_id, by=by)
    reason = _reason(why)
    _answer(payment, "refused", reason, by=by, now=now)
    session.flush()
    _move_lines(session, payment, "recorded", "refused", note=reason)
    _note(session, "dues.refused", payment, by=by)
    return payment


def reverse_payment(
    session: Session, payment_id: str, *, why: str, by: Actor, now: datetime
) -> ContributionPayment:
    """Take a confirmed payment back: its months are no longer paid; payment, lines and proof stay to be read.

    :raises NotPossible: it is not confirmed. :raises Invalid: no reason.
    """
    payment = _take(session, payment_id, by=by, state="confirmed")
    reason = _reason(why)
    payment.state, payment.version = "reversed", payment.version + 1
    payment.reversed_at, payment.reversed_by_user_id, payment.reversed_why = now, by.user_id, reason
    session.flush()
    lines = _move_lines(session, payment, "confirmed", "reversed")
    session.execute(
        delete(CoverMonth)
        .where(CoverMonth.payment_id == payment.id)
        .execution_options(synchronize_session="fetch")
    )
    _note(session, "dues.reversed", payment, by=by, details={"lines": lines})
    return payment


def _check_facts(transfer: Transfer, *, today: date) -> None:
    fields = {}
    span = month_number(transfer.last_month) - month_number(transfer.first_month)
    if transfer.funding_source not in FUNDING_SOURCES or transfer.sector not in SECTORS:
        fields["funding_source"] = f"Pilih sumber dana dari daftar. {_NOTHING}"
    if span < 0:
        fields["last_month"] = f"Bulan terakhir tidak boleh sebelum bulan pertama. {_NOTHING}"
    elif span >= _LONGEST_SPAN:
        fields["last_month"] = f"Satu pembayaran paling banyak {_LONGEST_SPAN} bulan. {_NOTHING}"
    if transfer.paid_on > today:
        fields["paid_on"] = (
            f"Hari bayar {long_date(transfer.paid_on)} belum tiba. {_NOTHING} Periksa tanggal di bukti bayar."
        )
    elif month_number(transfer.last_month) - month_number(transfer.paid_on) > MONTHS_AHEAD:
        fields["last_month"] = (
            f"Iuran dibayar di muka paling lama {MONTHS_AHEAD} bulan sesudah hari bayar. {_NOTHING}"
        )
    if not 3 <= len(" ".join(transfer.receipt_number.split())) <= 80:
        fields["receipt_number"] = f"Tulis nomor bukti bayar, 3 sampai 80 huruf. {_NOTHING}"
    if fields:
        raise Invalid(fields)


def _difference(transfer: Transfer, quoted: Quote) -> dict[str, str]:
    apart = transfer.amount_idr - quoted.expected_idr
    how = f"lebih {rupiah(apart)}" if apart > 0 else f"kurang {rupiah(-apart)}"
    months = sorted(quoted.amounts)
    span = (
        month_year(months[0])
        if len(months) == 1
        else f"{month_year(months[0])} s.d. {month_year(months[-1])}"
    )
    return {
        "amount_idr": f"Hitungannya {rupiah(quoted.expected_idr)}: {len(quoted.workers)} orang, {span}. Yang Anda tulis "
        f"{rupiah(transfer.amount_idr)}, {how}. {_NOTHING} Perbaiki jumlah atau orangnya, atau tulis sebabnya di bawah.",
        "reason": "Tulis sebab jumlahnya berbeda, paling sedikit 10 huruf; atau perbaiki jumlahnya.",
    }


def _quota_of(session: Session, transfer: Transfer) -> int | None:
    return session.scalar(
        select(Quota.id)
        .where(
            Quota.region_code == transfer.region_code,
            Quota.funding_source == transfer.funding_source,
            Quota.starts_on <= transfer.first_month.replace(day=28),
            Quota.ends_on >= transfer.first_month,
        )
        .order_by(Quota.starts_on)
        .limit(1)
    )


def _take(session: Session, payment_id: str, *, by: Actor, state: str = "recorded") -> ContributionPayment:
    """Return the payment, locked, to be answered by the branch."""
    payment = session.scalar(
        select(ContributionPayment)
        .where(ContributionPayment.public_id == payment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if payment is None:
        raise NotFound("Pembayaran ini tidak ditemukan.")
    reach.require(payment.region_code, by, "dues.confirm")
    if payment.state != state:
        raise NotPossible(_ANSWERED)
    if state == "recorded" and payment.recorded_by_person_id == by.person_id:
        raise NotPossible("Pembayaran dijawab oleh orang lain, bukan pencatatnya. Tidak ada yang berubah.")
    return payment


def _left_out(session: Session, payment: ContributionPayment, left_out: Mapping[str, str]) -> dict[int, str]:
    if not left_out:
        return {}
    rows = session.execute(
        select(Worker.public_id, Worker.id)
        .where(Worker.public_id.in_(left_out))
        .where(Worker.id.in_(select(PaymentLine.worker_id).where(PaymentLine.payment_id == payment.id)))
    ).all()
    if len(rows) != len(left_out):
        raise NotPossible("Ada orang yang tidak termasuk pembayaran ini. Tidak ada yang berubah; muat ulang.")
    return {row.id: _reason(left_out[row.public_id]) for row in rows}


def _reason(why: str) -> str:
    plain = " ".join(why.split())
    if len(plain) not in _WHY:
        raise Invalid({"why": "Tulis alasannya, 10 sampai 1.000 huruf. Tidak ada yang berubah."})
    return plain


def _answer(payment: ContributionPayment, state: str, note: str, *, by: Actor, now: datetime) -> None:
    payment.state, payment.version = state, payment.version + 1
    payment.answered_at, payment.answer_note = now, " ".join(note.split()) or None
    payment.answered_by_user_id, payment.answered_by_person_id = by.user_id, by.person_id
    payment.answered_branch = by.branch_code


def _move_lines(
    session: Session,
    payment: ContributionPayment,
    old: str,
    new: str,
    *,
    note: str | None = None,
    worker_id: int | None = None,
) -> int:
    """Move lines from one state to another; return how many."""
    statement = update(PaymentLine).where(PaymentLine.payment_id == payment.id, PaymentLine.state == old)
    if worker_id is not None:
        statement = statement.where(PaymentLine.worker_id == worker_id)
    values = {"state": new} if note is None else {"state": new, "note": note}
    moved = session.execute(
        statement.values(**values).returning(PaymentLine.worker_id),
        execution_options={"synchronize_session": False},
    )
    return len(moved.all())


def _note(
    session: Session,
    action: str,
    payment: ContributionPayment,
    *,
    by: Actor,
    details: Mapping[str, int] | None = None,
) -> None:
    record(session, action, by=by, subject=f"contribution_payment:{payment.public_id}", details=details)
