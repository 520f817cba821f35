"""The statements that invent cases, set by set. ``plan`` holds a line a case, ``life`` a line a move."""

DAMM = """
CREATE FUNCTION pg_temp.damm(body text, moves text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE interim int := 0;
BEGIN
    FOR place IN 1 .. length(body) LOOP
        interim := substr(moves, interim * 10 + substr(body, place, 1)::int + 1, 1)::int;
    END LOOP;
    RETURN interim::text;
END $$
"""

LIFE = """
CREATE TEMP TABLE life (
    path text, version int, action text, from_state text, state text, duty text, notice text, actor text
)
"""

# ten officers a branch; the first two of Solok are those of the practice data
OFFICERS = (
    """
    WITH wanted AS (
        SELECT branch, slot FROM unnest(%(branches)s::text[]) AS branch, generate_series(0, 9) AS slot
        WHERE branch <> 'solok' OR slot > 1
    ), people AS (
        INSERT INTO person (full_name) SELECT 'Petugas ' || branch || ' ' || slot FROM wanted
        RETURNING id, full_name
    ), users AS (
        INSERT INTO staff_user (person_id, username, password_hash, created_at, title, active, shortcuts_on)
        SELECT id, lower(replace(full_name, ' ', '.')), '-', %(start)s, 'Petugas klaim', true, true FROM people
        RETURNING id, person_id
    )
    INSERT INTO role_grant (person_id, role, role_family, scope_kind, scope_code, granted_at)
    SELECT people.id, 'officer', 'branch', 'branch', split_part(full_name, ' ', 2), %(start)s FROM people
    """,
    """
    CREATE TEMP TABLE officer AS
    SELECT scope_code AS branch, row_number() OVER (PARTITION BY scope_code ORDER BY staff_user.id) - 1 AS slot,
           staff_user.id AS user_id, person.id AS person_id, person.full_name
    FROM role_grant JOIN person ON person.id = role_grant.person_id
    JOIN staff_user ON staff_user.person_id = person.id WHERE role = 'officer'
    """,
    """
    CREATE TEMP TABLE actor AS
    SELECT wanted.actor, staff_user.id AS user_id, person.id AS person_id, person.full_name
    FROM (VALUES ('approver', 'mega'), ('releaser', 'hadi'), ('reconciler', 'lusi')) AS wanted (actor, username)
    JOIN staff_user ON staff_user.username = wanted.username JOIN person ON person.id = staff_user.person_id
    """,
)

PLAN = """
CREATE TEMP TABLE plan AS
WITH numbered AS (
    SELECT place, place + %(before)s::int AS n, place / 4 AS turn,
           (%(branches)s::text[])[place %% 4 + 1] AS branch_code, place > %(cases)s - %(open)s AS is_open
    FROM generate_series(1, %(cases)s::int) AS place
), lived AS (
    SELECT *, CASE WHEN NOT is_open AND turn %% 10 = 0 THEN 'withdrawn' ELSE 'paid' END AS path,
           CASE WHEN is_open THEN 1 + turn %% 9 WHEN turn %% 10 = 0 THEN 3 ELSE 10 END AS last_version
    FROM numbered
), timed AS (
    SELECT *, CASE WHEN is_open
        THEN %(start)s::timestamptz - make_interval(days => last_version + turn %% 40, mins => n %% 1000)
        ELSE %(start)s::timestamptz - make_interval(days => 100, mins => (%(cases)s - place)
             * greatest(1, 5000000 / %(cases)s))
        END AS opened_at,
        CASE WHEN is_open AND last_version NOT IN (2, 9)
             THEN (%(start)s::timestamptz)::date + turn / 9 %% 23 - 6 END AS due_on,
        '26' || lpad(n::text, greatest(4, length(n::text)), '0') AS body
    FROM lived
)
SELECT timed.*, 'SJJ-26-' || substr(body, 3) || '-' || pg_temp.damm(body, %(damm)s) AS number,
       CASE WHEN place = %(cases)s / 2 / 4 * 4 THEN %(rare)s
            ELSE (%(first)s::text[])[place * 7919::bigint %% cardinality(%(first)s::text[]) + 1] || ' '
              || (%(last)s::text[])[turn * 104729::bigint / 7 %% cardinality(%(last)s::text[]) + 1] END AS subject,
       regions.codes[turn %% cardinality(regions.codes) + 1] AS region_code,
       officer.user_id, officer.person_id, officer.full_name
FROM timed
JOIN officer ON officer.branch = timed.branch_code AND officer.slot = timed.turn %% 10,
(SELECT array_agg(code ORDER BY code) AS codes FROM region WHERE level IN ('nagari', 'desa')) AS regions
"""

CASES = (
    """
    INSERT INTO casefile (id, kind, number, workflow, workflow_version, state, subject, region_code, branch_code,
        opened_at, entered_at, sort_on, version, due_on, follow_up_on, reported_on, clock_started_on,
        assignee_user_id, closed_at)
    OVERRIDING SYSTEM VALUE
    SELECT n, 'claim', number, %(workflow)s, %(workflow_version)s, life.state, subject, region_code, branch_code,
        opened_at, opened_at + make_interval(days => last_version), coalesce(due_on, '9999-12-31'), last_version,
        due_on, CASE WHEN is_open AND due_on IS NULL THEN (opened_at + interval '60 days')::date END,
        opened_at::date, CASE WHEN life.path = 'paid' AND last_version >= 3 THEN (opened_at + interval '3 days')::date END,
        CASE WHEN last_version >= 3 THEN user_id END,
        CASE WHEN NOT is_open THEN opened_at + make_interval(days => last_version) END
    FROM plan JOIN life ON life.path = plan.path AND life.version = plan.last_version ORDER BY n
    """,
    """
    INSERT INTO claim (id, program, event_on, died_on, cause, honorific)
    SELECT n, 'jkm', (opened_at - interval '2 days')::date, (opened_at - interval '2 days')::date, 'illness_or_other',
           CASE n %% 3 WHEN 0 THEN 'almarhumah' ELSE 'almarhum' END FROM plan ORDER BY n
    """,
    """
    INSERT INTO report (casefile_id, worker_name, national_id, national_id_index, died_on, cause, region_code, jorong,
        reporter_name, reporter_relation, reporter_phone, phone_owner, contact_by, consent_version, reported_at)
    SELECT n, subject, national_id, national_id_index, (opened_at - interval '2 days')::date,
        'illness_or_other', region_code, 'Pasar', 'Pelapor ' || n, 'istri', '+62812' || lpad(n::text, 8, '0'),
        'sendiri', 'whatsapp', '2026-11', opened_at FROM plan JOIN sealed USING (n) ORDER BY n
    """,
)

MOVES = (
    """
    CREATE TEMP TABLE step AS
    SELECT n, number, life.version, life.action, life.from_state, life.state, life.duty, life.notice,
        opened_at + make_interval(days => life.version) AS at, last_version, is_open,
        CASE life.actor WHEN 'family' THEN 'family' WHEN 'system' THEN 'system' ELSE 'staff' END AS actor_kind,
        CASE life.actor WHEN 'family' THEN 'Pelapor' WHEN 'system' THEN 'Sistem' WHEN 'officer'
             THEN plan.full_name ELSE actor.full_name END AS actor_name,
        CASE life.actor WHEN 'officer' THEN plan.person_id ELSE actor.person_id END AS person_id,
        CASE life.actor WHEN 'officer' THEN plan.user_id ELSE actor.user_id END AS user_id,
        CASE WHEN life.version = last_version THEN due_on END AS due_on
    FROM plan JOIN life ON life.path = plan.path AND life.version <= plan.last_version
    LEFT JOIN actor ON actor.actor = life.actor ORDER BY at
    """,
    """
    INSERT INTO casefile_duty (casefile_id, person_id, duty, taken_at)
    SELECT n, person_id, duty, min(at) FROM step WHERE duty IS NOT NULL GROUP BY n, person_id, duty
    """,
    """
    INSERT INTO history (casefile_id, version, state, action, workflow, workflow_version, at, actor_kind,
        actor_name, prev_version, from_state, actor_person_id, actor_user_id, duty, reason_code, due_on, details)
    SELECT n, version, state, action, %(workflow)s, %(workflow_version)s, at, actor_kind, actor_name,
        nullif(version - 1, -1), from_state, person_id, user_id, duty,
        CASE action WHEN 'withdraw' THEN 'family_choice' END, due_on, '{}' FROM step
    """,
    """
    INSERT INTO audit_event (at, action, actor_kind, actor_name, actor_person_id, actor_user_id, casefile_id,
        subject, details)
    SELECT at, CASE version WHEN 0 THEN 'case.opened' ELSE 'case.moved' END, actor_kind, actor_name, person_id,
        user_id, n, number, jsonb_build_object('action', action, 'from', from_state, 'to', state,
        'version', version) FROM step
    """,
    """
    INSERT INTO outbox (casefile_id, history_version, notice, created_at, "values", delivered_at,
        delivered_how)
    SELECT n, version, notice, at, '{}', delivered, CASE WHEN delivered IS NOT NULL THEN 'whatsapp' END
    FROM (SELECT *, CASE WHEN NOT is_open OR version < last_version THEN at END AS delivered FROM step) AS told
    WHERE notice IS NOT NULL
    """,
)

PAPERS = (
    """
    INSERT INTO requirement (casefile_id, code, catalogue_version, position, need, asked_at, status, status_at,
        original_seen)
    SELECT n, code, catalogue_version, position, need, opened_at, status,
        CASE WHEN status <> 'missing' THEN opened_at + interval '2 days' END, false
    FROM plan, unnest(%(codes)s::text[], %(catalogues)s::text[], %(positions)s::int[], %(needs)s::text[])
        AS paper (code, catalogue_version, position, need),
    LATERAL (SELECT CASE
        WHEN need = 'optional' THEN 'missing'
        WHEN path = 'paid' AND last_version >= 5 THEN 'accepted'
        WHEN path = 'paid' AND last_version >= 3 AND need = 'required' THEN 'submitted'
        WHEN position <= turn %% 6 THEN 'submitted' ELSE 'missing' END AS status) AS judged
    ORDER BY n, position
    """,
    """
    INSERT INTO document (public_id, casefile_id, requirement_id, object_key, idempotency_key, display_name,
        uploaded_kind, created_at, status, media_type, size_bytes, sha256, pages, stored_at, scan, preview,
        preview_pages, flags)
    SELECT lpad(to_hex(id), 12, '0'), casefile_id, id, md5(id::text), 'bench-' || id, code || '.jpg', 'family',
        status_at, 'stored', 'image/jpeg', 400000 + id %% 900000, md5('a' || id) || md5('b' || id), 1, status_at,
        'no_scanner', 'ready', 1, ''
    FROM requirement WHERE position <= 4 AND status <> 'missing' ORDER BY id
    """,
)

SERIALS = (
    "SELECT setval(pg_get_serial_sequence('casefile', 'id'), %(before)s + %(cases)s)",
    "SELECT setval('case_serial', %(before)s + %(cases)s)",
)
