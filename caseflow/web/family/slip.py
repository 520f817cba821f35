"""The slip that the phone of the report prints once; every further one is made at the counter."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from caseflow.errors import NotPossible
from caseflow.people import pins, slips
from caseflow.people.actor import SYSTEM
from caseflow.people.devices import Device
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import require_close
from caseflow.web.security import requires
from caseflow.web.slip_paper import paper_of


@family.post("/slip")
@requires("family.slip")
def print_slip() -> ResponseReturnValue:
    """Make the slip of whoever reported and show it once; going back in the browser does not show it again."""
    claim, session = own_claim(), here.session()
    require_close(session, claim, by=here.actor())
    if slips.had_slip(session, claim.id, here.actor().name):
        raise NotPossible(
            "Slip untuk laporan ini sudah dicetak, jadi kodenya tidak tampil lagi. "
            "Slip hilang? Telepon atau datang ke kantor untuk slip baru."
        )
    _require_unlocked(g.device)
    printed = slips.issue_slip(
        session, claim.id, here.actor().name, by=SYSTEM, now=here.now(), pepper=here.settings().pepper
    )
    return render_template("family/slip.html", paper=paper_of(session, claim, printed))


def _require_unlocked(device: Device) -> None:
    """A code of the slip unlocks: so whoever only holds the phone gets none.

    :raises NotPossible: locked, or opened too long ago. Nothing is printed.
    """
    if pins.may_set(here.session(), device, now=here.now()):
        return
    if device.has_pin:
        raise NotPossible(
            "HP ini terkunci, jadi slip belum dibuat. Buka kunci dengan PIN dulu, lalu buat slipnya. "
            "Lupa PIN? Datang ke kantor membawa KTP asli untuk slip."
        )
    raise NotPossible(
        "HP ini sudah lama terbuka, jadi slip belum dibuat. Datang ke kantor membawa KTP asli untuk slip."
    )
