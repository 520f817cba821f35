"""What no message to a family may hold, whatever the case: one list, asked of every text in every state."""

import re

LONGEST_SENTENCE = 15
_LINK = re.compile(r"https?:|www\.|wa\.me|\w\.(?:id|com|net|org|co|me)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\bRp|\brupiah\b|\bjuta\b|[0-9]{1,3}(?:\.[0-9]{3})+", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"[0-9]{5,}")
_CASE_NUMBER = re.compile(r"\b[A-Z]{2,4}-[0-9]{2}-[0-9]{4,6}-[0-9]\b")
_PRIVATE = re.compile(
    r"berakhiran|\bNIK\b|nomor rekening|diagnosis|penyakit|sakit|meninggal karena|sebab meninggal",
    re.IGNORECASE,
)


def breaches(text: str) -> list[str]:
    """What is wrong with a message, in words; nothing when it may leave."""
    found = []
    if not _CASE_NUMBER.search(text):
        found.append("no case number")
    bare = _CASE_NUMBER.sub("", text)
    found += [
        name
        for name, rule in (
            ("link", _LINK),
            ("amount", _AMOUNT),
            ("long number", _LONG_NUMBER),
            ("private", _PRIVATE),
        )
        if rule.search(bare)
    ]
    return found


def long_sentences(text: str) -> list[str]:
    """The sentences of more than fifteen words."""
    return [one for one in re.split(r"(?<=[.?!:])\s+", text) if len(one.split()) > LONGEST_SENTENCE]
