"""The reference that an instruction carries through the bank and back: made once, recognised anywhere.

``SJJ-26-0042-7`` and its first instruction give ``SJJ2600421`` and a check digit. Letters count as two digits
(A = 10), so that one wrong character or two swapped ones never read as another instruction.
"""

import re
import unicodedata

from caseflow.errors import NotPossible
from caseflow.identifiers import check_digit

_SEQUENCES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORD = re.compile(r"[A-Z0-9]+")
_SHAPE = re.compile(r"[A-Z]{3}[0-9]{6,11}[0-9A-Z][0-9]")


def reference_of(case_number: str, sequence: int) -> str:
    """Return the reference of the n-th instruction of a case: at most 16 characters of A-Z and 0-9.

    :param sequence: 1 for the first instruction of the case; at most 35.
    """
    if not 1 <= sequence < len(_SEQUENCES):
        raise NotPossible(
            "Kasus ini sudah punya 35 perintah bayar. Tidak ada yang dibuat; hubungi kepala cabang."
        )
    body = re.sub(r"[^A-Z0-9]", "", case_number.upper())[:-1] + _SEQUENCES[sequence]
    return body + _check(body)


def is_reference(word: str) -> bool:
    """Return whether the word has the shape and the check digit of a reference of ours."""
    return _SHAPE.fullmatch(word) is not None and _check(word[:-1]) == word[-1]


def references_in(text: str) -> list[str]:
    """Return the references in a bank's description, in order, each once."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).upper())
    return list(dict.fromkeys(word for word in words if is_reference(word)))


def _check(body: str) -> str:
    return check_digit("".join(str(_SEQUENCES.index(character)) for character in body))
