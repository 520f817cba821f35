"""Every figure of every dashboard against a recount in plain Python, row by row, of an invented population."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.complaint_models import ReceiptAnswer
from caseflow.claims.models import Claim
from caseflow.claims.scholarship_models import ScholarshipChild, SchoolYear
from caseflow.claims.workflows import book
from caseflow.law.ledger import first_of, month_number
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import ChildAtSchool, UseShare, VisitRecord
from caseflow.payments.models import Instruction, PaymentEvent
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry
from caseflow.registry.models import CoverMonth, Worker
from caseflow.reports.headlines import headlines
from caseflow.reports.published_results import PROGRAMS
from caseflow.reports.result_choice import Choice, Reader
from caseflow.reports.result_figures import Indicator, month_words
from caseflow.reports.result_reading import Results
from caseflow.reports.result_refresh import refresh
from caseflow.reports.service_results import service_results
from caseflow.reports.visit_results import OUTCOME_LABELS, STAGE_LABELS, USE_LABELS, visit_results
from caseflow.workflow.models import History
from tests.reports import results_world as world

TODAY = date(2026, 11, 20)
CHOICES = (
    Choice(),
    Choice("2026"),
    Choice("2026-03"),
    Choice(area=world.KOTO_CONTOH),
    Choice(area="13.03.99", program="jkm"),
    Choice("2025", world.KOTO_LATIHAN, "jkm"),
    Choice(program="jkk"),
)
_LEFT = {"refused", "withdrawn", "lapsed", "not_work"}
_LIMIT = {"jkm": 3, "jkk": 7}  # working days
_ORDER = ("report", "documents", "examination", "approval", "payment", "after", "ended")
_STAGES = tuple(STAGE_LABELS)
_ALIVE = ("running", "growing")


@dataclass
class Case:
    """One claim as Python sees it."""

    claim: Claim
    moves: Sequence[History]

    def days(self, action: str) -> list[date]:
        """Return the days on which it made this move."""
        return [_day(one.at) for one in self.moves if one.action == action]

    @property
    def transfers(self) -> list[date]:
        """Return the days of transfers that did not come back."""
        money = [one for one in self.moves if one.action in {"confirm_payment", "report_payment_failure"}]
        kept = [
            one
            for one, after in pairwise([*money, None])
            if one and (not after or after.action != "report_payment_failure")
        ]
        return [_day(one.at) for one in kept if one.action == "confirm_payment"]

    @property
    def reported(self) -> date:
        """Return the day of the report, or of the opening."""
        return min([*self.days("report"), *self.days("notify")], default=_day(self.claim.opened_at))

    @property
    def paid(self) -> date | None:
        """Return the day of the first transfer of a death or an accident."""
        return None if self.claim.program == "scholarship" else min(self.transfers, default=None)


@dataclass
class World:
    """Everything there is, as rows."""

    session: Session
    choice: Choice
    cases: Sequence[Case]

    def here(self, region: str, program: str, day: date) -> bool:
        """Whether something lies under the choice."""
        return (
            f"{region}.".startswith(f"{self.choice.area}." if self.choice.area else "")
            and self.choice.program in {"", program}
            and f"{day:%Y-%m}".startswith(self.choice.period)
        )

    def of(self, day: Callable[[Case], date | None]) -> list[Case]:
        """Return the cases whose day lies under the choice."""
        found = []
        for case in self.cases:
            on = day(case)
            if on is not None and self.here(case.claim.region_code, case.claim.program, on):
                found.append(case)
        return found


@pytest.mark.parametrize("seed", [3, 11])
def test_every_figure_equals_a_recount(session: Session, staff: Mapping[str, Actor], seed: int) -> None:
    """Service, what became of families, and the headline figures, under seven choices."""
    world.population(session, staff, seed=seed, claims=70)
    refresh(session, now=clock.now())
    cases = _cases(session)
    workers = {str(staff[name].user_id): name for name in ("rina", "yoga")}
    for choice in CHOICES:
        results = Results(session, Reader(staff["dedi"], "results.read"), choice, today=TODAY)
        rows = World(session, choice, cases)
        _check_service(rows, {one.key: one for one in service_results(results)})
        _check_visits(rows, {one.key: one for one in visit_results(results, lambda _: workers)}, workers)
        _check_headlines(rows, {one.key: one for one in headlines(results)})


def _check_service(rows: World, told: Mapping[str, Indicator]) -> None:
    paid = rows.of(lambda one: one.paid)
    first = {id(one): min(one.transfers) for one in paid}
    calendar = registry.calendar(rows.session, TODAY)
    _is_days(told["laporan"], [(first[id(one)] - one.reported).days for one in paid])
    _is_days(
        told["kematian"], [(first[id(one)] - one.claim.died_on).days for one in paid if one.claim.died_on]
    )
    reported = rows.of(lambda one: one.reported if one.claim.program == "jkm" else None)
    _is_days(told["jeda-lapor"], [(one.reported - one.claim.event_on).days for one in reported])
    working = {id(one): calendar.count(one.claim.clock_started_on or TODAY, first[id(one)]) for one in paid}
    _is_days(told["lengkap"], list(working.values()))
    kept = {id(one): working[id(one)] <= _LIMIT[one.claim.program] for one in paid}
    months = Counter((f"{first[id(one)]:%Y-%m}", kept[id(one)]) for one in paid)
    expected = [
        (
            month_words(month),
            months[month, True],
            months[month, False],
            _thousandths(months[month, True], _both(months, month)),
        )
        for month in sorted({month for month, _ in months})
    ]
    assert list(told["tepat-waktu"].rows) == expected
    assert told["tepat-waktu"].numerator == sum(kept.values())
    _check_stages(rows, told["tahap"])
    reasons = Counter(
        move.reason_code for case in rows.cases for move in case.moves
        if move.action == "return_to_officer" and rows.here(case.claim.region_code, case.claim.program, _day(move.at))
    )  # fmt: skip
    assert Counter(int(row[1] or 0) for row in told["kembali"].rows) == Counter(reasons.values())
    refused = Counter(
        move.reason_code for case in rows.cases for move in case.moves
        if move.action == "refuse" and rows.here(case.claim.region_code, case.claim.program, _day(move.at))
    )  # fmt: skip
    assert told["ditolak"].denominator == sum(refused.values())
    assert Counter(row[1] for row in told["ditolak"].rows) == Counter(refused.values())
    _check_rupiah(rows, told)


def _check_stages(rows: World, told: Indicator) -> None:
    reached: Counter[str] = Counter()
    back: Counter[str] = Counter()
    out: Counter[str] = Counter()
    for case in rows.cases:
        stages = {
            state.name: state.stage
            for state in book().get(case.claim.workflow, case.claim.workflow_version).states.values()
        }
        seen: set[str] = set()
        for move in case.moves:
            counts = rows.here(case.claim.region_code, case.claim.program, _day(move.at))
            stage, before = stages[move.state], stages.get(move.from_state or "", "")
            if move.state in _LEFT:
                out[before] += counts
                continue
            if stage not in seen:
                reached[stage] += counts
            seen.add(stage)
            if before and _ORDER.index(stage) < _ORDER.index(before) and move.action != "finish_year":
                back[before] += counts
    expected = [(reached[one], back[one], out[one]) for one in _ORDER[:5]]
    assert [tuple(row[1:]) for row in told.rows] == (expected if any(any(row) for row in expected) else [])


def _check_rupiah(rows: World, told: Mapping[str, Indicator]) -> None:
    months: Counter[str] = Counter()
    programs: Counter[str] = Counter()
    region = {case.claim.id: case.claim for case in rows.cases}
    for order in rows.session.scalars(select(Instruction).where(Instruction.state == "settled")):
        event = rows.session.get_one(PaymentEvent, (order.id, order.version))
        claim = region[order.casefile_id]
        if rows.here(claim.region_code, claim.program, _day(event.at)):
            months[f"{_day(event.at):%Y-%m}"] += order.amount_idr
            programs[claim.program] += order.amount_idr
    passed = 0
    expected = []
    for month in sorted(months):
        passed += months[month]
        expected.append((month_words(month), months[month], passed))
    assert list(told["rupiah"].rows) == expected
    assert (told["rupiah"].numerator or 0) == passed
    if passed:
        assert [row[1] for row in told["program"].rows] == [programs[one] for one in PROGRAMS]


def _check_visits(rows: World, told: Mapping[str, Indicator], workers: Mapping[str, str]) -> None:
    session = rows.session
    programs = {
        plan.id: rows.session.get_one(Claim, plan.claim_id).program for plan in session.scalars(select(Plan))
    }
    records = {one.planned_visit_id: one for one in session.scalars(select(VisitRecord))}
    visits = [
        one for one in session.scalars(select(PlannedVisit)) if one.due_on <= TODAY or one.state == "done"
    ]
    seen: dict[int, int] = Counter(
        one.plan_id
        for one in visits
        if one.kind in {"m3", "m6", "m12"} and one.id in records and records[one.id].livelihood_stage
        and one.due_on < TODAY.replace(day=1)
    )  # fmt: skip
    mine = [one for one in visits if rows.here(one.region_code, programs[one.plan_id], one.due_on)]
    counted = {kind: [one for one in mine if one.kind == kind] for kind in ("m1", "m3", "m6", "m12", "m24")}
    outcomes = {kind: Counter(one.outcome or "open" for one in found) for kind, found in counted.items()}
    expected = [
        (
            len(found),
            sum(one.state == "done" for one in found),
            *(outcomes[kind][each] for each in OUTCOME_LABELS),
        )
        for kind, found in counted.items()
        if found
    ]
    assert [tuple(row[1:]) for row in told["kunjungan"].rows] == expected
    by_worker = [
        (name, sum(str(one.visitor_user_id) == key for one in mine),
         sum(str(one.visitor_user_id) == key and one.state == "done" for one in mine))
        for key, name in sorted(workers.items(), key=lambda one: one[1])
    ]  # fmt: skip
    assert [tuple(row[:3]) for row in told["pendamping"].rows] == [row for row in by_worker if row[1]]
    for key, matched in (("penghidupan", True), ("penghidupan-lain", False)):
        stages = {
            kind: Counter(
                records[one.id].livelihood_stage for one in counted[kind]
                if one.id in records and records[one.id].livelihood_stage and (seen[one.plan_id] == 3) is matched
            )
            for kind in ("m3", "m6", "m12")
        }  # fmt: skip
        expected = [
            (len(counted[kind]), sum(found.values()), *(found[each] for each in _STAGES))
            for kind, found in stages.items()
            if counted[kind]
        ]
        assert [tuple(row[1:-1]) for row in told[key].rows] == expected
    _check_answers(rows, told, records, programs)


def _check_answers(
    rows: World,
    told: Mapping[str, Indicator],
    records: Mapping[int, VisitRecord],
    programs: Mapping[int, str],
) -> None:
    uses: dict[int, set[str]] = defaultdict(set)
    for use in rows.session.scalars(select(UseShare).where(UseShare.beans > 0)):
        uses[use.planned_visit_id].add(use.use)
    children: dict[int, list[bool]] = defaultdict(list)
    for child in rows.session.scalars(select(ChildAtSchool)):
        children[child.planned_visit_id].append(child.attends)
    last_uses = [
        one for one in _last(records, uses) if rows.here(one.region_code, programs[one.plan_id], one.made_on)
    ]
    named = Counter(use for one in last_uses for use in uses[one.planned_visit_id])
    assert told["pemakaian"].denominator == len(last_uses)
    assert {row[0]: row[1] for row in told["pemakaian"].rows} == {
        USE_LABELS[use]: number for use, number in named.items()
    }
    last = [
        one
        for one in _last(records, children)
        if rows.here(one.region_code, programs[one.plan_id], one.made_on)
    ]
    attends = [each for one in last for each in children[one.planned_visit_id]]
    assert (told["sekolah"].numerator, told["sekolah"].denominator) == (sum(attends), len(attends))
    asked = [
        one for one in records.values()
        if one.levy_reported is not None and rows.here(one.region_code, programs[one.plan_id], one.made_on)
    ]  # fmt: skip
    assert (told["pungutan"].numerator, told["pungutan"].denominator) == (
        sum(bool(one.levy_reported) for one in asked),
        len(asked),
    )


def _check_headlines(rows: World, told: Mapping[str, Indicator]) -> None:
    complete = rows.of(lambda one: min(one.days("complete_documents"), default=None))
    _is_share(told["lengkap-pertama"], [not one.days("request_replacement") for one in complete])
    due = [
        one for one in rows.of(lambda one: one.reported)
        if one.reported < TODAY - timedelta(days=7) and one.claim.program != "scholarship"
    ]  # fmt: skip
    touched = {
        id(one): min(
            (_day(move.at) for move in one.moves if move.actor_kind == "staff" and move.version > 0),
            default=None,
        )
        for one in due
    }
    _is_share(
        told["dihubungi"],
        [(on := touched[id(one)]) is not None and on <= one.reported + timedelta(days=7) for one in due],
    )
    answers = {
        row.casefile_id: row.answer
        for row in rows.session.scalars(select(ReceiptAnswer).order_by(ReceiptAnswer.id))
    }
    paid = [
        one
        for one in rows.of(lambda one: min(one.transfers, default=None))
        if one.claim.program != "scholarship"
    ]
    _is_share(told["diterima-utuh"], [answers.get(one.claim.id) == "full" for one in paid])
    _check_months(rows, told["bulan-hilang"])
    children = [
        (child, rows.session.scalars(
            select(SchoolYear).where(SchoolYear.casefile_id == child.casefile_id, SchoolYear.removed_at.is_(None))
        ).first())
        for child in rows.session.scalars(select(ScholarshipChild).where(ScholarshipChild.place.is_not(None)))
        if rows.here(rows.session.get_one(Claim, child.casefile_id).region_code, "scholarship", _day(child.chosen_at))
    ]  # fmt: skip
    _is_share(
        told["beasiswa"],
        [year is not None for child, year in children if year is not None or child.open_year is not None],
    )
    _check_living(rows, told["penghidupan"])


def _check_months(rows: World, told: Indicator) -> None:
    """H6: worker by worker: members are paid for a month or one of the three before; lost is what was not paid."""
    members = paid = 0
    for worker in rows.session.scalars(select(Worker)):
        if not f"{worker.region_code}.".startswith(f"{rows.choice.area}." if rows.choice.area else ""):
            continue
        months = set(rows.session.scalars(select(CoverMonth.month).where(CoverMonth.worker_id == worker.id)))
        over = {first_of(month_number(one) + later) for one in months for later in range(4)}
        gone = min([one for one in (worker.died_on, worker.left_on) if one], default=date.max)
        counted = {
            one for one in over
            if one <= min(gone, date(2026, 10, 1)) and f"{one:%Y-%m}".startswith(rows.choice.period)
        }  # fmt: skip
        members, paid = members + len(counted), paid + len(counted & months)
    assert (told.numerator, told.denominator) == (members - paid, members)


def _check_living(rows: World, told: Indicator) -> None:
    """H8: of the visits at 6 and 12 months, how many were due, answered, and told of a living."""
    expected = []
    for kind in ("m6", "m12"):
        due = [
            visit for visit in rows.session.scalars(select(PlannedVisit).where(PlannedVisit.kind == kind))
            if (visit.due_on <= TODAY or visit.state == "done")
            and rows.here(visit.region_code, _program(rows.session, visit), visit.due_on)
        ]  # fmt: skip
        records = [rows.session.get(VisitRecord, one.id) for one in due]
        stages = [one.livelihood_stage for one in records if one and one.livelihood_stage]
        alive = sum(one in _ALIVE for one in stages)
        if due:
            expected.append(
                (len(due), len(stages), alive, _thousandths(alive, len(stages)) if stages else None)
            )
    assert [tuple(row[1:]) for row in told.rows] == expected


def _program(session: Session, visit: PlannedVisit) -> str:
    return session.get_one(Claim, session.get_one(Plan, visit.plan_id).claim_id).program


def _last(records: Mapping[int, VisitRecord], told: Mapping[int, Any]) -> list[VisitRecord]:
    found: dict[int, VisitRecord] = {}
    for one in sorted(records.values(), key=lambda one: (one.made_on, one.planned_visit_id)):
        if told.get(one.planned_visit_id):
            found[one.plan_id] = one
    return list(found.values())


def _is_days(told: Indicator, days: Sequence[int]) -> None:
    ordered = sorted(days)
    counted = Counter(ordered)
    assert [tuple(row[:2]) for row in told.rows] == sorted(counted.items())
    assert told.denominator == len(days)
    # of two in the middle the lower one; below five cases none
    assert told.numerator == (ordered[(len(days) - 1) // 2] if len(days) >= 5 else None)


def _is_share(told: Indicator, good: Sequence[bool]) -> None:
    assert (told.numerator, told.denominator) == (sum(good), len(good))


def _both(months: Mapping[tuple[str, bool], int], month: str) -> int:
    return months[month, True] + months[month, False]


def _cases(session: Session) -> Sequence[Case]:
    moves: dict[int, list[History]] = defaultdict(list)
    for row in session.scalars(select(History).order_by(History.casefile_id, History.version)):
        moves[row.casefile_id].append(row)
    return [
        Case(claim, moves[claim.id]) for claim in session.scalars(select(Claim)) if claim.state != "draft"
    ]


def _day(at: datetime) -> date:
    return clock.local(at).date()


def _thousandths(part: int, whole: int) -> int:
    """A share as a calculator rounds it; part of a whole is never all of it."""
    share = int((Decimal(1000 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))
    return share if part == whole else min(share, 999)
