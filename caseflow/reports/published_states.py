"""Open cases by state as readers of aggregates may read them: no few, and not how long the oldest waits."""

from collections.abc import Mapping
from types import MappingProxyType

from caseflow.reports.suppression import Cell, suppressed
from caseflow.workflow.queries import StateFigures


def published_states(figures: Mapping[str, StateFigures]) -> tuple[Mapping[str, StateFigures], Cell]:
    """Return the figures of the states of one workflow, and how many cases there are altogether.

    Medians of few would tell of single families; who waits longest is one family always.
    """
    counts = {state: one.count or 0 for state, one in figures.items()}
    cells, _, whole = suppressed({"": counts})
    found = {
        state: StateFigures(None, None, None, cell.words)
        if cell.value is None
        else StateFigures(cell.value, None, figures[state].median_days)
        for state, cell in cells.items()
    }
    return MappingProxyType(found), whole
