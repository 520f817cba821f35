"""The children's scholarship: opened for at most two children of a claim, applied for each school year.

A right that is opened stays open until it ends by law: a child not yet at school is looked at again before every
school year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import medical
from caseflow.claims.asking import ask_for_program
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim, FamilyMember, HeirDecision, Report
from caseflow.claims.opening import Branch, Opening, open_claim
from caseflow.claims.operations import act
from caseflow.claims.payee import document_of
from caseflow.claims.scholarship_models import EMPLOYMENTS, LEVELS, ScholarshipChild, SchoolYear
from caseflow.claims.school_years import child_of, paid_years, rights_of, years_applied_for
from caseflow.claims.states import PREPARING, lock, require_state
from caseflow.documents import yearly
from caseflow.documents.catalogue import Facts
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import long_date
from caseflow.law.relatives import CHILDREN, age_on
from caseflow.law.scholarship import school_year_of
from caseflow.people.actor import Actor
from caseflow.workflow.models import History

# once money of the claim has reached the family
ORIGIN_STATES = frozenset({"paid", "accompanying", "closed"})
WAITING = frozenset({"waiting_school", "waiting_year"})
ASKING = WAITING | {"documents_pending", "verifying"}
_FIRST_SCHOOL_YEARS = 4  # a child younger than this is not asked for a school


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What is known of a child when its right is opened."""

    school_expected_on: date | None = None
    employment: str = "unknown"
    married_on: date | None = None
    guardian_name: str | None = None
    guardian_basis: str | None = None


@dataclass(frozen=True, kw_only=True)
class YearFacts:
    """One school year that is applied for; ``year`` is the calendar year in which it begins."""

    year: int
    level: str
    school: str
    study_proven: bool | None = None


def open_right(
    session: Session,
    origin: Claim,
    member_id: int,
    facts: ChildFacts,
    *,
    branch: Branch,
    by: Actor,
    now: datetime,
) -> Claim:
    """Open the scholarship case of one child of a paid claim (Permenaker 5/2021 Art. 103).

    Two places a claim; the choice is the family's. A child not yet at school is kept until it is.

    :raises NotPossible: the claim opens no scholarship, or both places are taken.
    :raises Invalid: no child of the worker, or too old. Nothing is saved.
    """
    lock(session, origin)
    kind = origin_kind(session, origin)
    child = session.get(FamilyMember, member_id)
    if child is None or child.casefile_id != origin.id or child.removed_at is not None:
        raise NotFound("Anak ini tidak ada pada daftar keluarga kasus itu.")
    _check_child(child, facts, clock.local(now).date())
    place = _free_place(session, origin, child)
    claim = open_claim(
        session,
        Opening(
            program="scholarship",
            subject=child.full_name,
            region_code=origin.region_code,
            event_on=origin.event_on,
            cause=origin.cause,
        ),
        branch=branch,
        by=by,
        now=now,
    )
    claim.worker_id = origin.worker_id
    claim.assignee_user_id = by.user_id
    member = _copy(session, claim, child, facts, now)
    session.add(_report_of(session, origin, claim, now))
    session.add(
        ScholarshipChild(
            casefile_id=claim.id,
            origin_casefile_id=origin.id,
            origin_member_id=child.id,
            origin=kind,
            member_id=member.id,
            born_on=child.born_on or date.max,
            place=place,
            chosen_at=now,
            school_expected_on=facts.school_expected_on,
            married_on=facts.married_on,
            employment=facts.employment,
        )
    )
    ask_for_program(session, claim, Facts())
    session.flush()
    waits = facts.school_expected_on is not None and facts.school_expected_on > clock.local(now).date()
    step = "keep_for_school" if waits else "open_right"
    act(session, claim, step, by=by, expected_version=claim.version, now=now)
    details = {"origin": origin.number, "place": place}
    record(session, "scholarship.opened", by=by, casefile_id=claim.id, details=details)
    return claim


def origin_kind(session: Session, origin: Claim) -> str:
    """Return what opens the scholarship: ``jkm``, ``jkk_death`` or ``jkk_total_disability``.

    :raises NotPossible: not paid yet, or nothing that opens one (PP 82/2019).
    """
    paid = session.scalar(
        select(func.count()).where(History.casefile_id == origin.id, History.state == "paid")
    )
    if not paid or origin.state not in ORIGIN_STATES:
        raise NotPossible("Beasiswa dibuka sesudah santunannya dibayar. Tidak ada yang berubah.")
    if origin.program == "jkm":
        return "jkm"
    certificate = medical.current_certificate(session, origin.id)
    if origin.program == "jkk" and origin.died_on is not None:
        return "jkk_death"
    if origin.program == "jkk" and certificate is not None and certificate.condition == "total_permanent":
        return "jkk_total_disability"
    raise NotPossible(
        "Beasiswa hanya untuk anak pekerja yang meninggal atau cacat total tetap. Tidak ada yang berubah."
    )


def ask_year(
    session: Session, claim: Claim, asked: Sequence[YearFacts], *, by: Actor, now: datetime
) -> Sequence[SchoolYear]:
    """Apply for one or more school years; the yearly papers are asked for anew.

    :raises Invalid: a year twice, one that was paid, one not begun, or an unknown level. Nothing is saved.
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
    return rows


def prove_study(
    session: Session, claim: Claim, proofs: Mapping[int, bool], *, by: Actor, now: datetime
) -> None:
    """Say of each school year that is applied for whether the papers prove that the child studied.

    :param proofs: school year → proven.
    """
    require_state(session, claim, PREPARING)
    for row in years_applied_for(session, claim.id):
        if row.year in proofs:
            row.study_proven = proofs[row.year]
    session.flush()
    details = {"years": {str(year): proven for year, proven in proofs.items()}}
    record(session, "scholarship.study_checked", by=by, casefile_id=claim.id, details=details)


def correct_child(session: Session, claim: Claim, facts: ChildFacts, *, by: Actor, now: datetime) -> None:
    """Put right what is known of the child: marriage, work, the expected first school day."""
    require_state(session, claim, ASKING | PREPARING)
    child = child_of(session, claim)
    if facts.employment not in EMPLOYMENTS:
        raise Invalid({"employment": "Pilih pekerjaan anak dari daftar. Belum tersimpan."})
    child.school_expected_on = facts.school_expected_on
    child.married_on, child.employment = facts.married_on, facts.employment
    session.flush()
    record(session, "scholarship.child_corrected", by=by, casefile_id=claim.id, details={})


def decide_payee(session: Session, claim: Claim, *, by: Actor, now: datetime) -> HeirDecision:
    """Record who receives: the child of age, or the child through its guardian (Permensos 7/2024).

    :raises Invalid: a minor without a guardian on the list.
    """
    require_state(session, claim, PREPARING)
    child = child_of(session, claim)
    member = session.get_one(FamilyMember, child.member_id)
    today = clock.local(now).date()
    minor = age_on(child.born_on, today) < numbers().on("minor_age", today).value
    if minor and member.guardian_name is None:
        raise Invalid({"payee": f"{member.full_name} belum dewasa. Catat dulu walinya. Belum tersimpan."})
    decision = HeirDecision(
        casefile_id=claim.id,
        payee_member_id=member.id,
        rank="child",
        sentence="Beasiswa dibayarkan kepada anak" + (" melalui walinya." if minor else "."),
        agreement="guardian" if minor else "sole_heir",
        family=[document_of(member)],
        decided_at=now,
        decided_by_person_id=by.person_id or 0,
    )
    session.add(decision)
    session.flush()
    record(session, "claim.heirs_decided", by=by, casefile_id=claim.id, details={"payee": member.id})
    return decision


def _check_child(child: FamilyMember, facts: ChildFacts, today: date) -> None:
    limit = numbers().on("scholarship_age_limit", today).value
    problems = {}
    if child.relation not in CHILDREN:
        problems["child"] = f"{child.full_name} bukan anak pekerja. Belum ada yang dibuka."
    elif child.born_on is None:
        problems["child"] = f"Tanggal lahir {child.full_name} belum dicatat. Belum ada yang dibuka."
    elif age_on(child.born_on, today) >= limit:
        problems["child"] = (
            f"{child.full_name} sudah berumur {limit} tahun atau lebih. Belum ada yang dibuka."
        )
    elif facts.school_expected_on is None and age_on(child.born_on, today) < _FIRST_SCHOOL_YEARS:
        problems["school_expected_on"] = "Anak ini belum sekolah. Tulis kira-kira kapan ia masuk sekolah."
    if facts.employment not in EMPLOYMENTS:
        problems["employment"] = "Pilih pekerjaan anak dari daftar. Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _check_years(
    session: Session, claim: Claim, child: ScholarshipChild, asked: Sequence[YearFacts], today: date
) -> None:
    problems = {}
    years = [one.year for one in asked]
    paid = paid_years(session, claim.id)
    this_year = school_year_of(today)
    if not asked:
        problems["year"] = "Pilih paling sedikit satu tahun ajaran. Belum tersimpan."
    if len(set(years)) < len(years):
        problems["year"] = "Satu tahun ajaran hanya diajukan sekali. Belum tersimpan."
    if any(year > this_year for year in years):
        problems["year"] = f"Tahun ajaran setelah {this_year}/{this_year + 1} belum dibuka. Belum tersimpan."
    taken = sorted(paid & set(years))
    if taken:
        problems["year"] = f"Tahun ajaran {taken[0]}/{taken[0] + 1} sudah dibayar. Belum tersimpan."
    if any(one.level not in LEVELS for one in asked):
        problems["level"] = "Pilih jenjang dari daftar. Belum tersimpan."
    if any(not one.school.strip() for one in asked):
        problems["school"] = "Tulis nama sekolah, kampus, atau tempat pelatihannya. Belum tersimpan."
    if any(year < child.born_on.year for year in years):
        problems["year"] = f"Anak lahir {long_date(child.born_on)}. Periksa tahun ajarannya. Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _free_place(session: Session, origin: Claim, child: FamilyMember) -> int:
    rights = rights_of(session, origin.id)
    if any(right.origin_member_id == child.id for right in rights):
        raise NotPossible(f"Beasiswa {child.full_name} sudah dibuka. Tidak ada yang berubah.")
    taken = {right.place for right in rights}
    most = numbers().on("scholarship_max_children", origin.event_on).value
    free = [place for place in range(1, most + 1) if place not in taken]
    if not free:
        raise NotPossible(f"Beasiswa paling banyak untuk {most} anak, dan keduanya sudah dipilih keluarga.")
    return free[0]


def _copy(
    session: Session, claim: Claim, child: FamilyMember, facts: ChildFacts, now: datetime
) -> FamilyMember:
    """Write the child among the people of its own case, with the guardian who receives for it."""
    member = FamilyMember(
        casefile_id=claim.id,
        full_name=child.full_name,
        relation=child.relation,
        source=child.source,
        born_on=child.born_on,
        national_id=child.national_id,
        documented=child.documented,
        guardian_name=facts.guardian_name or child.guardian_name,
        guardian_basis=(facts.guardian_basis if facts.guardian_name else child.guardian_basis),
        recorded_at=now,
        recorded_by_person_id=child.recorded_by_person_id,
    )
    session.add(member)
    session.flush()
    return member


def _report_of(session: Session, origin: Claim, claim: Claim, now: datetime) -> Report:
    """Whoever reported the claim is told about the scholarship too."""
    report = session.get_one(Report, origin.id)
    return Report(
        casefile_id=claim.id,
        worker_name=report.worker_name,
        national_id=report.national_id,
        died_on=origin.died_on,
        cause=report.cause,
        region_code=report.region_code,
        jorong=report.jorong,
        reporter_name=report.reporter_name,
        reporter_relation=report.reporter_relation,
        reporter_phone=report.reporter_phone,
        phone_owner=report.phone_owner,
        contact_by=report.contact_by,
        consent_version=report.consent_version,
        reported_at=now,
        helped_by_user_id=report.helped_by_user_id,
    )
