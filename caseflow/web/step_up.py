"""Sensitive acts ask for the second factor again when it was last given more than five minutes ago."""

from datetime import UTC, datetime

from flask import Flask, Response, g, make_response, render_template, request

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import CaseflowError
from caseflow.extensions import db
from caseflow.people import accounts, hashing, passphrases, sessions, throttle, totp
from caseflow.web import here, resend
from caseflow.web.identity import address

FIELD = "second_factor"
WRONG_CODE = "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di HP, lalu tulis lagi."
WRONG_PASSPHRASE = "Frasa sandi tidak cocok."  # noqa: S105 - a sentence


class StepUpNeeded(CaseflowError):
    """The act is theirs, but it must be certain that it is them, now. Nothing was saved."""

    status = 401

    def __init__(self, sentence: str, *, by_code: bool, wrong: str | None = None) -> None:
        super().__init__(sentence)
        self.by_code = by_code
        self.wrong = wrong


def init_step_up(app: Flask) -> None:
    """Answer with a page that asks for the factor and sends the same form again."""
    app.register_error_handler(StepUpNeeded, _ask)


def require_step_up() -> None:
    """Go on only if the second factor is fresh; call it first in a sensitive POST view.

    The factor may come in the field ``second_factor`` of the same form: a code, or in training without an
    enrolled phone the passphrase. The page that asks for it keeps everything else that was typed.

    :raises StepUpNeeded: not given, or wrong. :raises TooMany: too many wrong ones.
    """
    now = clock.now()
    if not sessions.needs_step_up(g.browser, now=now):
        return
    facts = accounts.get_facts(here.session(), g.browser.user_id)
    by_code = facts.totp_secret is not None
    answer = request.form.get(FIELD, "")
    sentence = "Langkah ini perlu kepastian bahwa ini benar Anda. Belum ada yang berubah."
    if not answer:
        raise StepUpNeeded(sentence, by_code=by_code)
    if not check_factor(facts, answer):
        raise StepUpNeeded(sentence, by_code=by_code, wrong=WRONG_CODE if by_code else WRONG_PASSPHRASE)
    sessions.confirm(here.session(), g.browser, now=now)
    record(here.session(), "staff.stepped_up", by=here.actor(), subject=f"user:{facts.user_id}")
    db.session.commit()


def check_factor(facts: accounts.SignInFacts, answer: str) -> bool:
    """Check a code (or, without an enrolled phone, the passphrase) and count the try.

    :raises TooMany: too many wrong ones.
    """
    kind = "totp" if facts.totp_secret else "staff"
    try_id = throttle.begin(here.session(), kind, facts.username, address(), now=clock.now())
    db.session.commit()
    if facts.totp_secret:
        right = totp.spend(here.session(), facts, answer, at=datetime.now(UTC), pepper=here.settings().pepper)
    else:
        right = hashing.passphrase_matches(facts.password_hash, passphrases.normal(answer))
    if right:
        throttle.succeed(here.session(), try_id)
    db.session.commit()
    return right


def _ask(error: StepUpNeeded) -> Response:
    body = render_template(
        "account/confirm.html",
        sentence=error.sentence,
        by_code=error.by_code,
        refused=error.wrong,
        fields=resend.fields(),
        action=request.path,
    )
    return make_response(body, error.status)
