"""JSON as a phone sends it, read strictly: what could be read in two ways is refused whole.

Not here: what the words in it mean (``envelope``, ``answers``).
"""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from caseflow.errors import Invalid

_DEEPEST = 12  # of lists and objects within each other
_NOT_JSON = (
    "Kiriman ini rusak di jalan. Belum ada yang tersimpan; yang ada di HP tetap ada. Kirim sekali lagi."
)


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return the object that a body holds: no key twice, nothing endless, nothing that no text can hold.

    :raises Invalid: it is not one.
    """
    try:
        found = json.loads(
            body.decode(), object_pairs_hook=_no_key_twice, parse_constant=_refuse, parse_float=_finite
        )
    except (ValueError, RecursionError):
        raise Invalid(_NOT_JSON) from None
    if not isinstance(found, dict) or not _is_shallow(found):
        raise Invalid(_NOT_JSON)
    return found


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of an object, however its keys were ordered and spaced."""
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same key twice")
    return found


def _refuse(word: str) -> Any:
    raise ValueError(f"not a number: {word}")


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"no such number: {written}")
    return number


def _is_shallow(found: Any) -> bool:
    """Walk without recursion: a body may be nested deeper than we could follow."""
    level = [found]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return True
    return False
