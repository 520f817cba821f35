"""What screens read about nominations: use of quotas, lists with their counts, rows with what to look at.

Every fetcher asks ``reach``. Not here: verbs (``nominations``, ``nominees``, ``reviews``, ``waiting``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from caseflow.people.actor import Actor
from caseflow.registry import nominee_checks, reach
from caseflow.registry.models import Region, Worker
from caseflow.registry.nomination_models import GONE, Nomination, Nominee, Quota
from caseflow.registry.nominee_checks import POOREST_DECILES, Candidate

FUNDING = {
    "apb_nagari": "APB Nagari",
    "apbd": "APBD Kabupaten",
    "dbh_sawit": "DBH Sawit",
    "pokir": "Pokok pikiran DPRD",
    "csr": "CSR",
    "mandiri": "Mandiri",
}
ROW_STATES: Mapping[str, tuple[str, str]] = {
    "draft": ("Draf", "neutral"),
    "waiting": ("Daftar tunggu", "waiting"),
    "returned": ("Dikembalikan", "danger"),
    "proposed": ("Diusulkan", "info"),
    "held": ("Ditahan", "review"),
    "accepted": ("Diterima", "positive"),
    "enrolled": ("Terdaftar", "positive"),
    "refused": ("Tidak diterima", "danger"),
    "left": ("Keluar", "neutral"),
}
PAGE = 100
_UNDER_WAY = ("proposed", "held", "accepted")


@dataclass(frozen=True)
class QuotaUse:
    """How the places of a quota are used.

    :ivar proposed: put forward or accepted; :ivar enrolled: participants; :ivar free: places nobody holds.
    """

    quota: Quota
    nagari: str
    draft: int
    waiting: int
    proposed: int
    enrolled: int

    @property
    def free(self) -> int:
        """Return how many places are left."""
        return self.quota.slots - self.quota.taken

    @property
    def over_budget(self) -> int:
        """Return how many of those who hold a place the budget does not pay for."""
        return max(0, self.quota.taken - self.quota.budgeted)


@dataclass(frozen=True)
class ListRow:
    """One nomination in a list, with how many people of each state are on it.

    :ivar doubtful: people who should be looked at: elsewhere too, old, not among the poorest, an operator's own.
    """

    number: str
    region_code: str
    nagari: str
    funding_source: str
    starts_on: date
    ends_on: date
    state: str
    due_on: date | None
    slots: int
    budgeted: int
    taken: int
    counts: Mapping[str, int]
    doubtful: int = 0

    @property
    def people(self) -> int:
        """Return how many are on the list, without those who are gone or only wait."""
        return sum(number for state, number in self.counts.items() if state not in {*GONE, "waiting"})


def quota_uses(
    session: Session, *, by: Actor, on: date, region_code: str | None = None
) -> Sequence[QuotaUse]:
    """Return the quotas that run on a day or later, the nearest period first, with their use."""
    rows = session.execute(
        select(Quota, Region.name)
        .join(Region, Region.code == Quota.region_code)
        .where(
            Quota.ends_on >= on,
            reach.within(Quota.region_code, by, "nomination.read"),
            _nagari(Quota.region_code, region_code),
        )
        .order_by(Region.name, Quota.starts_on, Quota.funding_source)
    ).all()
    counts = _counts(session, Nominee.quota_id, [row.Quota.id for row in rows])
    return [_use(row.Quota, row.name, counts.get(row.Quota.id, {})) for row in rows]


def count_lists(session: Session, *, by: Actor, region_code: str | None = None) -> Mapping[str, int]:
    """Return how many nominations within reach are in each state."""
    rows = session.execute(
        select(Nomination.state, func.count())
        .where(
            reach.within(Nomination.region_code, by, "nomination.read"),
            _nagari(Nomination.region_code, region_code),
        )
        .group_by(Nomination.state)
    )
    return {row[0]: row[1] for row in rows}


def lists(
    session: Session,
    *,
    by: Actor,
    states: Sequence[str] = (),
    region_code: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[ListRow]:
    """Return nominations within reach, the most urgent first.

    :param states: only these; :param limit: at most so many after ``offset``; ``None``: all.
    """
    query = (
        select(Nomination, Quota, Region.name)
        .join(Quota, Quota.id == Nomination.quota_id)
        .join(Region, Region.code == Nomination.region_code)
        .where(
            reach.within(Nomination.region_code, by, "nomination.read"),
            _nagari(Nomination.region_code, region_code),
        )
        .order_by(Nomination.closed_at.is_not(None), Nomination.sort_on, Nomination.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if states:
        query = query.where(Nomination.state.in_(states))
    rows = session.execute(query).all()
    ids = [row.Nomination.id for row in rows]
    counts, doubtful = _counts(session, Nominee.nomination_id, ids), _doubtful(session, ids)
    return [
        _list_row(row.Nomination, row.Quota, row.name, counts.get(row.Nomination.id, {}), doubtful)
        for row in rows
    ]


def people(
    session: Session,
    nomination: Nomination,
    *,
    state: str | None = None,
    after: int = 0,
    limit: int = PAGE,
    but: Sequence[str] = (),
) -> Sequence[Nominee]:
    """Return a page of the people on a list in their order; ``after``: the last id of the page before.

    :param but: states that are left out.
    """
    query = select(Nominee).where(
        Nominee.nomination_id == nomination.id, Nominee.id > after, Nominee.state.not_in(but)
    )
    if state is not None:
        query = query.where(Nominee.state == state)
    return session.scalars(query.order_by(Nominee.id).limit(limit)).all()


def incomplete(session: Session, nomination: Nomination) -> tuple[int, Sequence[Nominee]]:
    """Return how many drafts of a list lack something, however long it is, and the first ``PAGE`` of them."""
    lacking = (
        Nominee.nomination_id == nomination.id,
        Nominee.state == "draft",
        or_(Nominee.family_card_index.is_(None), Nominee.birth_place == ""),
    )
    number = session.execute(select(func.count()).where(*lacking)).scalar_one()
    return number, session.scalars(select(Nominee).where(*lacking).order_by(Nominee.id).limit(PAGE)).all()


def notes_of(session: Session, rows: Sequence[Nominee]) -> Mapping[int, Sequence[str]]:
    """Return what reviewers should look at, row by row: sentences, none of which refuses anybody."""
    twins = _twins(session, [row.id for row in rows])
    found: dict[int, Sequence[str]] = {}
    for row in rows:
        said = list(nominee_checks.notes(candidate_of(row)).values())
        if row.own_household:
            said.append("Petugas nagari sendiri, atau satu KK dengannya.")
        if nominee_checks.age_on(row.born_on, row.ends_on) >= nominee_checks.TOO_OLD:
            said.append("Genap 65 tahun sebelum masa kuota berakhir.")
        said += twins.get(row.id, [])
        found[row.id] = said
    return found


def candidate_of(row: Nominee) -> Candidate:
    """Return what is written about a person, to be shown in a form again."""
    return Candidate(
        national_id=row.national_id,
        full_name=row.full_name,
        born_on=row.born_on,
        sex=row.sex,
        jorong=row.jorong,
        occupation=row.occupation,
        family_card_number=row.family_card_number,
        birth_place=row.birth_place,
        address=row.address,
        hazard=row.hazard,
        phone=row.phone,
        mothers_name=row.mothers_name,
        welfare_decile=row.welfare_decile,
        remark=row.remark,
        consent_told_on=row.consent_told_on,
    )


def missing_of(row: Nominee) -> Sequence[str]:
    """Return what the registration still asks for, in words."""
    lacking = (("nomor KK", row.family_card_index is None), ("tempat lahir", not row.birth_place))
    return [words for words, missing in lacking if missing]


def _nagari(column: InstrumentedAttribute[str], code: str | None) -> ColumnElement[bool]:
    return column == code if code else column.is_not(None)


def _counts(
    session: Session, key: InstrumentedAttribute[int], ids: Sequence[int]
) -> Mapping[int, Mapping[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(key.label("key"), Nominee.state, func.count().label("people"))
        .where(key.in_(ids))
        .group_by(key, Nominee.state)
    )
    for row in rows:
        found.setdefault(row.key, {})[row.state] = row.people
    return found


def _use(quota: Quota, nagari: str, counts: Mapping[str, int]) -> QuotaUse:
    return QuotaUse(
        quota=quota,
        nagari=nagari,
        draft=counts.get("draft", 0) + counts.get("returned", 0),
        waiting=counts.get("waiting", 0),
        proposed=sum(counts.get(state, 0) for state in _UNDER_WAY),
        enrolled=counts.get("enrolled", 0),
    )


def _list_row(
    nomination: Nomination, quota: Quota, nagari: str, counts: Mapping[str, int], doubtful: Mapping[int, int]
) -> ListRow:
    return ListRow(
        number=nomination.number,
        region_code=nomination.region_code,
        nagari=nagari,
        funding_source=quota.funding_source,
        starts_on=quota.starts_on,
        ends_on=quota.ends_on,
        state=nomination.state,
        due_on=nomination.due_on,
        slots=quota.slots,
        budgeted=quota.budgeted,
        taken=quota.taken,
        counts=counts,
        doubtful=doubtful.get(nomination.id, 0),
    )


def _doubtful(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    """Count by list who should be looked at."""
    last_day_of_64 = Nominee.born_on <= Nominee.ends_on - func.make_interval(nominee_checks.TOO_OLD)
    rows = session.execute(
        select(Nominee.nomination_id, func.count().label("people"))
        .where(
            Nominee.nomination_id.in_(ids),
            Nominee.state.not_in(GONE),
            or_(
                Nominee.own_household,
                Nominee.welfare_decile > POOREST_DECILES,
                last_day_of_64,
                _registered_elsewhere().exists(),
                _alike_elsewhere(aliased(Nominee)).exists(),
            ),
        )
        .group_by(Nominee.nomination_id)
    )
    return {row.nomination_id: row.people for row in rows}


def _registered_elsewhere() -> Select[int]:
    """Participants of another nagari with the NIK of the nominee."""
    return select(Worker.id).where(
        Worker.national_id_index == Nominee.national_id_index,
        Worker.region_code != Nominee.region_code,
        Worker.left_on.is_(None),
    )


def _alike_elsewhere(other: type[Nominee]) -> Select[int]:
    """People on lists of other nagari for the same days with the same name and birthday, but another NIK."""
    return select(other.id).where(*_alike(other))


def _alike(other: type[Nominee]) -> Sequence[ColumnElement[bool]]:
    return (
        other.born_on == Nominee.born_on,
        func.lower(other.full_name) == func.lower(Nominee.full_name),
        other.region_code != Nominee.region_code,
        other.state.not_in(GONE),
        other.starts_on <= Nominee.ends_on,
        other.ends_on >= Nominee.starts_on,
    )


def _twins(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return who may stand elsewhere too, by row; whether it is the same person somebody has to find out."""
    other = aliased(Nominee)
    found: dict[int, list[str]] = {}
    alike = session.execute(
        select(Nominee.id, Region.name)
        .join(other, and_(*_alike(other)))
        .join(Region, Region.code == other.region_code)
        .where(Nominee.id.in_(ids))
        .distinct()
    )
    for row in alike:
        sentence = f"Nama dan tanggal lahir sama dengan usulan Nagari {row.name}, NIK berbeda."
        found.setdefault(row.id, []).append(sentence)
    registered = session.execute(
        select(Nominee.id, Region.name)
        .join(Worker, Worker.national_id_index == Nominee.national_id_index)
        .join(Region, Region.code == Worker.region_code)
        .where(Nominee.id.in_(ids), Worker.region_code != Nominee.region_code, Worker.left_on.is_(None))
    )
    for row in registered:
        found.setdefault(row.id, []).append(f"NIK ini terdaftar sebagai peserta di Nagari {row.name}.")
    return found
