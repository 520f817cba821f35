"""Names of files as people see them. The name under which bytes lie is random and never one of these."""

import re
import unicodedata

_LONGEST = 120
_NOT_A_NAME = re.compile(r"[.\s_-]*|con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


def clean_name(raw: str | None, *, ordinal: int = 1) -> str:
    """Return a name fit to be shown: the last part of a path, no control or direction marks, ≤ 120 characters.

    What leaves nothing to show becomes ``dokumen-<ordinal>``.
    """
    last = re.split(r"[/\\]", raw or "")[-1]
    text = unicodedata.normalize("NFC", last)
    # C*: control, direction marks, surrogates, private use; Zl and Zp: line separators
    shown = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    plain = re.sub(r"[<>:\"|?*;`$]", "", re.sub(r" +", " ", shown)).strip(" .")
    if _NOT_A_NAME.fullmatch(plain.rsplit(".", 1)[0]):
        return f"dokumen-{ordinal}"
    return _shorten(plain)


def _shorten(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 8:
        return name[:_LONGEST].strip()
    return stem[: _LONGEST - len(ending) - 1].strip() + dot + ending
