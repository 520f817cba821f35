"""Where the days of one case went: a page that can be printed, without names of people."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow.documents.catalogue import catalogue
from caseflow.formats import short_date
from caseflow.reports.autopsy import Autopsy, Span
from caseflow.reports.bars import days_bar, swatch
from caseflow.reports.days import autopsy_of
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import fetch, render
from caseflow.web.security import requires
from caseflow.workflow.definition import PARTIES, PARTY_LABELS, Party

_WAITED: Mapping[Party, str] = MappingProxyType(
    {
        "family": "menunggu keluarga",
        "nagari": "menunggu surat dari nagari",
        "hospital": "menunggu rumah sakit atau dokter",
        "branch": "dikerjakan kantor cabang",
        "bank": "menunggu bank",
        "authority": "menunggu instansi lain",
    }
)


@casework.get("/kasus/<number>/waktu")
@requires("history.read")
def days_page(number: str) -> ResponseReturnValue:
    """Show the calendar days of a case by the party that had it."""
    claim = fetch(number)
    found = autopsy_of(here.session(), claim, now=here.now())
    return render(
        claim,
        "casework.history_page",
        "days.html",
        found=found,
        closed=claim.closed_at is not None,
        bar=_bar(found) if found.total else None,
        parties=parties_of(found),
        spans=[_row(span) for span in found.spans],
    )


def _bar(found: Autopsy) -> Markup:
    pieces = [(span.party, span.days) for span in found.spans if span.party is not None]
    title = f"Hari kasus menurut pihak, berurutan dari hari ke-1: {found.total} hari"
    drawn = days_bar(pieces, title, ends=("hari ke-1", f"hari ke-{found.total}"))
    return Markup(drawn)  # noqa: S704 - drawn by ourselves


def parties_of(found: Autopsy) -> list[dict[str, Any]]:
    """Return the parties that a case waited for, the longest first."""
    return [
        {
            "label": PARTY_LABELS[party],
            "about": _WAITED[party],
            "days": found.days[party],
            "swatch": sample(party),
        }
        for party in sorted(PARTIES, key=lambda party: -found.days[party])
        if found.days[party]
    ]


def sample(party: Party) -> Markup:
    """Return the colour of a party as the bars show it."""
    return Markup(swatch(party))  # noqa: S704 - drawn by ourselves


def _row(span: Span) -> dict[str, Any]:
    return {
        "span": span,
        "party": PARTY_LABELS[span.party] if span.party else "tertutup",
        "swatch": sample(span.party) if span.party else "",
        "papers": _papers(span.papers),
        "promise": _promise(span),
        "kept": span.days_late == 0,
    }


def _papers(codes: Sequence[str]) -> str:
    papers = catalogue().papers
    return ", ".join(papers[code].label if code in papers else code for code in codes)


def _promise(span: Span) -> str:
    """Return what was promised for a state and what became of it."""
    if span.due_on is None:
        return ""
    day = f"paling lambat {short_date(span.due_on)}"
    if span.days_late is None:
        return f"{day}, masih berjalan"
    return f"{day}, lewat {span.days_late} hari" if span.days_late else f"{day}, ditepati"
