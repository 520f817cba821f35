"""How long a text message is. Pure.

Phones of the old alphabet take 160 characters; one letter outside it, a curly quote, cuts that to 70.
"""

import unicodedata

LONGEST = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes the place of two


def septets(text: str) -> int | None:
    """Return how many of the 160 places a text takes; ``None`` when a letter is not of the GSM alphabet."""
    if not _BASIC.issuperset(set(text) - _EXTENDED):
        return None
    return sum(2 if letter in _EXTENDED else 1 for letter in text)


def plain(text: str) -> str:
    """Return the text in letters that every phone shows: without accents, and ``?`` for what is left."""
    apart = unicodedata.normalize("NFKD", text)
    kept = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if letter in _BASIC or letter in _EXTENDED else "?" for letter in kept)
