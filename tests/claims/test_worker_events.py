"""Life status and claims agree: linking, withdrawing, and what nobody has reported yet."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import intake, operations
from caseflow.claims.helped import helped_families
from caseflow.claims.living import require_death_stands
from caseflow.claims.models import Claim
from caseflow.claims.reporting import report_death
from caseflow.claims.unclaimed import unclaimed
from caseflow.claims.worker_events import WorkerDeath, death_case, report_worker_death
from caseflow.errors import NotFound, NotPermitted, NotPossible
from caseflow.people.actor import REPORTER, Actor
from caseflow.people.models import HelperMandate
from caseflow.registry import life
from caseflow.registry.freed import freed_place
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nominee
from tests.registry.dues import worker as unpaid
from tests.story import BRANCH, SAMSIR, SYAFRIL, ZULBAHRI, reported

TOLD = "Yusra, istri"
_LARGE = ("worker", "claim", "casefile", "report", "cover_month")  # grow with every year


def worker_of(session: Session, name: str = "Samsir") -> Worker:
    return session.scalars(select(Worker).where(Worker.full_name == name)).one()


def mark(session: Session, worker: Worker, by: Actor, died_on: date = date(2026, 11, 17)) -> None:
    life.mark_deceased(session, worker, died_on=died_on, told_by=TOLD, by=by, now=clock.now())


def test_a_linked_report_sets_the_life_status_and_frees_the_place(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """The family reported, the officer links: from then on nobody picks the dead for a list."""
    worker, by = worker_of(session), staff["dedi"]
    nominee = session.scalars(select(Nominee).where(Nominee.worker_id == worker.id)).one()
    head = session.scalars(
        select(Nominee.full_name).where(Nominee.quota_id == nominee.quota_id, Nominee.waiting_place == 1)
    ).one()
    assert freed_place(session, worker) is None
    claim = reported(session)
    intake.link_worker(session, claim, worker.id, by=by)
    session.refresh(nominee)
    assert worker.died_on == claim.died_on
    assert nominee.state == "left"
    event = life.standing_death(session, worker.id)
    assert event is not None
    assert event.told_by == f"laporan {claim.number}"
    found = freed_place(session, worker)
    assert found is not None
    assert (found.nominee_public_id, found.waiting, found.first) == (nominee.public_id, 4, head)


def test_a_living_person_said_to_be_dead_is_put_right(session: Session, staff: Mapping[str, Actor]) -> None:
    """The report is withdrawn as mistaken; a second person of the branch corrects the life status."""
    worker, claim = worker_of(session), reported(session)
    intake.link_worker(session, claim, worker.id, by=staff["dedi"])
    operations.act(
        session, claim, "withdraw", by=staff["dedi"], expected_version=claim.version, now=clock.now(),
        reason_code="mistaken",
    )  # fmt: skip
    event = life.standing_death(session, worker.id)
    assert event is not None
    assert claim.worker_id is None
    for who, refusal in (("dedi", NotPossible), ("fitri", NotPermitted)):
        with pytest.raises(refusal):
            life.correct_life(
                session,
                event,
                told_by="Samsir sendiri",
                reason="Datang ke kantor.",
                by=staff[who],
                now=clock.now(),
            )
    life.correct_life(
        session,
        event,
        told_by="Samsir sendiri",
        reason="Datang ke kantor.",
        by=staff["mega"],
        now=clock.now(),
    )
    assert worker.died_on is None
    assert death_case(session, worker) is None


def test_a_true_death_after_a_false_one_has_a_case_of_its_own(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """T4: the family of somebody who was once said to be dead is not sent to the case that was refused then."""
    worker, false = worker_of(session), reported(session)
    intake.link_worker(session, false, worker.id, by=staff["dedi"])
    event = life.standing_death(session, worker.id)
    assert event is not None
    life.correct_life(
        session,
        event,
        told_by="Samsir sendiri",
        reason="Datang ke kantor.",
        by=staff["mega"],
        now=clock.now(),
    )
    mark(session, worker, staff["fitri"], died_on=date(2026, 11, 19))
    with pytest.raises(NotPossible, match="ternyata masih hidup"):
        require_death_stands(session, false)
    assert [one.full_name for one in unclaimed(session, by=staff["fitri"])] == ["Samsir"]
    assert death_case(session, worker) is None
    died_on = date(2026, 11, 19)
    death = WorkerDeath(died_on=died_on, told_by=TOLD, report=replace(SAMSIR.report, died_on=died_on))
    true = report_worker_death(session, worker, death, branch=BRANCH, by=staff["fitri"], now=clock.now())
    assert (true.id != false.id, true.worker_id) == (True, None)
    with pytest.raises(NotPossible, match="sudah punya kasus"):
        intake.link_worker(session, true, worker.id, by=staff["dedi"])
    false.closed_at = clock.now()
    intake.link_worker(session, true, worker.id, by=staff["dedi"])
    assert (false.worker_id, true.worker_id) == (None, worker.id)
    assert unclaimed(session, by=staff["fitri"]) == []


def test_a_correction_that_was_itself_wrong_leaves_the_case_as_it_was(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    worker, claim = worker_of(session), reported(session)
    intake.link_worker(session, claim, worker.id, by=staff["dedi"])
    event, died_on = life.standing_death(session, worker.id), claim.died_on
    assert event is not None
    assert died_on is not None
    life.correct_life(
        session, event, told_by="Seorang tetangga", reason="Katanya hidup.", by=staff["mega"], now=clock.now()
    )
    mark(session, worker, staff["fitri"], died_on=died_on)
    require_death_stands(session, claim)
    found = death_case(session, worker)
    assert found is not None
    assert found.claim_id == claim.id


def test_deaths_without_a_report_the_oldest_first(session: Session, staff: Mapping[str, Actor]) -> None:
    """Covered or undecided only; each nagari its own; a report by NIK or by link takes them off."""
    mark(session, worker_of(session, "Marzuki"), staff["fitri"], date(2026, 11, 18))
    mark(session, worker_of(session), staff["fitri"])
    mark(session, worker_of(session, "Zulbahri"), staff["dedi"])
    mark(session, worker_of(session, "Syafril"), staff["dedi"], date(2026, 10, 29))
    assert [one.full_name for one in unclaimed(session, by=staff["fitri"])] == ["Samsir", "Marzuki"]
    everywhere = unclaimed(session, by=staff["desi"])
    assert [one.full_name for one in everywhere] == ["Syafril", "Samsir", "Marzuki"]
    assert everywhere[1].active == "yes"
    assert everywhere[1].last_day == date(2031, 11, 17)
    assert everywhere[1].days_left(date(2026, 11, 20)) == 1823
    reported(session, SAMSIR)
    reported(session, SYAFRIL)
    assert [one.full_name for one in unclaimed(session, by=staff["dedi"])] == ["Marzuki"]


def test_who_was_never_covered_hides_nobody(session: Session, staff: Mapping[str, Actor]) -> None:
    """They have no case and get none; the list is no shorter for it."""
    for day in (1, 2, 3):
        mark(session, unpaid(session, region_code="13.03.99.2001"), staff["fitri"], date(2026, 11, day))
    mark(session, worker_of(session), staff["fitri"])
    assert [one.full_name for one in unclaimed(session, by=staff["fitri"], limit=2)] == ["Samsir"]
    mark(session, worker_of(session, "Marzuki"), staff["fitri"], date(2026, 11, 18))
    assert [one.full_name for one in unclaimed(session, by=staff["fitri"], limit=1)] == ["Samsir"]
    assert len(unclaimed(session, by=staff["fitri"], limit=None)) == 2


def test_a_withdrawn_report_is_no_report(session: Session, staff: Mapping[str, Actor]) -> None:
    mark(session, worker_of(session), staff["fitri"])
    claim = reported(session)
    assert unclaimed(session, by=staff["fitri"]) == []
    operations.act(
        session, claim, "withdraw", by=staff["dedi"], expected_version=claim.version, now=clock.now(),
        reason_code="family_choice",
    )  # fmt: skip
    assert [one.full_name for one in unclaimed(session, by=staff["fitri"])] == ["Samsir"]


def test_the_search_for_deaths_looks_up_by_index(session: Session, staff: Mapping[str, Actor]) -> None:
    """No table of the registry is read from end to end, however many workers live."""
    mark(session, worker_of(session), staff["fitri"])
    session.execute(text("SET LOCAL enable_seqscan = off"))
    asked: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert unclaimed(session, by=staff["dedi"])
    event.remove(connection, "before_cursor_execute", note)
    statement, values = next(one for one in asked if "EXISTS" in one[0])
    plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
    assert [table for table in _LARGE if f"Seq Scan on {table} " in plan] == []


def test_a_nagari_cannot_report_for_another(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = worker_of(session, "Syafril")
    death = WorkerDeath(died_on=date(2026, 11, 17), told_by=TOLD, report=SYAFRIL.report)
    with pytest.raises(NotFound):
        report_worker_death(session, worker, death, branch=BRANCH, by=staff["fitri"], now=clock.now())
    with pytest.raises(NotPermitted):
        report_worker_death(session, worker, death, branch=BRANCH, by=staff["desi"], now=clock.now())


def test_without_a_report_and_without_a_case_nothing_is_marked(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """The family's report was withdrawn while the page was open."""
    death = WorkerDeath(died_on=date(2026, 11, 17), told_by=TOLD, report=None)
    with pytest.raises(NotPossible, match="Isi laporan ini dengan lengkap"):
        report_worker_death(
            session, worker_of(session), death, branch=BRANCH, by=staff["fitri"], now=clock.now()
        )


def _helped(session: Session, claim: Claim, by: Actor) -> HelperMandate:
    mandate = HelperMandate(
        casefile_id=claim.id,
        helper_name=by.name,
        helper_relation="nagari",
        helper_phone="",
        given_by_name="Yusra",
        given_by_relation="istri",
        given_how="spoken",
        given_at=clock.now(),
        ends_on=date(2027, 2, 18),
        helped_by_user_id=by.user_id,
    )
    session.add(mandate)
    session.flush()
    return mandate


def test_helped_families_are_those_who_allow_it(session: Session, staff: Mapping[str, Actor]) -> None:
    """Stage and names of papers; gone once the family ends it; never another nagari's."""
    now, fitri = clock.now(), staff["fitri"]
    claim = reported(session)
    other = report_death(session, ZULBAHRI.report, branch=BRANCH, by=REPORTER, now=now)
    assert helped_families(session, by=fitri, now=now) == []
    mandate = _helped(session, claim, fitri)
    _helped(session, other, staff["jon"])
    ((_, one),) = helped_families(session, by=staff["jon"], now=now)
    assert (one.number, one.stage, one.until) == (claim.number, "Laporan", date(2027, 2, 18))
    assert "family_card" in one.owed
    mandate.ended_at, mandate.ended_why = now, "Keluarga meminta."
    session.flush()
    assert helped_families(session, by=fitri, now=now) == []
