"""Whoever holds a copy of the database reads no NIK and no KK number in it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask.testing import FlaskClient
from sqlalchemy import literal_column, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import sealing
from caseflow.audit.checks import run_checks
from caseflow.claims.content import content_of
from caseflow.claims.models import Claim, Decision, FamilyMember, Report, ReportDraft
from caseflow.db import Base
from caseflow.errors import Invalid
from caseflow.migrations.run import (
    alembic_config,
    application_role,
    downgrade,
    grant,
    owner_engine,
    upgrade,
)
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.registry.models import Worker
from tests import lived_through
from tests.conftest import FreshDatabase
from tests.families import FIRDAUS

NIK = FIRDAUS.report.national_id or ""
# by the revision that is tested; what came later was sealed from the beginning
_SEALED_THEN = ("worker", "person", "report", "family_member")


def test_no_table_shows_a_number(
    client: FlaskClient, fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    lived_through.live_through(fresh_database.engine, tmp_path, staff)
    lived_through.write_half_a_report(client)
    with Session(fresh_database.engine) as session:
        numbers = lived_through.numbers_of_people(session) | {lived_through.DRAFT_NUMBER}
        assert {NIK, lived_through.FAMILY_CARD, lived_through.OFFICER_NUMBER} <= numbers
        assert len(numbers) > 15
        assert lived_through.in_the_clear(session, numbers) == {}
        draft = session.scalars(select(ReportDraft)).one()
        assert draft.answers["death"]["national_id"] == lived_through.DRAFT_NUMBER


@pytest.mark.parametrize("written", ["{}", "NIK {} salah tulis", "{0:.4}.{0:.4}"])
def test_a_number_in_the_clear_would_be_found(session: Session, written: str) -> None:
    """The search above finds what it should find, however it is grouped."""
    grouped = " ".join(NIK[start : start + 4] for start in range(0, 16, 4))
    value = grouped if "{0" in written else written.format(NIK)
    session.execute(text("UPDATE staff_user SET title = :value WHERE username = 'dedi'"), {"value": value})
    assert lived_through.in_the_clear(session, {NIK}) == {"staff_user": {NIK}}


@pytest.mark.parametrize(
    "wrong", ["", "130399120976000", "13039912097600011", "130399120976000A", "١٣٠٣٩٩١٢٠٩٧٦٠٠٠١"]
)
@pytest.mark.parametrize("table", [Worker, Person, Report, FamilyMember])
def test_what_is_no_number_is_refused_in_words(table: type[Base], wrong: str) -> None:
    row = table.__mapper__.class_manager.new_instance()
    with pytest.raises(Invalid, match="16 angka"):
        row.national_id = wrong


def test_the_database_takes_no_number_in_the_clear(session: Session) -> None:
    for table in ("worker", "person", "report", "family_member"):
        rule = session.scalar(
            text("SELECT count(*) FROM pg_constraint WHERE conname = :name"),
            {"name": f"ck_{table}_national_id_sealed"},
        )
        assert rule == 1, table
    for column in (Worker.national_id, Worker.family_card_number):
        clear = update(Worker).values({column.key: literal_column(f"'{NIK}'")})
        with pytest.raises(DBAPIError, match="sealed"), session.begin_nested():
            session.execute(clear)


def test_who_changes_the_number_changes_its_index(session: Session) -> None:
    worker = session.scalars(select(Worker).limit(1)).one()
    worker.national_id = NIK[:-1] + "9"
    worker.family_card_number = None
    session.flush()
    assert worker.national_id_index == sealing.blind(NIK[:-1] + "9")
    assert worker.family_card_index is None


def test_a_lived_through_database_is_opened_and_sealed_again(
    client: FlaskClient, fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    """What was decided stays payable: digests, decisions, orders and letters go along."""
    lived_through.live_through(fresh_database.engine, tmp_path, staff)
    lived_through.write_half_a_report(client)
    with Session(fresh_database.engine) as session:
        numbers = lived_through.numbers_of_people(session, *_SEALED_THEN) | {lived_through.DRAFT_NUMBER}
    fresh_database.engine.dispose()
    downgrade(fresh_database.owner_url, _before(fresh_database.owner_url))
    with Session(fresh_database.engine) as session:
        clear = lived_through.in_the_clear(session, numbers)
        assert set().union(*clear.values()) == numbers
        assert {
            "worker",
            "person",
            "report",
            "family_member",
            "heir_decision",
            "decision",
            "report_draft",
        } == set(clear)
    fresh_database.engine.dispose()
    upgrade(fresh_database.owner_url)
    with owner_engine(fresh_database.owner_url).begin() as connection:
        grant(
            connection, application_role(fresh_database.app_url) or ""
        )  # as the set-up does after each upgrade
    with Session(fresh_database.engine) as session:
        assert lived_through.in_the_clear(session, numbers) == {}
        assert (
            lived_through.numbers_of_people(session, *_SEALED_THEN) | {lived_through.DRAFT_NUMBER} == numbers
        )
        assert [name for name, rows in run_checks(session.connection()).items() if rows] == []
        decisions = session.execute(
            select(Claim, Decision).join(Decision, Decision.casefile_id == Claim.id)
        ).all()
        digests = {
            claim.number: (content_of(session, claim).sha256, decision.content_sha256)
            for claim, decision in decisions
        }
        assert len(digests) > 3
        assert [number for number, (now, then) in digests.items() if now != then] == []


def _before(owner_url: str) -> str:
    """Return the revision before the one that seals."""
    before = ScriptDirectory.from_config(alembic_config(owner_url)).get_revision("0021").down_revision
    assert isinstance(before, str)
    return before
