"""The people on a draft list: add, edit, remove. Refused in words before the database has to.

Not here: places of the quota (``nominations``), what reviewers say (``reviews``).
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock, identifiers, sealing
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant
from caseflow.registry import life, nomination_steps, queries, reach
from caseflow.registry.import_models import ImportRow
from caseflow.registry.models import Region, Worker
from caseflow.registry.nomination_models import GONE, Nomination, Nominee, Quota
from caseflow.registry.nominee_checks import Candidate, refusals
from caseflow.registry.people_models import Household, HouseholdMember

ELSEWHERE = "NIK ini sudah diusulkan Nagari {nagari}. Hubungi DPMN bila pindah."
REGISTERED_ELSEWHERE = "NIK ini sudah terdaftar. Hubungi DPMN bila pindah."
_NOTHING_SAVED = " Belum ada yang tersimpan."


def add_nominee(
    session: Session, nomination: Nomination, who: Candidate, *, by: Actor, now: datetime
) -> Nominee:
    """Write a person on a draft list. Places of the quota are taken only when the list is submitted.

    :raises Invalid: what is written cannot be used, or the NIK stands on another list of this period.
    :raises NotPossible: the list is no draft any more. :raises NotFound: out of reach.
    """
    quota = writable(session, nomination, by=by)
    _check(session, who, quota, by=by, now=now)
    nominee = Nominee(
        public_id=identifiers.public_id(),
        nomination_id=nomination.id,
        quota_id=quota.id,
        starts_on=quota.starts_on,
        ends_on=quota.ends_on,
        region_code=nomination.region_code,
        state="draft",
        added_at=now,
        added_by_user_id=by.user_id,
        own_household=is_own_household(who, operators_of(session, nomination.region_code)),
        **asdict(who),
    )
    session.add(nominee)
    session.flush()
    _put_down(session, "nominee.added", nominee, by=by)
    return nominee


def edit_nominee(
    session: Session, nominee: Nominee, who: Candidate, *, expected_version: int, by: Actor, now: datetime
) -> Nominee:
    """Write a row anew; what was returned is a draft again. Raises like :func:`add_nominee`.

    :raises Stale: somebody changed it since the page was read.
    """
    nomination = session.get_one(Nomination, nominee.nomination_id)
    quota = writable(session, nomination, by=by)
    _lock(session, nominee, expected_version)
    _check(session, who, quota, by=by, now=now, but=nominee.id)
    for name, value in asdict(who).items():
        setattr(nominee, name, value)
    nominee.own_household = is_own_household(who, operators_of(session, nomination.region_code))
    nominee.state, nominee.reason = "draft", None
    nominee.version += 1
    session.flush()
    _put_down(session, "nominee.edited", nominee, by=by)
    return nominee


def remove_nominee(
    session: Session, nominee: Nominee, *, expected_version: int, by: Actor, now: datetime
) -> None:
    """Take a person off a draft list. Who was never put forward leaves no row; all others leave with a reason.

    :raises NotPossible: the list is no draft any more. :raises Stale: somebody changed the row.
    """
    nomination = session.get_one(Nomination, nominee.nomination_id)
    writable(session, nomination, by=by)
    _lock(session, nominee, expected_version)
    _put_down(session, "nominee.removed", nominee, by=by)
    if nominee.state == "draft" and not nominee.submitted_before and nominee.decided_at is None:
        # the list by which they came stays as it was sent
        session.execute(
            update(ImportRow).where(ImportRow.nominee_id == nominee.id).values(nominee_id=None, done_at=None)
        )
        session.delete(nominee)
    else:
        nominee.state, nominee.reason = "left", "Dikeluarkan nagari dari daftar."
        nominee.left_on = clock.local(now).date()
        nominee.version += 1
    session.flush()


def writable(session: Session, nomination: Nomination, *, by: Actor) -> Quota:
    """Lock a nomination for writing on its rows and return its quota.

    :raises NotPossible: it was put forward already. :raises NotFound: out of reach.
    """
    reach.require(nomination.region_code, by, "nomination.edit")
    nomination_steps.lock(session, nomination.id)
    session.refresh(nomination, ["state", "version"])
    if nomination.state not in nomination_steps.OPEN:
        label = nomination_steps.definition(nomination.workflow_version).label_of(nomination.state)
        raise NotPossible(
            f"Usulan ini sekarang “{label}”, jadi daftarnya tidak bisa diubah. Tidak ada yang tersimpan."
        )
    return session.get_one(Quota, nomination.quota_id)


def operators_of(session: Session, region_code: str) -> Collection[str]:
    """Return the blind indexes of NIK and KK of those who write for a nagari: their own households."""
    numbers = session.scalars(
        select(Person.national_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == "nagari_operator",
            RoleGrant.scope_code == region_code,
            RoleGrant.revoked_at.is_(None),
            Person.national_id.is_not(None),
        )
    ).all()
    found = {sealing.blind(number) for number in numbers if number is not None}
    cards = session.scalars(
        select(Nominee.family_card_index).where(
            Nominee.national_id_index.in_(found), Nominee.family_card_index.is_not(None)
        )
    )
    found_cards = {card for card in cards if card is not None}
    found_cards |= set(
        session.scalars(
            select(Household.family_card_index)
            .join(HouseholdMember, HouseholdMember.household_id == Household.id)
            .where(HouseholdMember.national_id_index.in_(found), HouseholdMember.left_on.is_(None))
        )
    )
    for number in numbers:
        worker = queries.find_worker(session, number or "")
        if worker is not None and worker.family_card_number is not None:
            found_cards.add(sealing.blind(worker.family_card_number))
    return found | found_cards


def is_own_household(who: Candidate, operators: Collection[str]) -> bool:
    """Return whether somebody is an operator of the nagari, or stands on the same family card."""
    numbers = [who.national_id, who.family_card_number]
    return any(number is not None and sealing.blind(number) in operators for number in numbers)


def why_not(
    session: Session,
    national_id: str,
    *,
    region_code: str,
    period: tuple[date, date],
    by: Actor,
    but: int | None = None,
) -> str | None:
    """Return why a NIK cannot stand on a list of a nagari for a period; ``None``: it can.

    Of other nagari the nagari reads at most the name; the branch and the regency see both lists on theirs.
    """
    reach.require(region_code, by, "nomination.edit")
    row = session.execute(
        select(Nominee.region_code, Region.name, Nomination.number)
        .join(Region, Region.code == Nominee.region_code)
        .join(Nomination, Nomination.id == Nominee.nomination_id)
        .where(
            Nominee.national_id_index == sealing.blind(national_id),
            Nominee.state.not_in(GONE),
            Nominee.starts_on <= period[1],
            Nominee.ends_on >= period[0],
            Nominee.id != (but or 0),
        )
        .limit(1)
    ).one_or_none()
    if row is not None and row.region_code != region_code:
        return ELSEWHERE.format(nagari=row.name)
    if row is not None:
        return f"NIK ini sudah ada di usulan {row.number} untuk masa yang sama."
    worker = queries.find_worker(session, national_id)
    if worker is not None:
        return _why_not_worker(worker, region_code)
    index = sealing.blind(national_id)
    card_of = life.dead_on_cards(session, (index,)).get(index)
    return None if card_of is None else _dead(own=card_of == region_code)


def _why_not_worker(worker: Worker, region_code: str) -> str | None:
    own = worker.region_code == region_code
    if worker.died_on is not None:
        return _dead(own=own)
    return None if own or worker.left_on is not None else REGISTERED_ELSEWHERE


def _dead(*, own: bool) -> str:
    return (
        "Menurut data kami orang dengan NIK ini sudah meninggal. Bila keliru, hubungi kantor cabang."
        if own
        else REGISTERED_ELSEWHERE
    )


def _check(
    session: Session, who: Candidate, quota: Quota, *, by: Actor, now: datetime, but: int | None = None
) -> None:
    found = refusals(who, starts_on=quota.starts_on, today=clock.local(now).date())
    period = quota.starts_on, quota.ends_on
    known = why_not(session, who.national_id, region_code=quota.region_code, period=period, by=by, but=but)
    if known is not None:
        found["national_id"] = known
    if found:
        raise Invalid({name: sentence + _NOTHING_SAVED for name, sentence in found.items()})


def _lock(session: Session, nominee: Nominee, expected_version: int) -> None:
    found = session.get(Nominee, nominee.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("Orang ini sudah tidak ada di daftar. Tidak ada yang berubah.")
    if found.version != expected_version:
        raise Stale("Baris ini baru saja diubah orang lain. Isian Anda belum tersimpan; periksa lagi.")
    if found.state not in {"draft", "returned"}:
        raise NotPossible("Orang ini tidak sedang di draf. Tidak ada yang berubah.")


def _put_down(session: Session, what: str, nominee: Nominee, *, by: Actor) -> None:
    record(
        session, what, by=by, casefile_id=nominee.nomination_id, subject=f"nominee:{nominee.public_id}",
        details={"own_household": True} if nominee.own_household else None,
    )  # fmt: skip
