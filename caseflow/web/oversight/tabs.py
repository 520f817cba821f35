"""The pages of oversight as tabs: those that a person may open."""

from typing import Any

from flask import url_for

from caseflow.notices.monthly_report import waiting_months
from caseflow.people import policy
from caseflow.registry import reach
from caseflow.web import here

# label, endpoint, permission
_PAGES = (
    ("Ringkasan", "oversight.summary_page", "results.read"),
    ("Kepesertaan", "oversight.coverage_page", "coverage.read"),
    ("Layanan", "oversight.service_page", "service.read"),
    ("Pendampingan", "oversight.after_page", "results.read"),
    ("Laporan bulanan", "oversight.monthly_page", "monthly.issue"),
    ("Lama kasus", "oversight.days_page", "days.read"),
    ("Kasus macet", "oversight.stuck_page", "stuck.read"),
    ("Aduan", "oversight.complaints_page", "complaint.read"),
    ("Tanggapan", "oversight.feedback_page", "feedback.read"),
    ("Uji aturan", "oversight.rehearsal_page", "rules.rehearse"),
)


def own_regency() -> str:
    """Return whose monthly report it is: of the one regency of who asks, else of the installation."""
    codes = reach.regions(here.actor(), "monthly.issue")
    return next(iter(codes)) if codes is not None and len(codes) == 1 else here.settings().regency_code


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs; ``current`` is the endpoint of the page that is shown."""
    return [
        {"label": _label(label, endpoint), "href": url_for(endpoint), "current": endpoint == current}
        for label, endpoint, permission in _PAGES
        if policy.allows(here.actor(), permission)
    ]


def _label(label: str, endpoint: str) -> str:
    """Return a label, with how many reports wait to be issued."""
    waiting = waiting_months(here.session(), own_regency()) if endpoint == "oversight.monthly_page" else 0
    return f"{label} ({waiting})" if waiting else label
