"""Referrals: the list with what is overdue, sending a family on to an offer that fits, writing down the answer."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.formats import long_date
from caseflow.monitoring import matching, offers, plans, referral_queries, referrals
from caseflow.monitoring.models import Plan
from caseflow.monitoring.offers import KIND_LABELS
from caseflow.monitoring.referral_models import Offer, Referral
from caseflow.monitoring.referrals import Answered, Asked
from caseflow.monitoring.trail import Trail, trail_of
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.field import field
from caseflow.web.forms import BaseForm, DayField, LongTextField, choices
from caseflow.web.security import requires

_FILTERS = {
    "lewat": ("overdue", "Lewat hari jawaban"),
    "menunggu": ("waiting", "Menunggu jawaban"),
    "berjalan": ("going", "Diterima atau hadir"),
    "selesai": ("ended", "Selesai"),
}


class ReferralForm(BaseForm):
    """Where the family is sent, for whom, and until when an answer is hoped for."""

    bantuan = HiddenField()
    kind = SelectField(
        "Jenis bantuan", choices=[("", "Pilih jenisnya"), *KIND_LABELS.items()], validate_choice=False
    )
    to_whom = StringField("Dirujuk kepada", [Length(max=160)])
    for_whom = StringField("Untuk siapa", [InputRequired("Tulis untuk siapa."), Length(max=120)])
    visit = SelectField("Kebutuhan ini diceritakan saat", validate_choice=False)
    words = LongTextField("Catatan untuk penerima", [Length(max=600, message="Paling banyak 600 huruf.")])
    answer_by_on = DayField("Jawaban diharapkan paling lambat", [InputRequired("Isi harinya.")])

    def validate_kind(self, field: Field) -> None:
        """Without an offer that says it the kind is chosen here."""
        if not self.bantuan.data and not field.data:
            raise ValidationError("Pilih jenis bantuannya.")

    def validate_to_whom(self, field: Field) -> None:
        """Without an offer that says it somebody is named here."""
        if not self.bantuan.data and not (field.data or "").strip():
            raise ValidationError("Tulis kepada siapa keluarga dirujuk.")


class AnswerForm(BaseForm):
    """What came back."""

    version = HiddenField(validators=[InputRequired()])
    state = RadioField("Jawabannya", validate_choice=False, validators=[InputRequired("Pilih jawabannya.")])
    words = LongTextField("Apa yang dijawab", [InputRequired("Tulis jawabannya.")])
    on = DayField("Hari jawaban", [InputRequired("Isi harinya.")])


@field.get("/rujukan")
@requires("referral.edit")
def referrals_page() -> ResponseReturnValue:
    """List the referrals of one's own families, or of the area."""
    by, today = here.actor(), clock.today()
    counts = referral_queries.referral_counts(here.session(), by=by, today=today)
    usual = "lewat" if counts["overdue"] else "menunggu"
    chosen = request.args.get("tahap") or usual
    if chosen not in _FILTERS:
        raise NotFound("Saringan ini tidak ada.")
    return render_template(
        "field/referrals.html",
        tabs=[
            {
                "label": label,
                "href": url_for("field.referrals_page", tahap=name),
                "count": counts[which],
                "current": name == chosen,
                "sentiment": "danger" if which == "overdue" else "neutral",
            }
            for name, (which, label) in _FILTERS.items()
        ],
        rows=referral_queries.referral_rows(here.session(), _FILTERS[chosen][0], by=by, today=today),
        kinds=KIND_LABELS,
        states=referrals.STATE_LABELS,
        today=today,
        limit=referral_queries.PAGE,
    )


@field.get("/keluarga/<plan_id>/rujukan/baru")
@requires("referral.edit")
def new_referral_page(plan_id: str) -> ResponseReturnValue:
    """Show the offers that fit, and the form for the one that was chosen, or for another place."""
    plan = _plan(plan_id)
    offer = _offer(plan, request.args.get("bantuan"))
    first = {
        "bantuan": offer.public_id if offer else "",
        "for_whom": plan.contact_name,
        "answer_by_on": clock.today() + referrals.USUAL_WAIT,
    }
    return _new_page(plan, ReferralForm(formdata=None, data=first), offer)


@field.post("/keluarga/<plan_id>/rujukan/baru")
@requires("referral.edit")
def new_referral_post(plan_id: str) -> ResponseReturnValue:
    """Send the family on."""
    plan, form = _plan(plan_id), ReferralForm()
    offer = _offer(plan, form.bantuan.data)

    def work() -> str:
        chosen = form.visit.data or ""
        visit = (
            plans.get_visit(here.session(), chosen, by=here.actor(), permission="referral.edit")
            if chosen
            else None
        )
        asked = Asked(
            kind=offer.kind if offer else form.kind.data or "",
            to_whom=f"{offer.title}, {offer.provider}"[:160] if offer else form.to_whom.data or "",
            for_whom=form.for_whom.data or "",
            words=form.words.data or "",
            answer_by_on=form.answer_by_on.data or clock.today(),
            offer=offer,
            visit=visit,
        )
        sent = referrals.send_on(here.session(), plan, asked, by=here.actor(), now=here.now())
        flash(f"Rujukan tersimpan. Jawaban diharapkan paling lambat {long_date(sent.answer_by_on)}.")
        return url_for("field.referral_page", referral_id=sent.public_id)

    return attempt(
        work, lambda refused: _new_page(_plan(plan_id), form, _offer(plan, form.bantuan.data), refused), form
    )


@field.get("/rujukan/<referral_id>")
@requires("referral.edit")
def referral_page(referral_id: str) -> ResponseReturnValue:
    """Show one referral with everything that happened to it."""
    return _referral_page(referral_id, AnswerForm(formdata=None, data={"on": clock.today()}))


@field.post("/rujukan/<referral_id>")
@requires("referral.edit")
def referral_post(referral_id: str) -> ResponseReturnValue:
    """Write down what came back."""
    form = AnswerForm()
    referral, _ = referrals.get_referral(here.session(), referral_id, by=here.actor())

    def work() -> str:
        said = Answered(form.state.data or "", form.words.data or "", form.on.data or clock.today())
        version = whole_number(form.version.data)
        referrals.answer(
            here.session(), referral, said, by=here.actor(), expected_version=version, now=here.now()
        )
        flash(f"Tersimpan: {referrals.STATE_LABELS[referral.state].lower()}.")
        return url_for("field.referral_page", referral_id=referral_id)

    form.state.choices = choices(_answers(referral))
    return attempt(work, lambda refused: _referral_page(referral_id, form, refused), form)


def _plan(plan_id: str) -> Plan:
    return plans.get_plan(here.session(), plan_id, by=here.actor(), permission="referral.edit")


def _offer(plan: Plan, public: str | None) -> Offer | None:
    """Return an offer of the regency the family lives in; a visitor may send on to any of them."""
    return offers.offer_near(here.session(), public, plan.region_code) if public else None


def _answers(referral: Referral) -> list[tuple[str, str]]:
    return [(state, referrals.STATE_LABELS[state]) for state in referrals.NEXT[referral.state]]


def _new_page(plan: Plan, form: ReferralForm, offer: Offer | None, refused: Sequence[str] = ()) -> str:
    trail = trail_of(here.session(), plan, today=clock.today())
    made = [(step.visit.public_id, f"{step.title}, {long_date(step.record.made_on)}") for step in trail.steps]
    form.visit.choices = choices([("", "Tidak saat kunjungan"), *reversed(made)])
    return render_template(
        "field/referral_new.html",
        plan=plan,
        form=form,
        offer=offer,
        refused=refused,
        trail=trail,
        kinds=KIND_LABELS,
        matches=[] if offer else _matches(plan, trail),
    )


def _matches(plan: Plan, trail: Trail) -> list[matching.Match]:
    """Return what fits the needs told last; nothing was told: every kind."""
    kinds = [matching.KIND_OF_NEED[need] for need in trail.open_needs] or list(KIND_LABELS)
    return matching.matches(here.session(), plan, kinds, trade=trail.trade, on=clock.today())


def _referral_page(referral_id: str, form: AnswerForm, refused: Sequence[str] = ()) -> str:
    referral, plan = referrals.get_referral(here.session(), referral_id, by=here.actor())
    form.state.choices = choices(_answers(referral))
    return render_template(
        "field/referral.html",
        referral=referral,
        plan=plan,
        form=form,
        refused=refused,
        events=referrals.events_of(here.session(), referral.id),
        kinds=KIND_LABELS,
        states=referrals.STATE_LABELS,
        overdue=referrals.is_overdue(referral, clock.today()),
        open=bool(referrals.NEXT[referral.state]),
    )
