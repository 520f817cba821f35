"""Where the days of all closed cases of a quarter went, by party: medians with their denominators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow import clock
from caseflow.people import policy
from caseflow.reports.bars import days_bar, swatch
from caseflow.reports.days import FEWEST, MOST, Period, closed_between
from caseflow.reports.published_days import closed_for_all
from caseflow.web import here
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires
from caseflow.workflow.definition import PARTY_LABELS

PROGRAMS = {"": "Semua program", "jkm": "JKM", "jkk": "JKK", "scholarship": "Beasiswa"}
_QUARTERS = 8
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Quarter:
    """Three months; ``key`` stands in addresses."""

    key: str
    label: str
    since: date
    until: date


@oversight.get("/")
@requires("days.read")
def days_page() -> ResponseReturnValue:
    """Show the days by party of the cases closed in a quarter."""
    by, today = here.actor(), clock.today()
    masked = policy.mark(by, "days.read") == "masked"
    # of a month that still runs each day would tell readers of aggregates what it adds
    known = [one for one in quarters(today) if not masked or one.since < today.replace(day=1)]
    chosen = next((one for one in known if one.key == request.args.get("triwulan")), known[0])
    asked = request.args.get("program", "")
    program = asked if asked and asked in PROGRAMS else None
    if masked:
        period = closed_for_all(
            here.session(), chosen.since, chosen.until, by=by, program=program, today=today
        )
    else:
        period = closed_between(
            here.session(), chosen.since, chosen.until, by=by, program=program, everywhere=False
        )
    return render_template(
        "oversight/days.html",
        tabs=tabs("oversight.days_page"),
        quarters=known,
        chosen=chosen,
        programs=PROGRAMS,
        program=program or "",
        period=period,
        masked=masked,
        most=MOST,
        fewest=FEWEST,
        labels=PARTY_LABELS,
        swatches={one.party: Markup(swatch(one.party)) for one in period.parties},  # noqa: S704 - drawn by ourselves
        bar=_bar(period),
    )


def _bar(period: Period) -> Markup | None:
    pieces = [(one.party, one.total) for one in period.parties if one.total]
    if not pieces:
        return None
    total = sum(days for _, days in pieces)
    hidden = any(one.total is None for one in period.parties)
    title = (
        f"{'Hari yang ditulis' if hidden else 'Semua hari'} {period.cases} kasus menurut pihak: {total} hari"
    )
    return Markup(days_bar(pieces, title))  # noqa: S704 - drawn by ourselves


def quarters(today: date) -> Sequence[Quarter]:
    """Return the present quarter and those before it."""
    found = []
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    for _ in range(_QUARTERS):
        number = (first.month - 1) // 3
        after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
        found.append(
            Quarter(
                f"{first.year}-{number + 1}",
                f"Triwulan {_ROMAN[number]} {first.year}",
                first,
                after - timedelta(days=1),
            )
        )
        before = first - timedelta(days=1)
        first = date(before.year, 3 * ((before.month - 1) // 3) + 1, 1)
    return found
