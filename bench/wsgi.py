"""The application as it is, beside the limits it is compared with.

``/bench/memory/<template>`` renders once more, from memory, what the last real answer from that template showed
that was asked for with the header ``KEEP``; ``/bench-bare/`` is a Flask application that says hello.
"""

from typing import Any

from flask import Flask, request, template_rendered
from jinja2 import Template
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from caseflow.app import CaseflowApp, create_app
from caseflow.config import Settings
from caseflow.extensions import db
from caseflow.web.security import requires

MEMORY = "/bench/memory"
HELLO = "/bench-bare/hello"
KEEP = "X-Bench-Keep"


def build(settings: Settings | None = None) -> CaseflowApp:
    """Build the application with the limits mounted beside it."""
    built = create_app(settings)
    shown: dict[str, tuple[Template, dict[str, Any]]] = {}

    def keep(_sender: Flask, template: Template, context: dict[str, Any], **_more: object) -> None:
        if KEEP in request.headers:
            # rows stay as they are, out of reach of the commit that would make them stale
            db.session.flush()
            db.session.expunge_all()
            shown[template.name or ""] = (template, context)

    @requires("public.read")
    def memory(name: str) -> str:
        template, context = shown[name]
        return template.render(context)

    built.add_url_rule(f"{MEMORY}/<path:name>", view_func=memory)
    template_rendered.connect(keep, built, weak=False)
    built.wsgi_app = DispatcherMiddleware(built.wsgi_app, {"/bench-bare": _bare().wsgi_app})  # type: ignore[method-assign]
    return built


def _bare() -> Flask:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/hello", view_func=lambda: "hello")
    return bare


def __getattr__(name: str) -> CaseflowApp:
    """Build the application when a web server asks for it."""
    if name != "app":
        raise AttributeError(name)
    return build()
