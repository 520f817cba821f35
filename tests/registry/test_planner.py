"""What a plan costs to the rupiah, and that its gaps do to people what the law says they do."""

import calendar
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow.law.cover import PaidMonth, assess_cover
from caseflow.law.ledger import first_of
from caseflow.registry.ledger import numbers
from caseflow.registry.planner import Budget, Group, Standing, plan, year_of

_YEAR = 2027 * 12
_months = st.integers(_YEAR, _YEAR + 11).map(first_of)
_groups = st.lists(
    st.builds(lambda n, a, b: Group(n, min(a, b), max(a, b)), st.integers(0, 5000), _months, _months),
    max_size=4,
)
_skips = st.sets(_months, max_size=12)
_MEANS: dict[str, set[Standing]] = {
    "yes": {"full", "starting"},
    "officer_decides": {"open"},
    "no": {"none", "before"},
}


def reckoned(groups: list[Group], skipped: set[date] | None = None, price: int = 16_800) -> Budget:
    """Reckon a plan for 2027 at one price, by the rules in force."""
    return plan(groups, skipped or set(), dict.fromkeys(year_of(2027), price), grace_months=3, full_after=3)


@pytest.mark.parametrize(
    ("workers", "last", "total"),
    [
        (2_829, date(2027, 12, 1), 570_326_400),  # the budget document that proves the rate
        (3_360, date(2027, 5, 1), 282_240_000),  # five months of DBH sawit
        (62, date(2027, 1, 1), 1_041_600),
    ],
)
def test_known_sums(workers: int, last: date, total: int) -> None:
    assert reckoned([Group(workers, date(2027, 1, 1), last)]).total_idr == total


@given(groups=_groups, skipped=_skips, price=st.integers(1, 50_000))
def test_the_months_and_the_groups_add_up_to_the_same(
    groups: list[Group], skipped: set[date], price: int
) -> None:
    budget = reckoned(groups, skipped, price)
    assert budget.total_idr == sum(one.amount_idr for one in budget.groups)
    assert budget.total_idr == sum(one.workers * price for one in budget.months)
    assert all(one.workers == 0 for one in budget.months if one.month in skipped)


@given(groups=_groups, skipped=_skips, month=_months)
def test_leaving_a_month_out_never_costs_more(groups: list[Group], skipped: set[date], month: date) -> None:
    assert reckoned(groups, {*skipped, month}).total_idr <= reckoned(groups, skipped).total_idr


@settings(max_examples=120, deadline=None)
@given(first=_months, skipped=_skips)
def test_every_month_stands_as_the_law_reads_it(first: date, skipped: set[date]) -> None:
    """As if each planned month were paid on its first day, and somebody died on its last."""
    group = Group(1, first, date(2027, 12, 1))
    outcome = reckoned([group], skipped).groups[0]
    ledger = [
        PaidMonth(month, month, "apb_nagari")
        for month in year_of(2027)
        if month >= first and month not in skipped
    ]
    for month, standing in outcome.months.items():
        last_day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        said = assess_cover(ledger, registered_on=first, died_on=last_day, book=numbers())
        assert standing in _MEANS[said.active], (month, said.active_sentence)
        if standing in {"full", "starting"}:
            by_months = next(count for count in said.counts if count.code == "months")
            assert (standing == "full") == by_months.met


def test_five_months_bought_and_nothing_after() -> None:
    """Solok Selatan: paid January to May. From June the law is silent, from October membership is over."""
    outcome = reckoned([Group(3_360, date(2027, 1, 1), date(2027, 5, 1))]).groups[0]
    assert list(outcome.months.values()) == ["starting"] * 2 + ["full"] * 3 + ["open"] * 4 + ["none"] * 3
    assert outcome.months_with("open") == tuple(date(2027, month, 1) for month in (6, 7, 8, 9))
    assert (outcome.lost_in, outcome.restarted_in) == (date(2027, 10, 1), None)


def test_a_short_gap_loses_nobody_and_a_long_one_begins_anew() -> None:
    group = Group(10, date(2027, 1, 1), date(2027, 12, 1))
    short = reckoned([group], {date(2027, month, 1) for month in (4, 5, 6)}).groups[0]
    assert (short.lost_in, short.restarted_in) == (None, None)
    assert short.months[date(2027, 7, 1)] == "starting"  # the run broke, so three months are counted again
    long = reckoned([group], {date(2027, month, 1) for month in (4, 5, 6, 7)}).groups[0]
    assert long.months[date(2027, 7, 1)] == "open"
    assert (long.lost_in, long.restarted_in) == (None, date(2027, 8, 1))
    longer = reckoned([group], {date(2027, month, 1) for month in (4, 5, 6, 7, 8)}).groups[0]
    assert (longer.lost_in, longer.restarted_in) == (date(2027, 8, 1), date(2027, 9, 1))


def test_nobody_costs_nothing() -> None:
    budget = reckoned([Group(0, date(2027, 1, 1), date(2027, 12, 1))])
    assert (budget.total_idr, budget.groups, budget.most_workers) == (0, [], 0)
