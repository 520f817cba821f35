"""Opening the children's scholarship of a paid claim: for at most two children, chosen by the family.

Not here: which children there are (``scholarship_children``), school years and who is paid (``scholarship``).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import consents, medical
from caseflow.claims.asking import ask_for_program
from caseflow.claims.cover import cover_of, numbers
from caseflow.claims.models import Claim, FamilyMember, Report
from caseflow.claims.opening import Branch, Opening, open_claim
from caseflow.claims.operations import act
from caseflow.claims.scholarship_models import EMPLOYMENTS, ScholarshipChild
from caseflow.claims.school_years import rights_of_worker
from caseflow.claims.states import lock
from caseflow.documents.catalogue import Facts
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.law.pupil import Child, Employment, two_children
from caseflow.law.relatives import CHILDREN, age_on
from caseflow.people.actor import Actor
from caseflow.workflow.models import History

# once money of the claim has reached the family
ORIGIN_STATES = frozenset({"paid", "accompanying", "closed"})
SHORTEST_WORD = 10  # letters of who told the office whom the family chose
_FIRST_SCHOOL_YEARS = 4  # a child younger than this is not asked for a school
_TOLD = "Tulis siapa dari keluarga yang memilih anak ini, paling sedikit 10 huruf. Belum ada yang dibuka."


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What is known of a child; ``None`` and ``unknown`` mean that nobody has established it."""

    school_expected_on: date | None = None
    employment: Employment = "unknown"
    married_on: date | None = None
    died_on: date | None = None
    guardian_name: str | None = None
    guardian_basis: str | None = None


def open_right(
    session: Session,
    origin: Claim,
    member_id: int,
    facts: ChildFacts,
    *,
    chosen_by: str,
    branch: Branch,
    by: Actor,
    now: datetime,
) -> Claim:
    """Open the scholarship case of one child of a paid claim (Permenaker 5/2021 Art. 103).

    Two places a claim; the choice is the family's. A child not yet at school is kept until it is.

    :param chosen_by: who of the family named this child, and how the office learned it.
    :raises NotPossible: the claim opens no scholarship, or both places are taken.
    :raises Invalid: no child of the worker, too old, married or working. Nothing is saved.
    """
    lock(session, origin)
    kind = origin_kind(session, origin)
    child = session.get(FamilyMember, member_id)
    if child is None or child.casefile_id != origin.id or child.removed_at is not None:
        raise NotFound("Anak ini tidak ada pada daftar keluarga kasus itu.")
    today = clock.local(now).date()
    _check_child(child, facts, chosen_by, today)
    place = _free_place(session, origin, child)
    opening = Opening(
        program="scholarship",
        subject=child.full_name,
        region_code=origin.region_code,
        event_on=origin.event_on,
        cause=origin.cause,
    )
    claim = open_claim(session, opening, branch=branch, by=by, now=now)
    claim.worker_id, claim.assignee_user_id = origin.worker_id, by.user_id
    member = _copy(session, claim, child, facts, now)
    report = _report_of(session, origin, claim, now)
    session.add(report)
    consents.carry_over(session, origin, report, by=by)
    session.add(
        ScholarshipChild(
            casefile_id=claim.id,
            origin_casefile_id=origin.id,
            origin_member_id=child.id,
            origin=kind,
            member_id=member.id,
            born_on=child.born_on or date.max,
            place=place,
            branch_code=claim.branch_code,
            chosen_at=now,
            chosen_by=chosen_by.strip(),
            school_expected_on=facts.school_expected_on,
            married_on=facts.married_on,
            employment=facts.employment,
        )
    )
    ask_for_program(session, claim, Facts())
    session.flush()
    waits = facts.school_expected_on is not None and facts.school_expected_on > today
    step = "keep_for_school" if waits else "open_right"
    act(session, claim, step, by=by, expected_version=claim.version, now=now)
    details = {"origin": origin.number, "place": place, "chosen_by": chosen_by.strip()}
    record(session, "scholarship.opened", by=by, casefile_id=claim.id, details=details)
    named = {"scholarship": claim.number, "place": place}
    record(session, "scholarship.child_chosen", by=by, casefile_id=origin.id, details=named)
    return claim


def origin_kind(session: Session, origin: Claim) -> str:
    """Return what opens the scholarship: ``jkm``, ``jkk_death`` or ``jkk_total_disability``.

    :raises NotPossible: not paid yet, too few paid months, or nothing that opens one (PP 82/2019).
    """
    paid = session.scalar(
        select(func.count()).where(History.casefile_id == origin.id, History.state == "paid")
    )
    if not paid or origin.state not in ORIGIN_STATES:
        raise NotPossible("Beasiswa dibuka sesudah santunannya dibayar. Tidak ada yang berubah.")
    if origin.program == "jkm":
        cover = cover_of(session, origin)
        if cover is not None and cover.scholarship.outlook == "not_yet":
            raise NotPossible(f"{cover.scholarship.sentence} Tidak ada yang berubah.")
        return "jkm"
    certificate = medical.current_certificate(session, origin.id)
    if origin.program == "jkk" and origin.died_on is not None:
        return "jkk_death"
    if origin.program == "jkk" and certificate is not None and certificate.condition == "total_permanent":
        return "jkk_total_disability"
    raise NotPossible(
        "Beasiswa hanya untuk anak pekerja yang meninggal atau cacat total tetap. Tidak ada yang berubah."
    )


def _check_child(child: FamilyMember, facts: ChildFacts, chosen_by: str, today: date) -> None:
    problems = {}
    if child.relation not in CHILDREN:
        problems["child"] = f"{child.full_name} bukan anak pekerja. Belum ada yang dibuka."
    elif child.born_on is None:
        problems["child"] = f"Tanggal lahir {child.full_name} belum dicatat. Belum ada yang dibuka."
    elif child.alive is False:
        problems["child"] = f"{child.full_name} tercatat meninggal. Belum ada yang dibuka."
    elif facts.school_expected_on is None and age_on(child.born_on, today) < _FIRST_SCHOOL_YEARS:
        problems["school_expected_on"] = "Anak ini belum sekolah. Tulis kira-kira kapan ia masuk sekolah."
    if facts.employment not in EMPLOYMENTS:
        problems["employment"] = "Pilih pekerjaan anak dari daftar. Belum ada yang dibuka."
    elif "child" not in problems:
        pupil = Child(str(child.id), child.born_on, facts.married_on is not None, facts.employment)
        cannot = two_children([pupil], today, numbers()).cannot
        problems |= {"child": f"{cannot[0].sentence} Belum ada yang dibuka."} if cannot else {}
    if len(chosen_by.strip()) < SHORTEST_WORD:
        problems["chosen_by"] = _TOLD
    if problems:
        raise Invalid(problems)


def _free_place(session: Session, origin: Claim, child: FamilyMember) -> int:
    rights = rights_of_worker(session, origin)
    if any(_is_same(right, origin, child) for right in rights):
        raise NotPossible(f"Beasiswa {child.full_name} sudah dibuka. Tidak ada yang berubah.")
    taken = {right.place for right in rights}
    # the two of the law are two of the worker, whichever claim opened their right
    most = numbers().on("scholarship_max_children", origin.event_on).value
    free = [place for place in range(1, most + 1) if place not in taken]
    if not free:
        raise NotPossible(
            f"Beasiswa diberikan untuk paling banyak {most} anak, dan keluarga sudah memilih {len(taken)} anak lain. "
            "Tidak ada yang berubah. Bila keluarga berganti pilihan, batalkan dulu salah satunya."
        )
    return free[0]


def _is_same(right: ScholarshipChild, origin: Claim, child: FamilyMember) -> bool:
    """Whether a right is this child's; in another claim of the worker it is known by the day of birth."""
    if right.origin_casefile_id == origin.id:
        return right.origin_member_id == child.id
    return right.born_on == child.born_on


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
