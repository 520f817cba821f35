"""Musyawarah nagari: recorded once, with the berita acara that proves it. Nominations rest on them.

Not here: the files themselves (``files``), the lists (``nominations``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.nomination_models import Meeting, RegistryFile

_LONGEST_NUMBER, _LONGEST_PLACE, _LONGEST_DECIDED = 80, 120, 2000
_MOST = 5000
_SAVED = " Belum ada yang tersimpan."


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """What was recorded of a musyawarah."""

    held_on: date
    place: str
    minutes_number: str
    attendees: int
    decided: str


def record_meeting(
    session: Session, region_code: str, facts: MeetingFacts, *, by: Actor, now: datetime
) -> Meeting:
    """Write down a musyawarah of a nagari.

    :raises Invalid: something is missing or cannot be. :raises NotFound: the nagari is out of reach.
    """
    reach.require(region_code, by, "nomination.edit")
    if by.user_id is None:
        raise NotPermitted
    _check(facts, today=clock.local(now).date())
    number = " ".join(facts.minutes_number.split())
    taken = select(Meeting.id).where(Meeting.region_code == region_code, Meeting.minutes_number == number)
    if session.scalar(taken) is not None:
        raise Invalid(
            {"minutes_number": "Berita acara dengan nomor ini sudah dicatat. Pilih yang sudah ada." + _SAVED}
        )
    meeting = Meeting(
        region_code=region_code,
        held_on=facts.held_on,
        place=" ".join(facts.place.split()),
        minutes_number=number,
        attendees=facts.attendees,
        decided=facts.decided.strip(),
        recorded_at=now,
        recorded_by_user_id=by.user_id,
    )
    session.add(meeting)
    session.flush()
    record(
        session,
        "meeting.recorded",
        by=by,
        subject=f"meeting:{meeting.public_id}",
        details={"region": region_code},
    )
    return meeting


def attach_minutes(session: Session, meeting: Meeting, file: RegistryFile, *, by: Actor) -> None:
    """Put the berita acara to its musyawarah; a better picture takes the place of the first.

    :raises NotFound: meeting or file of another nagari.
    """
    reach.require(meeting.region_code, by, "nomination.edit")
    if file.region_code != meeting.region_code or file.kind != "meeting_minutes":
        raise NotFound("Berkas ini tidak ditemukan.")
    before = meeting.minutes_file_id
    meeting.minutes_file_id = file.id
    session.flush()
    record(
        session, "meeting.minutes_attached", by=by, subject=f"meeting:{meeting.public_id}",
        details={"file": file.public_id, "replaced": before is not None},
    )  # fmt: skip


def get_meeting(
    session: Session, public_id: str, *, by: Actor, permission: str = "nomination.read"
) -> Meeting:
    """Return a meeting within somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    meeting = session.scalar(select(Meeting).where(Meeting.public_id == public_id))
    if meeting is None:
        raise NotFound("Musyawarah ini tidak ditemukan.")
    reach.require(meeting.region_code, by, permission)
    return meeting


def meetings(session: Session, *, by: Actor, limit: int = 100) -> Sequence[Meeting]:
    """Return the meetings within somebody's reach, newest first."""
    return session.scalars(
        select(Meeting)
        .where(reach.within(Meeting.region_code, by, "nomination.read"))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(limit)
    ).all()


def _check(facts: MeetingFacts, *, today: date) -> None:
    found = {}
    if facts.held_on > today:
        found["held_on"] = "Tanggal musyawarah ada di depan. Catat sesudah berlangsung." + _SAVED
    if not 3 <= len(facts.place.strip()) <= _LONGEST_PLACE:
        found["place"] = "Tulis tempat musyawarah, misalnya Kantor nagari." + _SAVED
    if not 1 <= len(facts.minutes_number.strip()) <= _LONGEST_NUMBER:
        found["minutes_number"] = f"Tulis nomor berita acara, paling banyak {_LONGEST_NUMBER} huruf." + _SAVED
    if not 1 <= facts.attendees <= _MOST:
        found["attendees"] = "Jumlah hadir ditulis di antara 1 dan 5.000." + _SAVED
    if not 10 <= len(facts.decided.strip()) <= _LONGEST_DECIDED:
        found["decided"] = "Tulis apa yang diputuskan, paling sedikit 10 huruf." + _SAVED
    if found:
        raise Invalid(found)
