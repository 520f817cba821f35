"""Tables of a work accident: first notice, facts, days unable to work, doctor, costs, conclusion.

What somebody stated is added, never changed: the newest row counts. Periods and costs are lists that an officer
puts together; a row taken off stays for the record.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk

KINDS = ("accident", "disease", "violence", "sudden_death")
PLACES = ("workplace", "commute", "duty_travel", "outside")
NOTIFIERS = ("family", "worker", "nagari", "health_facility", "union", "officer")
CONDITIONS = (
    "still_treated",
    "recovered",
    "partial_anatomical",
    "partial_functional",
    "total_permanent",
    "died",
)
COSTS = (
    "transport", "treatment", "home_care", "prosthesis", "orthosis", "denture", "hearing_aid", "glasses",
    "diagnostics",
)  # fmt: skip


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class AccidentNotice(Base):
    """The first word of an accident, as it was given (Permenaker 5/2021 jo. 1/2025 Art. 48A). Append-only."""

    __tablename__ = "accident_notice"

    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    kind: Mapped[str]  # accident | disease | violence | sudden_death
    happened_on: Mapped[date]  # of a disease the day of the diagnosis
    happened_at: Mapped[time | None]  # None: nobody knows the hour
    place: Mapped[str]
    chronology: Mapped[str]  # place, cause and course in the notifier's words
    result: Mapped[str]  # injured | died | unknown
    notifier_role: Mapped[str]
    participant_number: Mapped[str | None] = mapped_column(default=None)
    injury: Mapped[str] = mapped_column(default="")
    facility: Mapped[str] = mapped_column(default="")  # where the worker is treated
    disease: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)  # job, exposure, years, diagnosis

    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind_known"),
        CheckConstraint("result IN ('injured', 'died', 'unknown')", name="result_known"),
        CheckConstraint(_one_of("notifier_role", NOTIFIERS), name="notifier_role_known"),
        {"info": {"append_only": True}},
    )


class AccidentRecord(Base):
    """The event as form 3 KK 1 asks for it, established by an officer; the newest row counts. Append-only."""

    __tablename__ = "accident_record"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[str]
    happened_on: Mapped[date]
    happened_at: Mapped[time | None]
    place_kind: Mapped[str]  # workplace | commute | duty_travel | outside
    place: Mapped[str]
    activity: Mapped[str]  # what the worker was doing
    chronology: Mapped[str]
    injured_part: Mapped[str]
    first_aid: Mapped[str]  # facility that gave first aid
    first_aid_network: Mapped[str]  # plkk | not_plkk | none
    witnesses: Mapped[list[Any]]  # names of those who know of it
    police_report: Mapped[str]  # number; empty: none
    reported_income_idr: Mapped[int | None]
    work_days: Mapped[str]  # days and hours of the registered work
    recorded_at: Mapped[datetime]
    recorded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind_known"),
        CheckConstraint(_one_of("place_kind", PLACES), name="place_kind_known"),
        CheckConstraint("first_aid_network IN ('plkk', 'not_plkk', 'none')", name="network_known"),
        CheckConstraint("reported_income_idr > 0", name="income_positive"),
        Index("ix_accident_record_casefile_id", "casefile_id", "id"),
        {"info": {"append_only": True}},
    )


class CarePeriod(Base):
    """Days of treatment, or days unable to work (STMB). Two periods unable to work never overlap."""

    __tablename__ = "care_period"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[str]  # inpatient | outpatient | unable_to_work
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # None: goes on
    facility: Mapped[str]
    source: Mapped[str]  # which paper says so
    recorded_at: Mapped[datetime]
    recorded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        CheckConstraint("kind IN ('inpatient', 'outpatient', 'unable_to_work')", name="kind_known"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        # the same day is never paid twice
        ExcludeConstraint(
            ("casefile_id", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="ex_care_period_no_day_twice",
            using="gist",
            where=text("kind = 'unable_to_work' AND removed_at IS NULL"),
        ),
        Index("ix_care_period_casefile_id", "casefile_id", "starts_on"),
    )


class MedicalCertificate(Base):
    """What the doctor certifies on form 3b KK 3; the newest row counts. Append-only."""

    __tablename__ = "medical_certificate"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    condition: Mapped[str]
    condition_on: Mapped[date]  # day of recovery, of the final condition, or of death
    certified_on: Mapped[date]
    doctor_name: Mapped[str]
    facility: Mapped[str]
    dominant_hand: Mapped[str | None]  # None: nobody asked
    recorded_at: Mapped[datetime]
    recorded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint(_one_of("condition", CONDITIONS), name="condition_known"),
        CheckConstraint("dominant_hand IN ('right', 'left')", name="dominant_hand_known"),
        CheckConstraint("condition_on <= certified_on", name="certified_after"),
        {"info": {"append_only": True}},
    )


class CertifiedInjury(Base):
    """One loss on a doctor's certificate, by its row of the disability table (PP 82/2019 Lampiran III)."""

    __tablename__ = "certified_injury"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("medical_certificate.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    row_code: Mapped[str]
    kind: Mapped[str]  # anatomical | functional
    side: Mapped[str | None] = mapped_column(default=None)
    loss_permille: Mapped[int | None] = mapped_column(default=None)  # of the function that is lost
    set_permille: Mapped[int | None] = mapped_column(
        default=None
    )  # where the table leaves a range to the doctor
    units: Mapped[int | None] = mapped_column(default=None)  # steps of 10 dB or 10 %

    __table_args__ = (
        CheckConstraint("kind IN ('anatomical', 'functional')", name="kind_known"),
        CheckConstraint("side IN ('right', 'left')", name="side_known"),
        CheckConstraint("loss_permille BETWEEN 1 AND 1000", name="loss_in_bounds"),
        CheckConstraint("set_permille BETWEEN 1 AND 1000", name="set_in_bounds"),
        CheckConstraint("units BETWEEN 1 AND 20", name="units_in_bounds"),
        CheckConstraint("kind <> 'functional' OR loss_permille IS NOT NULL", name="functional_has_loss"),
        {"info": {"append_only": True}},
    )


class MedicalOpinion(Base):
    """The medical adviser's word on one certificate (Permenaker 28/2015). Append-only."""

    __tablename__ = "medical_opinion"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    certificate_id: Mapped[int]
    verdict: Mapped[str]  # agrees | differs | needs_examination
    reason: Mapped[str]
    given_at: Mapped[datetime]
    person_id: Mapped[int]
    duty: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["casefile_id", "certificate_id"], ["medical_certificate.casefile_id", "medical_certificate.id"]
        ),
        ForeignKeyConstraint(
            ["casefile_id", "person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_medical_opinion_duty_is_held",
        ),
        CheckConstraint("duty = 'medical'", name="duty_is_medical"),
        CheckConstraint("verdict IN ('agrees', 'differs', 'needs_examination')", name="verdict_known"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        {"info": {"append_only": True}},
    )


class CostItem(Base):
    """One receipt: transport, treatment outside the network, a device. What counts is set by the law, not here."""

    __tablename__ = "cost_item"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[str]
    amount_idr: Mapped[int]
    spent_on: Mapped[date]
    source: Mapped[str]  # number or issuer of the receipt
    recorded_at: Mapped[datetime]
    recorded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mode: Mapped[str | None] = mapped_column(default=None)  # land | sea | air, of transport
    reference_price_idr: Mapped[int | None] = mapped_column(default=None)  # of a government hospital
    starts_on: Mapped[date | None] = mapped_column(default=None)  # of home care
    ends_on: Mapped[date | None] = mapped_column(default=None)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        CheckConstraint(_one_of("kind", COSTS), name="kind_known"),
        CheckConstraint("amount_idr > 0 AND amount_idr <= 10000000000", name="amount_in_bounds"),
        CheckConstraint("reference_price_idr > 0", name="reference_price_positive"),
        CheckConstraint("(kind = 'transport') = (mode IS NOT NULL)", name="transport_has_mode"),
        CheckConstraint("mode IN ('land', 'sea', 'air')", name="mode_known"),
        CheckConstraint("(kind = 'home_care') = (starts_on IS NOT NULL)", name="home_care_has_days"),
        CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL) AND ends_on >= starts_on", name="days_in_order"
        ),
        Index(
            "uq_cost_item_receipt_once",
            "casefile_id",
            "kind",
            "spent_on",
            "amount_idr",
            "source",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )


class Conclusion(Base):
    """Whether work caused it, with grounds and reason; the newest row counts. Append-only."""

    __tablename__ = "conclusion"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    verdict: Mapped[str]  # work | not_work
    grounds: Mapped[list[Any]]  # codes of Permenaker 5/2021 Art. 7
    reason: Mapped[str]
    concluded_at: Mapped[datetime]
    concluded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    accident_record_id: Mapped[int] = mapped_column(ForeignKey("accident_record.id"))

    __table_args__ = (
        CheckConstraint("verdict IN ('work', 'not_work')", name="verdict_known"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        CheckConstraint("jsonb_array_length(grounds) > 0", name="grounds_given"),
        Index("ix_conclusion_casefile_id", "casefile_id", "id"),
        {"info": {"append_only": True}},
    )
