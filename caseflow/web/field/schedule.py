"""The visitor's day and schedule: what is late, this week, this month, later; grouped by jorong, so that a way is made once."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock, formats
from caseflow.monitoring import family_list, lists
from caseflow.monitoring.lists import DueVisit
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.field import field
from caseflow.web.security import requires


@dataclass(frozen=True)
class Section:
    """Visits under one heading, by place."""

    key: str
    title: str
    places: Sequence[tuple[str, Sequence[DueVisit]]]

    @property
    def count(self) -> int:
        """How many visits."""
        return sum(len(rows) for _, rows in self.places)


@field.get("/")
@requires("visit.plan")
def today() -> ResponseReturnValue:
    """S1: what is to do now."""
    day = clock.today()
    month_end = day.replace(day=monthrange(day.year, day.month)[1])
    week_end = day + timedelta(days=6 - day.weekday())
    found = lists.due_visits(here.session(), by=here.actor(), until=max(month_end, week_end))
    shown = found[: lists.PAGE]
    sections = [
        _section("lewat", "Lewat waktu", [one for one in shown if one.due_on < day]),
        _section("minggu", "Minggu ini", [one for one in shown if day <= one.due_on <= week_end]),
        _section("bulan", "Bulan ini", [one for one in shown if one.due_on > week_end]),
    ]
    stopped, stopped_total = family_list.stopped(here.session(), by=here.actor(), now=here.now())
    return render_template(
        "field/today.html",
        sections=[one for one in sections if one.count],
        more=len(found) > lists.PAGE,
        stopped=stopped,
        stopped_total=stopped_total,
        names_visitor=_is_supervisor(),
        today=day,
    )


@field.get("/jadwal")
@requires("visit.plan")
def calendar_page() -> ResponseReturnValue:
    """S4: every visit to come, month by month, each month by place."""
    after = request.args.get("setelah", "")[:40] or None
    found = lists.due_visits(here.session(), by=here.actor(), after=after)
    more = len(found) > lists.PAGE
    months = groupby(found[: lists.PAGE], key=lambda one: one.due_on.replace(day=1))
    return render_template(
        "field/schedule.html",
        sections=[
            _section(f"{month:%Y-%m}", formats.month_year(month), list(rows)) for month, rows in months
        ],
        first_page=after is None,
        next_href=url_for("field.calendar_page", setelah=found[lists.PAGE - 1].public_id) if more else None,
        names_visitor=_is_supervisor(),
        today=clock.today(),
    )


def _section(key: str, title: str, rows: Sequence[DueVisit]) -> Section:
    """Places in the order of their first day: one way for all visits of a jorong."""
    by_place: dict[str, list[DueVisit]] = {}
    for one in rows:
        place = f"{one.jorong}, {one.nagari}" if one.jorong else one.nagari
        by_place.setdefault(place, []).append(one)
    return Section(key, title, list(by_place.items()))


def _is_supervisor() -> bool:
    return policy.mark(here.actor(), "visit.plan") == "full"
