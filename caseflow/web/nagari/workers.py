"""Finding one worker of the registry for a report: out of reach is the same as not there."""

from flask import url_for
from sqlalchemy import select

from caseflow.errors import NotFound
from caseflow.registry import reach
from caseflow.registry.models import Worker
from caseflow.web import here


def fetch_worker(public_id: str) -> Worker:
    """Return a worker within somebody's reach.

    :raises NotFound: not there, or of another area.
    """
    worker = here.session().scalar(
        select(Worker).where(
            Worker.public_id == public_id, reach.within(Worker.region_code, here.actor(), "worker.report")
        )
    )
    if worker is None:
        raise NotFound("Pekerja ini tidak ditemukan. Cari lagi di daftar pekerja.")
    return worker


def way_back(worker: Worker) -> tuple[str, str]:
    """Return the page of the worker, and its name: the address, then the words."""
    return url_for("nagari.worker_page", public_id=worker.public_id), worker.full_name
