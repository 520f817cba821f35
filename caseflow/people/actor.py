"""Who acts. Every verb takes one, keyword-only, as ``by``."""

from dataclasses import dataclass, field
from typing import Literal

from caseflow.people import relations


@dataclass(frozen=True)
class Actor:
    """A person, a family's phone, or the system itself, with the rights it has at this instant.

    :ivar roles: role codes in force, read from the database for this request.
    :ivar branch_code: the branch whose cases a staff member may reach; ``None`` for others.
    :ivar region_codes: nagari (or regency) codes of nagari operators and monitors.
    :ivar casefile_id: the one case that a family's phone may reach.
    :ivar mandate_id: what allows a helper's phone to act; :ivar helper_relation: of a helper, to the worker.
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
    mandate_id: int | None = None
    helper_relation: str | None = None

    @property
    def is_helper(self) -> bool:
        """Whether this is somebody from outside who acts for a family."""
        return self.helper_relation is not None

    @property
    def signature(self) -> str:
        """Return the name that stands under an act, which always says when a helper did it."""
        if self.helper_relation is None:
            return self.name
        return f"{self.name}, pembantu ({relations.words(self.helper_relation)})"


SYSTEM = Actor(kind="system", name="Sistem", roles=frozenset({"system"}))
REPORTER = Actor(kind="family", name="Pelapor", roles=frozenset({"family"}))
