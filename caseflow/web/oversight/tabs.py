"""The pages of oversight as tabs: those that a person may open."""

from typing import Any

from flask import url_for

from caseflow.people import policy
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


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs; ``current`` is the endpoint of the page that is shown."""
    return [
        {"label": label, "href": url_for(endpoint), "current": endpoint == current}
        for label, endpoint, permission in _PAGES
        if policy.allows(here.actor(), permission)
    ]
