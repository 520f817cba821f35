"""What travels, and what is known of it afterwards."""

from dataclasses import dataclass
from typing import Literal

# sent: taken over; again: surely not taken, try later; refused: never; unknown: nobody can say, so never again
Became = Literal["sent", "again", "refused", "unknown"]


@dataclass(frozen=True)
class Letter:
    """One message to one number. ``key`` is the same at every try of the same message."""

    key: str
    channel: str
    address: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of a message.

    :ivar reason: in words for officers, without number, name or text; :ivar reference: the other side's own number.
    """

    became: Became
    reason: str = ""
    reference: str | None = None
