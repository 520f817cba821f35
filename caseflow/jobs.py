"""Background work: previews, late virus scans, tidying, and giving back jobs of a worker that died.

Jobs may run twice; every one of them is harmless to repeat. One transaction a job, committed here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from sqlalchemy import Engine, create_engine, delete, make_url
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.claims.models import ReportDraft
from caseflow.config import Settings
from caseflow.documents.preview import PREVIEW_TASK, run_preview
from caseflow.documents.scan import SCAN_TASK, ScannerDown, open_scanner, run_scan
from caseflow.documents.storage import ObjectStore
from caseflow.documents.sweep import sweep

_log = structlog.get_logger("caseflow.jobs")
STALLED_SECONDS = 120
# five tries, ever further apart: 15, 60, 135, 240 seconds
_RETRY = RetryStrategy(max_attempts=5, wait=15, exponential_wait=0, linear_wait=45)


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

    @app.task(name=SCAN_TASK, retry=RetryStrategy(max_attempts=200, wait=60))
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
            "swept", at=timestamp, given_up=report.given_up, trashed=report.trashed, purged=report.purged
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


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
