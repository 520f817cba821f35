"""Finding one worker of the registry for a page: out of reach is the same as not there; where its list lies."""

from flask import url_for
from sqlalchemy import select

from caseflow.errors import NotFound
from caseflow.people import policy
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


def way_back() -> tuple[str, str]:
    """Return where somebody came from, and in words: the nagari's home, or the list of deaths without a report."""
    if policy.allows(here.actor(), "nagari.read"):
        return url_for("nagari.home_page"), "Beranda nagari"
    return url_for("programme.unclaimed_page"), "Belum ada laporan"
