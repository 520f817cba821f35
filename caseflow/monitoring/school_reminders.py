"""What a visitor can say about school: children with a right whose year can be applied for, and children without one.

Said at the door, and nowhere else: the family's messages come from ``claims.scholarship_reminders``.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.scholarship_children import children_of
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_plan import CLAIMABLE, WAITING, has_ended, school_calendar
from caseflow.claims.school_years import rights_of_worker
from caseflow.formats import long_date
from caseflow.law.deadlines import years_later
from caseflow.law.pupil import school_year_words

SCHOOL_AGE = 7  # years


@dataclass(frozen=True)
class SchoolReminder:
    """One thing to say about one child."""

    child: str
    words: str


def school_reminders(session: Session, claim: Claim, *, today: date) -> list[SchoolReminder]:
    """Return what to say about each child of school age whose present school year was not applied for.

    Where two children hold the places of the scholarship, the others are not spoken of.
    """
    rights = rights_of_worker(session, claim)
    found = [one for right in rights if (one := _of_right(session, right, today)) is not None]
    if len(rights) < numbers().on("scholarship_max_children", today).value:
        found += [
            SchoolReminder(
                _first(child.member),
                "Belum ada pengajuan beasiswanya. Keluarga dapat bertanya ke kantor cabang apakah anak ini berhak.",
            )
            for child in children_of(session, claim, today=today)
            if child.right is None
            and child.why_not is None
            and _is_of_age(child.member.born_on, today)
            and child.member.id not in {right.origin_member_id for right in rights}
        ]
    return found


def _of_right(session: Session, right: ScholarshipChild, today: date) -> SchoolReminder | None:
    if not _is_of_age(right.born_on, today) or has_ended(session, right, today):
        return None
    case = session.get_one(Claim, right.casefile_id)
    years = [year for year in school_calendar(session, case, today=today) if year.status in CLAIMABLE]
    if not years or case.state not in WAITING:
        return None
    words = ", ".join(school_year_words(year.school_year) for year in years)
    last_day = long_date(min(year.last_day for year in years))
    member = session.get_one(FamilyMember, right.member_id)
    return SchoolReminder(
        _first(member),
        f"Beasiswa {words} belum diajukan. Paling lambat {last_day}, dengan surat keterangan sekolah.",
    )


def _is_of_age(born_on: date | None, today: date) -> bool:
    limit = numbers().on("scholarship_age_limit", today).value
    return born_on is not None and years_later(born_on, SCHOOL_AGE) <= today < years_later(born_on, limit)


def _first(member: FamilyMember) -> str:
    return member.full_name.split()[0]
