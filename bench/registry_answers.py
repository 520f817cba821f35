"""Rows W1 and W2: was somebody covered on a day, by whom, for how many months without a gap."""

import random
import time
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import registry_checks as checks
from bench.clocks import backends, cpu_clock
from bench.result import Row, interleaved
from bench.world import Place
from caseflow.registry import ledger

DAY = date(2026, 10, 15)  # the dues of its month have come in
_BARE = text(
    "SELECT paid_on, funding_source, receipt_number FROM cover_month WHERE worker_id = :worker_id AND month = :month"
)
_PRACTICE = 100  # workers of the practice data have smaller ids
_ASKED = 200
_ROUNDS = 25


def answers(large: Place, small: Place, against: str) -> list[Row]:
    """Rows W1 and W2: was somebody covered on a day, by whom, for how many months without a gap."""
    here, there = _Asker(large), _Asker(small)
    wrong = here.wrong() + there.wrong()
    databases = (large.name, small.name)
    clock_ns = cpu_clock(backends(large.urls.admin, *databases), own=True)
    bare = interleaved(here.ask, here.bare, clock_ns, rounds=_ROUNDS)
    grown = interleaved(here.ask, there.ask, clock_ns, rounds=_ROUNDS)
    wall = interleaved(here.ask, here.bare, time.perf_counter_ns, rounds=_ROUNDS)
    notes = [
        bare.say("answer", "one month by its key"),
        f"wall {wall.say('answer', 'key')}",
        f"{_ASKED} answers checked in each",
    ]
    here.session.close()
    there.session.close()
    return [
        Row("W1", "covered on a day", "one month of one worker by its key", bare.ratio, 4, 2, high=False, unit=" ×",
            notes=notes, wrong=wrong),
        Row("W2", "covered on a day, flat", against, grown.ratio, 1.10, 1.03, high=False, unit=" ×",
            notes=[grown.say("large", "small")], wrong=wrong),
    ]  # fmt: skip


class _Asker:
    """Somebody who asks about one worker after another, taken from all over the registry."""

    def __init__(self, place: Place) -> None:
        self._place = place
        last = checks.one(place, "SELECT max(id) FROM worker", [])
        self._ids = random.Random(5).sample(range(_PRACTICE, last + 1), _ASKED)
        self._turn = 0
        self.session = Session(place.engine)

    def ask(self) -> None:
        """Ask as every page and verb does."""
        ledger.cover_on(self.session, self._next(), DAY)
        self.session.rollback()

    def bare(self) -> None:
        """The least that a question to the database costs."""
        self.session.execute(_BARE, {"worker_id": self._next(), "month": DAY.replace(day=1)}).one_or_none()
        self.session.rollback()

    def wrong(self) -> list[str]:
        """Compare every answer with the months."""
        return [
            problem
            for worker_id in self._ids
            for problem in checks.wrong_answer(
                self._place, worker_id, DAY, ledger.cover_on(self.session, worker_id, DAY)
            )
        ]

    def _next(self) -> int:
        self._turn += 1
        return self._ids[self._turn % _ASKED]
