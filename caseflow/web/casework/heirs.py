"""The family and who is paid: people, the rule in one sentence, the decision, the account."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.claims import family
from caseflow.claims.models import Claim, FamilyMember, HeirDecision
from caseflow.claims.states import PREPARING
from caseflow.law.heirs import HeirRanking
from caseflow.law.relatives import age_on
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework, decision_reads, words
from caseflow.web.casework.frame import Refusal, fetch, may, render, worker_lives
from caseflow.web.casework.submit import submit
from caseflow.web.casework.worker_payee import show_worker_payee
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires

_TAB = "casework.heirs_page"
# what others do to the family while a page is open
WATCHED = (
    "claim.member_recorded",
    "claim.member_changed",
    "claim.member_removed",
    "claim.heirs_decided",
    "claim.account_entered",
)


class PayeeForm(BaseForm):
    """Who is paid, and how the others agreed."""

    payee = RadioField(
        "Siapa yang menerima?", validators=[InputRequired("Pilih penerima.")], validate_choice=False
    )
    agreement = RadioField("Dasarnya", choices=list(words.AGREEMENTS.items()), validate_choice=False)
    note = LongTextField("Surat atau bukti persetujuan")


@dataclass(frozen=True)
class Person:
    """A relative as the table shows them."""

    id: int
    name: str
    relation: str
    born: str
    age: str
    life: str
    source: str
    tag: str
    sentiment: str
    detail: str
    removable: bool


@casework.get("/kasus/<number>/ahli-waris")
@requires("claim.read")
def heirs_page(number: str) -> ResponseReturnValue:
    """Show the family, the rule, and who is paid; a scholarship is paid to its child."""
    claim = fetch(number)
    if claim.program == "scholarship":
        return redirect(url_for("casework.years_page", number=claim.number))
    return show_heirs(claim, None)


@casework.post("/kasus/<number>/ahli-waris")
@requires("heirs.decide")
def heirs_post(number: str) -> ResponseReturnValue:
    """Decide who is paid."""
    form = PayeeForm()

    def work(claim: Claim) -> str:
        family.decide_heirs(
            here.session(),
            claim,
            payee_member_id=whole_number(form.payee.data, 0),
            agreement=form.agreement.data or "",
            note=form.note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return "Penerima santunan sudah ditetapkan."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: show_heirs(c, r, form=form), to=to, watching=WATCHED)


def show_heirs(claim: Claim, refusal: Refusal | None, *, form: PayeeForm | None = None) -> str:
    """Render the section; ``form`` is the decision as it was sent."""
    if worker_lives(claim):
        return show_worker_payee(claim, refusal)
    session, today = here.session(), clock.today()
    members = [one for one in family.members(session, claim.id) if one.relation != "self"]
    ranking = family.ranking(session, claim, today)
    decision = family.current_heirs(session, claim.id)
    editable = claim.state in PREPARING
    choices = _choices(members, ranking)
    return render(
        claim,
        _TAB,
        "heirs.html",
        refusal=refusal,
        form=form or _payee_form(decision, choices),
        people=[_person(member, ranking, claim, editable=editable) for member in members],
        ranking=ranking,
        choices=choices,
        payee_form=_with_choices(form or _payee_form(decision, choices), choices),
        decision=decision,
        decision_current=decision is not None and family.heirs_are_current(session, decision),
        payee=next((m for m in members if decision and m.id == decision.payee_member_id), None),
        account=decision_reads.account_facts(session, claim.id),
        may_edit=may("heirs.decide") and editable,
        may_enter=may("account.enter") and editable and decision is not None,
        editable=editable,
    )


def _choices(members: Sequence[FamilyMember], ranking: HeirRanking) -> list[tuple[str, str]]:
    """Return who may be chosen: the entitled, or whoever arranged the burial when there is nobody."""
    entitled = set(ranking.entitled)
    return [
        (str(member.id), f"{member.full_name} ({words.relation(member.relation)})")
        for member in members
        if str(member.id) in entitled or (ranking.no_heir and member.arranged_burial)
    ]


def _payee_form(decision: HeirDecision | None, choices: list[tuple[str, str]]) -> PayeeForm:
    data: dict[str, str] = {}
    if decision is not None:
        data = {
            "payee": str(decision.payee_member_id),
            "agreement": decision.agreement,
            "note": decision.note,
        }
    elif len(choices) == 1:
        data = {"payee": choices[0][0], "agreement": "sole_heir"}
    elif choices:
        data = {"agreement": "signed_agreement"}
    return PayeeForm(formdata=None, data=data)


def _with_choices(form: PayeeForm, choices: list[tuple[str, str]]) -> PayeeForm:
    form.payee.choices = choices
    return form


def _person(member: FamilyMember, ranking: HeirRanking, claim: Claim, *, editable: bool) -> Person:
    ref = str(member.id)
    minor = next((one for one in ranking.minors if one.ref == ref), None)
    other = next((one for one in ranking.others if one.ref == ref), None)
    if ref in ranking.entitled:
        tag, sentiment = ("berhak, belum dewasa", "waiting") if minor else ("berhak", "positive")
    else:
        tag, sentiment = "tidak menerima", "neutral"
    details = [minor.sentence if minor else "", other.sentence if other else "", _papers(member)]
    return Person(
        id=member.id,
        name=member.full_name,
        relation=words.relation(member.relation),
        born=words.day_or(member.born_on, "belum diketahui"),
        age=f"{age_on(member.born_on, clock.today())} tahun" if member.born_on else "–",
        life=_life(member),
        source=member.source,
        tag=tag,
        sentiment=sentiment,
        detail=" ".join(part for part in details if part),
        removable=editable,
    )


def _life(member: FamilyMember) -> str:
    if member.alive is None:
        return "belum dipastikan hidup"
    if member.alive:
        return "hidup"
    return f"meninggal {words.day_or(member.died_on, '(tanggal belum dicatat)')}"


def _papers(member: FamilyMember) -> str:
    parts = []
    if member.documented is False:
        parts.append("Bukti hubungan tidak ada.")
    if member.documented is None:
        parts.append("Bukti hubungan belum diperiksa.")
    if member.guardian_name:
        basis = words.GUARDIAN_BASES.get(member.guardian_basis or "", "")
        parts.append(f"Wali: {member.guardian_name} ({basis}).")
    if member.arranged_burial:
        parts.append("Mengurus pemakaman.")
    return " ".join(parts)
