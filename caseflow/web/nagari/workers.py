"""Finding one worker of the registry for a nagari's page: out of reach is the same as not there."""

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
            Worker.public_id == public_id, reach.within(Worker.region_code, here.actor(), "worker.read")
        )
    )
    if worker is None:
        raise NotFound("Pekerja ini tidak ditemukan. Cari lagi di daftar pekerja.")
    return worker
