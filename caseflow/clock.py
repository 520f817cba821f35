"""The one clock. Instants are UTC; days are days in Sijunjung (WIB, UTC+7, no summer time)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")

_offset = timedelta()


def set_start(start: datetime | None) -> None:
    """Let the clock begin at ``start`` and tick on from there; ``None`` returns to real time.

    For tests and training only: ``CASEFLOW_CLOCK`` sets it when the server starts.
    """
    global _offset
    if start is None:
        _offset = timedelta()
    elif start.tzinfo is None:
        raise ValueError("the clock needs an instant with a time zone, e.g. 2026-11-20T10:00+07:00")
    else:
        _offset = start.astimezone(UTC) - datetime.fromtimestamp(time.time(), UTC)


@contextmanager
def lived_at(start: datetime) -> Iterator[None]:
    """Let what happens inside happen from ``start`` on. For tests and training only, in a process of their own."""
    global _offset
    kept = _offset
    set_start(start)
    try:
        yield
    finally:
        _offset = kept


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC) + _offset


def today() -> date:
    """Return the day it is in Sijunjung."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """Return the instant on the clock of Sijunjung."""
    return instant.astimezone(WIB)
