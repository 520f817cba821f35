"""One form, one effect: however often a form arrives, its work is done once and the answer stays the same."""

from collections.abc import Callable

from flask import Response, make_response, redirect, request

from caseflow.audit import requests
from caseflow.web import here

FIELD = "request_key"
# sent again these differ, though it is the same request
_OUTSIDE = frozenset({FIELD, "csrf_token", "second_factor"})


def once(work: Callable[[], str]) -> Response:
    """Do ``work`` and redirect to the path it returns; for a form that came before, only redirect.

    The form carries a hidden field ``request_key`` (in templates: ``{{ request_key() }}``). The door commits
    answer and work together, so a lost connection or a double click never does it twice.

    :raises Invalid: no key, or the same key with another content.
    """
    named = _named()
    answer = requests.begin(here.session(), named, requests.digest(_typed()))
    if answer is None:
        answer = requests.Answer(status=303, location=work())
        requests.finish(here.session(), named, answer)
    return make_response(redirect(answer.location, code=answer.status))


def shown_once(work: Callable[[], str], *, afterwards: str) -> Response:
    """Do ``work`` and show the page it returns; for a form that came before, lead to ``afterwards``.

    For what must not be done or shown a second time: going back in the browser sends the same form.

    :raises Invalid: no key, or the same key with another content.
    """
    named = _named()
    if requests.begin(here.session(), named, requests.digest(_typed())) is not None:
        return make_response(redirect(afterwards, code=303))
    page = work()
    requests.finish(here.session(), named, requests.Answer(status=303, location=afterwards))
    return make_response(page)


def _named() -> requests.RequestKey:
    return requests.RequestKey(
        requests.actor_key(here.find_actor()), request.path, request.form.get(FIELD, "")
    )


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _OUTSIDE]
