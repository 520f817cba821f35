"""Who may do what, read once from ``permissions.yaml``. Nobody may unless the file says so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from caseflow import yaml_strict
from caseflow.errors import CaseflowError, NotPermitted
from caseflow.people.actor import Actor

FILE = Path(__file__).with_name("permissions.yaml")

Mark = Literal["full", "own", "assigned", "masked", "propose"]
Access = Literal["open", "sign_in", "refused"]
MARKS: tuple[Mark, ...] = get_args(Mark)
# levels of a family's phone; 0 asks for nothing
OPEN, UNLOCKED, IN_PERSON = 1, 2, 3
WITHOUT_ACCOUNT = frozenset({"public", "family", "system"})
_NAME = re.compile(r"[a-z_]+\.[a-z_]+")


class PolicyRefused(CaseflowError):
    """``permissions.yaml`` cannot be used; the sentence names the entry and the cure."""


@dataclass(frozen=True)
class Role:
    """A role.

    :ivar family: roles of two families never meet in one person.
    :ivar scope: kind of area a grant names (``branch``, ``nagari``, ``regency``); ``None``: never granted.
    """

    name: str
    label: str
    family: str
    scope: str | None = None


@dataclass(frozen=True)
class Permission:
    """One thing that may be done, and how far each role may do it.

    :ivar level: how much a family's phone has to prove: 0 nothing, 1 open, 2 unlocked (PIN or another code),
        3 never from a phone: in person, to whoever of the staff holds the permission.
    """

    name: str
    about: str
    marks: Mapping[str, Mark]
    level: int = 0


@dataclass(frozen=True)
class Policy:
    """The whole file."""

    roles: Mapping[str, Role]
    permissions: Mapping[str, Permission]

    def permission(self, name: str) -> Permission:
        """Return a permission.

        :raises PolicyRefused: no such permission; a spelling mistake must not open or close a door.
        """
        try:
            return self.permissions[name]
        except KeyError:
            raise PolicyRefused(f"Izin '{name}' tidak ada di permissions.yaml.") from None


@cache
def policy() -> Policy:
    """Return the policy of this installation."""
    return read(FILE)


def mark(actor: Actor | None, name: str) -> Mark | None:
    """Return how far the actor may do this; ``None`` when not at all.

    ``actor=None`` is somebody we do not know. What the public may do, everybody may.
    """
    held = held_marks(actor, name)
    return next((one for one in MARKS if one in held), None)


def held_marks(actor: Actor | None, name: str) -> frozenset[Mark]:
    """Return how far each of the actor's roles goes: what one of them does not reach another may."""
    marks = policy().permission(name).marks
    roles = {*(actor.roles if actor else ()), "public"}
    return frozenset(marks[role] for role in roles if role in marks)


def allows(actor: Actor | None, name: str) -> bool:
    """Return whether the actor may do this at all; how far is :func:`mark`."""
    return mark(actor, name) is not None


def allows_as_self(actor: Actor | None, name: str) -> bool:
    """Return whether one of the actor's own roles is named, not only the public."""
    marks = policy().permission(name).marks
    return actor is not None and not actor.roles.isdisjoint(marks)


def require(actor: Actor | None, name: str) -> None:
    """Refuse an actor who may not do this.

    :raises NotPermitted: with a sentence that says who may.
    """
    if allows(actor, name):
        return
    permission = policy().permission(name)
    labels = [policy().roles[role].label for role in permission.marks if role != "system"]
    raise NotPermitted(
        f"{permission.about}: ini bagian {_either(labels)}. Tidak ada yang berubah. "
        "Bila Anda memerlukannya, minta akses kepada kepala cabang."
    )


def is_public(name: str) -> bool:
    """Return whether a visitor who is not signed in may do this."""
    return "public" in policy().permission(name).marks


def is_for_families_only(name: str) -> bool:
    """Return whether only a family's phone may do this."""
    return set(policy().permission(name).marks) == {"family"}


def only_public(name: str) -> bool:
    """Return whether it makes no difference who is asking."""
    return set(policy().permission(name).marks) == {"public"}


def level_of(name: str) -> int:
    """Return how much a family's phone has to prove for this."""
    return policy().permission(name).level


def expected_access(name: str, role: str, *, unlocked: bool = False) -> Access:
    """Return what a page with this permission must answer to one role (``public``: nobody signed in).

    ``open``: not turned away at the door; ``sign_in``: sent to sign in or to unlock (GET) or 401; ``refused``: 403.

    :param unlocked: of a family's phone: level 2.
    """
    marks, level = policy().permission(name).marks, policy().permission(name).level
    if role == "family" and level > UNLOCKED:
        return "refused"
    if role in marks or "public" in marks:
        return "sign_in" if role == "family" and level == UNLOCKED and not unlocked else "open"
    return "sign_in" if role in WITHOUT_ACCOUNT else "refused"


def families(roles: Iterable[str]) -> frozenset[str]:
    """Return the families of these roles; more than one is a breach of separation (SoD-3)."""
    return frozenset(policy().roles[role].family for role in roles)


def _either(labels: Sequence[str]) -> str:
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} atau {labels[-1]}"


def read(path: Path) -> Policy:
    """Read and check a permission file.

    :raises PolicyRefused: naming the entry that is wrong. :raises YamlRefused: not strict YAML.
    """
    top = _mapping(yaml_strict.load(path), "berkas", {"roles", "permissions"})
    roles: dict[str, Role] = {}
    for entry in _list(top["roles"], "roles"):
        role = _role(entry)
        if role.name in roles:
            raise PolicyRefused(f"permissions.yaml: peran '{role.name}' tertulis dua kali.")
        roles[role.name] = role
    permissions: dict[str, Permission] = {}
    for entry in _list(top["permissions"], "permissions"):
        permission = _permission(entry, roles)
        if permission.name in permissions:
            raise PolicyRefused(f"permissions.yaml: izin '{permission.name}' tertulis dua kali.")
        permissions[permission.name] = permission
    return Policy(roles, permissions)


def _role(entry: object) -> Role:
    fields = _mapping(entry, "peran", {"name", "label", "family"}, {"scope"})
    scope = fields.get("scope")
    if scope is not None and scope not in {"branch", "nagari", "regency"}:
        raise PolicyRefused(
            f"permissions.yaml: wilayah {scope!r} pada peran '{fields['name']}' tidak dikenal."
        )
    return Role(
        name=_text(fields["name"], "name"),
        label=_text(fields["label"], "label"),
        family=_text(fields["family"], "family"),
        scope=_text(scope, "scope") if scope is not None else None,
    )


def _permission(entry: object, roles: Mapping[str, Role]) -> Permission:
    fields = _mapping(entry, "izin", {"name", "about"}, {*MARKS, "level"})
    name = _text(fields["name"], "name")
    if not _NAME.fullmatch(name):
        raise PolicyRefused(f"permissions.yaml: nama izin '{name}' harus seperti 'claim.read'.")
    marks: dict[str, Mark] = {}
    for one in MARKS:
        for role in _list(fields.get(one, []), f"{name}.{one}"):
            if not isinstance(role, str) or role not in roles:
                raise PolicyRefused(
                    f"permissions.yaml: peran {role!r} pada izin '{name}' tidak ada di 'roles'."
                )
            if role in marks:
                raise PolicyRefused(f"permissions.yaml: peran '{role}' tertulis dua kali pada izin '{name}'.")
            marks[role] = one
    if not marks:
        raise PolicyRefused(f"permissions.yaml: izin '{name}' tidak diberikan kepada siapa pun.")
    return Permission(name, _text(fields["about"], f"{name}.about"), marks, _level(fields, name, marks))


def _level(fields: Mapping[str, object], name: str, marks: Mapping[str, Mark]) -> int:
    """Families hold levels 1 and 2; at level 3 staff act for a family that stands before them."""
    level, by_phone = fields.get("level", 0), "family" in marks and "public" not in marks
    if type(level) is not int or level not in range(IN_PERSON + 1):
        raise PolicyRefused(f"permissions.yaml: level {level!r} pada izin '{name}' harus 1, 2, atau 3.")
    if by_phone != (level in {OPEN, UNLOCKED}):
        raise PolicyRefused(
            f"permissions.yaml: izin '{name}' perlu level 1 atau 2 bila dipegang keluarga, dan hanya saat itu."
        )
    return level


def _mapping(
    value: object, what: str, needed: set[str], optional: set[str] | frozenset[str] = frozenset()
) -> dict[str, object]:
    if not isinstance(value, dict):
        raise PolicyRefused(f"permissions.yaml: {what} harus berupa pasangan nama dan isi, bukan {value!r}.")
    named = value.get("name", "")
    for key in value.keys() - needed - optional:
        raise PolicyRefused(f"permissions.yaml: kunci '{key}' pada {what} '{named}' tidak dikenal.")
    for key in sorted(needed - value.keys()):
        raise PolicyRefused(f"permissions.yaml: {what} '{named}' belum punya '{key}'.")
    return value


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise PolicyRefused(f"permissions.yaml: '{what}' harus berupa daftar.")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PolicyRefused(f"permissions.yaml: '{what}' harus berupa teks.")
    return value
