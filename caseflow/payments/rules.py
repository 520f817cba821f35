"""What a line of a bank statement may do to an instruction, and who may touch money at all. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from caseflow.errors import NotPermitted
from caseflow.formats import rupiah, short_date
from caseflow.people.actor import Actor

COMPONENT = "benefit"  # one transfer carries the whole of what a decision gives
CHECK_VALID_FOR = timedelta(days=30)
PAYABLE_STATES = frozenset({"approved"})
DEAD_STATES = frozenset({"failed", "cancelled"})

Effect = Literal["settled", "failed", "noted"]


@dataclass(frozen=True)
class Booking:
    """A line of a statement. ``kind`` is debit (money left) or credit (money came back)."""

    kind: str
    amount_idr: int
    value_on: date


@dataclass(frozen=True)
class Standing:
    """Where an instruction stands.

    :ivar sent_on: the day (WIB) its file was released; ``None`` while it has not left.
    :ivar explained: kinds of booking that already explain it.
    """

    state: str
    amount_idr: int
    sent_on: date | None
    explained: frozenset[str]


def component_of(settled_before: int) -> str:
    """Name what a transfer carries: the first decision's benefit, or what a later one gives besides."""
    return COMPONENT if settled_before == 0 else f"{COMPONENT}_{settled_before + 1}"


def only(by: Actor, *roles: str) -> int:
    """Return the person who acts; refuse everybody without one of the roles.

    Machines are persons in this sense and hold no role of money (segregation of duties).
    """
    if by.kind != "staff" or by.person_id is None or not by.roles & set(roles):
        raise NotPermitted
    return by.person_id


def effect_of(booking: Booking, standing: Standing) -> tuple[Effect | None, str]:
    """Return what the booking does to the instruction, or ``None`` and the sentence why it does nothing.

    A credit after a debit is a returned transfer: ``settled`` becomes ``failed``. A booking that only
    confirms what a letter of the bank already said is ``noted``.
    """
    problem = _mismatch(booking, standing)
    if problem:
        return None, problem
    if booking.kind == "debit":
        return _effect_of_debit(standing)
    return _effect_of_credit(standing)


def _mismatch(booking: Booking, standing: Standing) -> str:
    if standing.sent_on is None:
        return "Perintah bayar ini belum dilepas ke bank. Periksa baris ini bersama bank; jangan dicocokkan."
    if booking.amount_idr != standing.amount_idr:
        return (
            f"Jumlah berbeda: baris ini {rupiah(booking.amount_idr)}, "
            f"perintah bayar {rupiah(standing.amount_idr)}. Tidak ada yang dicocokkan; tanyakan ke bank."
        )
    if booking.value_on < standing.sent_on:
        return (
            f"Tanggal baris ({short_date(booking.value_on)}) lebih awal daripada tanggal pelepasan "
            f"({short_date(standing.sent_on)}). Tidak ada yang dicocokkan."
        )
    if booking.kind in standing.explained:
        twice = "Uang keluar dua kali" if booking.kind == "debit" else "Uang kembali dua kali"
        return f"{twice} untuk referensi yang sama. Jangan dicocokkan; hubungi bank hari ini."
    return ""


def _effect_of_debit(standing: Standing) -> tuple[Effect | None, str]:
    if standing.state in {"sent", "unknown"}:
        return "settled", "Uang keluar, jumlah sama: transfer terkirim."
    if standing.state == "settled" or "credit" in standing.explained:
        return "noted", "Baris ini menguatkan yang sudah tercatat."
    return None, (
        "Bank mendebit transfer yang tercatat gagal atau dibatalkan. Jangan membuat pengganti; hubungi bank hari ini."
    )


def _effect_of_credit(standing: Standing) -> tuple[Effect | None, str]:
    if standing.state in {"sent", "unknown", "settled"}:
        return "failed", "Uang kembali, jumlah sama: transfer gagal."
    if standing.state == "failed":
        return "noted", "Baris ini menguatkan yang sudah tercatat."
    return None, "Perintah bayar ini sudah dibatalkan. Tidak ada yang dicocokkan; tanyakan ke bank."
