"""The application for files that nobody should send; one for the whole file of tests."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import create_app
from caseflow.extensions import db
from caseflow.launch.databases import DatabaseUrls
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.training.people import PASSPHRASE
from tests.conftest import START, copy_of, make_settings
from tests.web.bad.door import House


@pytest.fixture(scope="module")
def house(cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for a file of tests; everybody who sends brings a case of their own."""
    clock.set_start(START)
    for database in copy_of(cluster, template):
        app = create_app(
            make_settings(database.app_url, tmp_path_factory.mktemp("objects")),
            TESTING=True,
            WTF_CSRF_ENABLED=False,
            PROPAGATE_EXCEPTIONS=False,
        )
        store = app.extensions["caseflow_store"]
        store.prepare()
        officer = app.test_client()
        assert officer.post("/masuk", data={"username": "dedi", "passphrase": PASSPHRASE}).status_code == 303
        yield House(app, database.engine, store, officer, _staff(database.engine))
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _staff(engine: Engine) -> dict[str, Actor]:
    with Session(engine) as session:
        users = session.execute(select(StaffUser.username, StaffUser.id)).all()
        found = {username: actor_of(session, number) for username, number in users}
    return {username: actor for username, actor in found.items() if actor is not None}
