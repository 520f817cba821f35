"""``docs/permissions.md``, written from ``permissions.yaml``: ``flask write-docs``."""

from pathlib import Path

from caseflow.people.policy import MARKS, Policy, policy

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"

_SIGNS = {"full": "●", "own": "◐", "assigned": "◑", "masked": "◔", "propose": "◇"}
_MEANINGS = {
    "full": "every case of the own area",
    "own": "only what belongs to the person: own case, own nagari, own part of the work "
    "(of those who decide: cases from the moment they wait for approval; of the medical adviser: cases that wait "
    "for a medical opinion)",
    "assigned": "only cases given to the person",
    "masked": "only counts, or names without numbers",
    "propose": "may begin it; a second person completes it",
}

_LEVELS = {
    0: "nothing (no number in the table)",
    1: "it is open: a code of the slip was spent on it, or the report was sent from it",
    2: "it was unlocked in the last 15 minutes, with its PIN or with another code of the slip",
    3: "nothing from a phone counts: the family comes in person, with a card, to staff who hold the permission",
}


def page(of: Policy) -> str:
    """Return the whole page as Markdown."""
    columns = [role for role in of.roles.values() if role.name != "system"]
    lines = [
        "# Permissions",
        "",
        "Written from `caseflow/people/permissions.yaml`; change that file, then run",
        "`flask write-docs`. A test compares the two.",
        "",
        "Every page names one permission (`@requires(…)`); a page without one answers 403. The door asks whether",
        "the role is named at all; *how far* it reaches is asked again where the case is fetched. A case outside",
        "the own area does not exist (404).",
        "",
        *[f"- {_SIGNS[one]} {one}: {_MEANINGS[one]}" for one in MARKS],
        "",
        "## Roles",
        "",
        "Roles of two different families never meet in one person (SoD-3): refused when granted, by the database,",
        "and again at every request.",
        "",
        "| role | label | family | granted for a |",
        "| --- | --- | --- | --- |",
        *[f"| `{r.name}` | {r.label} | {r.family} | {r.scope or '–'} |" for r in of.roles.values()],
        "",
        "## What a family's phone has to prove",
        "",
        *[f"- level {level}: {said}" for level, said in _LEVELS.items()],
        "",
        "## Who may do what",
        "",
        "| permission | | level | " + " | ".join(role.label for role in columns) + " |",
        "| --- | --- | --- | " + " | ".join("---" for _ in columns) + " |",
    ]
    for permission in of.permissions.values():
        signs = [_SIGNS[permission.marks[r.name]] if r.name in permission.marks else "" for r in columns]
        row = [f"`{permission.name}`", permission.about, str(permission.level or ""), *signs]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def write_page(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(policy()), encoding="utf-8")
