"""Opening a family's phone with a code from the slip."""

from caseflow import clock
from caseflow.extensions import db
from caseflow.people import slips
from caseflow.web import here
from caseflow.web.identity import address, browser_label


def open_phone(number: str, code: str) -> str:
    """Spend a code and return the token for the phone's cookie (``identity.give_family_cookie``).

    The try is committed before it is checked, and no transaction is open while the slow hashes run.

    :raises Invalid: mistyped or unknown. :raises NotPossible: used up or too old.
    :raises TooMany: too many wrong tries at this case.
    """
    now = clock.now()
    number, code = slips.read_typed(number, code)
    try_id = slips.begin_try(here.session(), number, address(), now=now)
    db.session.commit()
    codes = slips.codes_of(here.session(), number)
    db.session.commit()
    found = slips.match(codes, code, now=now, pepper=here.settings().pepper)
    return slips.spend(here.session(), found, try_id=try_id, label=browser_label(), now=now)
