"""Background work: previews, late virus scans, tidying, the days of the law, messages (``message_jobs``), and giving
back jobs of a worker that died.

Jobs may run twice; every one of them is harmless to repeat. One transaction a job, committed here.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from sqlalchemy import Engine, create_engine, delete, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.claims import (
    complaints,
    handover,
    lapsing,
    receipts,
    request_queries,
    requests,
    scholarship_reminders,
)
from caseflow.claims.models import ReportDraft
from caseflow.claims.stuck import stuck_cases
from caseflow.config import Settings
from caseflow.documents.preview import PREVIEW_TASK, run_preview
from caseflow.documents.scan import SCAN_TASK, ScannerDown, open_scanner, run_scan
from caseflow.documents.storage import ObjectStore, StoreUnavailable
from caseflow.documents.sweep import sweep
from caseflow.errors import CaseflowError
from caseflow.message_jobs import add_message_tasks
from caseflow.monitoring import day_zero, handing, opening, photos, revisits
from caseflow.notices import monthly_report, report_mail, visit_order
from caseflow.notices.adapters.mail import mail_of
from caseflow.registry import alarms
from caseflow.registry.import_checking import run_check
from caseflow.registry.import_writing import run_write
from caseflow.registry.imports import CHECK_TASK, WRITE_TASK
from caseflow.reports import result_refresh, service_health

_log = structlog.get_logger("caseflow.jobs")
STALLED_SECONDS = 120
# five tries, ever further apart: 15, 60, 135, 240 seconds
_RETRY = RetryStrategy(max_attempts=5, wait=15, exponential_wait=0, linear_wait=45)
_SCAN_LATER = {ScannerDown, StoreUnavailable, DBAPIError}


@dataclass(frozen=True)
class Tools:
    """What jobs work with."""

    sessions: Callable[[], Session]
    store: ObjectStore
    settings: Settings


def build(tools: Tools) -> App:
    """Return the queue with all its tasks."""
    app = App(connector=PsycopgConnector(conninfo=_conninfo(tools.settings.database_url), max_size=4))
    _add_document_tasks(app, tools)
    _add_house_tasks(app, tools)
    _add_law_tasks(app, tools)
    _add_after_tasks(app, tools)
    _add_registry_tasks(app, tools)
    _add_visit_tasks(app, tools)
    _add_result_tasks(app, tools)
    add_message_tasks(app, tools.sessions, tools.settings)
    return app


def run_worker(settings: Settings, store: ObjectStore) -> None:
    """Work until SIGINT or SIGTERM; a job under way is finished first."""
    engine = worker_engine(settings)
    app = build(Tools(sessionmaker(engine), store, settings))
    try:
        asyncio.run(_work(app, wait=True))
    finally:
        engine.dispose()


def run_waiting(settings: Settings, store: ObjectStore) -> None:
    """Do what is waiting now and return; for tests and for ``seed``."""
    engine = worker_engine(settings)
    app = build(Tools(sessionmaker(engine), store, settings))
    try:
        asyncio.run(_work(app, wait=False))
    finally:
        engine.dispose()


def worker_engine(settings: Settings) -> Engine:
    """Return the engine for the transactions of jobs."""
    return create_engine(settings.database_url, pool_size=2, pool_pre_ping=True, hide_parameters=True)


async def _work(app: App, *, wait: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            wait=wait,
            concurrency=1,
            listen_notify=wait,
            install_signal_handlers=wait,
            delete_jobs="successful",
        )


def _add_document_tasks(app: App, tools: Tools) -> None:
    @app.task(name=PREVIEW_TASK, retry=_RETRY)
    def make_preview(document_id: int) -> None:
        with tools.sessions() as session, session.begin():
            run_preview(session, tools.store, document_id)

    # for ever: a paper that was kept without a verdict waits as long as the scanner is away
    @app.task(name=SCAN_TASK, retry=RetryStrategy(wait=60, retry_exceptions=_SCAN_LATER))
    def scan(document_id: int) -> None:
        scanner = open_scanner(tools.settings.clamd_address)
        if scanner is None:
            raise ScannerDown("no scanner is configured; the paper waits until there is one")
        with tools.sessions() as session, session.begin():
            run_scan(session, tools.store, scanner, document_id)

    @app.periodic(cron="*/15 * * * *")
    @app.task(name="documents.sweep", queueing_lock="documents.sweep")
    def sweep_both_stores(timestamp: int) -> None:
        report = sweep(tools.sessions, tools.store)
        _log.info(
            "swept",
            at=timestamp,
            given_up=report.given_up,
            trashed=report.trashed,
            purged=report.purged,
            pieces=report.pieces,
        )


def _add_house_tasks(app: App, tools: Tools) -> None:
    @app.periodic(cron="*/2 * * * *")
    @app.task(name="house.rescue", queueing_lock="house.rescue", pass_context=True)
    async def rescue_stalled(context: JobContext, timestamp: int) -> None:
        """Give jobs of a worker that died back to the queue."""
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            _log.warning("job_rescued", job=job.id, task=job.task_name, at=timestamp)
            await manager.retry_job(job)

    @app.periodic(cron="40 19 * * *")
    @app.task(name="house.forget_drafts", queueing_lock="house.forget_drafts")
    def forget_old_drafts(timestamp: int) -> None:
        """Unfinished reports are kept for their fortnight and a day of grace, then forgotten."""
        limit = clock.now() - timedelta(days=1)
        with tools.sessions() as session, session.begin():
            gone: Any = session.execute(delete(ReportDraft).where(ReportDraft.expires_at < limit))
            _log.info("drafts_forgotten", at=timestamp, count=gone.rowcount)

    @app.periodic(cron="10 20 * * *")
    @app.task(name="house.stuck_cases", queueing_lock="house.stuck_cases")
    def look_for_stuck_cases(timestamp: int) -> None:
        """Find cases that nobody can move on, before their families do; the head's page lists them too."""
        with tools.sessions() as session:
            for stuck in stuck_cases(session):
                why = [problem.code for problem in stuck.problems]
                _log.warning("case_stuck", at=timestamp, number=stuck.number, state=stuck.state, why=why)

    @app.periodic(cron="10 17 * * *")
    @app.task(name="house.ownerless", queueing_lock="house.ownerless")
    def give_back_ownerless_cases(timestamp: int) -> None:
        """Shortly after midnight in Sijunjung nothing is owned by somebody who is gone."""
        _each(tools, "ownerless_given_back", _read(tools, handover.ownerless), handover.sweep)


def _add_law_tasks(app: App, tools: Tools) -> None:
    """Shortly after midnight in Sijunjung; what one night misses, the next one does."""

    @app.periodic(cron="20 17 * * *")
    @app.task(name="law.finish_years", queueing_lock="law.finish_years")
    def finish_years(timestamp: int) -> None:
        """Scholarship cases wait for their next school year once the bank has had its time."""
        keys = _read(tools, scholarship_reminders.settled_cases)
        _each(tools, "years_finished", keys, scholarship_reminders.finish_year)

    @app.periodic(cron="30 17 * * *")
    @app.task(name="law.remind_pupils", queueing_lock="law.remind_pupils")
    def remind_pupils(timestamp: int) -> None:
        """Families are reminded of the school years that they can apply for."""
        keys = _read(tools, lambda session: scholarship_reminders.due_children(session, clock.today()))
        _each(tools, "pupils_reminded", keys, scholarship_reminders.remind)

    @app.periodic(cron="40 17 * * *")
    @app.task(name="law.lapse", queueing_lock="law.lapse")
    def lapse_old_accidents(timestamp: int) -> None:
        """Work accidents without a complete application lapse after five years."""
        keys = _read(tools, lambda session: lapsing.lapsed_cases(session, clock.today()))
        _each(tools, "accidents_lapsed", keys, lapsing.lapse)

    @app.periodic(cron="5 1-9 * * *")
    @app.task(name="families.remind", queueing_lock="families.remind")
    def remind_families(timestamp: int) -> None:
        """In office hours (WIB), families are reminded of the papers for which they asked to be."""
        keys = _read(tools, lambda session: request_queries.due_reminders(session, clock.today()))
        _each(tools, "families_reminded", keys, requests.remind)


def _add_after_tasks(app: App, tools: Tools) -> None:
    """What follows a payment and an answer; what one night misses, the next one does."""

    @app.periodic(cron="50 17 * * *")
    @app.task(name="after.ask_families", queueing_lock="after.ask_families")
    def ask_families(timestamp: int) -> None:
        """Three days after the payment families are asked whether it arrived whole."""
        keys = _read(tools, lambda session: receipts.families_to_ask(session, clock.today()))
        _each(tools, "families_asked", keys, receipts.ask_family)

    @app.periodic(cron="0 18 * * *")
    @app.task(name="after.close_complaints", queueing_lock="after.close_complaints")
    def close_complaints(timestamp: int) -> None:
        """Complaints are closed thirty days after an answer that nobody questioned."""
        keys = _read(tools, lambda session: complaints.settled_complaints(session, clock.now()))
        _each(tools, "complaints_closed", keys, complaints.close_settled)


def _add_registry_tasks(app: App, tools: Tools) -> None:
    """Lists of people that a nagari sends; and alarms, before office hours in Sijunjung: what one morning misses, the
    next one does.
    """

    @app.periodic(cron="15 22 * * *")
    @app.task(name="registry.cover_alarms", queueing_lock="registry.cover_alarms")
    def raise_cover_alarms(timestamp: int) -> None:
        """Sixty, thirty and seven days before paid months end, nagari and regency are told."""
        with tools.sessions() as session, session.begin():
            _log.info("cover_alarms", at=timestamp, count=alarms.raise_alarms(session, now=clock.now()))

    @app.task(name=CHECK_TASK, retry=_RETRY)
    def check_import(import_file_id: int) -> None:
        run_check(tools.sessions, tools.store, import_file_id, now=clock.now())

    @app.task(name=WRITE_TASK, retry=_RETRY)
    def write_import(import_file_id: int) -> None:
        run_write(tools.sessions, import_file_id, branch_code=tools.settings.branch_code, now=clock.now())


def _add_visit_tasks(app: App, tools: Tools) -> None:
    """Following families after the money; what one hour misses, the next one does."""

    @app.periodic(cron="25 * * * *")
    @app.task(name="visits.open_plans", queueing_lock="visits.open_plans")
    def open_plans(timestamp: int) -> None:
        """Families whose santunan was paid are followed from the day of payment on; paid again, from that day."""
        keys = _read(tools, lambda session: opening.claims_without_plan(session, now=clock.now()))
        _each(tools, "plans_opened", keys, opening.open_if_due)
        _each(tools, "plans_counted_anew", _read(tools, day_zero.claims_paid_again), day_zero.count_anew)

    @app.periodic(cron="10 18 * * *")
    @app.task(name="visits.draw_again", queueing_lock="visits.draw_again")
    def draw_again(timestamp: int) -> None:
        """One visit in twenty is looked at again by somebody else."""
        salt = tools.settings.pepper
        keys = _read(tools, lambda session: revisits.undrawn(session, salt, now=clock.now()))
        _each(tools, "visits_drawn_again", keys, revisits.plan_revisit)

    @app.periodic(cron="20 18 * * *")
    @app.task(name="visits.finish_plans", queueing_lock="visits.finish_plans")
    def finish_plans(timestamp: int) -> None:
        """Plans without a visit to come are over, once none of their visits is to be looked at again."""

        def finish(session: Session, plan_id: int, *, now: datetime) -> bool:
            return revisits.finish(session, plan_id, tools.settings.pepper, now=now)

        _each(tools, "plans_finished", _read(tools, revisits.over), finish)

    @app.periodic(cron="12 17 * * *")
    @app.task(name="visits.give_from_gone", queueing_lock="visits.give_from_gone")
    def give_from_gone(timestamp: int) -> None:
        """Shortly after midnight in Sijunjung no family is left with a visitor who is gone."""
        _each(tools, "families_given", _read(tools, handing.without_visitor), visit_order.give_from_gone)

    # for ever, as papers wait: nobody sees a photo that was kept without a verdict
    @app.task(name=photos.SCAN_TASK, retry=RetryStrategy(wait=60, retry_exceptions=_SCAN_LATER))
    def scan_photo(photo_id: int) -> None:
        scanner = open_scanner(tools.settings.clamd_address)
        if scanner is None:
            raise ScannerDown("no scanner is configured; the photo waits until there is one")
        with tools.sessions() as session, session.begin():
            photos.run_scan(session, tools.store, scanner, photo_id, now=clock.now())


def _add_result_tasks(app: App, tools: Tools) -> None:
    """Figures of the dashboards: counted again every ten minutes, the last time a day at ten to midnight."""

    @app.periodic(cron="*/10 * * * *")
    @app.task(name="results.refresh", queueing_lock="results.refresh", lock="results.refresh")
    def refresh_results(timestamp: int) -> None:
        with tools.sessions() as session, session.begin():
            # all counts of one moment: a transfer that is confirmed meanwhile counts in all of them or in none
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            _log.info("results_counted", at=timestamp, rows=result_refresh.refresh(session, now=clock.now()))

    @app.periodic(cron="30 19 * * *")
    @app.task(name="results.prepare_report", queueing_lock="results.prepare_report")
    def prepare_report(timestamp: int) -> None:
        """From the fifth of a month on the report of the month before stands ready for who issues it."""
        regency = tools.settings.regency_code
        with tools.sessions() as session, session.begin():
            month = monthly_report.prepare(session, regency=regency, now=clock.now())
            _log.info("report_prepared", at=timestamp, month=month and f"{month:%Y-%m}")

    @app.periodic(cron="35 1-9 * * *")
    @app.task(name="results.mail_report", queueing_lock="results.mail_report")
    def mail_report(timestamp: int) -> None:
        """In office hours (WIB), an issued report goes to the leaders, once to each; so does its correction."""
        settings = tools.settings
        mail, to = mail_of(settings.messages), settings.messages.report_to
        if mail is None or not to:
            return
        with tools.sessions() as session, session.begin():
            waiting = report_mail.unmailed(session, settings.regency_code, to, now=clock.now())
        for letter, one in waiting:
            with tools.sessions() as session, session.begin():
                outcome = report_mail.mail_report(
                    session, tools.store, mail, letter, one, base_url=settings.base_url, now=clock.now()
                )
                _log.info("report_mailed", at=timestamp, became=outcome and outcome.became)

    @app.periodic(cron="*/5 * * * *")
    @app.task(name="service.look", queueing_lock="service.look")
    def look_at_service(timestamp: int) -> None:
        """Whether each part works, for the page that tells everybody."""
        with tools.sessions() as session, session.begin():
            found = service_health.keep(session, tools.store, now=clock.now())
            _log.info("service_looked_at", at=timestamp, down=[part for part, up in found.items() if not up])


def _read(tools: Tools, keys: Callable[[Session], Sequence[int]]) -> Sequence[int]:
    with tools.sessions() as session, session.begin():
        return keys(session)


def _each(tools: Tools, what: str, keys: Sequence[int], work: Callable[..., bool]) -> None:
    """Do the work of a night case by case: one that cannot be done now leaves the others alone."""
    done = 0
    for key in keys:
        try:
            with tools.sessions() as session, session.begin():
                done += work(session, key, now=clock.now())
        except (CaseflowError, DBAPIError) as refusal:
            _log.info("left_for_another_night", what=what, case=key, because=type(refusal).__name__)
    _log.info(what, count=done, looked_at=len(keys))


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
