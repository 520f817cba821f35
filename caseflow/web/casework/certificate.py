"""The doctor's certificate (form 3b KK 3): condition, days, and the losses by the table of disability."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import medical
from caseflow.claims.accident_models import CertifiedInjury, MedicalCertificate
from caseflow.claims.models import Claim
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.accident import TAB, WATCHED, render_form
from caseflow.web.casework.certificate_form import CertificateForm, LossForm, rows_sent
from caseflow.web.casework.frame import Refusal, fetch
from caseflow.web.casework.submit import submit
from caseflow.web.security import requires

_MORE_ROWS = 2


@casework.get("/kasus/<number>/kecelakaan/surat-dokter")
@requires("accident.record")
def certificate_page(number: str) -> ResponseReturnValue:
    """Ask for the certificate, beginning with the one that lies there."""
    claim = fetch(number)
    known = medical.current_certificate(here.session(), claim.id)
    injuries = medical.injuries_of(here.session(), known.id) if known else ()
    form = CertificateForm(
        rows=len(injuries), on=claim.event_on, formdata=None, data=_data_of(known) if known else {}
    )
    for row, injury in zip(form.rows, injuries, strict=False):
        _fill(row, injury)
    return _page(claim, form, None)


@casework.post("/kasus/<number>/kecelakaan/surat-dokter")
@requires("accident.record")
def certificate_post(number: str) -> ResponseReturnValue:
    """Write the certificate down, or only show more rows when that was asked for."""
    claim = fetch(number)
    more = "more" in request.form
    form = CertificateForm(rows=rows_sent() + (_MORE_ROWS if more else 0), on=claim.event_on)
    if more:
        return _page(claim, form, None)

    def work(claim: Claim) -> str:
        certificate = form.certificate()
        medical.record_certificate(here.session(), claim, certificate, by=here.actor(), now=here.now())
        return "Surat dokter sudah dicatat. Surat yang lama, bila ada, tetap tersimpan."

    to = url_for(TAB, number=number, _anchor="dokter")
    return submit(number, form, work, lambda c, r: _page(c, form, r), to=to, watching=WATCHED)


def _page(claim: Claim, form: CertificateForm, refusal: Refusal | None) -> str:
    return render_form(claim, "accident_certificate.html", refusal, form=form)


def _data_of(known: MedicalCertificate) -> dict[str, object]:
    same = ("condition", "condition_on", "certified_on", "doctor_name", "facility", "note")
    return {name: getattr(known, name) for name in same} | {"dominant_hand": known.dominant_hand or ""}


def _fill(row: LossForm, injury: CertifiedInjury) -> None:
    for name in ("row_code", "side", "kind", "loss_permille", "set_permille", "units"):
        value = getattr(injury, name)
        row[name].data = "" if value is None and name == "side" else value
