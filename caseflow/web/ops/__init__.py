"""Is the service alive, is it ready? For machines that watch it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from caseflow.errors import CaseflowError
from caseflow.web import here
from caseflow.web.security import requires

ops = Blueprint("ops", __name__)


@ops.get("/healthz")
@requires("ops.health")
def alive() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@ops.get("/readyz")
@requires("ops.health")
def ready() -> ResponseReturnValue:
    """Answer 200 when database and object store answer, 503 otherwise."""
    parts = {"database": _database(), "storage": _storage()}
    good = all(parts.values())
    return {"status": "ok" if good else "unavailable", "parts": parts}, 200 if good else 503


def _database() -> bool:
    try:
        return here.session().execute(text("SELECT 1")).scalar() == 1
    except Exception:
        return False


def _storage() -> bool:
    try:
        here.store().ready()
    except CaseflowError:
        return False
    return True
