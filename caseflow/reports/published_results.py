"""Which populations of results share sums, and how their rows are grouped where they are published.

Not here: what may be told (``publication``), and what is read from the database (``result_reading``).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from caseflow.monitoring.visit_models import STAGES, USES
from caseflow.reports.coverage_rows import Place
from caseflow.reports.publication import Publication, Tree, publish
from caseflow.reports.result_tables import Way

Kinds = dict[str, int]
Split = Callable[[str, Way], Mapping[str, Kinds]]  # population and way to its rows by kind
PROGRAMS = ("jkm", "jkk", "scholarship")
PAYMENTS = "payments"
DEATHS = "deaths"  # of the first transfers, those after a death and the others
AFTER_A_DEATH = ("death_jkm", "death_jkk")  # kinds of DEATHS: everybody knows that a JKM follows a death
FIRST = ("kept", "late", "unclocked")  # kinds of PAYMENTS: the first transfer of a death or an accident


# kinds whose sum other populations have too: every first transfer is after a death or not, and its family is asked whether
# it came whole; who was asked about a use named it or did not; the families told of at all three visits
_SHARED: Mapping[str, frozenset[str]] = {
    PAYMENTS: frozenset(FIRST),
    DEATHS: frozenset({*AFTER_A_DEATH, "other"}),
    "received": frozenset({"full", "not_yet", "unanswered"}),
    "use_base": frozenset({""}),
    **{f"use::{use}": frozenset({"yes", "no"}) for use in USES},
    **{f"visit::{kind}": frozenset(f"matched:{stage}" for stage in STAGES) for kind in ("m3", "m6", "m12")},
}


def published(population: str, split: Split, places: Sequence[Place]) -> Publication:
    """Return what may be told of a population."""
    ways: dict[str, Tree] = {
        "region": _by_district(split(population, "region"), places),
        "month": _by_year(split(population, "month")),
        "program": {"all": {one: split(population, "program").get(one, {}) for one in PROGRAMS}},
    }
    return publish(ways, shared=_SHARED.get(population, frozenset()))


def _by_district(rows: Mapping[str, Kinds], places: Sequence[Place]) -> Tree:
    tree: dict[str, dict[str, Kinds]] = defaultdict(dict)
    for place in places:
        tree[place.district_code][place.code] = rows.get(place.code, {})
    return tree


def _by_year(rows: Mapping[str, Kinds]) -> Tree:
    """Return months in years; also those in which nothing was, which may be told like others."""
    years = sorted({month[:4] for month in rows})
    months = {year: [f"{year}-{month:02}" for month in range(1, 13)] for year in years}
    return {year: {month: rows.get(month, {}) for month in those} for year, those in months.items()}
