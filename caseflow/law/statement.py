"""The outcome of one assessment, line by line, in a form that can be stored, compared and signed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, Self

from caseflow.errors import NotPossible
from caseflow.law.numbers import Certainty, Number

Outcome = Literal["full", "funeral_only", "payable", "not_payable"]
"""``full`` and ``funeral_only`` are JKM's; JKK and scholarship are ``payable`` or not."""

PayableTo = Literal["heirs", "burial_arranger", "participant", "child"]

OUTCOME_LABELS: Mapping[Outcome, str] = {
    "full": "manfaat penuh",
    "funeral_only": "hanya biaya pemakaman",
    "payable": "dapat dibayarkan",
    "not_payable": "tidak dapat dibayarkan",
}

_SCHEMA = 2
_LINE_KEYS_SINCE_2 = ("original_idr", "adjustment")


class MissingInput(NotPossible):
    """A fact that the law asks for is not known; it is named, and no default is taken.

    :ivar names: what is missing, as an officer would call it.
    """

    def __init__(self, names: Sequence[str], sentence: str | None = None) -> None:
        self.names = tuple(names)
        super().__init__(sentence or f"Perhitungan belum dibuat. Yang belum ada: {'; '.join(self.names)}.")


class Input(NamedTuple):
    """One fact that went into a line: what it is, its value as text, and where it comes from."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One amount, with everything needed to do the sum again by hand.

    :ivar amount_idr: rupiah, never negative.
    :ivar formula: the sum in Indonesian words.
    :ivar rule_version: names of the numbers used, the day each began, and the version of their file.
    :ivar payable_to: the heirs, whoever arranged the burial when there is no heir, the worker, or the child.
    :ivar original_idr: what the law's sum gave, when people agreed on another amount; else ``None``.
    :ivar adjustment: the reason for the other amount, as the family may read it.
    """

    code: str
    label: str
    amount_idr: int
    formula: str
    inputs: tuple[Input, ...]
    article: str
    certainty: Certainty
    rule_version: str
    payable_to: PayableTo = "heirs"
    original_idr: int | None = None
    adjustment: str | None = None

    def __post_init__(self) -> None:
        if self.amount_idr < 0:
            raise ValueError(f"{self.code}: an amount cannot be negative ({self.amount_idr})")
        if (self.original_idr is None) != (self.adjustment is None):
            raise ValueError(f"{self.code}: an adjusted line keeps both its first amount and the reason")


@dataclass(frozen=True, slots=True)
class Statement:
    """What is payable for one event, and why.

    :ivar event_on: the day that selects the numbers (death, accident or diagnosis).
    :ivar total_idr: rupiah still to be paid; always the sum of ``lines``.
    :ivar in_force: every number of law that took part, by name.
    :ivar notes: sentences without names of persons, fit for the family's page and the letter; the first gives the
        reason of the outcome.
    :ivar open_questions: what the law leaves open here and what the officer decided; for staff.
    :ivar schema: form of the stored document; one read from an older form is written in that form again, so that its
        digest stays what was approved.
    """

    program: str
    event_on: date
    outcome: Outcome
    lines: tuple[Line, ...]
    total_idr: int
    in_force: tuple[Number, ...]
    notes: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    schema: int = _SCHEMA

    def __post_init__(self) -> None:
        if self.total_idr != sum(line.amount_idr for line in self.lines):
            raise ValueError(f"total {self.total_idr} is not the sum of the lines")
        if len({line.code for line in self.lines}) != len(self.lines):
            raise ValueError("a line occurs twice")
        if (self.outcome == "not_payable") != (self.total_idr == 0):
            raise ValueError("not payable, yet an amount; or payable, yet none")

    def to_document(self) -> dict[str, Any]:
        """Return plain data (text, integers, lists) that JSON and the database can hold."""
        plain = asdict(self) | {"event_on": self.event_on.isoformat()}
        plain["lines"] = [_line_document(line, self.schema) for line in self.lines]
        plain["in_force"] = [_number_document(number) for number in self.in_force]
        plain["notes"], plain["open_questions"] = list(self.notes), list(self.open_questions)
        return plain

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild a stored statement.

        :raises ValueError: the document was not written by :meth:`to_document` of this schema or the one before.
        """
        if document.get("schema") not in (1, _SCHEMA):
            raise ValueError(f"statement schema {document.get('schema')!r} is neither 1 nor {_SCHEMA}")
        try:
            return cls(
                program=document["program"],
                event_on=date.fromisoformat(document["event_on"]),
                outcome=document["outcome"],
                lines=tuple(
                    Line(**{**line, "inputs": tuple(Input(*item) for item in line["inputs"])})
                    for line in document["lines"]
                ),
                total_idr=document["total_idr"],
                in_force=tuple(_number(number) for number in document["in_force"]),
                notes=tuple(document["notes"]),
                open_questions=tuple(document["open_questions"]),
                schema=document["schema"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a statement: {error}") from error

    def canonical_bytes(self) -> bytes:
        """Return the one byte form of this statement: sorted keys, no spaces, UTF-8."""
        return json.dumps(
            self.to_document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()

    def digest(self) -> str:
        """Return the SHA-256 of :meth:`canonical_bytes`, in hexadecimal: what an approval is bound to."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()


def _line_document(line: Line, schema: int) -> dict[str, Any]:
    plain = asdict(line) | {"inputs": [list(item) for item in line.inputs]}
    if schema == 1:
        for key in _LINE_KEYS_SINCE_2:
            del plain[key]
    return plain


def _number_document(number: Number) -> dict[str, Any]:
    until = number.until.isoformat() if number.until else None
    return asdict(number) | {"since": number.since.isoformat(), "until": until, "source": list(number.source)}


def _number(document: Mapping[str, Any]) -> Number:
    until = document["until"]
    dates = {
        "since": date.fromisoformat(document["since"]),
        "until": date.fromisoformat(until) if until else None,
    }
    return Number(**{**document, **dates, "source": tuple(document["source"])})
