"""A visit written at a desk: copied from the paper form, with a photo of it, or filled in without the app.

It comes in like a visit from a phone, through ``arrival.receive``; nothing typed is lost when something is wrong.
"""

import hashlib
import io
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.documents.refusals import MAX_FILE_BYTES
from caseflow.documents.scan import open_scanner
from caseflow.errors import CaseflowError, Invalid, NotPossible
from caseflow.formats import phone
from caseflow.monitoring import addenda, arrival, consents, fields, photos, pictures, plans
from caseflow.monitoring.arrival import Arrived
from caseflow.monitoring.household import children_of
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.questions import by_name
from caseflow.monitoring.refused import at_desk
from caseflow.monitoring.titles import VISITS
from caseflow.payments.queries import instructions_of_claim
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.field import field
from caseflow.web.field.entry_form import (
    FROM_PAPER,
    PEOPLE,
    VisitForm,
    form_for,
    said_by_form,
    without_its_answer,
)
from caseflow.web.proofs import FORM_BYTES, WITH_PAPER
from caseflow.web.security import requires

_PAPERS = uuid.UUID("6f1d3c5a-8f3e-4c0a-9d57-2b6a1e0c7d42")  # the photo of a paper is named after its visit
_PAPER_NEEDED = "Pilih foto formulir kertasnya. Belum ada yang tersimpan."
_YES_NEEDED = (
    "Ada cerita tentang uang yang diminta, tetapi “Ya” belum dipilih. Belum ada yang tersimpan. "
    "Pilih “Ya”, atau kosongkan ceritanya."
)
_TWO_WORDS = (
    "Keluarga tidak bersedia, tetapi persetujuan dicentang. Belum ada yang tersimpan. Hapus salah satunya."
)
_NOT_OVER = "Menurut jam dan lamanya, kunjungan ini belum selesai. Periksa lagi. Belum ada yang tersimpan."
# where a sentence about part of a visit is shown on the form
_AT = {
    "respondents": "met_1",
    "consent": "agreed",
    "photos": "paper",
    "started_at": "made_on",
    "finished_at": "made_on",
    "uses": "use_daily_needs",
}


@field.get("/kunjungan/<visit_id>/isi")
@requires("visit.record")
def visit_entry(visit_id: str) -> ResponseReturnValue:
    """Ask the fifteen questions."""
    plan, visit = _visit(visit_id)
    if addenda.may_add(visit):
        return redirect(url_for("field.addendum_page", visit_id=visit_id))
    facts = {"contact_phone": phone(plan.contact_phone or ""), "landmark": plan.landmark}
    form = form_for(_children(plan), VisitForm)(
        formdata=None, data={"number": str(uuid.uuid4()), "made_on": clock.today(), **facts}
    )
    return _page(plan, visit, form, [])


@field.post("/kunjungan/<visit_id>/isi")
@requires("visit.record", max_bytes=FORM_BYTES, body_types=WITH_PAPER)
def visit_entry_keep(visit_id: str) -> ResponseReturnValue:
    """Take the visit in."""
    plan, _ = _visit(visit_id)
    form = form_for(_children(plan), VisitForm)()

    def work() -> str:
        _take(form, *_visit(visit_id))
        flash("Kunjungan tersimpan dan sudah diterima.")
        return url_for("field.family_page", plan_id=plan.public_id)

    def again(refused: Sequence[str]) -> str:
        return _page(*_visit(visit_id), form, refused)

    return attempt(work, again, form)


def _take(form: VisitForm, plan: Plan, visit: PlannedVisit) -> None:
    session = here.session()
    made_on = form.made_on.data
    # paid again, a plan began before the day that its months are counted from
    first = min(plan.paid_on, clock.local(plan.opened_at).date())
    if made_on is None or not first <= made_on <= clock.today():
        raise Invalid(
            {"made_on": "Isi hari sesudah santunan dibayar, paling akhir hari ini. Belum tersimpan."}
        )
    problems = without_its_answer(form, _children(plan))
    if form.levy_words.data and form.levy_reported.data != "yes":
        problems["levy_reported"] = _YES_NEEDED
    if form.agreed.data and form.outcome.data == "declined":
        problems["agreed"] = _TWO_WORDS
    if problems:
        raise Invalid(problems)
    said = said_by_form(
        form, visit, _children(plan), bases=_bases(), consent_version=consents.text_on(made_on).version
    )
    _require_over(said)
    paper = _paper(form)
    number = str(uuid.uuid5(_PAPERS, form.number.data or ""))
    if paper is not None:
        said["photos"] = [
            {
                "uuid": number,
                "position": 5,
                "shows": "paper",
                "size": len(paper),
                "sha256": hashlib.sha256(paper).hexdigest(),
            }
        ]
    found = arrival.receive(session, Arrived(form.number.data or "", said), by=here.actor(), now=here.now())
    if found.refusal is not None:
        problems = found.refusal.fields
        if problems:
            raise Invalid({_AT.get(name, name): sentence for name, sentence in problems.items()})
        raise NotPossible(at_desk(found.refusal))
    if paper is not None:
        photos.store_whole(
            session, here.store(), number, paper, by=here.actor(), now=here.now(),
            scanner=open_scanner(here.settings().clamd_address),
        )  # fmt: skip


def _require_over(said: Mapping[str, Any]) -> None:
    """Refuse a visit that has not ended yet: it would be written down shorter than it was."""
    now = here.now()
    if datetime.fromisoformat(said["started_at"]) > now:
        raise Invalid({"began": "Jam ini belum tiba. Periksa hari dan jamnya. Belum ada yang tersimpan."})
    if datetime.fromisoformat(said["finished_at"]) > now:
        raise Invalid({"minutes": _NOT_OVER})


def _paper(form: VisitForm) -> bytes | None:
    """Return the photo of the paper form, made small, or ``None`` where nothing was copied from paper."""
    file = request.files.get("paper")
    if file is None or not file.filename:
        if form.way.data == FROM_PAPER:
            raise Invalid({"paper": _PAPER_NEEDED})
        return None
    body = file.stream.read(MAX_FILE_BYTES + 1)
    try:
        return pictures.shrunk(io.BytesIO(body), scanner=open_scanner(here.settings().clamd_address))
    except CaseflowError as refused:
        raise Invalid({"paper": refused.sentence}) from refused


def _bases() -> Mapping[str, int]:
    """Return the versions of the facts that stood on the page when it was opened."""
    return {
        name: max(whole_number(request.form.get(f"base_{name}"), 0), 0)
        for name in ("contact_phone", "landmark")
    }


def _visit(visit_id: str) -> tuple[Plan, PlannedVisit]:
    visit = plans.get_visit(here.session(), visit_id, by=here.actor(), permission="visit.record")
    return here.session().get_one(Plan, visit.plan_id), visit


def _children(plan: Plan) -> list[Any]:
    return [child for child in children_of(here.session(), plan.claim_id) if child.known]


def _page(plan: Plan, visit: PlannedVisit, form: VisitForm, refused: Sequence[str]) -> str:
    session = here.session()
    written = fields.in_force(session, plan.id, None)
    paid = [one.amount_idr for one in instructions_of_claim(session, plan.claim_id) if one.state == "settled"]
    return render_template(
        "field/visit_entry.html",
        plan=plan,
        visit=visit,
        title=VISITS[visit.kind],
        form=form,
        children=_children(plan),
        people=PEOPLE,
        uses=by_name()["uses"].choices,
        questions=by_name(),
        consent=consents.text_on(clock.today()),
        received_idr=sum(paid),
        asks_livelihood=clock.today() >= plan.livelihood_from_on,
        bases={
            name: written[name].version if name in written else 0 for name in ("contact_phone", "landmark")
        },
        refused=refused,
    )
