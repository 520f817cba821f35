"""Open cases that nobody can or will move on: without an owner or a queue, without a next step, or without a day.

A case waits for people, and that is no fault. It is stuck when whoever could bring it on does not exist: every
person with the role is gone, or holds another duty on this case for ever. That it could be taken back helps nobody.
What the rules of an action still ask for can be brought, so rules are not asked here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from caseflow.claims.operations import barred_person
from caseflow.claims.workflows import book
from caseflow.people.accounts import ACTOR_COLUMNS, actor_from, with_roles
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.people.policy import WITHOUT_ACCOUNT, policy
from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.models import CaseFile, Duty
from caseflow.workflow.spine import onward

# who looks at the common queue of a branch, and may be given a case
_WORKING = frozenset({"officer", "approver", "branch_head"})
# whoever does the one, somebody else has done the other before
_BEFORE: Mapping[str, str] = MappingProxyType({"release": "make_batch"})
# what only years make true: no case goes on by an action that waits for it
_YEARS_AWAY = frozenset({"five_years_passed"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a case cannot go on, and what helps.

    :ivar code: ``file``, ``owner``, ``step`` or ``day``.
    """

    code: str
    why: str
    cure: str


@dataclass(frozen=True, slots=True)
class StuckCase:
    """An open case with everything that is wrong with it."""

    casefile_id: int
    number: str
    branch_code: str
    state: str
    state_label: str
    problems: tuple[Problem, ...]


class _Office:
    """Everybody who works, and who holds which duty on which case."""

    def __init__(self, staff: Sequence[Actor], held: Mapping[int, Mapping[int, str]]) -> None:
        self.held = held
        self._staff = staff
        self._near: dict[tuple[str, str], list[Actor]] = {}

    def of(self, case: CaseFile) -> list[Actor]:
        """Return who has anything to do with a case: its branch, its nagari, its regency."""
        place = case.branch_code, case.region_code
        if place not in self._near:
            self._near[place] = [one for one in self._staff if _reaches(one, case)]
        return self._near[place]


def stuck_cases(session: Session, *, branch_code: str | None = None) -> list[StuckCase]:
    """Return every open claim that is stuck, in the order of their numbers; what is no claim lies elsewhere.

    :param branch_code: one branch, or ``None`` for all.
    """
    query = (
        select(CaseFile)
        .where(CaseFile.closed_at.is_(None), CaseFile.kind.not_in(("complaint", "nomination", "monitoring")))
        .order_by(CaseFile.number)
    )
    if branch_code is not None:
        query = query.where(CaseFile.branch_code == branch_code)
    cases = session.scalars(query).all()
    office = _Office(_staff(session), _duties(session, [case.id for case in cases]))
    found = []
    for case in cases:
        problems = tuple(_problems(session, case, office))
        if problems:
            found.append(
                StuckCase(case.id, case.number, case.branch_code, case.state, _label(case), problems)
            )
    return found


def problems_in_words(session: Session) -> list[str]:
    """Return one sentence for each stuck case, for ``flask check`` and for the log."""
    return [
        f"Kasus {stuck.number} ({stuck.state_label}) macet: "
        + " ".join(f"{problem.why} {problem.cure}" for problem in stuck.problems)
        for stuck in stuck_cases(session)
    ]


def _problems(session: Session, case: CaseFile, office: _Office) -> Iterator[Problem]:
    definition = book().find(case.workflow, case.workflow_version)
    if definition is None or case.state not in definition.states:
        file = f"archive/{case.workflow}-{case.workflow_version}.yaml"
        yield Problem("file", "Berkas alurnya tidak ada di server ini.", f"Kembalikan {file}.")
        return
    yield from _problems_of_owner(case, office)
    yield from _problems_of_steps(session, case, definition, office)
    if case.due_on is None and case.follow_up_on is None:
        yield Problem(
            "day",
            "Tidak ada hari untuk melihatnya lagi.",
            "Jalankan satu langkah kasus ini, atau beri tahu petugas TI: kolom harinya kosong.",
        )


def _problems_of_owner(case: CaseFile, office: _Office) -> Iterator[Problem]:
    working = [one for one in office.of(case) if one.roles & _WORKING]
    if case.assignee_user_id is None:
        if not working:
            yield Problem(
                "owner",
                "Tidak ada petugas aktif yang membaca antrean cabang ini.",
                "Beri peran petugas klaim kepada seseorang.",
            )
        return
    may_hold = [one for one in office.of(case) if one.roles & {*_WORKING, "medical_adviser"}]
    if case.assignee_user_id not in {one.user_id for one in may_hold}:
        yield Problem(
            "owner",
            "Pemegang kasus sudah tidak aktif atau bukan petugas cabang ini lagi.",
            "Serahkan kasus kepada petugas lain.",
        )


def _problems_of_steps(
    session: Session, case: CaseFile, definition: Workflow, office: _Office
) -> Iterator[Problem]:
    steps = [action for action in onward(definition, case.state) if counts(definition, action)]
    reasons = [_why_not(session, case, action, office) for action in steps]
    if any(reason is None for reason in reasons):
        return
    said = " ".join(dict.fromkeys(reason for reason in reasons if reason is not None))
    yield Problem(
        "step",
        f"Tidak ada orang yang dapat menjalankan langkah berikutnya. {said}".strip(),
        "Beri peran itu kepada orang lain yang belum memegang tugas pada kasus ini.",
    )


def counts(definition: Workflow, action: Action) -> bool:
    """Whether a case goes on by an action: not by giving it up, nor by one that only years make possible."""
    gives_up = "family" in action.by and action.into is None and definition.states[action.target].final
    return not gives_up and not _YEARS_AWAY & set(action.when)


def _why_not(session: Session, case: CaseFile, action: Action, office: _Office) -> str | None:
    """Return why nobody can do an action, ``None`` when the family, the program or somebody can."""
    if action.by & WITHOUT_ACCOUNT:
        return None
    barred = barred_person(session, case.id, action.name)
    held = office.held.get(case.id, {})
    able = [
        one
        for one in office.of(case)
        if one.roles & action.by and one.person_id != barred and _is_free(one, action.duty, held)
    ]
    before = _BEFORE.get(action.duty or "")
    if before is not None:
        makers = [one for one in office.of(case) if "finance" in one.roles and _is_free(one, before, held)]
        able = [one for one in able if any(maker.person_id != one.person_id for maker in makers)]
    if able:
        return None
    roles = " atau ".join(sorted(policy().roles[role].label.lower() for role in action.by))
    duty = f" tanpa tugas lain selain {DUTIES[action.duty].noun}" if action.duty else ""
    return f"“{action.label}” perlu {roles}{duty}."


def _is_free(person: Actor, duty: str | None, held: Mapping[int, str]) -> bool:
    """Whether a person may still take a duty on a case: none is held there, or this same one."""
    return duty is None or held.get(person.person_id or 0, duty) == duty


def _reaches(person: Actor, case: CaseFile) -> bool:
    if person.branch_code is not None:
        return person.branch_code == case.branch_code
    return any(
        case.region_code == code or case.region_code.startswith(f"{code}.") for code in person.region_codes
    )


def _label(case: CaseFile) -> str:
    definition = book().find(case.workflow, case.workflow_version)
    return definition.label_of(case.state) if definition is not None else case.state


def _staff(session: Session) -> list[Actor]:
    """Return everybody with an open account, with the roles that count."""
    statement = with_roles(select(*ACTOR_COLUMNS).select_from(StaffUser))
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(statement.order_by(StaffUser.id)):
        rows[row.user_id].append(row)
    return [actor_from(of_one) for of_one in rows.values()]


def _duties(session: Session, casefile_ids: Collection[int]) -> Mapping[int, Mapping[int, str]]:
    held: dict[int, dict[int, str]] = defaultdict(dict)
    rows: Iterable[Duty] = session.scalars(select(Duty).where(Duty.casefile_id.in_(casefile_ids)))
    for row in rows:
        held[row.casefile_id][row.person_id] = row.duty
    return held
