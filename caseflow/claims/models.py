"""Tables of a claim: the report, the family, the checks, the computed benefit, the decision.

What was decided is never edited: assessments, heir decisions, accounts and decisions are added, not changed.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from caseflow import sealing
from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.sealing import NUMBER_FORM, SealedDocument, SealedText
from caseflow.workflow.models import CaseFile


class Claim(CaseFile, kw_only=True):
    """A claim of one programme for one worker: facts of the event; state and deadlines are the case file's."""

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True, init=False)
    program: Mapped[str]
    event_on: Mapped[date]  # JKM: the day of death; JKK: of the accident or diagnosis; it selects the rules
    cause: Mapped[str]  # illness_or_other | at_work | unknown
    honorific: Mapped[str]  # almarhum | almarhumah | mendiang
    died_on: Mapped[date | None] = mapped_column(default=None)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), default=None)
    provider_claim_number: Mapped[str | None] = mapped_column(
        default=None
    )  # number in the provider's own system

    __mapper_args__ = {"polymorphic_identity": "claim"}
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("program IN ('jkm', 'jkk', 'scholarship')", name="program_known"),
        CheckConstraint(
            "program <> 'jkm' OR (died_on IS NOT NULL AND died_on = event_on)", name="jkm_is_about_a_death"
        ),
        CheckConstraint("died_on IS NULL OR died_on >= event_on", name="died_after_event"),
        CheckConstraint("cause IN ('illness_or_other', 'at_work', 'unknown')", name="cause_known"),
        CheckConstraint("honorific IN ('almarhum', 'almarhumah', 'mendiang', '')", name="honorific_known"),
        # a person dies once; withdrawn reports free the worker by giving up the link
        Index(
            "uq_claim_one_death_per_worker",
            "worker_id",
            unique=True,
            postgresql_where=text(
                "died_on IS NOT NULL AND worker_id IS NOT NULL AND program <> 'scholarship'"
            ),
        ),
        # of one accident there is one case
        Index(
            "uq_claim_one_accident_a_day",
            "worker_id",
            "event_on",
            unique=True,
            postgresql_where=text("program = 'jkk' AND worker_id IS NOT NULL"),
        ),
    )


class ReportDraft(Base):
    """Answers of somebody who is still writing a report, sealed; found again by a cookie."""

    __tablename__ = "report_draft"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    token_sha256: Mapped[sha256_hex]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]] = mapped_column(
        SealedDocument("report_draft.answers"), default_factory=dict
    )
    casefile_id: Mapped[int | None] = mapped_column(ForeignKey("casefile.id"), default=None)  # once sent
    opened_at: Mapped[datetime | None] = mapped_column(default=None)  # its receipt was seen

    __table_args__ = (
        UniqueConstraint("token_sha256"),
        Index("ix_report_draft_expires_at", "expires_at"),
        {"info": {"deletable": True}},
    )


class Report(Base):
    """The first notice, as it was given. Append-only: corrections are facts of the claim."""

    __tablename__ = "report"

    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True)
    worker_name: Mapped[str]
    national_id: Mapped[str | None] = mapped_column(
        SealedText("report.national_id")
    )  # None: the reporter did not know it
    died_on: Mapped[date | None]  # None: the report is of an accident, and the worker lives
    cause: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    jorong: Mapped[str]
    reporter_name: Mapped[str]
    reporter_relation: Mapped[str]
    reporter_phone: Mapped[str]
    phone_owner: Mapped[str]
    contact_by: Mapped[str]  # whatsapp | sms | call
    consent_version: Mapped[str]
    reported_at: Mapped[datetime]
    helped_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    national_id_index: Mapped[sha256_hex | None] = mapped_column(init=False, default=None)
    # nobody knew the very day: died_on is then only about right
    died_about: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    __table_args__ = (
        CheckConstraint("NOT died_about OR died_on IS NOT NULL", name="about_a_day"),
        CheckConstraint(f"national_id ~ '{NUMBER_FORM}'", name="national_id_sealed"),
        CheckConstraint("contact_by IN ('whatsapp', 'sms', 'call')", name="contact_by_known"),
        CheckConstraint("reporter_phone ~ '^[+][0-9]{8,15}$'", name="phone_e164"),
        Index("ix_report_national_id_index", "national_id_index"),
        Index("ix_report_region_code_died_on", "region_code", "died_on"),
        {"info": {"append_only": True}},
    )

    @validates("national_id")
    def _index_national_id(self, _key: str, value: str | None) -> str | None:
        self.national_id_index = None if value is None else sealing.number_index(value)
        return value


class FamilyMember(Base):
    """A relative of the worker, as recorded by an officer from papers."""

    __tablename__ = "family_member"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    full_name: Mapped[str]
    relation: Mapped[str]
    source: Mapped[str]  # which paper says so
    recorded_at: Mapped[datetime]
    recorded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    alive: Mapped[bool | None] = mapped_column(default=True)  # None: nobody has established it
    died_on: Mapped[date | None] = mapped_column(default=None)
    documented: Mapped[bool | None] = mapped_column(
        default=None
    )  # the paper that makes the relation was seen
    other_parent_id: Mapped[int | None] = mapped_column(ForeignKey("family_member.id"), default=None)
    born_on: Mapped[date | None] = mapped_column(default=None)
    national_id: Mapped[str | None] = mapped_column(SealedText("family_member.national_id"), default=None)
    national_id_index: Mapped[sha256_hex | None] = mapped_column(init=False, default=None)
    guardian_name: Mapped[str | None] = mapped_column(default=None)
    guardian_basis: Mapped[str | None] = mapped_column(default=None)  # surviving_parent | court | other
    arranged_burial: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint(f"national_id ~ '{NUMBER_FORM}'", name="national_id_sealed"),
        CheckConstraint(
            "relation IN ('self', 'widow', 'widower', 'child', 'adopted_child', 'parent', 'grandparent',"
            " 'grandchild', 'sibling', 'parent_in_law', 'appointee', 'child_in_law', 'mamak', 'kemenakan',"
            " 'other')",
            name="relation_known",
        ),
        CheckConstraint(
            "guardian_basis IS NULL OR guardian_basis IN ('surviving_parent', 'court', 'other')",
            name="guardian_basis_known",
        ),
        CheckConstraint("died_on IS NULL OR alive IS FALSE", name="only_the_dead_have_died"),
        CheckConstraint("(guardian_name IS NULL) = (guardian_basis IS NULL)", name="guardian_with_basis"),
        Index("ix_family_member_national_id_index", "national_id_index"),
    )

    @validates("national_id")
    def _index_national_id(self, _key: str, value: str | None) -> str | None:
        self.national_id_index = None if value is None else sealing.number_index(value)
        return value


class HeirDecision(Base):
    """Who receives, by which rank of the regulation, with the family as it was known. Append-only."""

    __tablename__ = "heir_decision"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    payee_member_id: Mapped[int]
    rank: Mapped[str]
    sentence: Mapped[str]
    agreement: Mapped[str]  # how the others agreed: sole_heir | signed_agreement | guardian | court
    family: Mapped[list[Any]]
    decided_at: Mapped[datetime]
    decided_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        ForeignKeyConstraint(
            ["casefile_id", "payee_member_id"], ["family_member.casefile_id", "family_member.id"]
        ),
        CheckConstraint(
            "agreement IN ('worker', 'sole_heir', 'signed_agreement', 'guardian', 'court', 'burial')",
            name="agreement_known",
        ),
        {"info": {"append_only": True}},
    )


class EligibilityCheck(Base):
    """An officer's answer to one of the fixed questions; the newest answer counts. Append-only."""

    __tablename__ = "eligibility_check"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    code: Mapped[str]
    answer: Mapped[str]
    source: Mapped[str]
    checked_at: Mapped[datetime]
    checked_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("answer IN ('yes', 'no', 'unknown')", name="answer_known"),
        Index("ix_eligibility_check_casefile_id_code", "casefile_id", "code", "id"),
        {"info": {"append_only": True}},
    )


class BankAccount(Base):
    """An account of the payee, as one version; a change is a new row and voids every approval."""

    __tablename__ = "bank_account"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    member_id: Mapped[int]
    bank_code: Mapped[str] = mapped_column(ForeignKey("bank.code"))
    account_number: Mapped[str]
    holder_name: Mapped[str]
    held_by: Mapped[str]  # heir | guardian
    name_match: Mapped[str]  # same | similar; a different name is refused
    entered_at: Mapped[datetime]
    entered_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        ForeignKeyConstraint(["casefile_id", "member_id"], ["family_member.casefile_id", "family_member.id"]),
        CheckConstraint("account_number ~ '^[0-9]{5,20}$'", name="account_number_digits"),
        CheckConstraint("held_by IN ('heir', 'guardian')", name="held_by_known"),
        CheckConstraint(
            "name_match = 'same' OR (name_match = 'similar' AND length(name_note) >= 10)",
            name="holder_is_payee",
        ),
        {"info": {"append_only": True}},
    )


class Assessment(Base):
    """The computed benefit: the same lines for officer, approver, family, letter. Append-only."""

    __tablename__ = "assessment"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    outcome: Mapped[str]
    total_idr: Mapped[int]
    rule_version: Mapped[str]
    statement: Mapped[dict[str, Any]]
    statement_sha256: Mapped[sha256_hex]
    computed_at: Mapped[datetime]
    computed_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint(
            "outcome IN ('full', 'funeral_only', 'payable', 'not_payable')", name="outcome_known"
        ),
        CheckConstraint("total_idr >= 0 AND total_idr <= 10000000000", name="total_in_bounds"),
        CheckConstraint("(outcome = 'not_payable') = (total_idr = 0)", name="nothing_only_if_not_payable"),
        {"info": {"append_only": True}},
    )


class AssessmentLine(Base):
    """One line of an assessment; the database refuses a set whose sum is not the total."""

    __tablename__ = "assessment_line"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    amount_idr: Mapped[int]

    __table_args__ = (
        UniqueConstraint("assessment_id", "code"),
        CheckConstraint("amount_idr > 0", name="amount_positive"),
        {"info": {"append_only": True}},
    )


class LineAdjustment(Base):
    """An officer's other amount for one line, with the reason; it counts once a second person agrees. Append-only."""

    __tablename__ = "line_adjustment"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    line_code: Mapped[str]
    computed_idr: Mapped[int]  # what the law gave when it was proposed
    amount_idr: Mapped[int]
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("id", "casefile_id", "proposed_by_person_id"),
        CheckConstraint("amount_idr >= 0 AND amount_idr <= 10000000000", name="amount_in_bounds"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        Index("ix_line_adjustment_casefile_id", "casefile_id", "line_code", "id"),
        {"info": {"append_only": True}},
    )


class AdjustmentWord(Base):
    """The second person's word on an adjustment, or its proposer taking it back. One word each. Append-only."""

    __tablename__ = "adjustment_word"

    adjustment_id: Mapped[int] = mapped_column(primary_key=True)
    casefile_id: Mapped[int]
    proposed_by_person_id: Mapped[int]
    verdict: Mapped[str]  # confirmed | refused | withdrawn
    reason: Mapped[str]
    said_at: Mapped[datetime]
    said_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["adjustment_id", "casefile_id", "proposed_by_person_id"],
            ["line_adjustment.id", "line_adjustment.casefile_id", "line_adjustment.proposed_by_person_id"],
        ),
        CheckConstraint("verdict IN ('confirmed', 'refused', 'withdrawn')", name="verdict_known"),
        CheckConstraint(
            "verdict = 'withdrawn' OR said_by_person_id <> proposed_by_person_id", name="by_a_second_person"
        ),
        {"info": {"append_only": True}},
    )


class Decision(Base):
    """The word of the second person, bound to a digest of everything it was about. Append-only."""

    __tablename__ = "decision"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    assessment_id: Mapped[int | None]
    outcome: Mapped[str]
    person_id: Mapped[int]
    duty: Mapped[str]
    content_sha256: Mapped[sha256_hex]
    content: Mapped[dict[str, Any]]
    total_idr: Mapped[int]  # what may be paid on this word; 0 unless approved
    decided_at: Mapped[datetime]
    reason_code: Mapped[str | None] = mapped_column(default=None)
    reason_text: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("casefile_id", "id", "content_sha256", "total_idr"),
        CheckConstraint("(outcome = 'approved') = (total_idr > 0)", name="only_approval_pays"),
        ForeignKeyConstraint(["casefile_id", "assessment_id"], ["assessment.casefile_id", "assessment.id"]),
        ForeignKeyConstraint(
            ["casefile_id", "person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_decision_duty_is_held",
        ),
        CheckConstraint("outcome IN ('approved', 'returned', 'refused')", name="outcome_known"),
        CheckConstraint("duty = 'approve'", name="duty_is_approve"),
        CheckConstraint("outcome <> 'approved' OR assessment_id IS NOT NULL", name="approval_has_assessment"),
        {"info": {"append_only": True}},
    )
