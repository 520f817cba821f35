"""Open cases by state for readers of aggregates."""

from caseflow.reports.published_states import published_states
from caseflow.workflow.queries import StateFigures


def test_few_are_hidden_with_another_and_nobody_waits_longest() -> None:
    """Three alone would come out of the sum; the oldest is one family, and so is a median of few."""
    figures = {"verifying": StateFigures(3, 90, 12), "paid": StateFigures(9, 40, 5), "sent": StateFigures(20, 7, 2)}  # fmt: skip
    told, whole = published_states(figures)
    assert {state: one.words for state, one in told.items()} == {
        "verifying": "<5",
        "paid": "disamarkan",
        "sent": "20",
    }
    assert whole.value == 32
    assert all(one.oldest_days is None for one in told.values())
    assert (told["verifying"].median_days, told["paid"].median_days, told["sent"].median_days) == (None, None, 2)  # fmt: skip


def test_of_few_altogether_nothing_is_told() -> None:
    """Not even the sum."""
    told, whole = published_states({"verifying": StateFigures(2, 9, 4)})
    assert (told["verifying"].words, whole.words) == ("<5", "disamarkan")
    assert published_states({})[1].value == 0
