"""What a view may ask of the request it answers."""

from datetime import datetime
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.config import Settings
from caseflow.documents.storage import ObjectStore
from caseflow.extensions import db
from caseflow.people.actor import Actor


def session() -> Session:
    """Return the database session of this request; the application commits it."""
    return db.session()


def actor() -> Actor:
    """Return who acts. Only in views whose permission needs somebody."""
    return cast(Actor, g.actor)


def find_actor() -> Actor | None:
    """Return who acts, or ``None`` for a visitor."""
    return cast(Actor | None, g.get("actor"))


def store() -> ObjectStore:
    """Return the object store."""
    return cast(ObjectStore, current_app.extensions["caseflow_store"])


def settings() -> Settings:
    """Return the settings of the installation."""
    return cast(Settings, current_app.extensions["caseflow_settings"])


def now() -> datetime:
    """Return this instant."""
    return clock.now()
