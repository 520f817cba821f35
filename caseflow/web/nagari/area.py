"""Which nagari a page is about: the own one, or for whoever keeps several the one in the address (``?nagari=``)."""

from flask import request

from caseflow.errors import NotFound
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import Region
from caseflow.registry.regions import nagari_of
from caseflow.web import here

_LONGEST = 20


def asked_nagari(by: Actor, permission: str) -> Region | None:
    """Return the nagari of this page; ``None`` when somebody with several named none.

    :raises NotFound: no nagari, or out of reach.
    """
    asked = request.values.get("nagari", "")[:_LONGEST].strip()
    if not asked and len(by.region_codes) == 1:
        asked = next(iter(by.region_codes))
        if nagari_of(here.session(), asked) is None:
            return None
    if not asked:
        return None
    reach.require(asked, by, permission)
    found = nagari_of(here.session(), asked)
    if found is None:
        raise NotFound("Nagari ini tidak ditemukan.")
    return found
