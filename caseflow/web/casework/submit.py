"""How a form of the case screens is answered: once, against the newest state, and never losing what was typed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from flask import flash, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from caseflow.claims.models import Claim
from caseflow.claims.states import lock
from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPossible, Stale
from caseflow.formats import instant_wib
from caseflow.web import here
from caseflow.web.casework import reads, words
from caseflow.web.casework.frame import Refusal, fetch
from caseflow.web.casework.moves import done
from caseflow.web.forms import BaseForm
from caseflow.web.once import once

Page = Callable[[Claim, Refusal | None], str]
# fields that a page carries and nobody types
_UNSEEN = frozenset({"files", "member_id", "slip_id", "worker_id"})
_UNPROCESSABLE = 422
_CONFLICT = 409


def submit(
    number: str,
    form: BaseForm,
    work: Callable[[Claim], str],
    page: Page,
    *,
    to: str,
    watching: Sequence[str] = (),
    own_version_check: bool = False,
    fetching: Callable[[str], Claim] = fetch,
) -> ResponseReturnValue:
    """Do the work of a form and go on to ``to``; if that cannot be, show the page again with what was typed.

    :param work: calls one verb and returns the sentence to say afterwards.
    :param page: renders the form's page around the same form object.
    :param watching: small acts of other people that make this page out of date.
    :param own_version_check: the verb compares the version itself.
    :param fetching: how this page finds its case, where reading the whole case is not this person's.
    """
    claim = fetching(number)
    if not form.validate():
        return make_response(page(claim, None), _UNPROCESSABLE)

    def worked() -> str:
        if not own_version_check:
            require_fresh(claim, watching)
        flash(work(claim))
        return to

    try:
        return once(worked)
    except Invalid as refusal:
        return show_again(number, form, page, refusal, status=_UNPROCESSABLE, fetching=fetching)
    except (NotPossible, NotFound) as refusal:
        return show_again(number, form, page, refusal, fetching=fetching)
    except DBAPIError as error:
        return show_again(number, form, page, refusal_of(error), fetching=fetching)


def seen_version() -> int:
    """Return the version of the case that the page showed; -1 when the form does not say."""
    return _number(request.form.get("version", ""), -1)


def require_fresh(claim: Claim, watching: Sequence[str]) -> None:
    """Lock the claim and refuse a form from a page that shows an older state.

    :raises Stale: naming who did what and when.
    """
    session = here.session()
    lock(session, claim)
    moves = reads.moves_since(session, claim.id, seen_version()) if claim.version != seen_version() else []
    if moves:
        raise _stale(moves[0].actor_name, moves[0].at, done(moves[0]))
    if claim.version != seen_version():
        raise Stale("Halaman ini tidak lengkap, jadi belum ada yang tersimpan. Muat ulang, lalu kirim lagi.")
    acts = reads.acts_of_others_since(session, claim.id, seen_act(), watching, here.actor().person_id)
    if acts:
        raise _stale(acts[0].actor_name, acts[0].at, words.act(acts[0].action))


def seen_act() -> int:
    """Return the newest small act that the page showed."""
    return _number(request.form.get("seen_act", ""), 0)


def _stale(who: str, at: datetime, what: str) -> Stale:
    return Stale(
        f'{who} mengubah kasus ini {instant_wib(at)}: "{what}". '
        "Yang Anda kirim belum disimpan. Lihat perubahannya, lalu kirim lagi bila masih perlu.",
        done_by=who,
        what=what,
    )


def show_again(
    number: str,
    form: BaseForm,
    page: Page,
    refusal: CaseflowError,
    *,
    status: int = _CONFLICT,
    fetching: Callable[[str], Claim] = fetch,
) -> ResponseReturnValue:
    """Show the page over the newest state, in a transaction of its own."""
    session = here.session()
    session.rollback()
    claim = fetching(number)
    shown: Refusal | None = None
    if isinstance(refusal, Invalid):
        shown = _put_on_fields(form, refusal)
    else:
        stale = isinstance(refusal, Stale)
        sentences = refusal.sentences if isinstance(refusal, NotPossible) else [refusal.sentence]
        shown = Refusal(
            sentences=sentences,
            stale=stale,
            moves=reads.moves_since(session, claim.id, seen_version()) if stale else [],
            acts=reads.acts_of_others_since(
                session, claim.id, seen_act(), words.WATCHED, here.actor().person_id
            )
            if stale
            else [],
            typed=_was_typed(form),
        )
    return make_response(page(claim, shown), status)


def _was_typed(form: BaseForm) -> bool:
    """Whether a person wrote or chose something that the page shows again."""
    return any(
        isinstance(field.data, str | date) and field.data and field.name not in _UNSEEN for field in form
    )


def _put_on_fields(form: BaseForm, refusal: Invalid) -> Refusal | None:
    """Write each sentence beside its field; what belongs to no field of this form stands above it."""
    homeless = []
    for name, sentence in refusal.fields.items():
        field = form._fields.get(name)
        if field is None:
            homeless.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
    return Refusal(homeless, stale=False, moves=[], acts=[]) if homeless else None


def _number(text: str, otherwise: int) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else otherwise
