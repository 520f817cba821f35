"""Lists of people that a nagari puts forward for a quota: open, found on a meeting and a decree, submit, withdraw.

Not here: the people on a list (``nominees``), what reviewers say (``reviews``), the waiting list (``waiting``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import nomination_steps, queries, reach
from caseflow.registry.nomination_models import Meeting, Nomination, Nominee, Quota
from caseflow.registry.nominees import writable
from caseflow.workflow.fire import open_case
from caseflow.workflow.models import FAR_AWAY

OWN_HOUSEHOLD = "Petugas nagari ini atau satu KK dengannya: dilihat sekali lagi oleh pengelola program."
_PREFIX = "USL"
_LONGEST_DECREE = 80

# the row of the quota is locked while its free places are counted and given away, in the order of the list
_TAKE_PLACES = text(
    """
    WITH room AS (SELECT slots - taken AS free FROM quota WHERE id = :quota FOR UPDATE),
    line AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM nominee
             WHERE nomination_id = :nomination AND state = 'draft')
    UPDATE nominee SET state = CASE WHEN own_household THEN 'held' ELSE 'proposed' END,
        reason = CASE WHEN own_household THEN :own_household END, submitted_before = true,
        decided_at = NULL, decided_by_user_id = NULL, version = nominee.version + 1
    FROM line, room WHERE nominee.id = line.id AND line.place <= room.free
    RETURNING nominee.id
    """
).bindparams(bindparam("own_household", OWN_HOUSEHOLD))
_TO_WAITING_LIST = text(
    """
    WITH last AS (SELECT coalesce(max(waiting_place), 0) AS place FROM nominee
                  WHERE quota_id = :quota AND state = 'waiting'),
    line AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM nominee
             WHERE nomination_id = :nomination AND state = 'draft')
    UPDATE nominee SET state = 'waiting', waiting_place = last.place + line.place, submitted_before = true,
        version = nominee.version + 1
    FROM line, last WHERE nominee.id = line.id RETURNING nominee.id
    """
)


@dataclass(frozen=True, kw_only=True)
class Decree:
    """The SK of the wali nagari on a list."""

    number: str
    decided_on: date
    signed_by: str


@dataclass(frozen=True)
class Submitted:
    """What became of a list that was put forward.

    :ivar placed: how many took a place; :ivar waiting: how many went to the waiting list.
    :ivar rest: the draft that holds those who did not fit; ``None``: everybody fitted.
    """

    placed: int
    waiting: int
    left: int
    rest: Nomination | None


def get_nomination(
    session: Session, number: str, *, by: Actor, permission: str = "nomination.read"
) -> Nomination:
    """Return a nomination within somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    wanted = identifiers.read_case_number(number) or ""
    found = session.scalar(select(Nomination).where(Nomination.number == wanted))
    if found is None:
        raise NotFound("Usulan ini tidak ditemukan. Periksa lagi nomornya.")
    reach.require(found.region_code, by, permission)
    return found


def area(branch_code: str) -> str:
    """Return where the nominations of a branch lie: no list of its claims can hold one."""
    return f"{branch_code}/nomination"


def open_nomination(
    session: Session, quota: Quota, *, branch_code: str, by: Actor, now: datetime
) -> Nomination:
    """Begin a list for a quota.

    :raises NotFound: the quota's nagari is out of reach. :raises NotPossible: the period is over.
    """
    reach.require(quota.region_code, by, "nomination.edit")
    today = clock.local(now).date()
    if quota.ends_on < today:
        raise NotPossible(
            "Masa kuota ini sudah lewat. Belum ada usulan yang dibuat; pilih kuota yang berjalan."
        )
    definition = nomination_steps.latest()
    serial = session.execute(text("SELECT nextval('nomination_serial')")).scalar_one()
    nomination = Nomination(
        kind="nomination",
        number=identifiers.case_number(_PREFIX, today.year, serial),
        workflow=definition.name,
        workflow_version=definition.version,
        state=definition.initial,
        subject=f"Usulan {queries.region_name(session, quota.region_code)} {quota.starts_on.year}",
        region_code=quota.region_code,
        branch_code=area(branch_code),
        opened_at=now,
        entered_at=now,
        sort_on=FAR_AWAY,
        quota_id=quota.id,
    )
    open_case(session, nomination, by=by, definition=definition, now=now)
    return nomination


def set_meeting(session: Session, nomination: Nomination, meeting: Meeting, *, by: Actor) -> None:
    """Say on which musyawarah a list rests.

    :raises NotFound: a meeting of another nagari. :raises NotPossible: the list is no draft any more.
    """
    writable(session, nomination, by=by)
    if meeting.region_code != nomination.region_code:
        raise NotFound("Musyawarah ini tidak ditemukan.")
    nomination.meeting_id = meeting.id
    session.flush()
    record(session, "nomination.meeting_set", by=by, casefile_id=nomination.id, subject=nomination.number)


def set_decree(
    session: Session,
    nomination: Nomination,
    decree: Decree,
    *,
    by: Actor,
    now: datetime,
    file_id: int | None = None,
) -> None:
    """Write down the SK; ``file_id``: its picture, ``None`` keeps the one that is there.

    :raises Invalid: number or signer is missing, or the day lies ahead.
    """
    writable(session, nomination, by=by)
    number, signed_by = " ".join(decree.number.split()), " ".join(decree.signed_by.split())
    fields = {}
    if not 1 <= len(number) <= _LONGEST_DECREE:
        fields["decree_number"] = (
            f"Tulis nomor SK, paling banyak {_LONGEST_DECREE} huruf. Belum ada yang tersimpan."
        )
    if len(signed_by) not in range(3, 121):
        fields["decree_signed_by"] = "Tulis nama yang menandatangani SK. Belum ada yang tersimpan."
    if decree.decided_on > clock.local(now).date():
        fields["decree_on"] = "Tanggal SK ada di depan. Periksa tanggalnya. Belum ada yang tersimpan."
    if fields:
        raise Invalid(fields)
    nomination.decree_number, nomination.decree_on = number, decree.decided_on
    nomination.decree_signed_by = signed_by
    if file_id is not None:
        nomination.decree_file_id = file_id
    session.flush()
    record(
        session, "nomination.decree_set", by=by, casefile_id=nomination.id, subject=nomination.number,
        details={"number": number, "on": decree.decided_on.isoformat()},
    )  # fmt: skip


def submit(
    session: Session,
    nomination: Nomination,
    *,
    overflow: Literal["draft", "waiting"],
    expected_version: int,
    by: Actor,
    now: datetime,
    consent_told: bool = False,
    signed_by: str = "",
) -> Submitted:
    """Give the drafts of a list the free places of its quota, in their order, and put the list forward.

    Who does not fit stays a draft on a list of their own, or goes to the waiting list (``overflow``).

    :param consent_told: the consent sentence was read to everybody on the list; :param signed_by: who puts it forward.
    :raises NotPossible: no place is free, or meeting, decree or data are missing. :raises Stale: see ``fire``.
    """
    quota = writable(session, nomination, by=by)
    keys = {"quota": quota.id, "nomination": nomination.id}
    drafts = _drafts(session, nomination)
    if not drafts:
        raise NotPossible("Belum ada orang di daftar ini. Tambahkan dulu; belum ada yang diajukan.")
    if consent_told:
        session.execute(
            update(Nominee)
            .where(Nominee.nomination_id == nomination.id, Nominee.consent_told_on.is_(None))
            .values(consent_told_on=clock.local(now).date())
            .execution_options(synchronize_session=False)
        )
    placed = session.scalars(_TAKE_PLACES, keys).all()
    if not placed:
        raise NotPossible(
            f"Kuota {quota.slots} orang sudah penuh, jadi usulan ini belum diajukan. Semua tetap di draf."
            " Tunggu tempat kosong, atau pindahkan ke daftar tunggu."
        )
    waiting = session.scalars(_TO_WAITING_LIST, keys).all() if overflow == "waiting" else []
    _forget(session)
    left = len(drafts) - len(placed) - len(waiting)
    nomination_steps.step(
        session,
        nomination,
        "submit",
        by=by,
        expected_version=expected_version,
        now=now,
        details={"placed": len(placed), "waiting": len(waiting), "not_fitting": left, "signed_by": signed_by},
    )
    rest = move_to_draft(session, nomination, quota, by=by, now=now) if left else None
    return Submitted(len(placed), len(waiting), left, rest)


def withdraw(
    session: Session, nomination: Nomination, *, reason: str, expected_version: int, by: Actor, now: datetime
) -> None:
    """Take a list back: everybody on it leaves, places and NIK are free again.

    :raises NotPossible: the branch has it already. :raises Invalid: no reason.
    """
    reach.require(nomination.region_code, by, "nomination.edit")
    nomination_steps.lock(session, nomination.id)
    nomination_steps.step(
        session, nomination, "withdraw", by=by, expected_version=expected_version, now=now, reason_text=reason
    )
    session.execute(
        update(Nominee)
        .where(Nominee.nomination_id == nomination.id, Nominee.state.not_in(("refused", "left")))
        .values(
            state="left",
            reason="Usulan ditarik nagari.",
            left_on=clock.local(now).date(),
            waiting_place=None,
            version=Nominee.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    _forget(session)


def _drafts(session: Session, nomination: Nomination) -> Sequence[int]:
    return session.scalars(
        select(Nominee.id).where(Nominee.nomination_id == nomination.id, Nominee.state == "draft")
    ).all()


def move_to_draft(
    session: Session, nomination: Nomination, quota: Quota, *, by: Actor, now: datetime, state: str = "draft"
) -> Nomination:
    """Move who did not fit, or came back, to a draft of their own, on the same meeting and decree."""
    branch_code = nomination.branch_code.partition("/")[0]
    rest = open_nomination(session, quota, branch_code=branch_code, by=by, now=now)
    for name in ("meeting_id", "decree_number", "decree_on", "decree_signed_by", "decree_file_id"):
        setattr(rest, name, getattr(nomination, name))
    session.flush()
    session.execute(
        update(Nominee)
        .where(Nominee.nomination_id == nomination.id, Nominee.state == state)
        .values(nomination_id=rest.id, version=Nominee.version + 1)
        .execution_options(synchronize_session=False)
    )
    _forget(session)
    return rest


def _forget(session: Session) -> None:
    """Rows were written without the session: what it holds of people and quotas is read again when asked."""
    for held in list(session.identity_map.values()):
        if isinstance(held, Nominee | Quota):
            session.expire(held)


def count_by_state(session: Session, nomination_id: int) -> dict[str, int]:
    """Return how many people of a list are in each state."""
    rows = session.execute(
        select(Nominee.state, func.count())
        .where(Nominee.nomination_id == nomination_id)
        .group_by(Nominee.state)
    )
    return {row[0]: row[1] for row in rows}
