"""A database that was lived through: deaths, an accident, a scholarship, letters, a report half written.

Everything is done by the verbs and pages of the application; for tests that look at what lies in the tables then.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from caseflow import sealing
from caseflow.claims.scholarship import Guardian
from caseflow.db import Base
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.registry.queries import find_worker
from tests import accident_story, accidents, scholarship_story, story
from tests.conftest import csrf_of
from tests.families import FIRDAUS, SAMSIR, ZULBAHRI
from tests.notices.letters import issue
from tests.story import Stage

FAMILY_CARD = "1303991501090077"
OFFICER_NUMBER = "1303990102880031"
DRAFT_NUMBER = "1303995203790044"
_NUMBER = re.compile(r"[0-9]{16}")


def live_through(engine: Engine, folder: Path, staff: Mapping[str, Actor]) -> None:
    """Pay a death, an accident and a year at school; refuse one, leave one waiting; commit."""
    with Session(engine) as session:
        stage = Stage(session, open_store(f"folder://{folder}"), staff)
        worker = find_worker(session, SAMSIR.report.national_id or "")
        assert worker is not None
        worker.family_card_number = FAMILY_CARD
        session.get_one(Person, staff["dedi"].person_id).national_id = OFFICER_NUMBER
        paid = scholarship_story.paid_claim(stage, FIRDAUS)
        right = scholarship_story.opened(stage, paid, "Rafi")
        mother = Guardian("Elmita", "surviving_parent")
        scholarship_story.year_approved(stage, right, 2026, guardian=mother)
        scholarship_story.pay(stage, right)
        accident_story.paid(stage, accidents.MARZUKI)
        story.refused(stage, ZULBAHRI)
        waiting = story.approved(stage, SAMSIR)
        issue(stage, waiting, "decision", by=stage.verifier)
        session.commit()


def write_half_a_report(client: FlaskClient) -> None:
    """Somebody stops after the NIK."""
    client.post("/lapor", data={"csrf_token": csrf_of(client.get("/lapor").get_data(as_text=True))})
    for name, fields in (("nama", {"worker_name": "Rosnida"}), ("nik", {"national_id": DRAFT_NUMBER})):
        token = csrf_of(client.get(f"/lapor/{name}").get_data(as_text=True))
        assert client.post(f"/lapor/{name}", data={**fields, "csrf_token": token}).status_code == 303


def numbers_of_people(session: Session, *tables: str) -> set[str]:
    """Every number that lies sealed, in these tables or in all."""
    return {
        number
        for table in Base.metadata.tables.values()
        if not tables or table.name in tables
        for column in table.columns
        if isinstance(column.type, sealing.SealedText)
        for opened in session.scalars(select(column).where(column.is_not(None)))
        for number in _NUMBER.findall(opened)
    }


def in_the_clear(session: Session, numbers: set[str]) -> dict[str, set[str]]:
    """Return for each table which of the numbers its rows show to whoever reads the files of the database."""
    found: dict[str, set[str]] = {}
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    for table in tables:
        for row in session.scalars(text(f"SELECT t::text FROM {table} AS t")):  # noqa: S608 (names of our own tables)
            plain = "".join(letter for letter in row if letter not in " .-")
            shown = {number for number in numbers if number in plain}
            if shown:
                found.setdefault(table, set()).update(shown)
    return found
