"""The rules that ``workflows/nomination.yaml`` names after ``when:``. Each gives ``None`` or the reason in words.

Not here: whether one person may be on a list (``nominee_checks``); how many fit, which the database itself keeps.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from caseflow.registry.nomination_models import Meeting, Nomination, Nominee
from caseflow.workflow.models import CaseFile

Rule = Callable[[Session, CaseFile], str | None]
RULES: dict[str, Rule] = {}


def rule(check: Callable[[Session, Nomination], str | None]) -> Callable[[Session, Nomination], str | None]:
    """Register a rule under its own name; it speaks only of nominations."""

    def guarded(session: Session, case: CaseFile) -> str | None:
        return (
            check(session, case) if isinstance(case, Nomination) else "Aturan ini hanya untuk usulan nagari."
        )

    RULES[check.__name__] = guarded
    return check


@rule
def meeting_recorded(session: Session, nomination: Nomination) -> str | None:
    """A list rests on a musyawarah nagari whose berita acara can be read."""
    if nomination.meeting_id is None:
        return "Musyawarah nagari belum dipilih. Catat atau pilih musyawarahnya dulu."
    minutes = session.scalar(select(Meeting.minutes_file_id).where(Meeting.id == nomination.meeting_id))
    return "Foto atau PDF berita acara musyawarah belum ada. Tambahkan dulu." if minutes is None else None


@rule
def decree_recorded(_session: Session, nomination: Nomination) -> str | None:
    """The wali nagari decides on the list: number, day, who signed, and the paper itself."""
    if nomination.decree_number is None:
        return "SK wali nagari belum dicatat. Isi nomor, tanggal, dan siapa yang menandatangani."
    return (
        "Foto atau PDF SK wali nagari belum ada. Tambahkan dulu."
        if nomination.decree_file_id is None
        else None
    )


@rule
def nothing_missing(session: Session, nomination: Nomination) -> str | None:
    """What the registration as a participant asks for is there for everybody who is put forward."""
    lacking = or_(Nominee.family_card_index.is_(None), Nominee.birth_place == "")
    missing = _count(session, nomination, ("proposed", "held"), lacking)
    return (
        f"Data {missing} orang belum lengkap (nomor KK atau tempat lahir). Lengkapi dulu."
        if missing
        else None
    )


@rule
def places_held(session: Session, nomination: Nomination) -> str | None:
    """A list without anybody who holds a place is no list."""
    if _count(session, nomination, ("proposed", "held")):
        return None
    return "Belum ada orang di daftar ini yang mendapat tempat dalam kuota."


@rule
def every_row_seen(session: Session, nomination: Nomination) -> str | None:
    """No row goes on without a decision; a held one has none yet."""
    return _undecided(session, nomination)


@rule
def somebody_left(session: Session, nomination: Nomination) -> str | None:
    """What goes on to the branch holds at least one person."""
    if _count(session, nomination, ("proposed",)):
        return None
    return "Tidak ada orang yang diteruskan. Kembalikan seluruh usulan ke nagari."


@rule
def every_row_answered(session: Session, nomination: Nomination) -> str | None:
    """Every person is accepted, refused or returned before the list is."""
    return _undecided(session, nomination)


@rule
def somebody_accepted(session: Session, nomination: Nomination) -> str | None:
    """An accepted list has an accepted person; who has a number already was accepted before."""
    if _count(session, nomination, ("accepted", "enrolled")):
        return None
    return "Belum ada orang yang diterima. Tutup tanpa diterima, atau kembalikan ke nagari."


@rule
def nobody_accepted(session: Session, nomination: Nomination) -> str | None:
    """Who was accepted is not lost with the rest of the list."""
    accepted = _count(session, nomination, ("accepted", "enrolled"))
    return (
        f"{accepted} orang sudah diterima. Terima usulannya; kembalikan hanya barisnya." if accepted else None
    )


@rule
def nobody_waits_for_a_number(session: Session, nomination: Nomination) -> str | None:
    """A list ends when nobody on it waits any more."""
    waiting = _count(session, nomination, ("accepted", "proposed", "held"))
    return f"{waiting} orang masih menunggu nomor peserta." if waiting else None


def _undecided(session: Session, nomination: Nomination) -> str | None:
    held = _count(session, nomination, ("held",))
    if held:
        return f"{held} baris masih ditahan. Putuskan dulu."
    open_ones = _count(session, nomination, ("proposed",), Nominee.decided_at.is_(None))
    return f"{open_ones} baris belum diperiksa." if open_ones else None


def _count(
    session: Session, nomination: Nomination, states: tuple[str, ...], *conditions: ColumnElement[bool]
) -> int:
    found = session.execute(
        select(func.count()).where(
            Nominee.nomination_id == nomination.id, Nominee.state.in_(states), *conditions
        )
    )
    return int(found.scalar_one())
