"""The statements that invent what follows the money: a plan a paid claim, three visits with answers. By sets."""

PLANS = (
    """
    CREATE TEMP TABLE followed AS
    SELECT c.id, c.region_code, c.subject, h.at, row_number() OVER (ORDER BY c.id) AS n
    FROM casefile c JOIN history h ON h.casefile_id = c.id AND h.action = 'confirm_payment'
    WHERE c.kind = 'claim' ORDER BY c.id LIMIT %(plans)s
    """,
    "CREATE TEMP TABLE first_id AS SELECT max(id) AS last FROM casefile",
    """
    INSERT INTO casefile (id, kind, number, workflow, workflow_version, state, subject, region_code, branch_code,
        opened_at, entered_at, sort_on, version, follow_up_on)
    OVERRIDING SYSTEM VALUE
    SELECT last + n, 'monitoring', 'DMP-26-' || n, 'monitoring', %(version)s, %(state)s, subject, region_code,
        'solok/monitoring', at, at, '9999-12-31', 0, (at + interval '90 days')::date
    FROM followed, first_id
    """,
    """
    INSERT INTO history (casefile_id, version, state, action, workflow, workflow_version, at, actor_kind, actor_name,
        details)
    SELECT last + n, 0, %(state)s, 'open', 'monitoring', %(version)s, at, 'system', 'Sistem', '{}' FROM followed, first_id
    """,
    """
    INSERT INTO monitoring_plan (id, claim_id, paid_on, livelihood_from_on, contact_name, jorong, landmark, public_id)
    SELECT last + n, id, at::date, at::date, 'Ahli Waris', 'Pasar', '', 'R' || n FROM followed, first_id
    """,
)
VISITS = (
    """
    INSERT INTO planned_visit (public_id, plan_id, kind, state, due_on, asks_livelihood, region_code, visitor_user_id,
        outcome, done_on, version)
    SELECT 'K' || n || kind, last + n, kind, 'done', (at + make_interval(days => days))::date, true, region_code,
        %(visitor)s, CASE WHEN n %% 10 = 0 THEN 'not_found' ELSE 'met' END, (at + make_interval(days => days))::date, 1
    FROM followed, first_id, (VALUES ('m3', 90), ('m6', 180), ('m12', 365)) AS milestone (kind, days)
    """,
    """
    INSERT INTO visit_record (planned_visit_id, plan_id, region_code, kind, visitor_user_id, outcome, made_on, minutes,
        changed_at, livelihood_stage, levy_reported, note)
    SELECT id, plan_id, region_code, kind, visitor_user_id, outcome, done_on, 30, now(),
        (%(stages)s::text[])[id %% cardinality(%(stages)s::text[]) + 1], id %% 97 = 0, ''
    FROM planned_visit WHERE outcome = 'met'
    """,
    """
    INSERT INTO visit_use (planned_visit_id, use, beans)
    SELECT planned_visit_id, (%(uses)s::text[])[planned_visit_id %% cardinality(%(uses)s::text[]) + 1], 4 FROM visit_record
    """,
)
