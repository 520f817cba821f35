"""The statements that lay out what is counted: one line a claim, a step worth counting, a visit (all temporary).

``:name`` are values of ``result_refresh``. Each large table is read once or twice, from end to end; history twice,
which costs less than keeping a copy of it. Days are days in Sijunjung. Not here: the counts (``result_sql``).
"""
# ruff: noqa: S608 (statements are put together from our own text and names, never from what people send)

from caseflow.workflow.definition import STAGES

# an instant as a day; None stays None
DAY = "({} AT TIME ZONE 'Asia/Jakarta')::date"

# a family's last visit at which something was told
_LAST = """
    SELECT told.plan_id, told.planned_visit_id, told.made_on, told.region_code, p.program
    FROM (
        SELECT DISTINCT ON (r.plan_id) r.plan_id, r.planned_visit_id, r.made_on, r.region_code
        FROM visit_record r WHERE EXISTS (SELECT FROM {} AND t.planned_visit_id = r.planned_visit_id)
        ORDER BY r.plan_id, r.made_on DESC, r.planned_visit_id DESC
    ) told JOIN counted_plan p ON p.id = told.plan_id
"""
_ARRIVALS = ", ".join(
    f"min(h.at) FILTER (WHERE e.arrives_at = {rank}) AS stage_{rank}" for rank in range(len(STAGES))
)
_ARRIVAL_DAYS = ", ".join(
    f"{DAY.format(f'told.stage_{rank}')} AS stage_{rank}" for rank in range(len(STAGES))
)
# one word of four: joined by several, PostgreSQL takes the rows for few, and sorts all of history
_EDGE = "{0}.workflow || ' ' || {0}.workflow_version || ' ' || coalesce({1}, '') || ' ' || {0}.state"
_STEPS = f"history h JOIN counted_edge e ON e.name = {_EDGE.format('h', 'h.from_state')}"
TEMPORARY = (
    "counted_workday",
    "counted_edge",
    "counted_step",
    "counted_transfer",
    "counted_case",
    "counted_plan",
    "counted_visit",
    "counted_uses",
    "counted_children",
)
FACTS = (
    # many statements of middling size: compiling each of them takes longer than running it
    "SET LOCAL jit = off",
    # groups and joins of a whole archive in memory, within bounds; what is larger goes to disk in parts
    "SET LOCAL work_mem = '64MB'",
    # every day with the number of working days up to it
    """
    CREATE TEMPORARY TABLE counted_workday AS
    SELECT * FROM unnest(CAST(:days AS date[]), CAST(:numbers AS bigint[])) AS d (day, number)
    """,
    # every step from one state to another of a claim's workflow, with the ranks of their stages; '' before the first
    f"""
    CREATE TEMPORARY TABLE counted_edge AS
    WITH states AS (
        SELECT * FROM unnest(CAST(:flows AS text[]), CAST(:versions AS bigint[]), CAST(:states AS text[]),
            CAST(:ranks AS bigint[]), CAST(:left AS boolean[])) AS s (workflow, workflow_version, state, rank, gone)
    ), pasts AS (
        SELECT workflow, workflow_version, state, rank, gone FROM states
        UNION ALL SELECT DISTINCT workflow, workflow_version, '', CAST(NULL AS bigint), false FROM states
    )
    SELECT {_EDGE.format("s", "past.state")} AS name, past.rank AS from_rank,
           CASE WHEN NOT s.gone AND (past.rank IS DISTINCT FROM s.rank OR past.gone) THEN s.rank END AS arrives_at,
           coalesce(s.rank < past.rank AND NOT s.gone AND past.rank < 5, false) AS is_back,
           s.gone AND past.rank IS NOT NULL AS is_out
    FROM states s JOIN pasts past USING (workflow, workflow_version)
    """,
    "ANALYZE counted_workday, counted_edge",
    # the steps of claims that are counted one by one
    f"""
    CREATE TEMPORARY TABLE counted_step AS
    SELECT h.casefile_id, h.version, h.action, h.reason_code, {DAY.format("h.at")} AS on_day, e.from_rank,
           e.is_back AND h.action <> 'finish_year' AS is_back, e.is_out
    FROM {_STEPS}
    WHERE e.is_back OR e.is_out
       OR h.action IN ('confirm_payment', 'report_payment_failure', 'refuse', 'return_to_officer')
    """,
    # one line a transfer that the bank did not send back, numbered within its claim
    """
    CREATE TEMPORARY TABLE counted_transfer AS
    SELECT casefile_id, on_day, row_number() OVER (PARTITION BY casefile_id ORDER BY version) AS turn
    FROM (
        SELECT casefile_id, version, on_day, action,
               lead(action) OVER (PARTITION BY casefile_id ORDER BY version) AS followed_by
        FROM counted_step WHERE action IN ('confirm_payment', 'report_payment_failure')
    ) money
    WHERE action = 'confirm_payment' AND (followed_by IS NULL OR followed_by = 'confirm_payment')
    """,
    "ANALYZE counted_step, counted_transfer",
    f"""
    CREATE TEMPORARY TABLE counted_case AS
    WITH told AS (
        SELECT h.casefile_id,
               min(h.at) FILTER (WHERE h.action IN ('report', 'notify')) AS reported_at,
               min(h.at) FILTER (WHERE h.actor_kind = 'staff' AND h.action NOT IN ('report', 'notify') AND h.version > 0)
                   AS contacted_at,
               min(h.at) FILTER (WHERE h.action = 'complete_documents') AS complete_at,
               bool_or(h.action = 'request_replacement') AS replaced,
               {_ARRIVALS}
        FROM {_STEPS}
        GROUP BY h.casefile_id
    )
    SELECT c.id, c.program, f.region_code, {DAY.format("coalesce(told.reported_at, f.opened_at)")} AS reported_on,
           {DAY.format("told.contacted_at")} AS contacted_on, {DAY.format("told.complete_at")} AS first_complete_on,
           coalesce(told.replaced, false) AS replaced, f.clock_started_on AS complete_on, paid.on_day AS paid_on,
           c.died_on, {_ARRIVAL_DAYS}
    FROM claim c JOIN casefile f ON f.id = c.id
    LEFT JOIN told ON told.casefile_id = c.id
    LEFT JOIN counted_transfer paid ON paid.casefile_id = c.id AND paid.turn = 1
    WHERE f.state <> 'draft'
    """,
    """
    CREATE TEMPORARY TABLE counted_plan AS
    SELECT p.id, c.program, f.region_code
    FROM monitoring_plan p JOIN claim c ON c.id = p.claim_id JOIN casefile f ON f.id = p.id
    """,
    "ANALYZE counted_case, counted_plan",
    # one line a visit of a milestone that is due by now, with the stage told at it
    """
    CREATE TEMPORARY TABLE counted_visit AS
    SELECT v.plan_id, v.kind, v.due_on, v.region_code, v.visitor_user_id,
           CASE WHEN v.state = 'done' OR v.outcome = 'another_day' THEN v.outcome END AS outcome, p.program,
           r.livelihood_stage AS stage, v.outcome AS last_outcome
    FROM planned_visit v JOIN counted_plan p ON p.id = v.plan_id
    LEFT JOIN visit_record r ON r.planned_visit_id = v.id
    WHERE v.kind IN ('m1', 'm3', 'm6', 'm12', 'm24') AND v.state <> 'cancelled'
      AND (v.due_on <= :today OR v.state = 'done')
    """,
    f"CREATE TEMPORARY TABLE counted_uses AS {_LAST.format('visit_use t WHERE t.beans > 0')}",
    f"CREATE TEMPORARY TABLE counted_children AS {_LAST.format('visit_child t WHERE true')}",
    "ANALYZE counted_visit, counted_uses, counted_children",
    "CREATE TEMPORARY TABLE counted_day (LIKE result_day)",
    "CREATE TEMPORARY TABLE counted_count (LIKE result_count)",
)
