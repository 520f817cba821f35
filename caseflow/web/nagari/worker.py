"""One worker: facts, family, months paid, lists, changes, and what was told of life and death."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.law.ledger import PaidMonth, grid
from caseflow.law.relatives import age_on
from caseflow.people import policy
from caseflow.registry import changes, households, life, people, queries, standing
from caseflow.registry.models import Worker
from caseflow.registry.people import get_worker
from caseflow.registry.people_models import HouseholdMember, WorkerChange
from caseflow.registry.rates import FUNDING_LABELS
from caseflow.web import here
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

_GRID_STATES = {"before_registration": "before"}
HAZARDS = {"": "Belum diisi", "low": "Rendah", "medium": "Sedang", "high": "Tinggi"}
SEXES = {"f": "Perempuan", "m": "Laki-laki"}
NOMINEE_LABELS = {
    "draft": ("draf", "neutral"),
    "waiting": ("daftar tunggu", "waiting"),
    "returned": ("dikembalikan", "waiting"),
    "proposed": ("diusulkan", "info"),
    "held": ("ditahan", "waiting"),
    "accepted": ("disetujui", "positive"),
    "enrolled": ("terdaftar", "positive"),
    "refused": ("ditolak", "neutral"),
    "left": ("keluar", "neutral"),
}


@dataclass(frozen=True)
class Relative:
    """Somebody of the household as the page shows them."""

    member: HouseholdMember
    relation: str
    age: str
    is_worker: bool


@nagari.get("/pekerja/<public_id>")
@requires("worker.read")
def worker_page(public_id: str) -> ResponseReturnValue:
    """Show one worker of somebody's reach."""
    session, by, today = here.session(), here.actor(), clock.today()
    worker = get_worker(session, public_id, by=by)
    household = households.household_of(session, worker)
    words = life.words_of(session, worker.id)
    return render_template(
        "nagari/worker.html",
        worker=worker,
        region=queries.region_name(session, worker.region_code),
        standing=standing.standing(session, worker, today=today),
        age=age_on(worker.born_on, worker.died_on or today),
        months=(cells := month_cells(worker)),
        payers_of_months=payers_of(cells),
        household=household,
        relatives=relatives_of(household.id if household else None, worker),
        lists=people.lists_of(session, worker.id),
        list_labels=NOMINEE_LABELS,
        payers=FUNDING_LABELS,
        changes=[
            (one, changes.FIELD_LABELS[one.field], shown_value(one))
            for one in changes.changes_of(session, worker.id)
        ],
        words=words,
        correctable=bool(words) and words[0].event.kind == "died" and policy.allows(by, "life.correct"),
        may_edit=policy.allows(by, "worker.edit"),
        may_report=policy.allows(by, "worker.deceased"),
        hazards=HAZARDS,
        sexes=SEXES,
    )


def relatives_of(household_id: int | None, worker: Worker) -> list[Relative]:
    """Return the people of a household in the order of the card."""
    if household_id is None:
        return []
    today = clock.today()
    return [
        Relative(
            member,
            households.RELATION_LABELS[member.relation],
            f"{age_on(member.born_on, member.died_on or today)} tahun" if member.born_on else "",
            member.worker_id == worker.id,
        )
        for member in households.members_of(here.session(), household_id)
    ]


def month_cells(worker: Worker) -> list[dict[str, Any]]:
    """Return the last 24 months up to today (or the death) for the grid, each with who paid."""
    until = min(worker.died_on or clock.today(), clock.today())
    paid = [
        PaidMonth(row.month, row.paid_on, FUNDING_LABELS.get(row.funding_source, row.funding_source))
        for row in queries.cover_months(here.session(), worker.id)
    ]
    cells = grid(paid, until, registered_on=worker.registered_on, grace_months=standing.grace_on(until))
    return [
        {
            "year": cell.month.year,
            "month": cell.month.month,
            "state": _GRID_STATES.get(cell.status, cell.status),
            "note": cell.funding_source,
        }
        for cell in cells
    ]


def payers_of(cells: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return who paid how many of the months of the grid, the most first."""
    return Counter(cell["note"] for cell in cells if cell["note"]).most_common()


def shown_value(change: WorkerChange) -> str:
    """Return what is asked for, without giving a whole number away."""
    if change.field in {"national_id", "family_card_number"}:
        return f"•••• {change.new_value[-4:]}"
    return SEXES.get(change.new_value, change.new_value) if change.field == "sex" else change.new_value
