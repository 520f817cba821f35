"""``python -m bench``: measure and print. Ends with 1 when an answer was wrong or a goal is not reached."""

import argparse
import sys
import time

from bench import (
    exports,
    family,
    imports,
    letters,
    lists,
    moves,
    phones,
    plans,
    registry,
    results,
    start,
    sync,
    uploads,
)
from bench.result import BELOW, WRONG, Row, table
from bench.world import World, world

_THEMES = (
    "plans", "lists", "moves", "uploads", "phones", "family", "letters", "imports", "exports", "sync", "results", "start", "registry",
)  # fmt: skip


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure caseflow against its limits."
    )
    parser.add_argument("--cases", type=int, default=20_000, help="size of the population (default 20000)")
    parser.add_argument("--open", type=int, default=2_500, help="open cases in each of four branches")
    parser.add_argument("--workers", type=int, default=50_000, help="workers in the registry (default 50000)")
    parser.add_argument("--only", choices=_THEMES, action="append", help="one theme; may be repeated")
    parser.add_argument("--explain", action="store_true", help="print whole plans")
    asked = parser.parse_args()
    begun = time.monotonic()
    rows: list[Row] = []
    with world(asked.cases, asked.open) as built:
        for theme in asked.only or _THEMES:
            print(f"{theme} …", flush=True)
            rows += measured(built, theme, workers=asked.workers, explain=asked.explain)
    print(table(rows))
    print(f"{time.monotonic() - begun:.0f} s in all, {asked.cases} cases, {asked.workers} workers")
    return 1 if any(row.verdict in {WRONG, BELOW} for row in rows) else 0


def measured(built: World, theme: str, *, workers: int, explain: bool = False) -> list[Row]:
    """Measure one theme. Lists come before moves, which change them."""
    if theme == "plans":
        return plans.measure(built, show=explain)
    if theme == "registry":
        return registry.measure(built, workers, show=explain)
    measures = {
        "lists": lists.measure,
        "moves": moves.measure,
        "uploads": uploads.measure,
        "letters": letters.measure,
        "imports": imports.measure,
        "exports": exports.measure,
        "phones": phones.measure,
        "results": results.measure,
        "sync": sync.measure,
        "start": start.measure,
        "family": family.measure,
    }
    return measures[theme](built)


if __name__ == "__main__":
    sys.exit(main())
