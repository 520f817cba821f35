"""The children's scholarship from school year to school year: what is applied for, proven, known, and who is paid.

Not here: opening a right (``scholarship_opening``), amounts (``law.scholarship``). A right that is opened stays open
until it ends by law: a child not yet at school is looked at again before every school year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.cover import numbers
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.eligibility import YEAR_OPENED
from caseflow.claims.family import members
from caseflow.claims.living import require_living, require_living_guardian
from caseflow.claims.models import Claim, FamilyMember, HeirDecision
from caseflow.claims.operations import act
from caseflow.claims.payee import document_of
from caseflow.claims.scholarship_models import EMPLOYMENTS, LEVELS, ScholarshipChild, SchoolYear
from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.claims.scholarship_plan import WAITING, plan
from caseflow.claims.school_years import child_of, paid_years, years_applied_for
from caseflow.claims.slip_hold import require_no_hold
from caseflow.claims.states import PREPARING, require_state
from caseflow.documents import yearly
from caseflow.errors import Invalid
from caseflow.formats import long_date, month_year
from caseflow.law.pupil import first_day_of, school_year_words
from caseflow.law.relatives import age_on, is_minor
from caseflow.law.scholarship import school_year_of
from caseflow.people.actor import Actor
from caseflow.registry import names

ASKING = WAITING | {"documents_pending", "verifying"}
CORRECTING = ASKING | PREPARING
GUARDIAN_BASES = ("surviving_parent", "court", "other")


@dataclass(frozen=True, kw_only=True)
class YearFacts:
    """One school year that is applied for; ``year`` is the calendar year in which it begins."""

    year: int
    level: str
    school: str
    study_proven: bool | None = None


@dataclass(frozen=True)
class Guardian:
    """Who receives for a child that is not of age; :ivar basis: ``surviving_parent``, ``court`` or ``other``."""

    name: str
    basis: str


def ask_year(
    session: Session, claim: Claim, asked: Sequence[YearFacts], *, by: Actor, now: datetime
) -> Sequence[SchoolYear]:
    """Apply for one or more school years; the yearly papers and answers are asked for anew.

    :raises Invalid: a year twice, one that was paid, not begun or too long ago, or an unknown level. Nothing is saved.
    """
    require_state(session, claim, ASKING)
    child = child_of(session, claim)
    _check_years(session, claim, child, asked, clock.local(now).date())
    for row in years_applied_for(session, claim.id):
        row.removed_at = now
    session.flush()
    rows = [
        SchoolYear(
            casefile_id=claim.id,
            year=one.year,
            level=one.level,
            school=one.school.strip(),
            study_proven=one.study_proven,
            asked_at=now,
        )
        for one in sorted(asked, key=lambda one: one.year)
    ]
    session.add_all(rows)
    session.flush()
    details = {"years": [row.year for row in rows]}
    record(session, "scholarship.years_asked", by=by, casefile_id=claim.id, details=details)
    if claim.state in WAITING:
        yearly.ask_again(session, claim.id, now=now)
        act(session, claim, "open_year", by=by, expected_version=claim.version, now=now)
        record(session, YEAR_OPENED, by=by, casefile_id=claim.id, details=details)
    return rows


def prove_study(
    session: Session, claim: Claim, proofs: Mapping[int, bool], *, by: Actor, now: datetime
) -> None:
    """Say of each school year that is applied for whether the papers prove that the child studied.

    :param proofs: school year → proven.
    :raises Invalid: nothing was said of any year that is applied for.
    """
    require_state(session, claim, PREPARING)
    rows = [row for row in years_applied_for(session, claim.id) if row.year in proofs]
    if not rows:
        raise Invalid(
            {"proof": "Pilih terbukti atau tidak untuk paling sedikit satu tahun. Belum tersimpan."}
        )
    take_verify_duty(session, claim, by=by, now=now)
    for row in rows:
        row.study_proven = proofs[row.year]
    session.flush()
    details = {"years": {str(row.year): row.study_proven for row in rows}}
    record(session, "scholarship.study_checked", by=by, casefile_id=claim.id, details=details)


def correct_child(session: Session, claim: Claim, facts: ChildFacts, *, by: Actor, now: datetime) -> None:
    """Put right what is known of the child: marriage, work, death, the expected first school day.

    :raises Invalid: an unknown kind of work, or a day that cannot be. Nothing is saved.
    """
    require_state(session, claim, CORRECTING)
    child = child_of(session, claim)
    _check_facts(child, facts, clock.local(now).date())
    child.school_expected_on = facts.school_expected_on
    child.married_on, child.employment = facts.married_on, facts.employment
    member = session.get_one(FamilyMember, child.member_id)
    if member.died_on != facts.died_on:
        member.alive, member.died_on = facts.died_on is None, facts.died_on
    session.flush()
    plan(session, claim)
    record(session, "scholarship.child_corrected", by=by, casefile_id=claim.id, details={})


def decide_payee(
    session: Session, claim: Claim, guardian: Guardian | None = None, *, by: Actor, now: datetime
) -> HeirDecision:
    """Record who receives: the child of age, or the child through its guardian (Permensos 7/2024).

    :param guardian: of a child that is not of age; without one the guardian on record stays.
    :raises Invalid: a minor without a guardian. Nothing is saved.
    """
    require_state(session, claim, PREPARING)
    require_no_hold(session, claim, now=now)
    member = session.get_one(FamilyMember, child_of(session, claim).member_id)
    minor = payee_is_minor(member, clock.local(now).date())
    if guardian is not None and minor:
        _check_guardian(session, claim, guardian)
    if minor and guardian is None and member.guardian_name is None:
        raise Invalid({"payee": f"{member.full_name} belum dewasa. Catat dulu walinya. Belum tersimpan."})
    require_living(session, claim, member, field="payee")
    if minor:
        name = guardian.name if guardian is not None else member.guardian_name
        require_living_guardian(session, claim, name, field="guardian_name" if guardian else "payee")
    take_verify_duty(session, claim, by=by, now=now)
    if guardian is not None and minor:
        member.guardian_name, member.guardian_basis = guardian.name.strip(), guardian.basis
        session.flush()
    words = f" melalui walinya, {member.guardian_name}." if minor else " sendiri, karena sudah dewasa."
    decision = HeirDecision(
        casefile_id=claim.id,
        payee_member_id=member.id,
        rank="child",
        sentence=f"Beasiswa dibayarkan kepada {member.full_name}{words}",
        agreement="guardian" if minor else "sole_heir",
        family=[document_of(one) for one in members(session, claim.id)],
        decided_at=now,
        decided_by_person_id=by.person_id or 0,
    )
    session.add(decision)
    session.flush()
    record(session, "claim.heirs_decided", by=by, casefile_id=claim.id, details={"payee": member.id})
    return decision


def askable_years(session: Session, claim: Claim, *, today: date) -> list[int]:
    """Return the school years that can be applied for now: this one, and the missed ones that are not lost."""
    child, this_year = child_of(session, claim), school_year_of(today)
    most = numbers().on("scholarship_arrears_school_years", today).value
    paid = paid_years(session, claim.id)
    years = range(this_year, this_year - most - 1, -1)
    return [year for year in years if year not in paid and _outside(claim, child, year, today) is None]


def payee_is_minor(member: FamilyMember, today: date) -> bool:
    """Whether money for this child goes to a guardian."""
    return member.born_on is not None and is_minor(
        member.born_on, today, numbers().on("minor_age", today).value
    )


def _check_facts(child: ScholarshipChild, facts: ChildFacts, today: date) -> None:
    problems = {}
    if facts.employment not in EMPLOYMENTS:
        problems["employment"] = "Pilih pekerjaan anak dari daftar. Belum tersimpan."
    for name, day in (("married_on", facts.married_on), ("died_on", facts.died_on)):
        if day is not None and not child.born_on <= day <= today:
            problems[name] = "Tanggal ini sebelum anak lahir atau setelah hari ini. Belum tersimpan."
    if facts.school_expected_on is not None and facts.school_expected_on <= child.born_on:
        problems["school_expected_on"] = "Hari masuk sekolah sebelum anak lahir. Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _check_guardian(session: Session, claim: Claim, guardian: Guardian) -> None:
    """A surviving parent who is on the family list of the claim is that one, and no other."""
    if not guardian.name.strip() or guardian.basis not in GUARDIAN_BASES:
        raise Invalid({"guardian_basis": "Isi nama wali dan dasarnya. Belum tersimpan."})
    if guardian.basis != "surviving_parent":
        return
    origin = session.get_one(FamilyMember, child_of(session, claim).origin_member_id)
    parent = session.get(FamilyMember, origin.other_parent_id) if origin.other_parent_id else None
    if parent is not None and names.compare(guardian.name, parent.full_name).kind == "different":
        raise Invalid(
            {
                "guardian_name": f"Orang tua yang tercatat ialah {parent.full_name}. Betulkan namanya, atau ubah "
                "dasar perwaliannya. Belum tersimpan."
            }
        )


def _check_years(
    session: Session, claim: Claim, child: ScholarshipChild, asked: Sequence[YearFacts], today: date
) -> None:
    problems = {}
    years = [one.year for one in asked]
    if not asked:
        problems["year"] = "Pilih paling sedikit satu tahun ajaran. Belum tersimpan."
    if len(set(years)) < len(years):
        problems["year"] = "Satu tahun ajaran hanya diajukan sekali. Belum tersimpan."
    taken = sorted(paid_years(session, claim.id) & set(years))
    if taken:
        problems["year"] = f"Tahun ajaran {school_year_words(taken[0])} sudah dibayar. Belum tersimpan."
    if any(one.level not in LEVELS for one in asked):
        problems["level"] = "Pilih jenjang dari daftar. Belum tersimpan."
    if any(not one.school.strip() for one in asked):
        problems["school"] = "Tulis nama sekolah, kampus, atau tempat pelatihannya. Belum tersimpan."
    outside = next(filter(None, (_outside(claim, child, year, today) for year in years)), None)
    if outside is not None:
        problems["year"] = f"{outside} Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _outside(claim: Claim, child: ScholarshipChild, year: int, today: date) -> str | None:
    """Return why a school year cannot be applied for whatever the papers say, or ``None``."""
    this_year, words = school_year_of(today), school_year_words(year)
    most = numbers().on("scholarship_arrears_school_years", today).value
    limit = numbers().on("scholarship_age_limit", today).value
    expected = child.school_expected_on
    if year > this_year:
        return f"Tahun ajaran setelah {school_year_words(this_year)} belum dibuka."
    if year < this_year - most:
        return f"Tahun ajaran {words} lewat lebih dari {most} tahun ajaran, jadi tidak dapat diminta lagi."
    if year < school_year_of(claim.event_on):
        return f"Tahun ajaran {words} sudah lewat sebelum {long_date(claim.event_on)}, hari kejadian."
    if year < school_year_of(child.born_on) or age_on(child.born_on, first_day_of(year)) >= limit:
        return f"Anak lahir {long_date(child.born_on)}. Periksa tahun ajarannya."
    if expected is not None and year < school_year_of(expected):
        return f"Anak tercatat masuk sekolah sekitar {month_year(expected)}. Betulkan dulu data anak."
    return None
