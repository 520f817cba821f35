"""Which participant a report is about: the registry beside the report, differences in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired

from caseflow.claims import intake, queries
from caseflow.claims.models import Claim, Report
from caseflow.claims.states import EDITING
from caseflow.registry import names
from caseflow.registry import queries as registry
from caseflow.registry.models import Worker
from caseflow.web import here
from caseflow.web.casework import casework, reads
from caseflow.web.casework.frame import Refusal, fetch, render
from caseflow.web.casework.submit import submit
from caseflow.web.casework.words import tail_of_nik
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

_MACHINE_MATCH = {"same": "same", "similar": "near", "different": "different"}


class WorkerForm(BaseForm):
    """The participant that was chosen."""

    worker_id = IntegerField("Pekerja", [InputRequired("Pilih pekerja dari hasil pencarian.")])


@dataclass(frozen=True)
class Fact:
    """One thing to compare. ``match``: same, near, different, or ``None`` when the report does not say."""

    label: str
    system: str
    document: str
    match: str | None
    reason: str = ""


@dataclass(frozen=True)
class Candidate:
    """A participant from the registry beside the report."""

    worker: Worker
    facts: list[Fact]
    fits: bool


@casework.get("/kasus/<number>/pekerja")
@requires("claim.intake")
def worker_page(number: str) -> ResponseReturnValue:
    """Search the registry for the worker of a report."""
    return _page(fetch(number), None)


@casework.post("/kasus/<number>/pekerja")
@requires("claim.intake")
def worker_post(number: str) -> ResponseReturnValue:
    """Link the chosen participant."""
    form = WorkerForm()

    def work(claim: Claim) -> str:
        worker = intake.link_worker(here.session(), claim, form.worker_id.data or 0, by=here.actor())
        return f"{worker.full_name} sudah dihubungkan dengan kasus ini."

    return submit(
        number,
        form,
        work,
        _page,
        to=url_for("casework.case", number=number),
        watching=("claim.worker_linked",),
    )


def compare(report: Report, worker: Worker, region_names: dict[str, str]) -> list[Fact]:
    """Return what report and registry say of the same things."""
    match = names.compare(report.worker_name, worker.full_name)
    told = report.national_id
    return [
        Fact(
            "Nama",
            worker.full_name,
            report.worker_name,
            _MACHINE_MATCH[match.kind],
            match.because if match.kind == "similar" else "",
        ),
        Fact(
            "NIK",
            tail_of_nik(worker.national_id),
            tail_of_nik(told) if told else "tidak disebut",
            None if told is None else "same" if told == worker.national_id else "different",
        ),
        Fact(
            "Nagari",
            region_names.get(worker.region_code, worker.region_code),
            region_names.get(report.region_code, report.region_code),
            "same" if worker.region_code == report.region_code else "different",
        ),
        Fact("Jorong", worker.jorong, report.jorong, _jorong_match(worker.jorong, report.jorong)),
    ]


def _jorong_match(registered: str, told: str) -> str | None:
    if not told.strip():
        return None
    return "same" if names.plain(registered) == names.plain(told) else "different"


def _page(claim: Claim, refusal: Refusal | None) -> str:
    session = here.session()
    report = queries.get_report(session, claim.id)
    text = request.args.get("q", "").strip()
    workers = _found(text) if text else _fitting(report)
    region_names = reads.region_names(session, [report.region_code, *(w.region_code for w in workers)])
    candidates = [_candidate(report, worker, region_names) for worker in workers]
    return render(
        claim,
        "casework.case",
        "worker.html",
        refusal=refusal,
        report=report,
        text=text,
        candidates=sorted(candidates, key=lambda one: not one.fits),
        editable=claim.state in EDITING,
    )


def _found(text: str) -> Sequence[Worker]:
    plain = text.replace(" ", "")
    return registry.search_workers(here.session(), plain if plain.isdigit() else text)


def _fitting(report: Report) -> Sequence[Worker]:
    """Return who fits the report without anybody typing: the NIK first, then the name."""
    by_nik = registry.find_worker(here.session(), report.national_id) if report.national_id else None
    return [by_nik] if by_nik else registry.search_workers(here.session(), report.worker_name)


def _candidate(report: Report, worker: Worker, region_names: dict[str, str]) -> Candidate:
    facts = compare(report, worker, region_names)
    return Candidate(worker, facts, all(fact.match != "different" for fact in facts[:2]))
