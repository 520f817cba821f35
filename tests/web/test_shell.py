"""What every page shares: addresses that shortcuts know, an icon for every entry, words for every refusal."""

import re

import pytest
from flask import render_template

from caseflow.app import CaseflowApp
from caseflow.config import ROOT
from caseflow.web.shell import _NAVIGATION

SHORTCUTS = ROOT / "caseflow" / "static" / "js" / "shortcuts.js"
ICONS = ROOT / "templates" / "components" / "icons.html"


def test_shortcuts_go_where_the_navigation_goes() -> None:
    """A key works only if its address is written as in the navigation."""
    listed = re.search(r"const GOES = \{(.*?)\}", SHORTCUTS.read_text())
    assert listed
    goes = dict(re.findall(r'(\w): "([^"]+)"', listed[1]))
    addresses = {entry[1] for entry in _NAVIGATION}
    assert {goes["k"], goes["p"]} <= addresses


def test_every_entry_has_an_icon_of_its_own() -> None:
    """The picture exists, and no two entries share one."""
    icons = [entry[3] for entry in _NAVIGATION]
    drawn = set(re.findall(r'"([a-z-]+)": \'<', ICONS.read_text()))
    assert set(icons) <= drawn
    assert len(set(icons)) == len(icons)


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "Perlu masuk dulu"), (413, "Kiriman terlalu besar"), (418, "Maaf, ada gangguan")],
)
def test_refusals_have_words(app: CaseflowApp, status: int, words: str) -> None:
    """Also where the refusal brings no sentence."""
    with app.test_request_context("/"):
        assert words in render_template("errors/error.html", status=status)


def test_who_makes_visits_finds_them_first() -> None:
    """On a phone the navigation is one line: its beginning is what one sees."""
    rights = [entry[0] for entry in _NAVIGATION]
    assert rights.index("visit.plan") < rights.index("report.assist")
    assert rights[0] == "visit.supervise"
