"""A plain case on the death claim's workflow, and rules that a test sets as it likes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.workflows import NOTICES, PLACEHOLDERS, vocabulary
from caseflow.people.actor import SYSTEM, Actor
from caseflow.workdays import Calendar, Holiday
from caseflow.workflow.definition import Workflow, WorkflowBook
from caseflow.workflow.fire import Rule, fire, open_case
from caseflow.workflow.loader import Vocabulary, load_book
from caseflow.workflow.models import FAR_AWAY, CaseFile, History

WORKFLOWS = Path(__file__).parents[2] / "workflows"
RULES = tuple(vocabulary().rules)
VOCABULARY = Vocabulary(rules=RULES, notices=NOTICES, placeholders=PLACEHOLDERS)
CALENDAR = Calendar.of(
    [
        Holiday(date(2026, 12, 24), "cuti_bersama", "Cuti bersama"),
        Holiday(date(2026, 12, 25), "libur_nasional", "Natal"),
    ]
)

# who walks a case from the report to the money, step by step
ROAD = (
    ("report", "fitri"),
    ("start_intake", "dedi"),
    ("complete_documents", "system"),
    ("start_verification", "dedi"),
    ("calculate", "dedi"),
    ("submit", "dedi"),
    ("approve", "mega"),
    ("send_payment", "hadi"),
    ("confirm_payment", "lusi"),
    ("begin_accompaniment", "rina"),
    ("finish", "rina"),
)


def jkm_book() -> WorkflowBook:
    """Read the workflow files as they are."""
    return load_book(WORKFLOWS, VOCABULARY)


def jkm() -> Workflow:
    """Read the death claim's workflow."""
    return jkm_book().latest("jkm")


@dataclass
class World:
    """One session, the people who act in it, and what the rules have to say."""

    session: Session
    staff: Mapping[str, Actor]
    definition: Workflow = field(default_factory=jkm)
    objections: dict[str, str] = field(default_factory=dict)
    serial: int = 0

    @property
    def rules(self) -> Mapping[str, Rule[CaseFile]]:
        """Every rule; each objects with the sentence noted for it."""

        def rule(name: str) -> Rule[CaseFile]:
            return lambda _session, _case: self.objections.get(name)

        return {name: rule(name) for name in RULES}

    def who(self, name: str) -> Actor:
        """Return somebody by name."""
        return SYSTEM if name == "system" else self.staff[name]

    def opened(self) -> CaseFile:
        """Open a case in the initial state."""
        self.serial += 1
        now = clock.now()
        case = CaseFile(
            kind="casefile",
            number=f"UJI-{id(self)}-{self.serial}",
            workflow=self.definition.name,
            workflow_version=self.definition.version,
            state=self.definition.initial,
            subject="Kasus uji",
            region_code="13.03.99.2001",
            branch_code="uji",
            opened_at=now,
            entered_at=now,
            sort_on=FAR_AWAY,
        )
        open_case(self.session, case, by=self.who("fitri"), definition=self.definition, now=now)
        return case

    def at(self, state: str) -> CaseFile:
        """Walk a new case down the road to a state."""
        case = self.opened()
        for action, name in ROAD:
            if case.state == state:
                return case
            self.move(case, action, name)
        assert case.state == state
        return case

    def move(
        self,
        case: CaseFile,
        action: str,
        name: str,
        *,
        by: Actor | None = None,
        version: int | None = None,
        now: datetime | None = None,
        reason_code: str | None = None,
        reason_text: str | None = None,
        note: str | None = None,
    ) -> History:
        """Let somebody carry out an action."""
        return fire(
            self.session,
            case,
            action,
            by=by or self.who(name),
            expected_version=case.version if version is None else version,
            definition=self.definition,
            calendar=CALENDAR,
            now=now or clock.now(),
            rules=self.rules,
            reason_code=reason_code,
            reason_text=reason_text,
            note=note,
        )
