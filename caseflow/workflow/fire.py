"""The only place where a case changes its state.

Role, state, rules, reason, duty, move, history, audit and message happen in this order and in one
transaction. The lock of the case file comes first, so of two people who act at once the second
learns what the first one did. The caller commits.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from caseflow import formats
from caseflow.audit.operations import event, record
from caseflow.errors import NotFound, NotPermitted, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.workdays import Calendar
from caseflow.workflow import locks
from caseflow.workflow.deadlines import Beginnings, due_on, follow_up_on
from caseflow.workflow.definition import Action, State, Workflow
from caseflow.workflow.duties import other_person_needed
from caseflow.workflow.machine import next_state
from caseflow.workflow.models import FAR_AWAY, CaseFile, Duty, History
from caseflow.workflow.moving import write_move
from caseflow.workflow.words import checked_words

CaseT = TypeVar("CaseT", bound=CaseFile)
Rule = Callable[[Session, CaseT], str | None]

OPENING = "open"  # the action of a case's first history row


def fire(
    session: Session,
    case: CaseT,
    action: str,
    *,
    by: Actor,
    expected_version: int,
    definition: Workflow,
    calendar: Calendar,
    now: datetime,
    rules: Mapping[str, Rule[CaseT]],
    reason_code: str | None = None,
    reason_text: str | None = None,
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
    destination: Workflow | None = None,
) -> History:
    """Move a case and return the history row that proves it.

    :param expected_version: the version on the page that the person acted from.
    :param definition: the workflow in the version that the case began with.
    :param details: ids and digests, kept with the history row.
    :param destination: the workflow in which the case goes on, for an action that leads into another one.
    :raises NotFound: no such action, or no such case.
    :raises NotPermitted: none of the person's roles may do it.
    :raises Stale: somebody moved the case since the page was read.
    :raises NotPossible: wrong state, an objection of a rule, or another duty is held.
    :raises Invalid: a reason is missing or unknown, or a text is too long.
    """
    move = definition.actions.get(action)
    if move is None:
        raise NotFound("Tindakan ini tidak dikenal. Tidak ada yang berubah.")
    _require_role(move, case, by)
    _lock(session, case, definition)
    if case.version != expected_version:
        raise _stale(session, case, definition)
    if definition.target(case.state, move.name) is None:
        now_in = definition.label_of(case.state)
        raise NotPossible(
            f'Kasus ini sekarang "{now_in}": "{move.label}" tidak bisa. Tidak ada yang berubah.'
        )
    objections = blockers(session, case, move, rules)
    if objections:
        raise NotPossible(objections)
    words = checked_words(move, reason_code=reason_code, reason_text=reason_text, note=note)
    if move.duty is not None:
        take_duty(session, case, move.duty, by=by, now=now)
    onward = _onward(definition, move, destination)
    target = onward.states[next_state(definition, case.state, move.name)]
    due = due_on(target, Beginnings(now, case.clock_started_on, case.reported_on), calendar)
    history = {
        **_whose(case, by, definition, now=now, due=due, details=details),
        "version": case.version + 1,
        "prev_version": case.version,
        "from_state": case.state,
        "state": target.name,
        "action": move.name,
        "duty": move.duty,
        **asdict(words),
    }
    _write(session, case, move, target, history, onward=onward, by=by)
    return History(**history)


def open_case(
    session: Session,
    case: CaseFile,
    *,
    by: Actor,
    definition: Workflow,
    now: datetime,
    calendar: Calendar | None = None,
    details: Mapping[str, Any] | None = None,
) -> History:
    """Write the first history row (version 0) of a new case in the initial state of its workflow.

    :param calendar: needed only if the initial state has a deadline.
    """
    initial = definition.states[definition.initial]
    due: date | None = None
    if initial.deadline is not None:
        if calendar is None:
            raise ValueError(f"{definition.name}: the initial state has a deadline, so a calendar is needed")
        due = due_on(initial, Beginnings(now, case.clock_started_on, case.reported_on), calendar)
    case.workflow, case.workflow_version = definition.name, definition.version
    case.state, case.version = initial.name, 0
    case.opened_at = case.entered_at = now
    case.due_on, case.sort_on = due, due or FAR_AWAY
    case.follow_up_on = follow_up_on(initial, entered_at=now, due=due)
    session.add(case)
    session.flush()
    locks.note(session, case.id)
    columns = _whose(case, by, definition, now=now, due=due, details=details)
    history = History(**columns, version=0, state=initial.name, action=OPENING)
    session.add(history)
    session.flush()
    step = _step(0, OPENING, None, initial.name)
    record(session, "case.opened", by=by, casefile_id=case.id, subject=case.number, details=step)
    return history


def take_duty(session: Session, case: CaseFile, duty: str, *, by: Actor, now: datetime) -> None:
    """Note that this person holds the duty on the case, for ever. Taking the same duty again changes nothing.

    :raises NotPermitted: whoever acts is no person.
    :raises NotPossible: the person already holds another duty on this case.
    """
    if by.person_id is None:
        raise NotPermitted
    session.execute(
        insert(Duty)
        .values(casefile_id=case.id, person_id=by.person_id, duty=duty, taken_at=now)
        .on_conflict_do_nothing(index_elements=["casefile_id", "person_id"])
    )
    held = session.execute(
        select(Duty.duty).where(Duty.casefile_id == case.id, Duty.person_id == by.person_id)
    ).scalar_one()
    if held != duty:
        raise NotPossible(other_person_needed(held, duty))


def available(definition: Workflow, case: CaseFile, roles: Collection[str]) -> list[Action]:
    """Return the buttons of these roles in the present state; rules are not asked.

    Without the actions that another act fires (``button: false``).
    """
    moves = definition.moves_from(case.state)
    return [action for action in moves if action.button and not action.by.isdisjoint(roles)]


def blockers(session: Session, case: CaseT, action: Action, rules: Mapping[str, Rule[CaseT]]) -> list[str]:
    """Return what every rule of the action has against it now, in the order of the file."""
    objections = (rules[name](session, case) for name in action.when)
    return [objection for objection in objections if objection is not None]


def _require_role(move: Action, case: CaseFile, by: Actor) -> None:
    foreign = by.casefile_id is not None and by.casefile_id != case.id
    if foreign or by.roles.isdisjoint(move.by):
        raise NotPermitted(f'Anda tidak berwenang untuk "{move.label}". Tidak ada yang berubah.')


def _lock(session: Session, case: CaseFile, definition: Workflow) -> None:
    """Lock the row and give the object what it holds now, so that rules judge the present."""
    if not locks.holds(session, case.id):
        columns = (
            CaseFile.workflow, CaseFile.workflow_version, CaseFile.state, CaseFile.version,
            CaseFile.entered_at, CaseFile.clock_started_on, CaseFile.reported_on, CaseFile.due_on,
            CaseFile.follow_up_on, CaseFile.closed_at,
        )  # fmt: skip
        row = session.execute(select(*columns).where(CaseFile.id == case.id).with_for_update()).one_or_none()
        if row is None:
            raise NotFound
        _keep_in_step(case, row._asdict())
    if (case.workflow, case.workflow_version) != (definition.name, definition.version):
        raise ValueError(
            f"case runs on {case.workflow} {case.workflow_version}, not {definition.name} {definition.version}"
        )


def _stale(session: Session, case: CaseFile, definition: Workflow) -> Stale:
    last = session.execute(
        select(History.actor_name, History.action, History.at).where(
            History.casefile_id == case.id, History.version == case.version
        )
    ).one()
    move = definition.actions.get(last.action)
    what = move.done if move is not None else definition.label_of(case.state)
    sentence = (
        f'{last.actor_name} mengubah kasus ini {formats.instant_wib(last.at)}: "{what}". '
        "Isian Anda belum disimpan. Lihat perubahannya dulu, lalu ulangi bila masih perlu."
    )
    return Stale(sentence, done_by=last.actor_name, what=what)


def _whose(
    case: CaseFile,
    by: Actor,
    definition: Workflow,
    *,
    now: datetime,
    due: date | None,
    details: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return what every row of history says: whose case, by which file, who, when, due when."""
    return {
        "casefile_id": case.id,
        "workflow": definition.name,
        "workflow_version": definition.version,
        "at": now,
        "actor_kind": by.kind,
        "actor_name": by.signature,
        "actor_person_id": by.person_id,
        "actor_user_id": by.user_id,
        "due_on": due,
        "details": dict(details or {}),
    }


def _onward(definition: Workflow, move: Action, destination: Workflow | None) -> Workflow:
    """Return the workflow in which the case goes on after a move: its own, unless the move leads into another."""
    if move.into is None:
        return definition
    if destination is None or destination.name != move.into:
        raise ValueError(f"{definition.name}: {move.name} leads into {move.into}, which was not given")
    return destination


def _write(
    session: Session,
    case: CaseFile,
    move: Action,
    target: State,
    history: Mapping[str, Any],
    *,
    onward: Workflow,
    by: Actor,
) -> None:
    """Write state, history, audit and message together, and keep the object in step."""
    now, due = history["at"], history["due_on"]
    state = {
        "workflow": onward.name,
        "workflow_version": onward.version if move.into else case.workflow_version,
        "state": target.name,
        "version": history["version"],
        "entered_at": now,
        "due_on": due,
        "sort_on": due or FAR_AWAY,
        "follow_up_on": follow_up_on(target, entered_at=now, due=due),
        "closed_at": now if target.final else None,
    }
    step = _step(history["version"], move.name, case.state, target.name)
    told = event("case.moved", by=by, casefile_id=case.id, subject=case.number, details=step)
    if not write_move(
        session, case.id, case.version, state=state, history=history, audit=told, notice=move.notice
    ):
        raise Stale("Kasus ini baru saja diubah orang lain. Isian Anda belum disimpan; muat ulang halaman.")
    _keep_in_step(case, state)


def _step(version: int, action: str, before: str | None, after: str) -> dict[str, Any]:
    return {"action": action, "from": before, "to": after, "version": version}


def _keep_in_step(case: CaseFile, values: Mapping[str, object]) -> None:
    """Give the object what the row holds, without marking it changed."""
    for name, value in values.items():
        set_committed_value(case, name, value)
