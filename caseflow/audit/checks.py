"""What must always be true, asked of the rows themselves: after tests, after a crash, on a restored backup.

Each check is one query that gives the offending rows; none gives any in a sound database. They lean on
nothing that the rest of the code believes: table names, state names and the law of the house are written
out here a second time, on purpose.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, text

CHECKS: Mapping[str, str] = MappingProxyType(
    {
        # a case's state and version are its newest history row; versions run 0..n without a gap
        "I1_state_has_history": """
            SELECT c.id, c.version, c.state, count(h.version) AS rows
            FROM casefile c LEFT JOIN history h ON h.casefile_id = c.id
            GROUP BY c.id
            HAVING count(h.version) <> c.version + 1 OR max(h.version) <> c.version OR min(h.version) <> 0
                OR count(*) FILTER (WHERE h.version = c.version AND h.state = c.state) <> 1""",
        # every move is an edge of its workflow, leaves from where the row before arrived, and has an actor
        "I2_only_known_moves": """
            SELECT h.casefile_id, h.version, h.from_state, h.action, h.state
            FROM history h
            LEFT JOIN history p ON p.casefile_id = h.casefile_id AND p.version = h.version - 1
            LEFT JOIN workflow_edge e ON e.workflow = h.workflow AND e.workflow_version = h.workflow_version
                AND e.action = h.action AND e.from_state = h.from_state AND e.to_state = h.state
            WHERE (h.version > 0 AND (e.action IS NULL OR p.state IS DISTINCT FROM h.from_state))
                OR (h.version = 0 AND h.from_state IS NOT NULL)
                OR h.actor_name = '' OR (h.actor_kind = 'staff' AND h.actor_person_id IS NULL)""",
        # what people did, whatever the duty table says: nobody did two kinds of work on one case
        "I7_one_duty_a_person": """
            WITH done AS (
                SELECT casefile_id, actor_person_id AS person_id, duty FROM history WHERE duty IS NOT NULL
                UNION SELECT casefile_id, person_id, 'approve' FROM decision
                UNION SELECT casefile_id, person_id, 'reconcile' FROM statement_match
                UNION SELECT i.casefile_id, e.actor_person_id, 'make_batch' FROM payment_event e
                    JOIN payment_instruction i ON i.id = e.instruction_id WHERE e.version = 0
                UNION SELECT i.casefile_id, e.actor_person_id, 'release' FROM payment_event e
                    JOIN payment_instruction i ON i.id = e.instruction_id WHERE e.state = 'sent'
                UNION SELECT i.casefile_id, e.actor_person_id, 'reconcile' FROM payment_event e
                    JOIN payment_instruction i ON i.id = e.instruction_id WHERE e.state IN ('settled', 'failed')
                UNION SELECT casefile_id, computed_by_person_id, 'verify' FROM assessment
                UNION SELECT casefile_id, person_id, duty FROM casefile_duty)
            SELECT casefile_id, person_id, string_agg(duty, ', ' ORDER BY duty) AS duties
            FROM done GROUP BY casefile_id, person_id HAVING count(DISTINCT duty) > 1""",
        "I10_lines_add_up": """
            SELECT a.id, a.total_idr, coalesce(sum(l.amount_idr), 0) AS lines_idr
            FROM assessment a LEFT JOIN assessment_line l ON l.assessment_id = a.id
            GROUP BY a.id HAVING coalesce(sum(l.amount_idr), 0) <> a.total_idr OR min(l.amount_idr) <= 0""",
        "I10_approved_is_assessed": """
            SELECT d.id, d.total_idr, a.total_idr AS assessed_idr
            FROM decision d LEFT JOIN assessment a ON a.id = d.assessment_id
            WHERE d.outcome = 'approved' AND d.total_idr IS DISTINCT FROM a.total_idr""",
        "I11_one_live_instruction": """
            SELECT casefile_id, member_id, component, count(*) AS live FROM payment_instruction
            WHERE state NOT IN ('failed', 'cancelled') GROUP BY casefile_id, member_id, component HAVING count(*) > 1""",
        "I11_never_above_approved": """
            SELECT i.decision_id, sum(i.amount_idr) AS live_idr
            FROM payment_instruction i JOIN decision d ON d.id = i.decision_id
            WHERE i.state NOT IN ('failed', 'cancelled') GROUP BY i.decision_id
            HAVING sum(i.amount_idr) > min(d.total_idr) OR bool_or(d.outcome <> 'approved')""",
        # a second payment follows a settled one on a later decision, after the case was opened again
        "I11_follows_what_was_settled": """
            SELECT i.id, i.follows_id FROM payment_instruction i
            LEFT JOIN payment_instruction p ON p.id = i.follows_id
            WHERE (i.follows_id IS NOT NULL AND (p.casefile_id <> i.casefile_id OR p.decision_id >= i.decision_id
                    OR p.id >= i.id
                    OR NOT EXISTS (SELECT FROM history h JOIN decision d ON d.id = i.decision_id
                        WHERE h.casefile_id = i.casefile_id AND h.at <= d.decided_at
                            AND h.action IN ('reopen_case', 'open_year', 'inspector_says_work', 'minister_says_work'))))
                OR (i.follows_id IS NULL AND i.state = 'settled' AND EXISTS (
                    SELECT FROM payment_instruction o WHERE o.casefile_id = i.casefile_id AND o.id <> i.id
                        AND o.follows_id IS NULL AND o.state = 'settled'))""",
        # one event of one worker is paid in one case, whoever withdrew or reported what
        "I11_event_paid_in_one_case": """
            SELECT d.content -> 'worker' ->> 0 AS worker, d.content ->> 'program' AS program,
                d.content ->> 'event_on' AS event_on, count(DISTINCT i.casefile_id) AS cases
            FROM payment_instruction i JOIN decision d ON d.id = i.decision_id
            WHERE i.state = 'settled' AND d.content ->> 'program' IN ('jkm', 'jkk')
                AND d.content -> 'worker' ->> 0 IS NOT NULL
            GROUP BY 1, 2, 3 HAVING count(DISTINCT i.casefile_id) > 1""",
        # a school year of one child is paid once, whatever was decided how often
        "I11_school_year_paid_once": """
            SELECT d.casefile_id, l.code, count(*) AS times
            FROM payment_instruction i JOIN decision d ON d.id = i.decision_id
            JOIN assessment_line l ON l.assessment_id = d.assessment_id
            WHERE i.state = 'settled' AND l.code LIKE 'scholarship_%'
            GROUP BY d.casefile_id, l.code HAVING count(*) > 1""",
        # "paid" means every approved rupiah, and money leaves only from a claim that says so
        "I13_paid_is_approved": """
            WITH last AS (
                SELECT DISTINCT ON (casefile_id) casefile_id, id, total_idr FROM decision
                WHERE outcome = 'approved' ORDER BY casefile_id, id DESC),
            money AS (
                SELECT c.id, c.state,
                    coalesce(sum(i.amount_idr) FILTER (WHERE i.state = 'settled'), 0) AS settled_idr,
                    coalesce(sum(i.amount_idr) FILTER (WHERE i.state IN ('sent', 'unknown', 'settled')), 0) AS gone_idr,
                    min(l.total_idr) AS approved_idr
                FROM casefile c JOIN claim k ON k.id = c.id
                LEFT JOIN last l ON l.casefile_id = c.id
                -- of an earlier decision everything is settled; a case opened again has to pay the next one
                LEFT JOIN payment_instruction i ON i.casefile_id = c.id AND i.decision_id = l.id
                    AND NOT (i.state = 'settled' AND EXISTS (
                        SELECT FROM history h, payment_event e
                        WHERE h.casefile_id = c.id AND h.action IN ('reopen_case', 'finish_year')
                            AND e.instruction_id = i.id AND e.state = 'settled' AND h.at >= e.at))
                GROUP BY c.id)
            SELECT * FROM money
            WHERE (state = 'paid' AND settled_idr IS DISTINCT FROM approved_idr)
                OR (state = 'payment_in_process' AND (gone_idr IS DISTINCT FROM approved_idr
                    OR settled_idr = approved_idr))
                OR (gone_idr > 0
                    AND state NOT IN ('payment_in_process', 'paid', 'accompanying', 'closed'))""",
        "I14_instruction_has_events": """
            SELECT i.id, i.state, i.version, count(e.version) AS events
            FROM payment_instruction i LEFT JOIN payment_event e ON e.instruction_id = i.id
            GROUP BY i.id
            HAVING count(e.version) <> i.version + 1
                OR count(*) FILTER (WHERE e.version = i.version AND e.state = i.state) <> 1""",
        # the file is the batch: count, total, digest, and every reference in its bytes
        "I14_file_is_batch": """
            SELECT b.id, b.number, b.state
            FROM payment_batch b
            LEFT JOIN payment_batch_line l ON l.batch_id = b.id
            LEFT JOIN payment_instruction i ON i.id = l.instruction_id
            WHERE b.state <> 'open'
            GROUP BY b.id
            HAVING count(i.id) IS DISTINCT FROM b.line_count OR sum(i.amount_idr) IS DISTINCT FROM b.total_idr
                OR max(l.position) IS DISTINCT FROM b.line_count OR min(l.position) <> 1
                OR encode(sha256(b.file_bytes), 'hex') IS DISTINCT FROM b.file_sha256
                OR bool_or(position(convert_to(i.reference, 'UTF8') IN b.file_bytes) = 0)""",
        "I14_state_fits_batch": """
            SELECT i.id, i.state, b.number, b.state AS batch_state
            FROM payment_instruction i
            LEFT JOIN payment_batch_line l ON l.instruction_id = i.id
            LEFT JOIN payment_batch b ON b.id = l.batch_id
            WHERE NOT CASE
                WHEN i.state = 'queued' THEN b.id IS NULL
                WHEN i.state = 'batched' THEN coalesce(b.state IN ('open', 'locked'), false)
                WHEN i.state = 'cancelled' THEN coalesce(b.state = 'voided', true)
                ELSE coalesce(b.state = 'released', false) END""",
        # settled and failed are explained by a statement line or a letter of the bank
        "I14_outcome_is_explained": """
            SELECT i.id, i.state FROM payment_instruction i
            WHERE i.state IN ('settled', 'failed')
                AND NOT EXISTS (SELECT FROM statement_match m WHERE m.instruction_id = i.id
                    AND m.kind = CASE i.state WHEN 'settled' THEN 'debit' ELSE 'credit' END)
                AND NOT EXISTS (SELECT FROM payment_event e WHERE e.instruction_id = i.id
                    AND e.state = i.state AND e.details ? 'letter_number')""",
        "I14_match_is_of_a_transfer_that_left": """
            SELECT m.statement_line_id, m.instruction_id, i.state, i.amount_idr, s.amount_idr AS line_idr
            FROM statement_match m
            JOIN payment_instruction i ON i.id = m.instruction_id
            JOIN statement_line s ON s.id = m.statement_line_id
            WHERE i.state NOT IN ('settled', 'failed') OR s.amount_idr <> i.amount_idr OR s.kind <> m.kind""",
        "I15_replaces_what_failed": """
            SELECT r.id, r.replaces_id, o.state
            FROM payment_instruction r JOIN payment_instruction o ON o.id = r.replaces_id
            WHERE o.casefile_id <> r.casefile_id OR o.id >= r.id
                OR NOT (o.state = 'failed' OR (o.state = 'cancelled' AND o.replaces_id IS NOT NULL))""",
        "I16_account_is_approved_and_checked": """
            SELECT i.id, i.account_id, k.account_id AS checked_account_id
            FROM payment_instruction i
            JOIN account_check k ON k.id = i.account_check_id
            JOIN bank_account a ON a.id = i.account_id
            JOIN decision d ON d.id = i.decision_id
            LEFT JOIN payment_batch_line l ON l.instruction_id = i.id
            LEFT JOIN payment_batch b ON b.id = l.batch_id
            WHERE k.account_id <> i.account_id OR a.member_id <> i.member_id
                OR a.casefile_id <> i.casefile_id OR d.casefile_id <> i.casefile_id
                OR d.outcome <> 'approved' OR d.content_sha256 <> i.content_sha256
                OR d.content -> 'account' ->> 0 IS DISTINCT FROM i.account_id::text
                OR d.content -> 'heirs' ->> 2 IS DISTINCT FROM i.member_id::text
                OR b.released_at - k.checked_at > interval '30 days'""",
        "I20_stored_is_whole": """
            SELECT id, casefile_id, status FROM document
            WHERE status = 'stored' AND (sha256 IS NULL OR sha256 !~ '^[0-9a-f]{64}$' OR size_bytes IS NULL
                OR size_bytes <= 0 OR media_type IS NULL OR stored_at IS NULL)""",
        "I23_one_claim_a_document": """
            SELECT d.id, d.casefile_id, r.casefile_id AS asked_in, d.object_key
            FROM document d LEFT JOIN requirement r ON r.id = d.requirement_id
            WHERE r.casefile_id IS DISTINCT FROM d.casefile_id OR d.object_key !~ '^[0-9a-f]{32}$'
                OR EXISTS (SELECT FROM document o WHERE o.object_key = d.object_key AND o.id <> d.id)""",
        # a letter says what was decided, a refusal is sent by a second person, and neither outlives its decision
        "I25_letters_state_what_stands": """
            SELECT l.id, l.number, l.kind FROM letter l
            JOIN history h ON h.casefile_id = l.casefile_id AND h.version = l.history_version
            LEFT JOIN decision d ON d.id = l.decision_id
            WHERE (l.kind = 'refusal' AND h.actor_person_id = l.person_id)
                OR (l.kind = 'decision' AND (d.outcome IS DISTINCT FROM 'approved' OR d.total_idr <> l.total_idr
                    OR d.casefile_id <> l.casefile_id))
                OR (l.kind IN ('decision', 'refusal') AND l.revoked_at IS NULL AND EXISTS (
                    SELECT FROM history x WHERE x.casefile_id = l.casefile_id AND x.version > l.history_version
                    AND (x.action IN ('void_approval', 'revise_account', 'reopen', 'reopen_case',
                        'inspector_says_work', 'minister_says_work')
                        OR (x.action = 'hold' AND x.from_state = 'approved'))))""",
    }
)


def run_checks(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Run every check and return the offending rows of those that have any; ``{}`` is a sound database."""
    broken: dict[str, list[dict[str, Any]]] = {}
    for name, query in CHECKS.items():
        rows = [dict(row) for row in connection.execute(text(query)).mappings()]
        if rows:
            broken[name] = rows
    return broken
