"""One row of a list with what was found in it, on its way into the table and back out of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from caseflow import sealing
from caseflow.registry.row_checks import CheckedRow, Problem
from caseflow.registry.sheet_reading import Cell, SheetRow

_DAYS = ("tanggal_lahir", "tanggal_daftar", "tanggal_meninggal")


@dataclass(slots=True)
class Found:
    """A row with what was found."""

    row: SheetRow
    cells: Mapping[str, Cell]
    checked: CheckedRow
    same: bool = False
    nominee_id: int | None = None
    worker_id: int | None = None

    @property
    def nik(self) -> str | None:
        """The number of the person, where it could be read."""
        return cast(str | None, self.checked.values.get("nik"))

    @property
    def verdict(self) -> str:
        """What will become of the row."""
        if self.same:
            return "same"
        if self.checked.has_errors:
            return "error"
        return "warning" if self.checked.problems else "ready"

    def refuse(self, column: str, what: str, cure: str) -> None:
        """Add an error."""
        self.checked.problems.append(Problem(column, what, cure))

    def columns(self, import_file_id: int) -> dict[str, Any]:
        """Return the row of the table."""
        content = {
            "cells": {name: [cell.text, cell.kind] for name, cell in self.cells.items()},
            "values": {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in self.checked.values.items()
            },
        }
        return {
            "import_file_id": import_file_id,
            "line": self.row.line,
            "verdict": self.verdict,
            "content": json.dumps(content),
            "problems": [asdict(problem) for problem in self.checked.problems],
            "national_id_index": None if self.nik is None else sealing.blind(self.nik),
            "nominee_id": self.nominee_id,
            "worker_id": self.worker_id,
        }


def written(content: str) -> dict[str, str]:
    """Return column → what stands in the file."""
    return {name: cell[0] for name, cell in json.loads(content)["cells"].items()}


def values(content: str) -> dict[str, Any]:
    """Return column → value as read, for what could be read."""
    found: dict[str, Any] = json.loads(content)["values"]
    for name in _DAYS:
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    return found
