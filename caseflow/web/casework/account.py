"""The account of whoever is paid: entered as a new version, the name compared and the reason kept."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.validators import InputRequired

from caseflow.claims import family
from caseflow.claims.models import Claim
from caseflow.people import slips
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads
from caseflow.web.casework.frame import Refusal, fetch, render
from caseflow.web.casework.heirs import WATCHED
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BankAccountField, BaseForm, LongTextField, NameField
from caseflow.web.security import requires

_TAB = "casework.heirs_page"


class AccountForm(BaseForm):
    """An account as the book shows it."""

    bank_code = SelectField("Bank")
    account_number = BankAccountField(
        "Nomor rekening", [InputRequired("Tulis nomor rekening seperti di buku tabungan.")]
    )
    holder_name = NameField("Nama pemilik di buku tabungan", [InputRequired("Tulis nama pemilik rekening.")])
    name_note = LongTextField("Bagaimana Anda memastikan namanya sama")


@casework.get("/kasus/<number>/rekening")
@requires("account.enter")
def account_page(number: str) -> ResponseReturnValue:
    """Ask for the account; a recorded number is not shown again, so that it is read from the book."""
    return _page(fetch(number), _form(empty=True), None)


@casework.post("/kasus/<number>/rekening")
@requires("account.enter")
def account_post(number: str) -> ResponseReturnValue:
    """Record the account as a new version."""
    form = _form()

    def work(claim: Claim) -> str:
        family.enter_account(
            here.session(),
            claim,
            bank_code=form.bank_code.data or "",
            account_number=form.account_number.data or "",
            holder_name=form.holder_name.data or "",
            name_note=form.name_note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return "Rekening sudah dicatat. Persetujuan lama, bila ada, tidak berlaku lagi."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _page(c, form, r), to=to, watching=WATCHED)


def _form(*, empty: bool = False) -> AccountForm:
    form = AccountForm(formdata=None) if empty else AccountForm()
    form.bank_code.choices = [("", "Pilih bank"), *registry.banks(here.session())]
    return form


def _page(claim: Claim, form: AccountForm, refusal: Refusal | None) -> str:
    return render(
        claim,
        _TAB,
        "account.html",
        refusal=refusal,
        form=form,
        payee=decision_reads.payee_facts(here.session(), claim.id),
        account=decision_reads.account_facts(here.session(), claim.id),
        held_until=slips.held_until(here.session(), claim.id, now=here.now()),
    )
