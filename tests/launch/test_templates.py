"""Every template compiles with the application's own filters, finds its parents, and keeps to the
security policy: no inline script or style, no raw HTML."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined, meta

from caseflow.app import create_app
from caseflow.config import ROOT, Settings

TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script\b(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    ),
    "raw HTML": re.compile(r"(?<![\"'\s])\s*\|\s*safe\b|autoescape\s+false"),  # a literal may be safe
    "another host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}

# The paths of the icons are written in that file itself.
EXCUSED = {("components/icons.html", "raw HTML")}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The application's Jinja, with names that nobody defines made an error. No database is asked."""
    settings = Settings(
        mode="training",
        database_url="postgresql+psycopg://nobody@/nothing",
        storage_url=f"folder://{tmp_path_factory.mktemp('objects')}",
        secret_key="x" * 40,
        pepper="y" * 40,
        data_keys={"1": "d" * 40},
    )
    environment: Environment = create_app(settings).jinja_env
    environment.undefined = StrictUndefined
    return environment


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_template(name: Path, environment: Environment) -> None:
    source = (ROOT / "templates" / name).read_text(encoding="utf-8")
    environment.compile(source, name=str(name), filename=str(name))
    for other in meta.find_referenced_templates(environment.parse(source)):
        assert other is None or other in environment.list_templates(), f"{name} needs {other}"
    for what, pattern in FORBIDDEN.items():
        found = None if (str(name), what) in EXCUSED else pattern.search(source)
        assert found is None, f"{name}: {what}: {found}"


def test_there_are_templates() -> None:
    assert Path("base_public.html") in TEMPLATES
