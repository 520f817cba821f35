"""What a plan of dues costs and what its gaps would do to people. Pure: no database; prices and rules are given.

Whether a month is covered is read as the law reads it (``law.readings``), as if every planned month were paid in time;
a test holds both against each other. Not here: rates (``rates``), what was really paid (``ledger``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseflow.law.ledger import first_of, month_number

Standing = Literal["full", "starting", "open", "none", "before"]
"""Of a month: covered in full; covered, but too short for the whole death benefit; unpaid and undecided by law;
membership over; not begun."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many workers, paid from one month to another; both first days of months."""

    workers: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class MonthCost:
    """One month of the plan: how many are paid for, at which price, and the sum."""

    month: date
    workers: int
    price_idr: int
    amount_idr: int


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """What the plan does to one group.

    :ivar months: every month from the group's first to the plan's last, with its standing.
    :ivar paid_months: how many are paid; :ivar amount_idr: what they cost.
    :ivar restarted_in: first paid month after more unpaid ones than the law forgives: counted anew from there.
    """

    group: Group
    months: Mapping[date, Standing]
    paid_months: int
    amount_idr: int
    restarted_in: date | None

    def months_with(self, standing: Standing) -> tuple[date, ...]:
        """Return the months of this standing, in order."""
        return tuple(month for month, found in self.months.items() if found == standing)

    @property
    def lost_in(self) -> date | None:
        """First month in which membership is over."""
        return next(iter(self.months_with("none")), None)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a plan costs, month by month and in all, and what it does to each group."""

    months: Sequence[MonthCost]
    groups: Sequence[GroupOutcome]

    @property
    def total_idr(self) -> int:
        """The sum of all months."""
        return sum(month.amount_idr for month in self.months)

    @property
    def most_workers(self) -> int:
        """The most who are paid for in one month."""
        return max((month.workers for month in self.months), default=0)


def plan(
    groups: Sequence[Group],
    skipped: Collection[date],
    prices: Mapping[date, int],
    *,
    grace_months: int,
    full_after: int,
) -> Budget:
    """Reckon a plan.

    :param skipped: months in which nobody is paid for; :param prices: of every month of the plan, in its order.
    :param grace_months: unpaid months after which membership ends; :param full_after: consecutive paid months for the
        whole death benefit.
    """
    costs = []
    for month, price in prices.items():
        workers = sum(group.workers for group in groups if _is_paid(group, month, skipped))
        costs.append(MonthCost(month, workers, price, workers * price))
    outcomes = [
        _outcome(group, skipped, prices, grace_months, full_after) for group in groups if group.workers
    ]
    return Budget(costs, outcomes)


def _outcome(
    group: Group, skipped: Collection[date], prices: Mapping[date, int], grace: int, full_after: int
) -> GroupOutcome:
    standings: dict[date, Standing] = {}
    paid = [month for month in prices if _is_paid(group, month, skipped)]
    last: int | None = None
    restarted: date | None = None
    run = 0
    for month in prices:
        number = month_number(month)
        if month in paid:
            if last is not None and number - last - 1 > grace:
                restarted = restarted or month
            run = run + 1 if last is not None and number - last == 1 else 1
            last = number
            standings[month] = "full" if run >= full_after else "starting"
        elif last is None:
            standings[month] = "before"
        else:
            standings[month] = "none" if number - last - 1 > grace else "open"
    amount = sum(group.workers * prices[month] for month in paid)
    return GroupOutcome(group, standings, len(paid), amount, restarted)


def _is_paid(group: Group, month: date, skipped: Collection[date]) -> bool:
    return group.first <= month <= group.last and month not in skipped


def year_of(year: int) -> list[date]:
    """Return the first days of the twelve months of a year."""
    return [first_of(year * 12 + month) for month in range(12)]
