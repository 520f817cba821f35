"""The waiting list of a quota: who comes next when a place is free, and whose place it was.

Not here: how somebody leaves (``life`` of the registry frees the place), the ordinary lists (``nominations``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import NotFound, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.registry import nomination_steps, reach
from caseflow.registry.nomination_models import GONE, Nomination, Nominee, Quota
from caseflow.registry.nominations import OWN_HOUSEHOLD, open_nomination
from caseflow.registry.nominees import writable


@dataclass(frozen=True)
class Freed:
    """A place that somebody left and nobody has taken over."""

    nominee_id: int
    full_name: str
    reason: str


def waiting_list(session: Session, quota: Quota, *, by: Actor) -> Sequence[Nominee]:
    """Return who waits, the first in line first.

    :raises NotFound: the quota's nagari is out of reach.
    """
    reach.require(quota.region_code, by, "nomination.read")
    return session.scalars(
        select(Nominee)
        .where(Nominee.quota_id == quota.id, Nominee.state == "waiting")
        .order_by(Nominee.waiting_place)
    ).all()


def freed_places(session: Session, quota: Quota, *, by: Actor) -> Sequence[Freed]:
    """Return the participants of this quota who left and have no successor, the first who left first."""
    reach.require(quota.region_code, by, "nomination.read")
    successor = aliased(Nominee)
    rows = session.execute(
        select(Nominee.id, Nominee.full_name, Nominee.reason)
        .where(
            Nominee.quota_id == quota.id,
            Nominee.state == "left",
            Nominee.worker_id.is_not(None),
            ~select(successor.id)
            .where(successor.replaces_nominee_id == Nominee.id, successor.state.not_in(GONE))
            .exists(),
        )
        .order_by(Nominee.left_on, Nominee.id)
    )
    return [Freed(row.id, row.full_name, row.reason or "") for row in rows]


def put_on_waiting_list(
    session: Session, nominee: Nominee, *, expected_version: int, by: Actor, now: datetime
) -> None:
    """Move a draft to the end of the waiting list of its quota.

    :raises NotPossible: it is no draft. :raises Stale: somebody changed it. :raises NotFound: out of reach.
    """
    quota = writable(session, session.get_one(Nomination, nominee.nomination_id), by=by)
    session.get_one(Quota, quota.id, with_for_update=True, populate_existing=True)
    row = session.get_one(Nominee, nominee.id, with_for_update=True, populate_existing=True)
    if row.version != expected_version:
        raise Stale("Baris ini baru saja diubah orang lain. Tidak ada yang berubah; periksa lagi.")
    if row.state != "draft":
        raise NotPossible("Hanya orang di draf yang bisa masuk daftar tunggu. Tidak ada yang berubah.")
    last = session.scalar(
        select(func.max(Nominee.waiting_place)).where(
            Nominee.quota_id == quota.id, Nominee.state == "waiting"
        )
    )
    row.state, row.waiting_place, row.submitted_before = "waiting", (last or 0) + 1, True
    row.version += 1
    session.flush()
    record(session, "nominee.waits", by=by, casefile_id=row.nomination_id, subject=f"nominee:{row.public_id}")


def leave_waiting_list(
    session: Session, nominee: Nominee, *, expected_version: int, by: Actor, now: datetime
) -> None:
    """Take somebody off the waiting list: dead, moved, no longer willing. The NIK is free again, the order stays.

    :raises NotPossible: the person does not wait. :raises Stale: somebody changed it. :raises NotFound: out of reach.
    """
    reach.require(nominee.region_code, by, "nomination.edit")
    session.get_one(Quota, nominee.quota_id, with_for_update=True, populate_existing=True)
    row = session.get_one(Nominee, nominee.id, with_for_update=True, populate_existing=True)
    if row.state != "waiting":
        raise NotPossible("Orang ini tidak lagi di daftar tunggu. Tidak ada yang berubah; muat ulang.")
    if row.version != expected_version:
        raise Stale("Baris ini baru saja diubah orang lain. Tidak ada yang berubah; periksa lagi.")
    row.state, row.waiting_place, row.reason = "left", None, "Dikeluarkan nagari dari daftar tunggu."
    row.left_on = clock.local(now).date()
    row.version += 1
    session.flush()
    record(
        session, "nominee.left_waiting_list", by=by, casefile_id=row.nomination_id,
        subject=f"nominee:{row.public_id}",
    )  # fmt: skip


def get_waiting(session: Session, public_id: str, *, by: Actor) -> Nominee:
    """Return somebody who stands, or stood, on a list of somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    row = session.scalar(select(Nominee).where(Nominee.public_id == public_id))
    if row is None:
        raise NotFound("Orang ini tidak ada di daftar tunggu.")
    reach.require(row.region_code, by, "nomination.edit")
    return row


def promote_next(session: Session, quota: Quota, *, by: Actor, now: datetime) -> Nominee:
    """Put the first in line forward for a free place, as successor of the first who left.

    The person goes on a list that is being reviewed, or on one of their own, on the musyawarah and SK on which they
    were put on the waiting list.

    :raises NotPossible: no place is free, or nobody waits. :raises NotFound: out of reach.
    """
    reach.require(quota.region_code, by, "nomination.edit")
    target = _under_review(session, quota)
    if target is not None:
        nomination_steps.lock(session, target.id)
        session.refresh(target, ["state", "version"])
    held = session.get_one(Quota, quota.id, with_for_update=True, populate_existing=True)
    if held.taken >= held.slots:
        raise NotPossible(f"Kuota {held.slots} orang masih penuh. Daftar tunggu tidak berubah.")
    row = session.scalars(
        select(Nominee)
        .where(Nominee.quota_id == quota.id, Nominee.state == "waiting")
        .order_by(Nominee.waiting_place)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotPossible("Tidak ada orang di daftar tunggu kuota ini. Tidak ada yang berubah.")
    freed = freed_places(session, held, by=by)
    source = session.get_one(Nomination, row.nomination_id)
    on_review = target is not None and target.state == "submitted"
    nomination = (
        target if on_review and target is not None else _own_list(session, source, held, by=by, now=now)
    )
    row.nomination_id, row.waiting_place = nomination.id, None
    row.state, row.reason = ("held", OWN_HOUSEHOLD) if row.own_household else ("proposed", None)
    row.replaces_nominee_id = freed[0].nominee_id if freed else None
    row.decided_at, row.decided_by_user_id = None, None
    row.version += 1
    session.flush()
    if not on_review:
        nomination_steps.step(
            session, nomination, "submit", by=by, expected_version=nomination.version, now=now,
            details={"promoted": row.public_id},
        )  # fmt: skip
    record(
        session, "nominee.promoted", by=by, casefile_id=nomination.id, subject=f"nominee:{row.public_id}",
        details={"replaces": row.replaces_nominee_id is not None},
    )  # fmt: skip
    return row


def get_quota(session: Session, quota_id: int, *, by: Actor, permission: str = "nomination.read") -> Quota:
    """Return a quota within somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    quota = session.get(Quota, quota_id)
    if quota is None:
        raise NotFound("Kuota ini tidak ditemukan.")
    reach.require(quota.region_code, by, permission)
    return quota


def _under_review(session: Session, quota: Quota) -> Nomination | None:
    return session.scalars(
        select(Nomination)
        .where(Nomination.quota_id == quota.id, Nomination.state == "submitted")
        .order_by(Nomination.id.desc())
        .limit(1)
    ).one_or_none()


def _own_list(session: Session, source: Nomination, quota: Quota, *, by: Actor, now: datetime) -> Nomination:
    """Begin a list for one successor, on the papers of the list they came from."""
    branch_code = source.branch_code.partition("/")[0]
    nomination = open_nomination(session, quota, branch_code=branch_code, by=by, now=now)
    for name in ("meeting_id", "decree_number", "decree_on", "decree_signed_by", "decree_file_id"):
        setattr(nomination, name, getattr(source, name))
    session.flush()
    return nomination
