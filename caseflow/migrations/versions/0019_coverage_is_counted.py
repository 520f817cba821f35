"""Coverage is counted by the database: by nagari, month and payer, whoever writes a paid month or moves a worker.

The three months after a paid one are those of the number ``grace_months``; the 15th of the next month is the day by
which a month is paid in time. Months are only added and reversed, never moved to another worker or month.
"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_LIVES = """
CREATE FUNCTION cover_counts(died_on date, left_on date, month date) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(died_on >= month, true) AND coalesce(left_on >= month, true) $$
"""
_DUE = """
CREATE FUNCTION cover_due_on(month date) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT (month + interval '1 month')::date + 14 $$
"""
# the touched workers are locked first, so that who pays another month or moves one of them at once waits
_ADDED = """
CREATE FUNCTION cover_months_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM worker WHERE id IN (SELECT worker_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO cover_count AS c (region_code, month, funding_source, workers, in_time, amount_idr)
    SELECT w.region_code, f.month, f.funding_source, count(*),
           count(*) FILTER (WHERE f.paid_on <= cover_due_on(f.month)), sum(f.amount_idr)
    FROM fresh f JOIN worker w ON w.id = f.worker_id WHERE cover_counts(w.died_on, w.left_on, f.month)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (region_code, month, funding_source) DO UPDATE SET workers = c.workers + excluded.workers,
        in_time = c.in_time + excluded.in_time, amount_idr = c.amount_idr + excluded.amount_idr;
    INSERT INTO cover_member AS m (region_code, month, workers)
    WITH touched AS (SELECT DISTINCT worker_id FROM fresh),
    before AS MATERIALIZED (
        SELECT c.worker_id, c.month FROM touched JOIN cover_month c ON c.worker_id = touched.worker_id
        EXCEPT SELECT worker_id, month FROM fresh
    ), reached AS (
        SELECT worker_id, (month + make_interval(months => back))::date AS month FROM fresh, generate_series(0, 3) AS back
        EXCEPT
        SELECT worker_id, (month + make_interval(months => back))::date FROM before, generate_series(0, 3) AS back
    )
    SELECT w.region_code, r.month, count(*) FROM reached r JOIN worker w ON w.id = r.worker_id
    WHERE cover_counts(w.died_on, w.left_on, r.month) GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (region_code, month) DO UPDATE SET workers = m.workers + excluded.workers;
    INSERT INTO cover_end AS e (worker_id, region_code, last_month)
    SELECT w.id, w.region_code, max(f.month) FROM fresh f JOIN worker w ON w.id = f.worker_id
    WHERE w.died_on IS NULL AND w.left_on IS NULL GROUP BY w.id ORDER BY w.id
    ON CONFLICT (worker_id) DO UPDATE SET last_month = greatest(e.last_month, excluded.last_month);
    RETURN NULL;
END $$
"""
_GONE = """
CREATE FUNCTION cover_months_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM worker WHERE id IN (SELECT worker_id FROM gone) ORDER BY id FOR NO KEY UPDATE;
    UPDATE cover_count c SET workers = c.workers - d.workers, in_time = c.in_time - d.in_time,
        amount_idr = c.amount_idr - d.amount_idr
    FROM (
        SELECT w.region_code, g.month, g.funding_source, count(*) AS workers,
               count(*) FILTER (WHERE g.paid_on <= cover_due_on(g.month)) AS in_time, sum(g.amount_idr) AS amount_idr
        FROM gone g JOIN worker w ON w.id = g.worker_id WHERE cover_counts(w.died_on, w.left_on, g.month)
        GROUP BY 1, 2, 3
    ) AS d
    WHERE (c.region_code, c.month, c.funding_source) = (d.region_code, d.month, d.funding_source);
    WITH touched AS (SELECT DISTINCT worker_id FROM gone),
    after AS MATERIALIZED (
        SELECT c.worker_id, c.month FROM touched JOIN cover_month c ON c.worker_id = touched.worker_id
    ), lost AS (
        SELECT worker_id, (month + make_interval(months => back))::date AS month FROM gone, generate_series(0, 3) AS back
        EXCEPT
        SELECT worker_id, (month + make_interval(months => back))::date FROM after, generate_series(0, 3) AS back
    ), d AS (
        SELECT w.region_code, l.month, count(*) AS workers FROM lost l JOIN worker w ON w.id = l.worker_id
        WHERE cover_counts(w.died_on, w.left_on, l.month) GROUP BY 1, 2
    )
    UPDATE cover_member m SET workers = m.workers - d.workers FROM d
    WHERE (m.region_code, m.month) = (d.region_code, d.month);
    DELETE FROM cover_end WHERE worker_id IN (SELECT worker_id FROM gone);
    INSERT INTO cover_end (worker_id, region_code, last_month)
    SELECT w.id, w.region_code, max(c.month) FROM worker w JOIN cover_month c ON c.worker_id = w.id
    WHERE w.id IN (SELECT worker_id FROM gone) AND w.died_on IS NULL AND w.left_on IS NULL GROUP BY w.id;
    RETURN NULL;
END $$
"""
_CHANGED = """
CREATE FUNCTION cover_month_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a paid month is reversed and paid anew, never changed' USING ERRCODE = 'restrict_violation';
END $$
"""
_WORKER = """
CREATE FUNCTION cover_of_worker_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cover_count c SET workers = c.workers - 1, amount_idr = c.amount_idr - p.amount_idr,
        in_time = c.in_time - (p.paid_on <= cover_due_on(p.month))::int
    FROM cover_month p WHERE p.worker_id = OLD.id AND cover_counts(OLD.died_on, OLD.left_on, p.month)
        AND (c.region_code, c.month, c.funding_source) = (OLD.region_code, p.month, p.funding_source);
    INSERT INTO cover_count AS c (region_code, month, funding_source, workers, in_time, amount_idr)
    SELECT NEW.region_code, p.month, p.funding_source, 1, (p.paid_on <= cover_due_on(p.month))::int, p.amount_idr
    FROM cover_month p WHERE p.worker_id = NEW.id AND cover_counts(NEW.died_on, NEW.left_on, p.month) ORDER BY p.month
    ON CONFLICT (region_code, month, funding_source) DO UPDATE SET workers = c.workers + 1,
        in_time = c.in_time + excluded.in_time, amount_idr = c.amount_idr + excluded.amount_idr;
    UPDATE cover_member m SET workers = m.workers - 1
    FROM (SELECT DISTINCT (month + make_interval(months => back))::date AS month
          FROM cover_month, generate_series(0, 3) AS back WHERE worker_id = OLD.id) AS r
    WHERE cover_counts(OLD.died_on, OLD.left_on, r.month) AND (m.region_code, m.month) = (OLD.region_code, r.month);
    INSERT INTO cover_member AS m (region_code, month, workers)
    SELECT DISTINCT NEW.region_code, (month + make_interval(months => back))::date, 1
    FROM cover_month, generate_series(0, 3) AS back WHERE worker_id = NEW.id
        AND cover_counts(NEW.died_on, NEW.left_on, (month + make_interval(months => back))::date)
    ON CONFLICT (region_code, month) DO UPDATE SET workers = m.workers + 1;
    DELETE FROM cover_end WHERE worker_id = OLD.id;
    INSERT INTO cover_end (worker_id, region_code, last_month)
    SELECT NEW.id, NEW.region_code, max(month) FROM cover_month WHERE worker_id = NEW.id
        AND NEW.died_on IS NULL AND NEW.left_on IS NULL HAVING max(month) IS NOT NULL;
    RETURN NULL;
END $$
"""
# all counts anew from the rows: for what was there before, and after a load with triggers off; by the owner alone
_RECOUNT = """
CREATE FUNCTION recount_cover() RETURNS void LANGUAGE sql AS $$
    TRUNCATE cover_count, cover_member, cover_end;
    INSERT INTO cover_count (region_code, month, funding_source, workers, in_time, amount_idr)
    SELECT w.region_code, c.month, c.funding_source, count(*),
           count(*) FILTER (WHERE c.paid_on <= cover_due_on(c.month)), sum(c.amount_idr)
    FROM cover_month c JOIN worker w ON w.id = c.worker_id WHERE cover_counts(w.died_on, w.left_on, c.month)
    GROUP BY 1, 2, 3;
    INSERT INTO cover_member (region_code, month, workers)
    SELECT w.region_code, r.month, count(*)
    FROM (SELECT DISTINCT worker_id, (month + make_interval(months => back))::date AS month
          FROM cover_month, generate_series(0, 3) AS back) AS r
    JOIN worker w ON w.id = r.worker_id WHERE cover_counts(w.died_on, w.left_on, r.month) GROUP BY 1, 2;
    INSERT INTO cover_end (worker_id, region_code, last_month)
    SELECT w.id, w.region_code, max(c.month) FROM cover_month c JOIN worker w ON w.id = c.worker_id
    WHERE w.died_on IS NULL AND w.left_on IS NULL GROUP BY w.id, w.region_code;
$$
"""
_TRIGGERS = (
    "CREATE TRIGGER cover_months_added AFTER INSERT ON cover_month REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION cover_months_added()",
    "CREATE TRIGGER cover_months_gone AFTER DELETE ON cover_month REFERENCING OLD TABLE AS gone"
    " FOR EACH STATEMENT EXECUTE FUNCTION cover_months_gone()",
    "CREATE TRIGGER cover_month_stays BEFORE UPDATE OF worker_id, month, paid_on, funding_source, amount_idr"
    " ON cover_month FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION cover_month_stays()",
    "CREATE TRIGGER cover_of_worker_moved AFTER UPDATE OF region_code, died_on, left_on ON worker FOR EACH ROW"
    " WHEN ((OLD.region_code, OLD.died_on, OLD.left_on) IS DISTINCT FROM (NEW.region_code, NEW.died_on, NEW.left_on))"
    " EXECUTE FUNCTION cover_of_worker_moved()",
)


def upgrade() -> None:
    """New tables and the triggers that keep them; what is there is counted once."""
    op.create_table('cover_count',
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('funding_source', sa.Text(), nullable=False),
    sa.Column('workers', sa.BigInteger(), nullable=False),
    sa.Column('in_time', sa.BigInteger(), nullable=False),
    sa.Column('amount_idr', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_idr >= 0', name=op.f('ck_cover_count_amount_not_negative')),
    sa.CheckConstraint('in_time BETWEEN 0 AND workers', name=op.f('ck_cover_count_in_time_within_workers')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_cover_count_region_code')),
    sa.PrimaryKeyConstraint('region_code', 'month', 'funding_source', name=op.f('pk_cover_count'))
    )
    op.create_table('cover_member',
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('workers', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('workers >= 0', name=op.f('ck_cover_member_workers_not_negative')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_cover_member_region_code')),
    sa.PrimaryKeyConstraint('region_code', 'month', name=op.f('pk_cover_member'))
    )
    op.create_table('coverage_target',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('stated_on', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('value_meaning', sa.Text(), nullable=False),
    sa.Column('population_meaning', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('certainty', sa.Text(), nullable=False),
    sa.Column('population', sa.BigInteger(), nullable=True),
    sa.Column('share_permille', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("certainty IN ('verify', 'sure')", name=op.f('ck_coverage_target_certainty_known')),
    sa.CheckConstraint("kind IN ('vulnerable', 'all_workers')", name=op.f('ck_coverage_target_kind_known')),
    sa.CheckConstraint('population >= value', name=op.f('ck_coverage_target_value_within_population')),
    sa.CheckConstraint('population IS NOT NULL OR share_permille IS NOT NULL', name=op.f('ck_coverage_target_has_a_denominator')),
    sa.CheckConstraint('share_permille BETWEEN 1 AND 1000', name=op.f('ck_coverage_target_share_in_bounds')),
    sa.CheckConstraint('value > 0', name=op.f('ck_coverage_target_value_positive')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_coverage_target_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_target')),
    sa.UniqueConstraint('region_code', 'kind', 'stated_on', name=op.f('uq_coverage_target_region_code_kind_stated_on'))
    )
    op.create_table('cover_end',
    sa.Column('worker_id', sa.BigInteger(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('last_month', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_cover_end_region_code')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_cover_end_worker_id')),
    sa.PrimaryKeyConstraint('worker_id', name=op.f('pk_cover_end'))
    )
    op.create_index('ix_cover_end_region', 'cover_end', ['region_code', 'last_month', 'worker_id'], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON coverage_target"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for function in (_LIVES, _DUE, _ADDED, _GONE, _CHANGED, _WORKER, _RECOUNT):
        op.execute(function)
    for statement in _TRIGGERS:
        op.execute(statement)
    op.execute("SELECT recount_cover()")


def downgrade() -> None:
    """Back to months without counts; published targets are lost."""
    for trigger in ('cover_months_added', 'cover_months_gone', 'cover_month_stays'):
        op.execute(f"DROP TRIGGER {trigger} ON cover_month")
    op.execute("DROP TRIGGER cover_of_worker_moved ON worker")
    op.execute(
        "DROP FUNCTION cover_months_added(), cover_months_gone(), cover_month_stays(), cover_of_worker_moved(),"
        " recount_cover(), cover_due_on(date), cover_counts(date, date, date)"
    )
    op.drop_index('ix_cover_end_region', table_name='cover_end')
    op.drop_table('cover_end')
    op.drop_table('coverage_target')
    op.drop_table('cover_member')
    op.drop_table('cover_count')
