"""Statements of row 25: families to visit, made by sets, and what has to be there afterwards."""

FAMILIES = (
    """
    CREATE TEMP TABLE met AS
    SELECT c.id, c.region_code, c.subject, row_number() OVER (ORDER BY c.id DESC) AS n
    FROM casefile c JOIN claim ON claim.id = c.id
    WHERE NOT EXISTS (SELECT FROM monitoring_plan p WHERE p.claim_id = c.id)
        AND NOT EXISTS (SELECT FROM history h WHERE h.casefile_id = c.id AND h.action = 'confirm_payment')
    ORDER BY c.id DESC LIMIT %(families)s
    """,
    "CREATE TEMP TABLE before_sync AS SELECT max(id) AS last FROM casefile",
    """
    INSERT INTO casefile (id, kind, number, workflow, workflow_version, state, subject, region_code, branch_code,
        opened_at, entered_at, sort_on, version, follow_up_on)
    OVERRIDING SYSTEM VALUE
    SELECT last + n, 'monitoring', 'DMP-25-' || n, 'monitoring', %(version)s, %(state)s, subject, region_code,
        'solok/monitoring', %(opened)s, %(opened)s, '9999-12-31', 0, (%(opened)s + interval '90 days')::date
    FROM met, before_sync
    """,
    """
    INSERT INTO history (casefile_id, version, state, action, workflow, workflow_version, at, actor_kind, actor_name,
        details)
    SELECT last + n, 0, %(state)s, 'open', 'monitoring', %(version)s, %(opened)s, 'system', 'Sistem', '{}'
    FROM met, before_sync
    """,
    """
    INSERT INTO monitoring_plan (id, claim_id, paid_on, livelihood_from_on, contact_name, jorong, landmark, public_id)
    SELECT last + n, id, %(opened)s::date, %(opened)s::date + 41, 'Ahli Waris', 'Pasar', '', 'rencana' || n
    FROM met, before_sync
    """,
    """
    INSERT INTO planned_visit (public_id, plan_id, kind, state, due_on, asks_livelihood, region_code, visitor_user_id,
        version)
    SELECT 'kunjungan' || n, last + n, 'm3', 'due', %(opened)s::date + 90, true, region_code,
        (%(visitors)s::bigint[])[(n - 1) %% cardinality(%(visitors)s::bigint[]) + 1], 0
    FROM met, before_sync
    """,
)
NEXT_ID = "SELECT setval(pg_get_serial_sequence('casefile', 'id'), (SELECT max(id) FROM casefile))"
DUE = """
SELECT public_id FROM planned_visit WHERE plan_id IN (SELECT id FROM casefile WHERE number LIKE 'DMP-25-%')
ORDER BY plan_id
"""
PLANS = "SELECT DISTINCT plan_id FROM visit ORDER BY plan_id"
ARRIVED = "SELECT client_id, content_sha256 FROM visit"
PHOTOS = "SELECT client_id, sha256, object_key, stored_sha256 FROM visit_photo"
CLASHES = """
SELECT field, planned_visit.public_id FROM visit_field_clash
JOIN visit_field ON visit_field.id = contested_field_id JOIN planned_visit ON planned_visit.id = planned_visit_id
"""
LEFT_OVER = """
SELECT 'pieces of photos left behind' AS what, count(*) AS count FROM visit_photo_piece
UNION ALL SELECT 'visits refused', count(*) FROM visit_refused
UNION ALL SELECT 'visits made but still due', count(*) FROM planned_visit WHERE state = 'due'
    AND id IN (SELECT planned_visit_id FROM visit)
UNION ALL SELECT 'visits without a record', count(*) FROM planned_visit WHERE state = 'done'
    AND id NOT IN (SELECT planned_visit_id FROM visit_record)
"""
_OF_VISIT = "planned_visit_id IN (SELECT id FROM planned_visit WHERE plan_id = %s)"
WRITTEN = {
    "visit": "plan_id = %s",
    "visit_field": "plan_id = %s",
    "visit_field_clash": "plan_id = %s",
    "visit_photo": "plan_id = %s",
    "visit_consent": "plan_id = %s",
    "visit_record": "plan_id = %s",
    "visit_use": _OF_VISIT,
    "visit_respondent": _OF_VISIT,
    "audit_event": "casefile_id = %s",
}
