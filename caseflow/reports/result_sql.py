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


TEMPORARY = (
    "counted_workday",
    "counted_state",
    "counted_move",
    "counted_transfer",
    "counted_case",
    "counted_visit",
)
FACTS = (
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
    # one line a move of a claim, with the stages that it joins
    f"""
    CREATE TEMPORARY TABLE counted_move AS
    SELECT h.casefile_id, h.version, h.action, h.reason_code, h.actor_kind, {_day("h.at")} AS on_day,
           past.rank AS from_rank, s.rank, s.gone
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
           CASE WHEN v.state = 'done' THEN v.outcome END AS outcome, c.program, p.paid_on, r.livelihood_stage AS stage,
           r.made_on
    FROM planned_visit v JOIN monitoring_plan p ON p.id = v.plan_id JOIN claim c ON c.id = p.claim_id
    LEFT JOIN visit_record r ON r.planned_visit_id = v.id
    WHERE v.kind IN ('m1', 'm3', 'm6', 'm12', 'm24') AND v.state <> 'cancelled'
      AND (v.due_on <= :today OR v.state = 'done')
    """,
)


def _days(measure: str, since: str, until: str, condition: str = "true") -> str:
    return f"""
    INSERT INTO result_day (measure, month, region_code, program, days, claims)
    SELECT '{measure}', {_month(until)}, region_code, program, greatest({until} - {since}, 0), count(*)
    FROM counted_case WHERE {since} IS NOT NULL AND {until} IS NOT NULL AND {condition}
    GROUP BY 2, 3, 4, 5
    """


DAYS = (
    _days("report_to_paid", "reported_on", "paid_on", "program <> 'scholarship'"),
    _days("death_to_paid", "died_on", "paid_on", "program <> 'scholarship'"),
    _days("death_to_report", "died_on", "reported_on", "program <> 'scholarship'"),
    # the day after the papers were complete is the first one: working days up to the end less those up to the beginning
    f"""
    INSERT INTO result_day (measure, month, region_code, program, days, claims)
    SELECT 'complete_to_paid', {_month("c.paid_on")}, c.region_code, c.program, ends.number - begins.number, count(*)
    FROM counted_case c JOIN counted_workday ends ON ends.day = c.paid_on
    JOIN counted_workday begins ON begins.day = least(c.complete_on, c.paid_on)
    WHERE c.program <> 'scholarship' GROUP BY 2, 3, 4, 5
    """,
)


def _count(topic: str, select: str) -> str:
    return f"""
    INSERT INTO result_count (topic, month, region_code, program, key, part, number)
    SELECT '{topic}', q.month, q.region_code, q.program, q.key, q.part, q.number FROM ({select}) q WHERE q.number > 0
    """


def _cases(topic: str, day: str, key: str, condition: str) -> str:
    return _count(
        topic,
        f"SELECT {_month(day)} AS month, region_code, program, {key} AS key, '' AS part, count(*) AS number"
        f" FROM counted_case WHERE {condition} GROUP BY 1, 2, 3, 4",
    )


def _visits(topic: str, day: str, key: str, part: str, condition: str) -> str:
    return _count(
        topic,
        f"SELECT {_month(day)} AS month, region_code, program, {key} AS key, {part} AS part, count(*) AS number"
        f" FROM counted_visit WHERE {condition} GROUP BY 1, 2, 3, 4, 5",
    )


def _of_moves(topic: str, key: str, source: str) -> str:
    return _count(
        topic,
        f"SELECT {_month('m.on_day')} AS month, c.region_code, c.program, {key} AS key, '' AS part, count(*) AS number"
        f" FROM {source} m JOIN counted_case c ON c.id = m.casefile_id GROUP BY 1, 2, 3, 4",
    )


_STAGE_OF = "(CAST(:stages AS text[]))[{} + 1]"
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
COUNTS = (
    _cases("reported", "reported_on", "''", "true"),
    # transfers: the first one of a case, and those that follow it (a further decision), scholarships
    _of_moves(
        "paid",
        "CASE WHEN m.turn = 1 AND c.program <> 'scholarship' THEN 'first' ELSE 'other' END",
        "counted_transfer",
    ),
    _cases(
        "contacted",
        "reported_on",
        "CASE WHEN contacted_on <= reported_on + 7 THEN 'within' ELSE 'later' END",
        "reported_on <= CAST(:today AS date) - 7",
    ),
    _cases(
        "first_complete",
        "first_complete_on",
        "CASE WHEN replaced THEN 'again' ELSE 'first' END",
        "first_complete_on IS NOT NULL",
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
        "(SELECT casefile_id, rank, min(on_day) AS on_day FROM counted_move WHERE NOT gone GROUP BY 1, 2)",
    ),
    _of_moves(
        "stage_back",
        _STAGE_OF.format("m.from_rank"),
        "(SELECT * FROM counted_move WHERE rank < from_rank AND NOT gone AND from_rank < 5)",
    ),
    _of_moves(
        "stage_out",
        _STAGE_OF.format("m.from_rank"),
        "(SELECT * FROM counted_move WHERE gone AND from_rank IS NOT NULL)",
    ),
    _of_moves(
        "refused", "coalesce(m.reason_code, 'other')", "(SELECT * FROM counted_move WHERE action = 'refuse')"
    ),
    _of_moves(
        "returned_case",
        "coalesce(m.reason_code, 'other')",
        "(SELECT * FROM counted_move WHERE action = 'return_to_officer')",
    ),
    _of_moves(
        "returned_paper",
        "coalesce(m.reason_code, 'other')",
        f"(SELECT casefile_id, reason_code, {_day('reviewed_at')} AS on_day FROM document_review"
        " WHERE outcome = 'returned')",
    ),
    # after the money
    # the finest split of what became of a visit; matched: the family told its stage at 3, 6 and 12 months
    _visits(
        "visit",
        "due_on",
        "kind",
        """CASE WHEN outcome IS DISTINCT FROM 'met' THEN coalesce(outcome, 'open')
            WHEN stage IS NULL THEN 'untold'
            WHEN plan_id IN (
                SELECT plan_id FROM counted_visit
                WHERE kind IN ('m3', 'm6', 'm12') AND stage IS NOT NULL AND outcome = 'met'
                GROUP BY plan_id HAVING count(*) = 3
            ) AND kind IN ('m3', 'm6', 'm12') THEN 'matched:' || stage ELSE 'single:' || stage END""",
        "true",
    ),
    _visits(
        "visit_worker", "due_on", "coalesce(visitor_user_id::text, '')", "coalesce(outcome, 'open')", "true"
    ),
    # of every family that answered, whether it named a use or not
    _count(
        "use",
        f"""
        SELECT {_month("l.made_on")} AS month, l.region_code, l.program, wanted.use AS key,
               CASE WHEN u.use IS NULL THEN 'no' ELSE 'yes' END AS part, count(*) AS number
        FROM ({_LAST_USES}) l CROSS JOIN unnest(CAST(:uses AS text[])) AS wanted (use)
        LEFT JOIN visit_use u ON u.planned_visit_id = l.planned_visit_id AND u.use = wanted.use AND u.beans > 0
        GROUP BY 1, 2, 3, 4, 5
        """,
    ),
    _count(
        "use_base",
        f"SELECT {_month('l.made_on')} AS month, l.region_code, l.program, '' AS key, '' AS part, count(*) AS number"
        f" FROM ({_LAST_USES}) l GROUP BY 1, 2, 3",
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
