"""Drafts of a number, of the files of law, or of a workflow: read as strictly as the files themselves, never kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from caseflow.claims.cover import numbers
from caseflow.claims.workflows import WORKFLOWS_DIR, book, vocabulary
from caseflow.errors import CaseflowError
from caseflow.law.numbers import NUMBERS_FILE, NumberBook, parse_numbers
from caseflow.law.tables import TABLES_FILE, parse_tables
from caseflow.workflow.definition import Workflow
from caseflow.workflow.loader import WorkflowRefused, parse_workflow

LONGEST = 200_000  # letters of a draft; our own files have a fifth of it
MOST_DAYS = 3660  # of a deadline: nobody waits ten years
LARGEST_NUMBER = 10_000_000_000


@dataclass(frozen=True, slots=True)
class OneNumber:
    """Another value of one number of law, from a day on."""

    name: str
    value: int
    since: date
    article: str


class DraftRefused(CaseflowError):
    """A draft cannot be tried.

    :ivar problems: one sentence for each.
    """

    status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


def numbers_text() -> str:
    """Return the file of numbers as it is now."""
    return NUMBERS_FILE.read_text(encoding="utf-8")


def tables_text() -> str:
    """Return the file of tables as it is now."""
    return TABLES_FILE.read_text(encoding="utf-8")


def workflow_text(name: str) -> str:
    """Return the file of a workflow as it is now; ``name`` is one of :func:`workflow_names`."""
    return (WORKFLOWS_DIR / f"{name}.yaml").read_text(encoding="utf-8")


def workflow_names() -> dict[str, str]:
    """Return the titles of the workflows in use, by name."""
    return {each.name: book().latest(each.name).title for each in book()}


def with_one_number(draft: OneNumber) -> NumberBook:
    """Return the numbers in force with another value for one of them.

    :raises DraftRefused: there is no such number on that day.
    """
    if draft.name not in numbers().periods:
        raise DraftRefused(["Angka ini tidak ada. Pilih dari daftar."])
    try:
        return numbers().with_value(draft.name, draft.value, since=draft.since, article=draft.article)
    except CaseflowError as refusal:
        raise DraftRefused([refusal.sentence]) from refusal


def read_numbers(text: str) -> NumberBook:
    """Read a draft of the file of numbers, with the tables in force.

    :raises DraftRefused: what the strict reader has against it.
    """
    _check_length(text)
    try:
        return parse_numbers(text, tables=numbers().tables)
    except CaseflowError as refusal:
        raise DraftRefused([refusal.sentence]) from refusal


def read_tables(text: str) -> NumberBook:
    """Read a draft of the file of tables, with the numbers in force.

    :raises DraftRefused: what the strict reader has against it.
    """
    _check_length(text)
    try:
        return replace(numbers(), tables=parse_tables(text, sources=numbers().sources))
    except CaseflowError as refusal:
        raise DraftRefused([refusal.sentence]) from refusal


def read_workflow(name: str, text: str) -> Workflow:
    """Read a draft of a workflow file.

    :raises DraftRefused: with everything that the loader has against it.
    """
    _check_length(text)
    try:
        draft = parse_workflow(text, vocabulary(), name=name, others=book())
    except WorkflowRefused as refused:
        raise DraftRefused(refused.problems) from refused
    too_long = [
        f"workflows/{name}.yaml, keadaan {state.name}: lebih dari {MOST_DAYS} hari."
        for state in draft.states.values()
        if max(state.deadline or 0, state.follow_up or 0) > MOST_DAYS
    ]
    if too_long:
        raise DraftRefused(too_long)
    return draft


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise DraftRefused([f"Isinya {len(text)} huruf; paling banyak {LONGEST}."])
