"""Refusals. Each carries the sentence a person reads and the HTTP status a door answers with.

A sentence says what happened, whether anything was saved, and what to do next.
"""

from collections.abc import Mapping, Sequence


class CaseflowError(Exception):
    """Base of every refusal that a person should read."""

    status = 500

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(CaseflowError):
    """The thing does not exist, or not for this person: the answer is the same."""

    status = 404

    def __init__(self, sentence: str = "Halaman atau berkas ini tidak ditemukan.") -> None:
        super().__init__(sentence)


class NotPermitted(CaseflowError):
    """The person is known, the act is not theirs."""

    status = 403

    def __init__(self, sentence: str = "Langkah ini bukan untuk akun ini. Tidak ada yang berubah.") -> None:
        super().__init__(sentence)


class NotPossible(CaseflowError):
    """The act is theirs, but not now: every reason is named.

    :ivar sentences: all reasons, in the order of the rules that gave them.
    """

    status = 409

    def __init__(self, sentences: Sequence[str] | str) -> None:
        self.sentences = [sentences] if isinstance(sentences, str) else list(sentences)
        super().__init__(" ".join(self.sentences))


class Stale(NotPossible):
    """Somebody else changed the thing since the page was read; nothing was saved.

    :ivar done_by: name of who changed it; :ivar what: what they did.
    """

    def __init__(self, sentence: str, *, done_by: str = "", what: str = "") -> None:
        super().__init__(sentence)
        self.done_by = done_by
        self.what = what


class Invalid(CaseflowError):
    """Input that cannot be used.

    :ivar fields: field name → sentence.
    """

    status = 422

    def __init__(self, fields: Mapping[str, str] | str) -> None:
        self.fields = {"": fields} if isinstance(fields, str) else dict(fields)
        super().__init__(" ".join(self.fields.values()))


class TooLarge(CaseflowError):
    """More bytes than allowed."""

    status = 413


class UnsupportedType(CaseflowError):
    """A kind of file that is not accepted."""

    status = 415


class TooMany(CaseflowError):
    """Too many tries.

    :ivar retry_after: seconds until another try is allowed.
    """

    status = 429

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unavailable(CaseflowError):
    """A part of the system does not answer; nothing was saved."""

    status = 503
