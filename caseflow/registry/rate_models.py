"""Table of contribution rates: what a month costs, by payer, kind of work and date.

Not here: the numbers of law on benefits and grace (``law``), what was really paid (``payment_models``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, rupiah_amount
from caseflow.registry.nomination_models import FUNDING_SOURCES

SECTORS = ("transport", "other")
# paid through the budget of state or regency, where the reduction of PP 50/2025 never applies
STATE_MONEY = ("apbd", "dbh_sawit", "pokir")
PP_50_2025 = "pp_50_2025"
FULL = (
    10_000,
    6_800,
)  # PP 44/2015: JKK and JKM of a month, in rupiah; less is a reduction, whatever it is called


class ContributionRate(Base):
    """What one month costs one worker of a sector when a payer pays, from the first day of a month on.

    Never edited: a newer row with the same or a later ``valid_from`` stands before older ones while it is in force.
    ``valid_to`` is the last day; an older row without an end applies again afterwards.
    """

    __tablename__ = "contribution_rate"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    funding_source: Mapped[str]
    sector: Mapped[str]
    valid_from: Mapped[date]
    amount_idr: Mapped[rupiah_amount]
    jkk_idr: Mapped[rupiah_amount]
    jkm_idr: Mapped[rupiah_amount]
    source: Mapped[str]
    certainty: Mapped[str]
    valid_to: Mapped[date | None] = mapped_column(default=None)
    reduction: Mapped[str] = mapped_column(default="")  # "" or pp_50_2025
    added_at: Mapped[datetime | None] = mapped_column(default=None)  # empty: came with the installation
    added_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __table_args__ = (
        CheckConstraint(
            f"funding_source IN ({', '.join(repr(one) for one in FUNDING_SOURCES)})",
            name="funding_source_known",
        ),
        CheckConstraint("sector IN ('transport', 'other')", name="sector_known"),
        CheckConstraint("extract(day FROM valid_from) = 1", name="from_first_of_month"),
        CheckConstraint("valid_to > valid_from", name="ends_after_start"),
        CheckConstraint("jkk_idr > 0 AND jkm_idr > 0 AND amount_idr <= 1000000", name="amount_in_bounds"),
        CheckConstraint("amount_idr = jkk_idr + jkm_idr", name="sum_of_parts"),
        CheckConstraint("certainty IN ('V2', 'V1', 'I', 'M', 'verify')", name="certainty_known"),
        CheckConstraint("length(source) >= 5", name="says_source"),
        CheckConstraint("reduction IN ('', 'pp_50_2025')", name="reduction_known"),
        CheckConstraint(
            f"(jkk_idr >= {FULL[0]} AND jkm_idr >= {FULL[1]}) OR reduction <> ''", name="reduction_is_named"
        ),
        CheckConstraint(
            f"reduction = '' OR funding_source NOT IN ({', '.join(repr(one) for one in STATE_MONEY)})",
            name="state_money_pays_in_full",
        ),
        Index("ix_contribution_rate_of", "funding_source", "sector", "valid_from"),
        {"info": {"append_only": True}},
    )
