"""Who acts. Every verb takes one, keyword-only, as ``by``."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """A person, a family's phone, or the system itself, with the rights it has at this instant.

    :ivar roles: role codes in force, read from the database for this request.
    :ivar branch_code: the branch whose cases a staff member may reach; ``None`` for others.
    :ivar region_codes: nagari (or regency) codes of nagari operators and monitors.
    :ivar casefile_id: the one case that a family's phone may reach.
    """

    kind: Literal["staff", "family", "system"]
    name: str
    roles: frozenset[str]
    person_id: int | None = None
    user_id: int | None = None
    branch_code: str | None = None
    region_codes: frozenset[str] = field(default_factory=frozenset)
    device_id: int | None = None
    casefile_id: int | None = None


SYSTEM = Actor(kind="system", name="Sistem", roles=frozenset({"system"}))
REPORTER = Actor(kind="family", name="Pelapor", roles=frozenset({"family"}))
