"""The invariant checks find what they are for: each is shown one seeded lie."""

from sqlalchemy import create_engine, pool, select, text
from sqlalchemy.orm import Session

from caseflow.audit.checks import CHECKS, run_checks
from caseflow.payments.models import StatementLine
from caseflow.payments.statements import load_statement, match_line
from tests.conftest import FreshDatabase
from tests.payments.world import AMOUNT, Staff, World, row, statement

LIES = {
    "I1_state_has_history": "UPDATE casefile SET version = version + 1 WHERE id = :paid",
    "I2_only_known_moves": "UPDATE history SET action = 'invent' WHERE version = 2 AND casefile_id = :paid",
    "I7_one_duty_a_person": "UPDATE decision SET person_id ="
    " (SELECT person_id FROM casefile_duty WHERE duty = 'release' AND casefile_id = :paid)",
    "I10_lines_add_up": "UPDATE assessment_line SET amount_idr = amount_idr + 1",
    "I10_approved_is_assessed": "UPDATE decision SET total_idr = total_idr + 1",
    "I11_one_live_instruction": "INSERT INTO payment_instruction (casefile_id, member_id, component, amount_idr,"
    " account_id, account_check_id, decision_id, content_sha256, reference, state, created_at, version)"
    " SELECT casefile_id, member_id, component, amount_idr, account_id, account_check_id, decision_id,"
    " content_sha256, 'TWICE', 'queued', created_at, 0 FROM payment_instruction WHERE state = 'settled'",
    "I11_never_above_approved": "UPDATE payment_instruction SET amount_idr = amount_idr + 1",
    "I11_event_paid_in_one_case": "INSERT INTO payment_instruction (casefile_id, member_id, component, amount_idr, account_id, account_check_id,"
    " decision_id, content_sha256, reference, state, created_at, version) SELECT casefile_id + 1, member_id,"
    " component, amount_idr, account_id, account_check_id, decision_id, content_sha256, 'TWICE', 'settled',"
    " created_at, 0 FROM payment_instruction WHERE state = 'settled'",
    "I11_follows_what_was_settled": "UPDATE payment_instruction SET follows_id = id",
    "I11_school_year_paid_once": "WITH renamed AS (UPDATE assessment_line SET code = 'scholarship_2026')"
    " INSERT INTO payment_instruction (casefile_id, member_id, component, amount_idr, account_id, account_check_id,"
    " decision_id, content_sha256, reference, state, created_at, version) SELECT casefile_id, member_id, 'benefit_2',"
    " amount_idr, account_id, account_check_id, decision_id, content_sha256, 'TWICE', 'settled', created_at, 0"
    " FROM payment_instruction WHERE state = 'settled'",
    "I13_paid_is_approved": "UPDATE casefile SET state = 'approved' WHERE id = :paid",
    "I14_instruction_has_events": "DELETE FROM payment_event WHERE version = 1",
    "I14_file_is_batch": "UPDATE payment_batch SET file_bytes = 'other'",
    "I14_state_fits_batch": "UPDATE payment_instruction SET state = 'queued'",
    "I14_outcome_is_explained": "DELETE FROM statement_match",
    "I14_match_is_of_a_transfer_that_left": "UPDATE statement_line SET amount_idr = amount_idr - 1",
    "I15_replaces_what_failed": "UPDATE payment_instruction SET replaces_id = id",
    "I16_account_is_approved_and_checked": "UPDATE account_check SET checked_at = checked_at - interval '31 days'",
    "I20_stored_is_whole": "INSERT INTO document (public_id, casefile_id, requirement_id, object_key,"
    " idempotency_key, display_name, uploaded_kind, created_at, status, scan, preview, preview_pages, flags)"
    " SELECT 'p', :paid, 0, repeat('a', 32), 'k', 'n', 'family', now(), 'stored', 'clean', 'ready', 0, ''",
    "I23_one_claim_a_document": "INSERT INTO document (public_id, casefile_id, requirement_id, object_key,"
    " idempotency_key, display_name, uploaded_kind, created_at, status, scan, preview, preview_pages, flags)"
    " SELECT 'p', :paid, 0, 'ktp-yusra.jpg', 'k', 'n', 'family', now(), 'pending', 'clean', 'ready', 0, ''",
    "I25_letters_state_what_stands": "INSERT INTO letter (casefile_id, kind, paper, number, check_code,"
    " history_version, state, content_sha256, object_key, pdf_sha256, size_bytes, pages, issued_at, issued_by,"
    " person_id) SELECT casefile_id, 'refusal', 'a4', '1', repeat('2', 16), version, state, '', 'b', '', 1, 1, at,"
    " actor_name, actor_person_id FROM history WHERE casefile_id = :paid AND action = 'approve'",
}


UNGUARD = """
DO $$ DECLARE thing record;
BEGIN
    FOR thing IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype = 'f' AND conparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', thing.tab, thing.conname);
    END LOOP;
    FOR thing IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype = 'c' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', thing.tab, thing.conname);
    END LOOP;
    DROP INDEX uq_payment_instruction_one_live;
    DROP INDEX uq_payment_instruction_one_live_a_decision;
    DROP INDEX uq_payment_instruction_one_live_follower;
    FOR thing IN SELECT DISTINCT event_object_table AS tab FROM information_schema.triggers
        WHERE trigger_schema = 'public' LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', thing.tab);
    END LOOP;
END $$
"""


def test_every_check_has_a_lie() -> None:
    assert set(LIES) == set(CHECKS)


def test_every_lie_is_found(fresh_database: FreshDatabase, staff: Staff) -> None:
    """The constraints are taken away first: the checks must see what the database would have refused."""
    with Session(fresh_database.engine) as session:
        paid = _pay(World(session, staff))
        session.commit()
    owner = create_engine(fresh_database.owner_url, poolclass=pool.NullPool)
    unseen = []
    for name, lie in LIES.items():
        with owner.connect() as connection:
            connection.execute(text(UNGUARD))
            assert run_checks(connection) == {}
            assert connection.execute(text(lie), {"paid": paid} if ":paid" in lie else {}).rowcount > 0
            if name not in run_checks(connection):
                unseen.append(name)
            connection.rollback()
    assert unseen == []


def _pay(world: World) -> int:
    sent = world.sent()
    load_statement(
        world.session,
        "a.csv",
        statement(row(sent.reference, debit=AMOUNT)),
        by=world.staff["lusi"],
        now=world.now,
    )
    line = world.session.scalars(select(StatementLine.id)).one()
    match_line(world.session, line, sent.id, by=world.staff["lusi"], now=world.now)
    return sent.casefile_id
