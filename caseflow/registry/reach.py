"""Whose people somebody may see in the registry: their own nagari, their regency, or all of the branch.

Every fetcher of the registry asks here. What lies outside is answered like what does not exist.
Not here: cases, whose reach is the branch's (claims).
"""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from caseflow.errors import NotFound
from caseflow.people import policy
from caseflow.people.actor import Actor


def regions(by: Actor, permission: str) -> frozenset[str] | None:
    """Return the codes under which somebody may do this; ``None``: everywhere. Regency scopes hold their nagari.

    :raises NotPermitted: they may not at all.
    """
    policy.require(by, permission)
    if by.kind == "system" or (policy.mark(by, permission) == "full" and not by.region_codes):
        return None
    return by.region_codes


def within(column: InstrumentedAttribute[Any], by: Actor, permission: str) -> ColumnElement[bool]:
    """Return the condition that a nagari lies in somebody's reach."""
    codes = regions(by, permission)
    if codes is None:
        return true()
    # a nagari's own code, or a whole kecamatan or regency by the beginning of the code
    parts = [or_(column == code, column.startswith(f"{code}.", autoescape=True)) for code in sorted(codes)]
    return or_(*parts) if parts else false()


def require(region_code: str, by: Actor, permission: str) -> None:
    """Refuse a nagari that is out of reach, as if it were not there.

    :raises NotPermitted: they may not at all. :raises NotFound: not there.
    """
    codes = regions(by, permission)
    if codes is not None and not any(
        region_code == code or region_code.startswith(f"{code}.") for code in codes
    ):
        raise NotFound("Data ini tidak ditemukan.")
