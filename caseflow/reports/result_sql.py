"""The statements that count results, set by set, over what ``result_facts`` lays out.

``:name`` are values of ``result_refresh``. The paid day of a claim is that of the first transfer that the bank did not
send back. Sets are filtered before they are spread over topics: most steps belong to none.
Not here: how the counts are summed up and written (``result_written``).
"""
# ruff: noqa: S608 (statements are put together from our own text and names, never from what people send)

from caseflow.monitoring.survival import MILESTONES
from caseflow.reports.result_facts import DAY
from caseflow.workflow.definition import STAGES

# without a time zone: the month of a date needs none, and looking one up for each row is dear
_MONTH = "date_trunc('month', {}::timestamp)::date"


def _month(column: str) -> str:
    return _MONTH.format(column)


def _day(column: str) -> str:
    return DAY.format(column)


DAYS = (
    f"""
    INSERT INTO counted_day (measure, month, region_code, program, days, claims)
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
    INSERT INTO counted_day (measure, month, region_code, program, days, claims)
    SELECT 'complete_to_paid', {_month("c.paid_on")}, c.region_code, c.program, ends.number - begins.number, count(*)
    FROM counted_case c JOIN counted_workday ends ON ends.day = c.paid_on
    JOIN counted_workday begins ON begins.day = least(c.complete_on, c.paid_on)
    WHERE c.program <> 'scholarship' AND c.complete_on IS NOT NULL GROUP BY 2, 3, 4, 5
    """,
)


def _count(topic: str, select: str) -> str:
    return f"""
    INSERT INTO counted_count (topic, month, region_code, program, key, part, number)
    SELECT '{topic}', q.month, q.region_code, q.program, q.key, q.part, q.number FROM ({select}) q WHERE q.number > 0
    """


def _of_cases(topic: str, day: str, key: str = "''", where: str = "true") -> str:
    """Return the counting of cases by a day of theirs."""
    return _count(
        topic,
        f"SELECT {_month(f'c.{day}')} AS month, c.region_code, c.program, {key} AS key, '' AS part, count(*) AS number"
        f" FROM counted_case c WHERE c.{day} IS NOT NULL AND {where} GROUP BY 1, 2, 3, 4",
    )


def _of_moves(topic: str, key: str, source: str) -> str:
    return _count(
        topic,
        f"SELECT {_month('m.on_day')} AS month, c.region_code, c.program, {key} AS key, '' AS part, count(*) AS number"
        f" FROM {source} m JOIN counted_case c ON c.id = m.casefile_id GROUP BY 1, 2, 3, 4",
    )


_STAGE_FROM = "(CAST(:stages AS text[]))[m.from_rank + 1]"
_REASON = "coalesce(m.reason_code, 'other')"
_MILESTONES = ", ".join(MILESTONES)
_HOW_BY_MILESTONE = ", ".join(f"max(how) FILTER (WHERE kind = '{one}') AS {one}" for one in MILESTONES)
_SEEN_AT = ", ".join(f"CASE WHEN {one} IN ('alive', 'seen') THEN '{one}' END" for one in MILESTONES)
_MILESTONE_ROWS = ", ".join(f"('{one}', {one})" for one in MILESTONES)
COUNTS = (
    # a case once in each; a scholarship follows a claim, so no family waits to be called about it
    _of_cases("reported", "reported_on"),
    _of_cases(
        "contacted",
        "reported_on",
        "CASE WHEN c.contacted_on <= c.reported_on + 7 THEN 'within' ELSE 'later' END",
        "c.program <> 'scholarship' AND c.reported_on < CAST(:today AS date) - 7",
    ),
    _of_cases("first_complete", "first_complete_on", "CASE WHEN c.replaced THEN 'again' ELSE 'first' END"),
    # the funnel: a case counts at a stage once, on the day it first came there
    *(_of_cases("stage_reached", f"stage_{rank}", f"'{stage}'") for rank, stage in enumerate(STAGES)),
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
        WHERE c.paid_on IS NOT NULL AND c.program <> 'scholarship' GROUP BY 1, 2, 3, 4
        """,
    ),
    # a scholarship that waits for its next year went on, not back
    _of_moves("stage_back", _STAGE_FROM, "(SELECT * FROM counted_step WHERE is_back)"),
    _of_moves("stage_out", _STAGE_FROM, "(SELECT * FROM counted_step WHERE is_out)"),
    _of_moves("refused", _REASON, "(SELECT * FROM counted_step WHERE action = 'refuse')"),
    _of_moves("returned_case", _REASON, "(SELECT * FROM counted_step WHERE action = 'return_to_officer')"),
    _of_moves(
        "returned_paper",
        _REASON,
        f"(SELECT casefile_id, reason_code, {_day('reviewed_at')} AS on_day FROM document_review"
        " WHERE outcome = 'returned')",
    ),
    # after the money
    # the finest split of what became of a visit; matched: the family told its stage at 3, 6 and 12 months, and the months
    # of all three are over: so the matched are as many at each, for readers of months that are over too
    _count(
        "visit",
        f"""
        SELECT month, region_code, program, kind AS key,
               CASE WHEN outcome IS DISTINCT FROM 'met' THEN coalesce(outcome, 'open')
                    WHEN stage IS NULL THEN 'untold'
                    WHEN matched AND kind IN ('m3', 'm6', 'm12') THEN 'matched:' || stage
                    ELSE 'single:' || stage END AS part,
               sum(number) AS number
        FROM (
            SELECT {_month("v.due_on")} AS month, v.region_code, v.program, v.kind, v.outcome, v.stage, matched.yes AS matched,
                   count(*) AS number
            FROM counted_visit v LEFT JOIN (
                SELECT plan_id, true AS yes FROM counted_visit
                WHERE kind IN ('m3', 'm6', 'm12') AND stage IS NOT NULL AND outcome = 'met'
                GROUP BY plan_id
                HAVING count(*) = 3 AND max(due_on) < {_month("CAST(:today AS date)")}
            ) matched USING (plan_id)
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ) split GROUP BY 1, 2, 3, 4, 5
        """,
    ),
    # one line a family with what was seen of its business at each milestone; a stock: it stands in the month of the count
    _count(
        "survival",
        f"""
        WITH seen AS (
            SELECT plan_id, {_HOW_BY_MILESTONE} FROM (
                SELECT plan_id, kind, CASE
                    WHEN last_outcome IS NULL THEN 'not_yet'
                    WHEN last_outcome = 'met' AND stage IS NULL THEN 'not_told'
                    WHEN last_outcome = 'met' AND stage = ANY(CAST(:alive AS text[])) THEN 'alive'
                    WHEN last_outcome = 'met' THEN 'seen'
                    ELSE last_outcome END AS how
                FROM counted_visit
            ) told GROUP BY plan_id
        ), families AS (
            SELECT p.region_code, p.program, {_MILESTONES}, count(*) AS number
            FROM seen JOIN counted_plan p ON p.id = seen.plan_id GROUP BY p.region_code, p.program, {_MILESTONES}
        )
        SELECT {_month("CAST(:today AS date)")} AS month, region_code, program, one.kind AS key,
               one.how || ':' || concat_ws(' ', {_SEEN_AT}) AS part, sum(number) AS number
        FROM families CROSS JOIN LATERAL (VALUES {_MILESTONE_ROWS}) AS one (kind, how)
        WHERE one.how IS NOT NULL GROUP BY 1, 2, 3, 4, 5
        """,
    ),
    _count(
        "visit_worker",
        f"""
        SELECT {_month("v.due_on")} AS month, v.region_code, v.program, coalesce(v.visitor_user_id::text, '') AS key,
               coalesce(v.outcome, 'open') AS part, count(*) AS number
        FROM counted_visit v GROUP BY 1, 2, 3, 4, 5
        """,
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
        FROM counted_count b CROSS JOIN unnest(CAST(:uses AS text[])) AS wanted (use)
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
        FROM counted_children l JOIN visit_child k USING (planned_visit_id) GROUP BY 1, 2, 3, 4
        """,
    ),
    _count(
        "levy",
        f"""
        SELECT {_month("r.made_on")} AS month, r.region_code, c.program,
               CASE WHEN r.levy_reported THEN 'yes' ELSE 'no' END AS key, '' AS part, count(*) AS number
        FROM visit_record r JOIN counted_plan c ON c.id = r.plan_id
        WHERE r.levy_reported IS NOT NULL GROUP BY 1, 2, 3, 4
        """,
    ),
    # the same by family, for readers of aggregates: five visits or five children may be of one family
    _count(
        "school_family",
        f"""
        SELECT {_month("told.made_on")} AS month, told.region_code, told.program,
               CASE WHEN told.attend THEN 'attends' ELSE 'absent' END AS key, '' AS part, count(*) AS number
        FROM (SELECT l.made_on, l.region_code, l.program, bool_and(k.attends) AS attend
              FROM counted_children l JOIN visit_child k USING (planned_visit_id) GROUP BY l.planned_visit_id, 1, 2, 3) told
        GROUP BY 1, 2, 3, 4
        """,
    ),
    _count(
        "levy_family",
        f"""
        SELECT {_month("told.made_on")} AS month, c.region_code, c.program,
               CASE WHEN told.levy THEN 'yes' ELSE 'no' END AS key, '' AS part, count(*) AS number
        FROM (SELECT r.plan_id, max(r.made_on) AS made_on, bool_or(r.levy_reported) AS levy
              FROM visit_record r WHERE r.levy_reported IS NOT NULL GROUP BY r.plan_id) told
        JOIN counted_plan c ON c.id = told.plan_id GROUP BY 1, 2, 3, 4
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
