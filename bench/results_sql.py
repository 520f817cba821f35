"""The statements that invent what follows the money: a plan a paid claim, its visits with answers. By sets.

The archive grows, the desk does not: ``open`` of the plans are followed now, with visits to come and some that are
late; the others are over, with every visit that lay before.
"""

# social workers of the regency, with the two of the practice data; and those who came before them, each in one nagari
# for as long as it took to follow three hundred families
VISITORS = (
    """
    WITH people AS (
        INSERT INTO person (full_name) SELECT 'Pekerja sosial ' || n FROM generate_series(1, %(visitors)s::int) AS n
        RETURNING id, full_name
    ), users AS (
        INSERT INTO staff_user (person_id, username, password_hash, created_at, title, active, shortcuts_on)
        SELECT id, lower(replace(full_name, ' ', '.')), '-', %(start)s, 'Pekerja sosial', true, true FROM people
        RETURNING id, person_id
    )
    INSERT INTO role_grant (person_id, role, role_family, scope_kind, scope_code, granted_at)
    SELECT people.id, wanted.role, wanted.role_family, wanted.scope_kind, wanted.scope_code, %(start)s
    FROM people, (SELECT * FROM role_grant WHERE role = 'social_worker' LIMIT 1) AS wanted
    """,
    """
    CREATE TEMP TABLE visitor AS
    SELECT staff_user.id, row_number() OVER (ORDER BY staff_user.id) - 1 AS slot, count(*) OVER () AS many
    FROM role_grant JOIN staff_user ON staff_user.person_id = role_grant.person_id WHERE role = 'social_worker'
    """,
    "ANALYZE visitor",
    """
    CREATE TEMP TABLE paid AS
    SELECT c.id AS claim_id, c.region_code, c.subject, h.at, row_number() OVER (ORDER BY c.id) AS n,
           count(*) OVER () AS many, c.region_code || '/' || row_number() OVER (PARTITION BY c.region_code ORDER BY c.id) / 300 AS beat
    FROM casefile c JOIN history h ON h.casefile_id = c.id AND h.action = 'confirm_payment' WHERE c.kind = 'claim'
    """,
    "ANALYZE paid",
    """
    WITH people AS (
        INSERT INTO person (full_name) SELECT DISTINCT 'Dahulu ' || beat FROM paid RETURNING id, full_name
    )
    INSERT INTO staff_user (person_id, username, password_hash, created_at, title, active, shortcuts_on)
    SELECT id, replace(lower(full_name), ' ', '.'), '-', %(start)s, 'Pekerja sosial', false, true FROM people
    """,
    """
    CREATE TEMP TABLE formerly AS
    SELECT staff_user.id, substr(full_name, 8) AS beat FROM person JOIN staff_user ON staff_user.person_id = person.id
    WHERE full_name LIKE 'Dahulu %%'
    """,
    "ANALYZE formerly",
)

PLANS = (
    """
    CREATE TEMP TABLE followed AS
    WITH placed AS (
        SELECT *, n > many - least(%(open)s, many / 2) AS is_open FROM paid
    )
    SELECT claim_id, region_code, subject, n, is_open, (SELECT max(id) FROM casefile) + n AS id,
           CASE WHEN is_open THEN %(start)s::timestamptz - make_interval(days => (n %% 330)::int) ELSE at END AS at,
           CASE WHEN is_open THEN visitor.id ELSE formerly.id END AS visitor
    FROM placed JOIN visitor ON visitor.slot = n %% visitor.many JOIN formerly USING (beat)
    """,
    "ANALYZE followed",
    """
    INSERT INTO casefile (id, kind, number, workflow, workflow_version, state, subject, region_code, branch_code,
        opened_at, entered_at, sort_on, version, follow_up_on, closed_at)
    OVERRIDING SYSTEM VALUE
    SELECT id, 'monitoring', 'DMP-26-' || n, 'monitoring', %(version)s, CASE WHEN is_open THEN %(state)s ELSE 'finished' END,
        subject, region_code, 'solok/monitoring', at, at, '9999-12-31', CASE WHEN is_open THEN 0 ELSE 1 END,
        CASE WHEN is_open THEN (at + interval '400 days')::date END,
        CASE WHEN NOT is_open THEN at + interval '90 days' END
    FROM followed ORDER BY id
    """,
    """
    INSERT INTO history (casefile_id, version, state, action, workflow, workflow_version, at, actor_kind, actor_name,
        details, prev_version, from_state)
    SELECT id, 0, %(state)s, 'open', 'monitoring', %(version)s, at, 'system', 'Sistem', '{}'::jsonb, NULL::int, NULL
    FROM followed
    UNION ALL
    SELECT id, 1, 'finished', 'finish', 'monitoring', %(version)s, at + interval '90 days', 'system', 'Sistem', '{}'::jsonb, 0, %(state)s
    FROM followed WHERE NOT is_open ORDER BY 1, 2
    """,
    """
    INSERT INTO monitoring_plan (id, claim_id, paid_on, livelihood_from_on, contact_name, jorong, landmark, public_id,
        visitor_user_id)
    SELECT id, claim_id, at::date, at::date, 'Ahli Waris', 'Pasar', '', 'R' || n, visitor FROM followed ORDER BY id
    """,
)
VISITS = (
    """
    INSERT INTO planned_visit (public_id, plan_id, kind, state, due_on, asks_livelihood, region_code, visitor_user_id,
        outcome, done_on, version)
    SELECT 'K' || n || kind, id, kind, CASE WHEN is_done THEN 'done' ELSE 'due' END, due_on, kind <> 'm1', region_code,
        visitor, CASE WHEN is_done THEN CASE n %% 20 WHEN 0 THEN 'not_found' WHEN 10 THEN 'declined' WHEN 11 THEN 'moved'
        ELSE 'met' END END, CASE WHEN is_done THEN due_on END, is_done::int
    FROM (
        SELECT followed.*, kind, (at + make_interval(days => days))::date AS due_on,
               (at + make_interval(days => days))::date < %(start)s::date - 7 AS is_done
        FROM followed,
            (VALUES ('m1', 30, 0), ('m3', 90, NULL), ('m6', 180, NULL), ('m12', 365, NULL), ('m24', 730, 1))
            AS milestone (kind, days, third)
        WHERE third IS NULL OR n %% 3 = third
    ) AS visits
    WHERE is_done OR is_open ORDER BY id, due_on
    """,
    """
    INSERT INTO visit_record (planned_visit_id, plan_id, region_code, kind, visitor_user_id, outcome, made_on, minutes,
        changed_at, livelihood_stage, livelihood_type, income_band, levy_reported, note)
    SELECT id, plan_id, region_code, kind, visitor_user_id, outcome, done_on, 2 + id %% 60, now(),
        CASE WHEN asks_livelihood THEN (%(stages)s::text[])[id %% cardinality(%(stages)s::text[]) + 1] END,
        (%(types)s::text[])[id %% cardinality(%(types)s::text[]) + 1],
        (%(bands)s::text[])[id / 7 %% cardinality(%(bands)s::text[]) + 1], id %% 97 = 0, ''
    FROM planned_visit WHERE outcome = 'met' ORDER BY id
    """,
    """
    INSERT INTO visit_use (planned_visit_id, use, beans)
    SELECT planned_visit_id, (%(uses)s::text[])[planned_visit_id %% cardinality(%(uses)s::text[]) + 1], 4 FROM visit_record
    ORDER BY 1
    """,
    """
    INSERT INTO visit_child (planned_visit_id, position, first_name, attends, reason)
    SELECT planned_visit_id, 1, 'Anak', planned_visit_id %% 9 <> 0, '' FROM visit_record WHERE plan_id %% 3 = 0 ORDER BY 1
    """,
)
