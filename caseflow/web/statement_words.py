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


# what an amount is for, in one line; the beginning of the line's code says which
_MEANS = {
    "death_grant": "Bantuan uang untuk keluarga, diberikan satu kali.",
    "periodic_benefit": "Bantuan bulanan, seluruhnya dibayar sekaligus.",
    "funeral_cost": "Untuk biaya pemakaman.",
    "total_disability": "Karena tidak dapat bekerja lagi.",
    "disability_": "Karena ada bagian tubuh yang tidak pulih.",
    "stmb_": "Pengganti penghasilan selama belum mampu bekerja.",
    "transport_": "Pengganti ongkos ke tempat berobat.",
    "treatment": "Pengganti biaya berobat yang sudah dikeluarkan.",
    "diagnostics": "Pengganti biaya pemeriksaan penyakit.",
    "home_care": "Pengganti biaya perawatan di rumah.",
    "prosthesis": "Untuk alat pengganti anggota tubuh.",
    "orthosis": "Untuk alat bantu anggota tubuh.",
    "denture": "Untuk gigi tiruan.",
    "hearing_aid": "Untuk alat bantu dengar.",
    "glasses": "Untuk kacamata.",
    "late_compensation": "Tambahan karena pembayaran terlambat.",
}


@dataclass(frozen=True)
class ShownLine:
    """One amount in words.

    :ivar means: what it is for, in one line; empty where the label says it all.
    :ivar computed: what the law's sum gave, when people agreed on another amount; :ivar reason: why they did.
    """

    label: str
    amount: str
    formula: str
    article: str
    computed: str | None
    reason: str | None
    means: str = ""


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
        means=next((words for code, words in _MEANS.items() if line.code.startswith(code)), ""),
    )
