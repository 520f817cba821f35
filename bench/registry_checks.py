"""What the registry must answer, by statements and loops written for the check alone."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bench.web import Answer
from bench.world import Place
from caseflow.formats import thousands
from caseflow.launch.databases import libpq
from caseflow.registry.ledger import CoverOn

_LINK = re.compile(r'<th scope="row"><span><a href="/nagari/pekerja/([0-9a-z]+)"')
_TAB = re.compile(r'status=aktif[^>]*>Aktif <span class="count[^"]*">(\d+)<')
_GRACE = 3
_NAMED = "SELECT public_id FROM worker WHERE region_code = %s AND full_name ILIKE %s ORDER BY full_name, id"
_ACTIVE = """
SELECT count(*) FROM worker WHERE region_code = %s AND died_on IS NULL AND left_on IS NULL
    AND EXISTS (SELECT FROM cover_month WHERE worker_id = worker.id AND month = '2026-10-01')
"""
_COVERED = """
SELECT count(*) FROM cover_month JOIN worker ON worker.id = worker_id WHERE month = %s
    AND (died_on IS NULL OR died_on >= month) AND (left_on IS NULL OR left_on >= month)
"""


def rows(place: Place, statement: str, values: Sequence[object]) -> list[dict[str, Any]]:
    """Read as nobody in particular."""
    with psycopg.connect(libpq(place.urls.admin), row_factory=dict_row) as connection:
        return connection.execute(statement.encode(), values).fetchall()


def one(place: Place, statement: str, values: Sequence[object]) -> Any:
    """Read one value."""
    return next(iter(rows(place, statement, values)[0].values()))


def wrong_list(
    name: str, place: Place, page: Answer, region: str, part: str = "", page_number: int = 1
) -> list[str]:
    """Whether a page shows the people of a nagari whose name has a part, fifty a page, and counts the active."""
    all_of_them = [row["public_id"] for row in rows(place, _NAMED, [region, f"%{part}%"])]
    expected = all_of_them[(page_number - 1) * 50 : page_number * 50]
    if not expected:
        return [f"{name}: nothing to compare with"]
    problems = [] if _LINK.findall(page.body) == expected else [f"{name}: other people, or another order"]
    active, told = one(place, _ACTIVE, [region]), _TAB.search(page.body)
    if told is None or int(told[1]) != active:
        problems.append(f"{name}: says {told and told[1]} active, there are {active}")
    return problems


def wrong_coverage(place: Place, page: Answer, month: date) -> list[str]:
    """Whether the page says how many were covered in a month."""
    covered = thousands(one(place, _COVERED, [month]))
    return (
        []
        if covered in page.body
        else [f"coverage: {covered} are covered in {month}, the page does not say so"]
    )


def wrong_answer(place: Place, worker_id: int, day: date, answer: CoverOn) -> list[str]:
    """Whether the answer for a day follows from the paid months, read one by one."""
    paid = [
        row
        for row in rows(
            place, "SELECT * FROM cover_month WHERE worker_id = %s ORDER BY month DESC", [worker_id]
        )
        if row["month"] <= day and row["paid_on"] <= day
    ]
    run = 0
    while run < len(paid) and _nth(paid[run]["month"]) == _nth(paid[0]["month"]) - run:
        run += 1
    behind = _nth(day) - _nth(paid[0]["month"]) if paid else None
    covered = "no" if behind is None or behind > _GRACE + 1 else "yes" if behind == 0 else "officer_decides"
    proof = (
        (paid[0]["funding_source"], paid[0]["paid_on"], paid[0]["receipt_number"]) if paid else (None,) * 3
    )
    expected = (covered, run, *proof)
    said = (
        answer.covered,
        answer.consecutive_months,
        answer.funding_source,
        answer.paid_on,
        answer.receipt_number,
    )
    return [] if said == expected else [f"worker {worker_id}: {said}, but the months say {expected}"]


def _nth(day: date) -> int:
    return day.year * 12 + day.month
