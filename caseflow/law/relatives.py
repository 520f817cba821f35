"""The people around the worker who died, as papers show them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Relation = Literal[
    "widow",
    "widower",
    "child",
    "adopted_child",
    "parent",
    "grandparent",
    "grandchild",
    "sibling",
    "parent_in_law",
    "appointee",
    "child_in_law",
    "mamak",
    "kemenakan",
    "other",
]

RELATION_LABELS: Mapping[Relation, str] = MappingProxyType(
    {
        "widow": "istri",
        "widower": "suami",
        "child": "anak",
        "adopted_child": "anak angkat",
        "parent": "orang tua",
        "grandparent": "kakek/nenek",
        "grandchild": "cucu",
        "sibling": "saudara kandung",
        "parent_in_law": "mertua",
        "appointee": "orang yang ditunjuk dalam wasiat",
        "child_in_law": "menantu",
        "mamak": "mamak",
        "kemenakan": "kemenakan",
        "other": "kerabat lain",
    }
)


SPOUSES: frozenset[Relation] = frozenset({"widow", "widower"})
CHILDREN: frozenset[Relation] = frozenset({"child", "adopted_child"})


@dataclass(frozen=True, slots=True)
class Relative:
    """One person around the worker, as recorded from papers.

    :ivar ref: stable key of the person in the case.
    :ivar relation: to the worker who died.
    :ivar alive: ``None`` when nobody has established it.
    :ivar died_on: day of the relative's own death, if dead.
    :ivar documented: whether the paper that makes the relation was seen: marriage book or family card (spouse), court
        ruling (adopted child), notarial deed (appointee in a will); ``None`` when not yet looked at.
    :ivar other_parent_ref: for a child, the recorded person who is the child's other parent.
    """

    ref: str
    name: str
    relation: Relation
    alive: bool | None
    born_on: date | None = None
    died_on: date | None = None
    documented: bool | None = None
    other_parent_ref: str | None = None


def living(people: Iterable[Relative], relations: Collection[Relation]) -> list[Relative]:
    """Return those known to be alive who stand in one of the relations, in the order given."""
    return [person for person in people if person.alive is True and person.relation in relations]


def is_minor(born_on: date, on: date, minor_age: int) -> bool:
    """Tell whether somebody is younger than ``minor_age`` years on that day; born on 29 February, older on 1 March."""
    return age_on(born_on, on) < minor_age


def age_on(born_on: date, on: date) -> int:
    """Return completed years of age on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
