"""A statement of benefit ready to be read: the same lines for the family, for officers, and for a phone's own copy.

Nothing is computed here; ``law.statement`` holds what was computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from caseflow.formats import rupiah
from caseflow.law.statement import OUTCOME_LABELS, Line, Statement

_LINE_KEYS = (
    "code", "label", "amount_idr", "formula", "article", "rule_version", "payable_to", "original_idr", "adjustment",
)  # fmt: skip
_NUMBER_KEYS = ("name", "label", "value", "unit", "since", "until", "article")


@dataclass(frozen=True)
class ShownLine:
    """One amount in words.

    :ivar computed: what the law's sum gave, when people agreed on another amount; :ivar reason: why they did.
    """

    label: str
    amount: str
    formula: str
    article: str
    computed: str | None
    reason: str | None


@dataclass(frozen=True)
class ShownStatement:
    """A whole statement; ``notes`` are the sentences that no line tells already."""

    lines: Sequence[ShownLine]
    total_idr: int
    notes: Sequence[str]


def shown_statement(statement: Statement) -> ShownStatement:
    """Return what a page shows of a statement."""
    told = tuple(f"{line.label}: menurut hitungan" for line in statement.lines if line.adjustment)
    return ShownStatement(
        lines=[_shown(line) for line in statement.lines],
        total_idr=statement.total_idr,
        notes=[note for note in statement.notes if not note.startswith(told)] if told else statement.notes,
    )


def document_for_family(statement: Statement) -> dict[str, Any]:
    """Return the stored statement as plain data, without what is for staff: open questions, doubts, remarks."""
    stored = statement.to_document()
    return {
        "program": stored["program"],
        "event_on": stored["event_on"],
        "outcome": stored["outcome"],
        "outcome_label": OUTCOME_LABELS[statement.outcome],
        "total_idr": stored["total_idr"],
        "lines": [
            {key: line[key] for key in _LINE_KEYS if key in line}
            | {
                "inputs": [
                    {"label": label, "value": value, "source": source}
                    for label, value, source in line["inputs"]
                ]
            }
            for line in stored["lines"]
        ],
        "notes": stored["notes"],
        "in_force": [{key: number[key] for key in _NUMBER_KEYS} for number in stored["in_force"]],
    }


def _shown(line: Line) -> ShownLine:
    return ShownLine(
        label=line.label,
        amount=rupiah(line.amount_idr),
        formula=line.formula,
        article=line.article,
        computed=rupiah(line.original_idr) if line.original_idr is not None else None,
        reason=line.adjustment,
    )
