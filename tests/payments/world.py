"""Approved claims and statement files for the tests of money, built row by row and checked by the keys."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import operations as claims
from caseflow.claims.content import content_of
from caseflow.claims.models import (
    Assessment,
    AssessmentLine,
    BankAccount,
    Claim,
    Decision,
    FamilyMember,
    HeirDecision,
)
from caseflow.claims.workflows import book
from caseflow.identifiers import case_number
from caseflow.payments.batches import add_to_batch, lock_batch, open_batch
from caseflow.payments.instructions import prepare_instruction
from caseflow.payments.models import Batch, Instruction
from caseflow.payments.releases import release_batch
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry.models import Worker
from caseflow.workflow.definition import Workflow
from caseflow.workflow.fire import open_case, take_duty
from caseflow.workflow.models import History

RowT = TypeVar("RowT")
Staff = Mapping[str, Actor]
ACCOUNT = "0071234567"
HOLDER = "Yusra"
AMOUNT = 42_000_000
BANK = "118"


@dataclass
class World:
    """One session and the people who act in it."""

    session: Session
    staff: Staff
    serial: int = 9000

    @property
    def now(self) -> datetime:
        """The instant of the act."""
        return clock.now()

    def approved_claim(self, *, amount_idr: int = AMOUNT, branch_code: str = "solok") -> Claim:
        """Write a claim that two people have brought to ``approved``, with all that the approval is about."""
        return self.claim_in("approved", amount_idr=amount_idr, branch_code=branch_code)

    def claim_in(self, state: str, *, amount_idr: int = AMOUNT, branch_code: str = "solok") -> Claim:
        """Write a claim with all its facts in some state before payment."""
        self.serial += 1
        definition = book().latest("jkm")
        claim = self._open(definition, branch_code)
        self._facts(claim, amount_idr)
        self._walk(claim, definition, state)
        return claim

    def add_account(self, claim: Claim, number: str = ACCOUNT, holder: str = HOLDER) -> BankAccount:
        """Write a version of the payee's account; the newest is the one that counts."""
        payee = self.session.query(FamilyMember).filter_by(casefile_id=claim.id).one()
        return self._add(
            BankAccount(
                casefile_id=claim.id,
                member_id=payee.id,
                bank_code=BANK,
                account_number=number,
                holder_name=holder,
                held_by="heir",
                name_match="same",
                entered_at=self.now,
                entered_by_person_id=self._person("dedi"),
            )
        )

    def prepare(self, claim: Claim, *, by: str = "nina", again: str = ACCOUNT) -> Instruction:
        """Order the transfer, everything typed rightly."""
        return prepare_instruction(
            self.session,
            claim.id,
            by=self.staff[by],
            account_number_again=again,
            holder_name_found=HOLDER.upper(),
            name_note="",
            now=self.now,
        )

    def batch(self, *instructions: Instruction, by: str = "nina") -> Batch:
        """Open a batch with these instructions."""
        batch = open_batch(self.session, by=self.staff[by], now=self.now)
        for instruction in instructions:
            add_to_batch(self.session, batch.id, instruction.id, by=self.staff[by], now=self.now)
        return batch

    def locked(self, *instructions: Instruction) -> Batch:
        """Lock a batch of these instructions; nothing falls out."""
        batch = self.batch(*instructions)
        assert lock_batch(self.session, batch.id, by=self.staff["nina"], now=self.now) == []
        return batch

    def sent(self, claim: Claim | None = None) -> Instruction:
        """Send the money of a claim."""
        instruction = self.prepare(claim or self.approved_claim())
        batch = self.locked(instruction)
        release_batch(self.session, batch.id, by=self.staff["hadi"], now=self.now)
        return instruction

    def move(self, claim: Claim, action: str, username: str, reason_code: str | None = None) -> None:
        """Carry out an action of the workflow."""
        claims.act(
            self.session,
            claim,
            action,
            by=self.staff[username],
            expected_version=claim.version,
            reason_code=reason_code,
            now=self.now,
        )

    def _open(self, definition: Workflow, branch_code: str) -> Claim:
        worker = self._add(
            Worker(
                national_id=f"130399170376{self.serial:04d}",
                full_name=f"Pekerja {self.serial}",
                born_on=date(1976, 3, 17),
                sex="m",
                region_code="13.03.99.2001",
                jorong="Koto",
                occupation="Petani",
                registered_on=date(2025, 9, 1),
            )
        )
        claim = Claim(
            number=case_number("SJJ", 2026, self.serial),
            workflow=definition.name,
            workflow_version=definition.version,
            state=definition.initial,
            subject=worker.full_name,
            region_code="13.03.99.2001",
            branch_code=branch_code,
            opened_at=self.now,
            entered_at=self.now,
            sort_on=date(9999, 12, 31),
            kind="claim",
            program="jkm",
            event_on=date(2026, 11, 17),
            died_on=date(2026, 11, 17),
            cause="illness_or_other",
            honorific="almarhum",
            worker_id=worker.id,
        )
        open_case(self.session, claim, by=SYSTEM, definition=definition, now=self.now)
        return claim

    def _facts(self, claim: Claim, amount_idr: int) -> None:
        officer = self._person("dedi")
        payee = self._add(
            FamilyMember(
                casefile_id=claim.id,
                full_name=HOLDER,
                relation="widow",
                source="KK",
                recorded_at=self.now,
                recorded_by_person_id=officer,
            )
        )
        self._add(
            HeirDecision(
                casefile_id=claim.id,
                payee_member_id=payee.id,
                rank="1",
                sentence="Istri menerima.",
                agreement="sole_heir",
                family=[],
                decided_at=self.now,
                decided_by_person_id=officer,
            )
        )
        self.add_account(claim)
        assessment = self._add(
            Assessment(
                casefile_id=claim.id,
                outcome="full",
                total_idr=amount_idr,
                rule_version="test",
                statement={},
                statement_sha256="0" * 64,
                computed_at=self.now,
                computed_by_person_id=officer,
            )
        )
        self._add(
            AssessmentLine(assessment_id=assessment.id, position=1, code="death", amount_idr=amount_idr)
        )

    def _walk(self, claim: Claim, definition: Workflow, goal: str) -> None:
        """Move the claim along the shortest way; each step leaves its history row and its duty."""
        for action, target in _way(definition, goal):
            duty = definition.actions[action].duty
            by = {"verify": self.staff["dedi"], "approve": self.staff["mega"]}.get(duty or "", SYSTEM)
            if duty is not None:
                take_duty(self.session, claim, duty, by=by, now=self.now)
            if action == "approve":
                self._decide(claim, by)
            before, from_state = claim.version, claim.state
            claim.state, claim.version = target, before + 1
            self._add(
                History(
                    casefile_id=claim.id,
                    version=claim.version,
                    prev_version=before,
                    from_state=from_state,
                    state=target,
                    action=action,
                    workflow=definition.name,
                    workflow_version=definition.version,
                    at=self.now,
                    actor_kind=by.kind,
                    actor_name=by.name,
                    actor_person_id=by.person_id,
                    duty=duty,
                )
            )

    def decide(self, claim: Claim) -> None:
        """Approve what the claim holds now, once more."""
        self._decide(claim, self.staff["mega"])

    def _decide(self, claim: Claim, by: Actor) -> None:
        content = content_of(self.session, claim)
        self._add(
            Decision(
                casefile_id=claim.id,
                assessment_id=content.assessment_id,
                outcome="approved",
                person_id=by.person_id or 0,
                duty="approve",
                content_sha256=content.sha256,
                content=content.document,
                total_idr=content.total_idr,
                decided_at=self.now,
            )
        )

    def _person(self, username: str) -> int:
        person_id = self.staff[username].person_id
        assert person_id is not None
        return person_id

    def _add(self, row: RowT) -> RowT:
        self.session.add(row)
        self.session.flush()
        return row


def _way(definition: Workflow, goal: str) -> list[tuple[str, str]]:
    """Return the shortest list of (action, state reached) from the initial state to the goal."""
    ways: deque[tuple[str, list[tuple[str, str]]]] = deque([(definition.initial, [])])
    seen = {definition.initial}
    while ways:
        state, way = ways.popleft()
        if state == goal:
            return way
        for action in definition.moves_from(state):
            if action.target not in seen:
                seen.add(action.target)
                ways.append((action.target, [*way, (action.name, action.target)]))
    raise AssertionError(f"no way to {goal}")


def row(
    description: str, *, debit: int = 0, credit: int = 0, ref: str = "FT1", on: date | None = None
) -> str:
    """Write one row of a statement as an Indonesian bank does."""
    day = on or clock.today()
    return f"{day:%d/%m/%Y};{description};{_written(debit)};{_written(credit)};{ref}"


def statement(*rows: str) -> bytes:
    """Write a statement file."""
    return "\r\n".join(["tanggal;keterangan;debit;kredit;referensi bank", *rows, ""]).encode()


def _written(amount_idr: int) -> str:
    return f"{amount_idr:,}".replace(",", ".") + ",00"
