"""The numbers and the holidays that every test of the law reads: the real files."""

import csv
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from caseflow.law.numbers import NumberBook, load_numbers
from caseflow.workdays import Calendar, Holiday, HolidayKind

SEED = Path(__file__).parents[2] / "caseflow" / "registry" / "seeds" / "holidays.csv"


@pytest.fixture(scope="session")
def book() -> NumberBook:
    return load_numbers()


@pytest.fixture(scope="session")
def holidays() -> list[Holiday]:
    with SEED.open(encoding="utf-8", newline="") as file:
        return [
            Holiday(date.fromisoformat(row["date"]), cast(HolidayKind, row["kind"]), row["name"])
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="session")
def calendar(holidays: list[Holiday]) -> Calendar:
    return Calendar.of(holidays)
