"""What a person writes with an action, cleaned and judged by what the workflow file asks for."""

from dataclasses import dataclass

from caseflow.errors import Invalid
from caseflow.workflow.definition import Action

LONGEST_TEXT = 2000  # characters of a reason or a note
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Words:
    """Reason and note of one action; what is blank is absent."""

    reason_code: str | None = None
    reason_text: str | None = None
    note: str | None = None


def checked_words(
    action: Action, *, reason_code: str | None, reason_text: str | None, note: str | None
) -> Words:
    """Clean what was written and return it.

    :raises Invalid: the reason is missing, unknown or not asked for, or a text is too long.
    """
    words = Words(_clean(reason_code), _clean(reason_text), _clean(note))
    problems = {**_problems_of_reason(action, words), **_problems_of_length(words)}
    if problems:
        raise Invalid(problems)
    return words


def _problems_of_reason(action: Action, words: Words) -> dict[str, str]:
    if action.reason == "none":
        given = words.reason_code or words.reason_text
        return {"reason_text": f'"{action.label}" tidak memakai alasan. Pakai catatan.'} if given else {}
    chosen = action.find_reason(words.reason_code)
    if words.reason_code is not None and chosen is None:
        return {"reason_code": "Alasan ini tidak ada dalam daftar. Pilih salah satu."}
    if action.reason == "required" and action.reasons and chosen is None:
        return {"reason_code": "Pilih alasannya."}
    free_text_needed = action.reason == "required" and not action.reasons
    text_needed = chosen.needs_text if chosen is not None else free_text_needed
    if text_needed and len(words.reason_text or "") < SHORTEST_REASON:
        return {"reason_text": f"Tulis alasannya dalam satu kalimat, paling sedikit {SHORTEST_REASON} huruf."}
    return {}


def _problems_of_length(words: Words) -> dict[str, str]:
    texts = {"reason_text": words.reason_text, "note": words.note}
    sentence = f"Terlalu panjang; paling banyak {LONGEST_TEXT} huruf."
    return {name: sentence for name, text in texts.items() if text is not None and len(text) > LONGEST_TEXT}


def _clean(text: str | None) -> str | None:
    # PostgreSQL keeps every character but this one
    return (text or "").replace("\x00", "").strip() or None
