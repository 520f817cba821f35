"""What must never happen is refused by the database itself, to the role that the application signs in with."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.payments import batches, instructions
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.story import SAMSIR, Stage, approved

# each would be a crime or a lie; the words are only for the reader
FORBIDDEN = {
    "rewrite what happened": "UPDATE history SET actor_name = 'orang lain'",
    "erase what happened": "DELETE FROM history",
    "empty what happened": "TRUNCATE history CASCADE",
    "rewrite a decision": "UPDATE decision SET total_idr = 1",
    "change an account in place": "UPDATE bank_account SET account_number = '99999999'",
    "change a computed benefit": "UPDATE assessment SET total_idr = 99000000",
    "slip in another line of benefit": "INSERT INTO assessment_line SELECT id, 9, 'tambahan', 5 FROM assessment",
    "erase a look at a document": "DELETE FROM audit_event",
    "erase a paper": "DELETE FROM document",
    "swap the bytes of a paper": "UPDATE document SET sha256 = repeat('0', 64)",
    "move a case without history": "UPDATE casefile SET state = 'paid'",
    "step back to an older version": "UPDATE casefile SET version = version - 1",
    "invent a move": "INSERT INTO workflow_edge VALUES ('jkm', 1, 'curang', 'reported', 'paid')",
    "raise one's own limit": "UPDATE policy_value SET value = 999000000000",
    "give a nagari another code": "UPDATE region SET code = '13.03.99.2999' WHERE code = '13.03.99.2001'",
    "erase a nagari": "DELETE FROM region WHERE code = '13.03.99.2002'",
    "unsay a hand-over": "UPDATE handover SET note = ''",
    "lose a case that was handed over": "DELETE FROM handover_case",
    "redirect a payment": "UPDATE payment_instruction SET reference = 'CURANG', account_id = account_id",
    "raise a payment": "UPDATE payment_instruction SET amount_idr = amount_idr + 1",
    "erase a payment": "DELETE FROM payment_instruction",
    "settle without a statement": "UPDATE payment_instruction SET state = 'settled'",
    "change the file of a locked batch": "UPDATE payment_batch SET file_bytes = 'x'",
    "become the maker of a batch": "UPDATE payment_batch SET maker_person_id = maker_person_id + 1",
    "open a locked batch again": "UPDATE payment_batch SET state = 'open'",
    "take a line out of a locked batch": "DELETE FROM payment_batch_line",
    "give a duty away": "UPDATE casefile_duty SET person_id = person_id + 100",
    "take a second duty": "INSERT INTO casefile_duty SELECT casefile_id, person_id, 'approve', now()"
    " FROM casefile_duty WHERE duty = 'verify'",
    "change the tables": "ALTER TABLE history DROP CONSTRAINT ck_history_no_gap",
    "switch the guards off": "SET session_replication_role = replica",
    "drop a guard": "DROP TRIGGER append_only ON history",
}


REFUSALS = {"23001", "23503", "23505", "23514", "42501"}


@pytest.fixture
def locked(fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path) -> FreshDatabase:
    """A database in which a claim was approved and waits in a locked batch."""
    with Session(fresh_database.engine) as session:
        claim = approved(Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff))
        by, now = staff["nina"], clock.now()
        order = instructions.prepare_instruction(
            session,
            claim.id,
            by=by,
            now=now,
            account_number_again=SAMSIR.account[1],
            holder_name_found="Yusra",
            name_note="",
        )
        batch = batches.open_batch(session, by=by, now=now)
        batches.add_to_batch(session, batch.id, order.id, by=by, now=now)
        batches.lock_batch(session, batch.id, by=by, now=now)
        session.commit()
    return fresh_database


def test_the_application_role_can_do_none_of_this(locked: FreshDatabase) -> None:
    """Every statement is tried alone and must fail, at once or at the end of its transaction."""
    passed = []
    for what, statement in FORBIDDEN.items():
        try:
            with locked.engine.begin() as connection:
                connection.execute(text(statement))
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            passed.append(what)
        except DBAPIError as error:
            # a guard, a key, a check or a missing right; never a spelling mistake of this test
            if getattr(error.orig, "sqlstate", "") not in REFUSALS:
                passed.append(f"{what}: {error.orig}")
    assert passed == []
