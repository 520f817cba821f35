"""A browser without JavaScript for tests: reads a page's forms and sends them back filled in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Fields = dict[str, list[str]]


@dataclass
class Form:
    """A form of a page with what it would send untouched."""

    action: str
    fields: Fields = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._inside = Form(found.get("action") or "")
            self.forms.append(self._inside)
        elif tag == "input" and self._inside is not None and found.get("name"):
            kind = found.get("type") or "text"
            if kind in {"checkbox", "radio"} and "checked" not in found:
                return
            if kind not in {"file", "submit"}:
                self._inside.fields.setdefault(found["name"] or "", []).append(found.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_of(page: str, action: str) -> Form:
    """Return the first form whose address ends so (without what follows a question mark)."""
    fitting = [form for form in forms_of(page) if form.action.split("?")[0].endswith(action)]
    assert fitting, f"no form to {action} among {[form.action for form in forms_of(page)]}"
    return fitting[0]


def send(browser: FlaskClient, form: Form, **typed: str | list[str]) -> TestResponse:
    """Send a form with these fields typed over; a name with a dash is written with two underscores."""
    fields: Fields = {name: list(values) for name, values in form.fields.items()}
    for name, value in typed.items():
        fields[name.replace("__", "-")] = [value] if isinstance(value, str) else value
    return browser.post(form.action, data=fields)


def fill(browser: FlaskClient, path: str, action: str, **typed: str | list[str]) -> TestResponse:
    """Open a page and send its form."""
    page = browser.get(path)
    assert page.status_code == 200, page.get_data(as_text=True)
    return send(browser, form_of(page.get_data(as_text=True), action), **typed)
