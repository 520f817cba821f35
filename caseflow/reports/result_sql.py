"""The statements that count results, set by set. ``:name`` are values of ``result_refresh``.

First one line a claim, plan and record (temporary), then the counts. Days are days in Sijunjung. The paid day of a
claim is that of the first transfer that the bank did not send back.
"""
# ruff: noqa: S608 (statements are put together from our own text and names, never from what people send)

_DAY = "({} AT TIME ZONE 'Asia/Jakarta')::date"
_MONTH = "date_trunc('month', {})::date"


def _day(column: str) -> str:
    return _DAY.format(column)


def _month(column: str) -> str:
    return _MONTH.format(column)


# a family's last visit at which something was told
_LAST_USES = """
    SELECT DISTINCT ON (r.plan_id) r.plan_id, r.planned_visit_id, r.made_on, r.region_code, c.program
    FROM visit_record r JOIN monitoring_plan p ON p.id = r.plan_id JOIN claim c ON c.id = p.claim_id
    WHERE EXISTS (SELECT FROM visit_use u WHERE u.planned_visit_id = r.planned_visit_id AND u.beans > 0)
    ORDER BY r.plan_id, r.made_on DESC, r.planned_visit_id DESC
"""
_LAST_CHILDREN = _LAST_USES.replace(
    "visit_use u WHERE u.planned_visit_id = r.planned_visit_id AND u.beans > 0",
    "visit_child k WHERE k.planned_visit_id = r.planned_visit_id",
)
TEMPORARY = (
    "counted_workday",
    "counted_state",
    "counted_move",
    "counted_transfer",
    "counted_case",
    "counted_visit",
    "counted_uses",
)
FACTS = (
    # many statements of middling size: compiling each of them takes longer than running it
    "SET LOCAL jit = off",
    # every day with the number of working days up to it
    """
    CREATE TEMPORARY TABLE counted_workday AS
    SELECT * FROM unnest(CAST(:days AS date[]), CAST(:numbers AS bigint[])) AS d (day, number)
    """,
    """
    CREATE TEMPORARY TABLE counted_state AS
    SELECT * FROM unnest(CAST(:flows AS text[]), CAST(:versions AS bigint[]), CAST(:states AS text[]),
        CAST(:ranks AS bigint[]), CAST(:left AS boolean[])) AS s (workflow, workflow_version, state, rank, gone)
    """,
    "ANALYZE counted_workday, counted_state",
    # one line a move of a claim, with the stages that it joins
    f"""
    CREATE TEMPORARY TABLE counted_move AS
    SELECT h.casefile_id, h.version, h.action, h.reason_code, h.actor_kind, {_day("h.at")} AS on_day,
           past.rank AS from_rank, s.rank, s.gone, coalesce(past.gone, false) AS from_gone
    FROM history h
    JOIN claim ON claim.id = h.casefile_id
    JOIN counted_state s ON s.workflow = h.workflow AND s.workflow_version = h.workflow_version AND s.state = h.state
    LEFT JOIN counted_state past ON past.workflow = h.workflow AND past.workflow_version = h.workflow_version
         AND past.state = h.from_state
    """,
    # one line a transfer that the bank did not send back, numbered within its claim
    """
    CREATE TEMPORARY TABLE counted_transfer AS
    SELECT casefile_id, on_day, row_number() OVER (PARTITION BY casefile_id ORDER BY version) AS turn
    FROM (
        SELECT casefile_id, version, on_day, action,
               lead(action) OVER (PARTITION BY casefile_id ORDER BY version) AS followed_by
        FROM counted_move WHERE action IN ('confirm_payment', 'report_payment_failure')
    ) money
    WHERE action = 'confirm_payment' AND (followed_by IS NULL OR followed_by = 'confirm_payment')
    """,
    f"""
    CREATE TEMPORARY TABLE counted_case AS
    WITH paid AS (
        SELECT casefile_id, on_day AS paid_on FROM counted_transfer WHERE turn = 1
    ), told AS (
        SELECT casefile_id,
               min(on_day) FILTER (WHERE action IN ('report', 'notify')) AS reported_on,
               min(on_day) FILTER (WHERE actor_kind = 'staff' AND action NOT IN ('report', 'notify') AND version > 0)
                   AS contacted_on,
               min(on_day) FILTER (WHERE action = 'complete_documents') AS first_complete_on,
               bool_or(action = 'request_replacement') AS replaced
        FROM counted_move GROUP BY casefile_id
    )
    SELECT c.id, c.program, f.region_code, coalesce(told.reported_on, {_day("f.opened_at")}) AS reported_on,
           told.contacted_on, told.first_complete_on, coalesce(told.replaced, false) AS replaced,
           f.clock_started_on AS complete_on, paid.paid_on, c.died_on
    FROM claim c JOIN casefile f ON f.id = c.id
    LEFT JOIN told ON told.casefile_id = c.id LEFT JOIN paid ON paid.casefile_id = c.id
    WHERE f.state <> 'draft'
    """,
    # one line a visit of a milestone that is due by now, with the record of it
    """
    CREATE TEMPORARY TABLE counted_visit AS
    SELECT v.id, v.plan_id, v.kind, v.state, v.due_on, v.region_code, v.visitor_user_id, v.asks_livelihood,
           CASE WHEN v.state = 'done' OR v.outcome = 'another_day' THEN v.outcome END AS outcome, c.program, p.paid_on, r.livelihood_stage AS stage,
           r.made_on
    FROM planned_visit v JOIN monitoring_plan p ON p.id = v.plan_id JOIN claim c ON c.id = p.claim_id
    LEFT JOIN visit_record r ON r.planned_visit_id = v.id
    WHERE v.kind IN ('m1', 'm3', 'm6', 'm12', 'm24') AND v.state <> 'cancelled'
      AND (v.due_on <= :today OR v.state = 'done')
    """,
    # a family's last visit at which a use of the money was told
    f"CREATE TEMPORARY TABLE counted_uses AS {_LAST_USES}",
)


DAYS = (
    f"""
    INSERT INTO result_day (measure, month, region_code, program, days, claims)
    SELECT q.measure, {_month("q.until")}, c.region_code, c.program, greatest(q.until - q.since, 0), count(*)
    FROM counted_case c CROSS JOIN LATERAL (VALUES
        ('report_to_paid', c.reported_on, c.paid_on),
        ('death_to_paid', c.died_on, c.paid_on),
        ('death_to_report', c.died_on, c.reported_on)
    ) AS q (measure, since, until)
    WHERE c.program <> 'scholarship' AND q.since IS NOT NULL AND q.until IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    """,
    # the day after the papers were complete is the first one: working days up to the end less those up to the beginning
    f"""
    INSERT INTO result_day (measure, month, region_code, program, days, claims)
    SELECT 'complete_to_paid', {_month("c.paid_on")}, c.region_code, c.program, ends.number - begins.number, count(*)
    FROM counted_case c JOIN counted_workday ends ON ends.day = c.paid_on
    JOIN counted_workday begins ON begins.day = least(c.complete_on, c.paid_on)
    WHERE c.program <> 'scholarship' AND c.complete_on IS NOT NULL GROUP BY 2, 3, 4, 5
    """,
)


def _count(topic: str, select: str) -> str:
    return f"""
    INSERT INTO result_count (topic, month, region_code, program, key, part, number)
    SELECT '{topic}', q.month, q.region_code, q.program, q.key, q.part, q.number FROM ({select}) q WHERE q.number > 0
    """


def _together(source: str, columns: str, *rows: str) -> str:
    """Return one reading of a source for several topics: each row is (topic, day, key, part, whether it counts)."""
    return f"""
    INSERT INTO result_count (topic, month, region_code, program, key, part, number)
    SELECT q.topic, {_month("q.day")}, {columns}, q.key, q.part, count(*)
    FROM {source} CROSS JOIN LATERAL (VALUES {", ".join(rows)}) AS q (topic, day, key, part, counts)
    WHERE q.counts GROUP BY 1, 2, 3, 4, 5, 6
    """


def _of_moves(topic: str, key: str, source: str) -> str:
    return _count(
        topic,
        f"SELECT {_month('m.on_day')} AS month, c.region_code, c.program, {key} AS key, '' AS part, count(*) AS number"
        f" FROM {source} m JOIN counted_case c ON c.id = m.casefile_id GROUP BY 1, 2, 3, 4",
    )


_STAGE_OF = "(CAST(:stages AS text[]))[{} + 1]"
COUNTS = (
    # a case once in each; a scholarship follows a claim, so no family waits to be called about it
    _together(
        "counted_case c",
        "c.region_code, c.program",
        "('reported', c.reported_on, '', '', true)",
        "('contacted', c.reported_on, CASE WHEN c.contacted_on <= c.reported_on + 7 THEN 'within' ELSE 'later' END, '',"
        " c.program <> 'scholarship' AND c.reported_on <= CAST(:today AS date) - 7)",
        "('first_complete', c.first_complete_on, CASE WHEN c.replaced THEN 'again' ELSE 'first' END, '',"
        " c.first_complete_on IS NOT NULL)",
    ),
    # transfers: the first one of a case, and those that follow it (a further decision), scholarships
    _of_moves(
        "paid",
        "CASE WHEN m.turn = 1 AND c.program <> 'scholarship' THEN 'first' ELSE 'other' END",
        "counted_transfer",
    ),
    _count(
        "paid_idr",
        f"""
        SELECT {_month(_day("e.at"))} AS month, f.region_code, c.program, '' AS key, '' AS part,
               sum(i.amount_idr) AS number
        FROM payment_instruction i
        JOIN payment_event e ON e.instruction_id = i.id AND e.version = i.version
        JOIN claim c ON c.id = i.casefile_id JOIN casefile f ON f.id = c.id
        WHERE i.state = 'settled' GROUP BY 1, 2, 3
        """,
    ),
    _count(
        "received",
        f"""
        SELECT {_month("c.paid_on")} AS month, c.region_code, c.program, coalesce(a.answer, 'unanswered') AS key,
               '' AS part, count(*) AS number
        FROM counted_case c
        LEFT JOIN LATERAL (SELECT answer FROM receipt_answer r WHERE r.casefile_id = c.id ORDER BY r.id DESC LIMIT 1) a
            ON true
        WHERE c.paid_on IS NOT NULL GROUP BY 1, 2, 3, 4
        """,
    ),
    # the funnel: a case counts at a stage once, on the day it first came there
    _of_moves(
        "stage_reached",
        _STAGE_OF.format("m.rank"),
        "(SELECT casefile_id, rank, min(on_day) AS on_day FROM counted_move"
        " WHERE NOT gone AND (from_rank IS DISTINCT FROM rank OR from_gone) GROUP BY 1, 2)",
    ),
    # a scholarship that waits for its next year went on, not back
    _together(
        "counted_move m JOIN counted_case c ON c.id = m.casefile_id",
        "c.region_code, c.program",
        f"('stage_back', m.on_day, {_STAGE_OF.format('m.from_rank')}, '',"
        " m.rank < m.from_rank AND NOT m.gone AND m.from_rank < 5 AND m.action <> 'finish_year')",
        f"('stage_out', m.on_day, {_STAGE_OF.format('m.from_rank')}, '', m.gone AND m.from_rank IS NOT NULL)",
        "('refused', m.on_day, coalesce(m.reason_code, 'other'), '', m.action = 'refuse')",
        "('returned_case', m.on_day, coalesce(m.reason_code, 'other'), '', m.action = 'return_to_officer')",
    ),
    _of_moves(
        "returned_paper",
        "coalesce(m.reason_code, 'other')",
        f"(SELECT casefile_id, reason_code, {_day('reviewed_at')} AS on_day FROM document_review"
        " WHERE outcome = 'returned')",
    ),
    # after the money
    # the finest split of what became of a visit; matched: the family told its stage at 3, 6 and 12 months
    _together(
        """counted_visit v LEFT JOIN (
            SELECT plan_id, true AS yes FROM counted_visit
            WHERE kind IN ('m3', 'm6', 'm12') AND stage IS NOT NULL AND outcome = 'met'
            GROUP BY plan_id HAVING count(*) = 3
        ) matched USING (plan_id)""",
        "v.region_code, v.program",
        """('visit', v.due_on, v.kind, CASE WHEN v.outcome IS DISTINCT FROM 'met' THEN coalesce(v.outcome, 'open')
            WHEN v.stage IS NULL THEN 'untold'
            WHEN matched.yes AND v.kind IN ('m3', 'm6', 'm12') THEN 'matched:' || v.stage
            ELSE 'single:' || v.stage END, true)""",
        "('visit_worker', v.due_on, coalesce(v.visitor_user_id::text, ''), coalesce(v.outcome, 'open'), true)",
    ),
    _count(
        "use_base",
        f"SELECT {_month('l.made_on')} AS month, l.region_code, l.program, '' AS key, '' AS part, count(*) AS number"
        " FROM counted_uses l GROUP BY 1, 2, 3",
    ),
    # of every family that answered, whether it named a use or not: who did not is the rest of the base
    _count(
        "use",
        f"""
        WITH named AS (
            SELECT {_month("l.made_on")} AS month, l.region_code, l.program, u.use, count(*) AS number
            FROM counted_uses l JOIN visit_use u ON u.planned_visit_id = l.planned_visit_id AND u.beans > 0
            GROUP BY 1, 2, 3, 4
        )
        SELECT b.month, b.region_code, b.program, wanted.use AS key, told.part,
               CASE told.part WHEN 'yes' THEN coalesce(n.number, 0) ELSE b.number - coalesce(n.number, 0) END AS number
        FROM result_count b CROSS JOIN unnest(CAST(:uses AS text[])) AS wanted (use)
        CROSS JOIN (VALUES ('yes'), ('no')) AS told (part)
        LEFT JOIN named n ON (n.month, n.region_code, n.program, n.use) = (b.month, b.region_code, b.program, wanted.use)
        WHERE b.topic = 'use_base'
        """,
    ),
    _count(
        "school",
        f"""
        SELECT {_month("l.made_on")} AS month, l.region_code, l.program,
               CASE WHEN k.attends THEN 'attends' ELSE 'absent' END AS key, '' AS part, count(*) AS number
        FROM ({_LAST_CHILDREN}) l JOIN visit_child k USING (planned_visit_id) GROUP BY 1, 2, 3, 4
        """,
    ),
    _count(
        "levy",
        f"""
        SELECT {_month("r.made_on")} AS month, r.region_code, c.program,
               CASE WHEN r.levy_reported THEN 'yes' ELSE 'no' END AS key, '' AS part, count(*) AS number
        FROM visit_record r JOIN monitoring_plan p ON p.id = r.plan_id JOIN claim c ON c.id = p.claim_id
        WHERE r.levy_reported IS NOT NULL GROUP BY 1, 2, 3, 4
        """,
    ),
    _count(
        "scholarship",
        f"""
        SELECT {_month(_day("s.chosen_at"))} AS month, f.region_code, 'scholarship' AS program,
               CASE WHEN asked.asked THEN 'claimed' ELSE 'not_yet' END AS key, '' AS part, count(*) AS number
        FROM scholarship_child s JOIN casefile f ON f.id = s.casefile_id
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM school_year y WHERE y.casefile_id = s.casefile_id
            AND y.removed_at IS NULL) AS asked) asked
        WHERE s.place IS NOT NULL AND (s.open_year IS NOT NULL OR asked.asked) GROUP BY 1, 2, 3, 4
        """,
    ),
)
