"""What the inspector alone reads is not chosen between by others; a visit counts for half a day at most."""

from alembic import op


revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_OPEN = """
    SELECT f.id, f.plan_id, f.planned_visit_id, f.value
    FROM visit_field f JOIN visit_field_clash c ON c.contested_field_id = f.id
    WHERE c.chosen IS NULL AND f.field = 'levy_reported'
"""
# of two words a yes holds, as it does for visits that come in now; the inspector heard of it when it came
SETTLED = (
    f"""
    UPDATE visit_field held SET standing = 'superseded'
    WHERE held.field = 'levy_reported' AND held.standing = 'current' AND held.value -> 'is' <> 'true'
      AND EXISTS (SELECT FROM ({_OPEN}) o WHERE o.value -> 'is' = 'true' AND o.plan_id = held.plan_id
                  AND o.planned_visit_id = held.planned_visit_id)
    """,
    f"""
    UPDATE visit_field f SET standing = 'current', version = 1 + (
        SELECT coalesce(max(o.version), 0) FROM visit_field o
        WHERE o.plan_id = f.plan_id AND o.planned_visit_id = f.planned_visit_id AND o.field = f.field)
    WHERE f.id IN (
        SELECT min(o.id) FROM ({_OPEN}) o
        WHERE o.value -> 'is' = 'true' AND NOT EXISTS (
            SELECT FROM visit_field held WHERE held.plan_id = o.plan_id AND held.field = 'levy_reported'
              AND held.planned_visit_id = o.planned_visit_id AND held.standing = 'current')
        GROUP BY o.plan_id, o.planned_visit_id)
    """,
    f"UPDATE visit_field f SET standing = 'put_aside' WHERE f.standing = 'contested' AND f.id IN (SELECT o.id FROM ({_OPEN}) o)",
    """
    UPDATE visit_record r SET levy_reported = true FROM visit_field f
    WHERE f.planned_visit_id = r.planned_visit_id AND f.field = 'levy_reported' AND f.standing = 'current'
      AND f.value -> 'is' = 'true' AND r.levy_reported IS DISTINCT FROM true
    """,
    f"DELETE FROM visit_field_clash WHERE chosen IS NULL AND contested_field_id IN (SELECT o.id FROM ({_OPEN}) o)",
)


def upgrade() -> None:
    """Settle the choices that were open; both words stay on record as answers."""
    for statement in SETTLED:
        op.execute(statement)
    op.drop_constraint(op.f('ck_visit_record_minutes_in_bounds'), 'visit_record', type_='check')
    op.execute("UPDATE visit_record SET minutes = 720 WHERE minutes > 720")
    op.create_check_constraint(op.f('ck_visit_record_minutes_in_bounds'), 'visit_record', 'minutes BETWEEN 0 AND 720')


def downgrade() -> None:
    """A whole day again."""
    op.drop_constraint(op.f('ck_visit_record_minutes_in_bounds'), 'visit_record', type_='check')
    op.create_check_constraint(op.f('ck_visit_record_minutes_in_bounds'), 'visit_record', 'minutes BETWEEN 0 AND 1440')
