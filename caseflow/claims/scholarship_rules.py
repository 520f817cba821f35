"""The rules of the scholarship that workflow files name after ``when:``."""

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.claims.family import current_heirs
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.rules import rule
from caseflow.claims.scholarship_plan import ends_on, has_ended
from caseflow.claims.school_years import child_of, paid_years, years_applied_for
from caseflow.law.pupil import school_year_words
from caseflow.law.relatives import is_minor
from caseflow.law.tables import Level

_LEVELS: tuple[Level, ...] = ("tk", "sd", "smp", "sma", "higher")


@rule
def year_claimable(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 103: the scholarship is applied for by school year."""
    return None if years_applied_for(session, claim.id) else "Belum ada tahun ajaran yang diajukan."


@rule
def years_recorded(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 103: each school year that is applied for was checked against its proof."""
    years = years_applied_for(session, claim.id)
    if not years:
        return "Belum ada tahun ajaran yang diajukan."
    unchecked = [row.year for row in years if row.study_proven is None]
    if unchecked:
        return f"Bukti sekolah tahun ajaran {school_year_words(unchecked[0])} belum dinilai."
    return None


@rule
def payee_fits_age(session: Session, claim: Claim) -> str | None:
    """Permensos 7/2024: a guardian receives for a child that is not of age; a child of age receives itself."""
    decision = current_heirs(session, claim.id)
    if decision is None:
        return None  # that nobody is decided is another rule's word
    member, today = session.get_one(FamilyMember, decision.payee_member_id), clock.today()
    if member.born_on is None:
        return None
    minor = is_minor(member.born_on, today, numbers().on("minor_age", today).value)
    if minor == (decision.agreement == "guardian"):
        return None
    return f"{member.full_name} sekarang sudah dewasa. Tetapkan lagi penerimanya: anak sendiri, dengan rekeningnya."


@rule
def scholarship_is_over(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 103(2): at 23, on marriage, work or death; ending a running right needs such a fact."""
    child, today = child_of(session, claim), clock.today()
    over = (
        ends_on(child.born_on, today) <= today
        or has_ended(session, child, today)
        or _years_used_up(session, claim)
    )
    return None if over else "Menurut data anak, haknya belum berakhir. Betulkan dulu data anak."


def _years_used_up(session: Session, claim: Claim) -> bool:
    """Whether every year of every level was paid: two, six, three, three and five."""
    most = sum(numbers().tables.level(level).most_years(claim.event_on).value for level in _LEVELS)
    return len(paid_years(session, claim.id)) >= most
