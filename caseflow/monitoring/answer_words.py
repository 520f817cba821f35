"""Answers in words, for whoever compares, reads or prints them."""

from datetime import date
from typing import Any

from caseflow import formats
from caseflow.monitoring.questions import RELATIONS, choice_label

_LISTED = ("needs",)
_CHOSEN = ("livelihood_stage", "livelihood_type", "income_band", "household_change")
_EMPTY = "(dikosongkan)"


def in_words(field: str, value: Any) -> str:
    """Return an answer as people read it; nothing written reads as emptied."""
    if value is None or value in ("", [], {}):
        return _EMPTY
    if field in _CHOSEN:
        return choice_label(field, value)
    if field in _LISTED:
        return ", ".join(choice_label(field, one) for one in value)
    if field == "uses":
        return ", ".join(f"{choice_label(field, use)} ({beans} butir)" for use, beans in value.items())
    if field == "respondents":
        return ", ".join(f"{one['name']} ({RELATIONS[one['relation']].lower()})" for one in value)
    if field == "schooling":
        return "; ".join(_child(one) for one in value)
    if field == "levy_reported":
        return "Ya" if value else "Tidak"
    if field == "next_due":
        return formats.long_date(date.fromisoformat(value))
    return formats.phone(value) if field == "contact_phone" else str(value)


def _child(told: dict[str, Any]) -> str:
    reason = f" ({told['reason']})" if told["reason"] else ""
    return f"{told['first_name']}: {'bersekolah' if told['attends'] else 'tidak bersekolah'}{reason}"
