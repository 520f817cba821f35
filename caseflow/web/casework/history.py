"""What happened to a case: its moves, newest first, and beside them the small acts and looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue

from caseflow.audit.models import AuditEvent
from caseflow.claims import queries
from caseflow.claims.models import Claim
from caseflow.web import here
from caseflow.web.casework import casework, moves, reads, words
from caseflow.web.casework.frame import fetch, render
from caseflow.web.security import requires
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.models import History

# name in addresses, label
_FILTERS = (
    ("semua", "Semua"),
    ("perubahan", "Perubahan"),
    ("dibuka", "Dibuka atau dilihat"),
    ("keluarga", "Keluarga"),
)


@dataclass(frozen=True)
class Happened:
    """One move in words."""

    title: str
    by: str
    kind: str
    at: datetime
    body: str
    state: str
    days: int


@casework.get("/kasus/<number>/riwayat")
@requires("history.read")
def history_page(number: str) -> ResponseReturnValue:
    """Show moves, duties and small acts."""
    claim = fetch(number)
    rows = queries.timeline(here.session(), claim.id)
    chosen = request.args.get("saring", "semua")
    acts = queries.acts(here.session(), claim.id)
    return render(
        claim,
        "casework.history_page",
        "history.html",
        happened=_happened(rows, here.now()),
        duties=[(one, DUTIES[one.duty].noun) for one in reads.duties(here.session(), claim.id)],
        acts=[event for event in acts if _wanted(event, chosen)],
        filters=_filters(claim, acts, chosen),
    )


def _happened(rows: Sequence[History], now: datetime) -> list[Happened]:
    """Return the moves, newest first, each with the days the case then stayed where it came to."""
    happened = []
    until = now
    for row in rows:
        happened.append(
            Happened(
                title=moves.done(row),
                by=row.actor_name,
                kind="system" if row.actor_kind == "system" else "person",
                at=row.at,
                body=moves.why(row),
                state=moves.state_after(row),
                days=max((until - row.at).days, 0),
            )
        )
        until = row.at
    return happened


def _wanted(event: AuditEvent, chosen: str) -> bool:
    looked = event.action in words.LOOKS
    match chosen:
        case "perubahan":
            return not looked
        case "dibuka":
            return looked
        case "keluarga":
            return event.actor_kind == "family"
        case _:
            return True


def _filters(claim: Claim, acts: Sequence[AuditEvent], chosen: str) -> list[dict[str, object]]:
    known = {name for name, _ in _FILTERS}
    current = chosen if chosen in known else "semua"
    return [
        {
            "label": label,
            "href": url_for("casework.history_page", number=claim.number, saring=name) + "#tindakan",
            "count": sum(_wanted(event, name) for event in acts),
            "current": name == current,
        }
        for name, label in _FILTERS
    ]
