"""Where somebody's work begins: after signing in, and behind the name on top of every page."""

from caseflow.people import policy
from caseflow.people.actor import Actor

_HOMES = (
    ("approval.decide", "/petugas/persetujuan/"),
    ("worklist.read", "/petugas/"),
    ("opinion.give", "/petugas/pendapat-medis/"),
    ("payment.read", "/keuangan/"),
    ("nagari.read", "/nagari/"),
    ("programme.read", "/program/"),
    ("visit.supervise", "/pendamping/penyelia/"),
    ("visit.plan", "/pendamping/"),
)


def home(actor: Actor) -> str:
    """Return where somebody's work begins."""
    return next((path for permission, path in _HOMES if policy.allows(actor, permission)), "/akun")
