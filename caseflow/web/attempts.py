"""How a form is answered: its work done once, or the page again with every reason and all that was typed."""

from collections.abc import Callable, Sequence

from flask import make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, Invalid, NotPossible, Stale
from caseflow.web import here
from caseflow.web.forms import BaseForm
from caseflow.web.once import once

Again = Callable[[Sequence[str]], str]
_UNPROCESSABLE = 422
_LARGEST_KEY = 2**63 - 1


def attempt(work: Callable[[], str], again: Again, form: BaseForm | None = None) -> ResponseReturnValue:
    """Do the work once and go where it says; refused, show the page again and keep nothing of the work.

    :param again: renders the page; it is given the sentences that belong to no field of ``form``.
    """
    if form is not None and not form.validate():
        return make_response(again([]), _UNPROCESSABLE)
    try:
        return once(work)
    except (Invalid, NotPossible) as refusal:
        return _show_again(refusal, again, form)
    except DBAPIError as error:
        in_words = refusal_of(error)
        if not isinstance(in_words, NotPossible):
            raise
        return _show_again(in_words, again, form)


def require_seen(version_now: int, *, steps: int = 1) -> None:
    """Refuse the work when the page was older: called after the verb, under its locks.

    :param steps: how often the verb raised the version.
    :raises Stale: somebody changed it between page and button; all of this request is undone.
    """
    if whole_number(request.form.get("version")) + steps != version_now:
        raise Stale(
            "Ini sudah berubah sejak halaman dibuka. Yang Anda kirim belum tersimpan. "
            "Keadaan terbaru ada di bawah; kirim lagi bila masih perlu."
        )


def whole_number(text: str | None, otherwise: int = -1) -> int:
    """Return a key from an address or a hidden field; anything else is ``otherwise``."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return otherwise
    return min(int(digits), _LARGEST_KEY)


def _show_again(refusal: CaseflowError, again: Again, form: BaseForm | None) -> ResponseReturnValue:
    """Show the page over the newest state, with sentences at their fields and the others on top."""
    here.session().rollback()
    return make_response(again(_homeless(refusal, form)), refusal.status)


def _homeless(refusal: CaseflowError, form: BaseForm | None) -> list[str]:
    if isinstance(refusal, NotPossible):
        return refusal.sentences
    rest = []
    for name, sentence in refusal.fields.items() if isinstance(refusal, Invalid) else ():
        if form is not None and name in form:
            form[name].errors = [sentence]
        else:
            rest.append(sentence)
    return rest
