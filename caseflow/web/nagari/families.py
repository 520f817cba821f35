"""Families whom this nagari helps: how far, since when, which papers they still owe."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims.helped import helped_families
from caseflow.documents.catalogue import catalogue
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

_PAGE = 25


@nagari.get("/keluarga")
@requires("nagari.read")
def families_page() -> ResponseReturnValue:
    """List them, the oldest case on top; no amounts, no pictures."""
    after = whole_number(request.args.get("sesudah"), 0)
    rows = helped_families(here.session(), by=here.actor(), now=here.now(), after=after, limit=_PAGE + 1)
    page = [one for _, one in rows[:_PAGE]]
    following = url_for("nagari.families_page", sesudah=rows[_PAGE - 1][0]) if len(rows) > _PAGE else None
    papers = catalogue().papers
    labels = {code: papers[code].label if code in papers else code for one in page for code in one.owed}
    return render_template(
        "nagari/families.html", rows=page, labels=labels, following=following, first=after == 0
    )
