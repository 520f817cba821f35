"""caseflow: from the first report of a death or work accident to money in the family's own account."""

from importlib import import_module
from typing import Any


def create_app() -> Any:
    """Build the application for ``flask --app caseflow``.

    Imported by name and late: the package itself stands below every room and needs no Flask.
    """
    return import_module("caseflow.app").create_app()
