"""The statements that invent workers, set by set. ``plan`` holds a line a worker, ``transfer`` a line a payment.

Every worker has twenty-four paid months, some of them with a gap before or with months unpaid since; one in two hundred
was never paid for. Two workers and a child share a card.
"""

# lists of a hundred people come in nagari by nagari, so that those of one nagari lie together by the hundred
PLAN = (
    """
    CREATE TEMP TABLE place AS
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS nth FROM region
    WHERE level IN ('nagari', 'desa') AND NOT training
    """,
    """
    CREATE TEMP TABLE plan AS
    SELECT n, n + %(worker)s::bigint AS id, (n + 1) / 2 AS card, place.code AS region_code,
        CASE WHEN n = %(rare_n)s THEN %(rare)s
             ELSE (%(first)s::text[])[n * 7919::bigint %% cardinality(%(first)s::text[]) + 1] || ' '
               || (%(first)s::text[])[n / 33 * 104729::bigint %% cardinality(%(first)s::text[]) + 1] || ' '
               || (%(last)s::text[])[n / 7 * 1299709::bigint %% cardinality(%(last)s::text[]) + 1] END AS full_name,
        CASE n %% 2 WHEN 0 THEN 'f' ELSE 'm' END AS sex, date '1966-01-01' + (n * 7919::bigint %% 14000)::int AS born_on,
        (%(jorong)s::text[])[n / 3 %% cardinality(%(jorong)s::text[]) + 1] AS jorong,
        (%(work)s::text[])[n / 5 %% cardinality(%(work)s::text[]) + 1] AS occupation,
        (%(payers)s::text[])[n / 11 %% cardinality(%(payers)s::text[]) + 1] AS payer,
        CASE WHEN n %% 97 = 0 THEN (%(newest)s::date + interval '20 days')::date END AS died_on,
        CASE WHEN n %% 89 = 0 AND n %% 97 > 0 THEN (%(newest)s::date + interval '25 days')::date END AS left_on,
        CASE WHEN n %% 20 = 0 THEN 1 + n / 20 %% 5 ELSE 0 END AS behind,
        CASE WHEN n %% 25 = 1 THEN 6 + n / 25 %% 12 ELSE %(months)s::int END AS gap_at,
        n %% 200 <> 3 AS paid, %(newest)s::date AS newest, %(months)s::int AS months
    FROM generate_series(1, %(workers)s::int) AS n JOIN place ON place.nth = n / 100 %% %(nagari)s
    """,
    "ANALYZE plan",
    # one month back more for each month behind, and one for the gap
    """
    CREATE TEMP VIEW paid_month AS
    SELECT id, region_code, payer, month, date_trunc('quarter', month)::date AS quarter
    FROM plan, LATERAL (
        SELECT (newest - make_interval(months => back + behind + (back >= gap_at)::int))::date AS month
        FROM generate_series(0, months - 1) AS back
    ) AS covered WHERE paid
    """,
)

PEOPLE = (
    """
    INSERT INTO jorong (region_code, name)
    SELECT code, name FROM place, unnest(%(jorong)s::text[]) AS name ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO worker (id, national_id, full_name, born_on, sex, region_code, jorong, occupation, registered_on,
        card_number, phone, national_id_index, family_card_number, family_card_index, address, birth_place,
        mothers_name, hazard, welfare_decile, died_on, left_on, left_reason, version, public_id)
    OVERRIDING SYSTEM VALUE
    SELECT id, sealed.national_id, full_name, born_on, sex, region_code, jorong, occupation, '2024-01-15',
        '25' || lpad(plan.n::text, 9, '0'), CASE WHEN plan.n %% 3 > 0 THEN '+62812' || lpad(plan.n::text, 8, '0') END,
        sealed.national_id_index, of_worker.national_id, card.national_id_index, 'Jorong ' || jorong, 'Sijunjung',
        'Rosmaini', 'high', 1 + plan.n %% 4, died_on, left_on, CASE WHEN left_on IS NOT NULL THEN 'moved' END, 0,
        lpad(to_hex(plan.n), 12, '0')
    FROM plan JOIN sealed ON sealed.n = plan.n JOIN card ON card.n = plan.card
    JOIN card_of_worker AS of_worker ON of_worker.n = plan.card %% %(seals)s + 1 ORDER BY plan.n
    """,
    """
    INSERT INTO household (id, public_id, region_code, family_card_number, recorded_at, recorded_by_user_id,
        family_card_index, head_member_id, version)
    OVERRIDING SYSTEM VALUE
    SELECT plan.card + %(household)s::bigint, lpad(to_hex(plan.card), 12, '0'), region_code, card.national_id,
        %(start)s, %(recorder)s, card.national_id_index, CASE WHEN died_on IS NULL THEN plan.n + %(member)s::bigint END, 0
    FROM plan JOIN card ON card.n = plan.card WHERE plan.n %% 2 = 1 ORDER BY plan.card
    """,
    """
    INSERT INTO household_member (id, public_id, household_id, relation, full_name, sex, recorded_at,
        recorded_by_user_id, born_on, national_id, national_id_index, worker_id, died_on)
    OVERRIDING SYSTEM VALUE
    SELECT plan.n + %(member)s::bigint, lpad(to_hex(plan.n), 12, '0'), card + %(household)s::bigint,
        CASE plan.n %% 2 WHEN 1 THEN 'head' ELSE 'spouse' END, full_name, sex, %(start)s::timestamptz, %(recorder)s::bigint,
        born_on, of_member.national_id, sealed.national_id_index, id, died_on
    FROM plan JOIN sealed ON sealed.n = plan.n JOIN member AS of_member ON of_member.n = plan.n %% %(seals)s + 1
    UNION ALL
    SELECT card + %(workers)s::bigint + %(member)s::bigint, lpad(to_hex(card + %(workers)s::int), 12, '0'), card + %(household)s::bigint,
        'child', 'Anak ' || full_name, 'f', %(start)s, %(recorder)s, '2015-05-05', NULL, NULL, NULL, NULL
    FROM plan WHERE n %% 2 = 1 ORDER BY 1
    """,
)

# a transfer pays a quarter of one nagari by one payer
PAYMENTS = (
    """
    CREATE TEMP TABLE transfer AS
    SELECT row_number() OVER (ORDER BY quarter, region_code, payer) AS nth, region_code, payer, quarter,
        count(*) AS headcount, sum(months)::bigint AS months, min(first) AS first_month, max(last) AS last_month
    FROM (
        SELECT id, region_code, payer, quarter, count(*) AS months, min(month) AS first, max(month) AS last
        FROM paid_month GROUP BY id, region_code, payer, quarter
    ) AS of_worker GROUP BY region_code, payer, quarter
    """,
    "ANALYZE transfer",
    """
    INSERT INTO registry_file (id, public_id, region_code, kind, object_key, display_name, media_type, size_bytes,
        sha256, created_at, created_by_user_id, scan, stored_at)
    OVERRIDING SYSTEM VALUE
    SELECT nth + %(file)s::bigint, lpad(to_hex(nth), 12, '0'), region_code, 'payment_proof', md5('proof' || nth),
        'Bukti setor.jpg', 'image/jpeg', 200000, md5('a' || nth) || md5('b' || nth), %(start)s, %(recorder)s,
        'no_scanner', %(start)s
    FROM transfer ORDER BY nth
    """,
    """
    INSERT INTO contribution_payment (id, public_id, region_code, funding_source, sector, first_month, last_month,
        paid_on, receipt_number, amount_idr, expected_idr, headcount, proof_file_id, recorded_at, recorded_by_user_id,
        recorded_by_person_id, state, answered_at, answered_by_user_id, answered_by_person_id, answered_branch, version)
    OVERRIDING SYSTEM VALUE
    SELECT nth + %(payment)s::bigint, lpad(to_hex(nth), 12, '0'), region_code, payer, 'other', first_month,
        last_month, first_month + 9, 'STS-' || nth, months * %(dues)s, months * %(dues)s, headcount,
        nth + %(file)s::bigint, first_month + interval '10 days', %(recorder)s, %(recorder_person)s, 'confirmed',
        first_month + interval '11 days', %(answerer)s, %(answerer_person)s, 'solok', 1
    FROM transfer ORDER BY nth
    """,
    """
    INSERT INTO payment_line (payment_id, worker_id, month, amount_idr, state)
    SELECT nth + %(payment)s::bigint, id, month, %(dues)s, 'confirmed'
    FROM paid_month JOIN transfer USING (region_code, payer, quarter) ORDER BY 1, 2, 3
    """,
    """
    INSERT INTO cover_month (worker_id, month, paid_on, funding_source, amount_idr, receipt_number, payment_id)
    SELECT worker_id, month, transfer.first_month + 9, payer, amount_idr, 'STS-' || nth, payment_id
    FROM payment_line JOIN transfer ON nth + %(payment)s::bigint = payment_id ORDER BY worker_id, month
    """,
)

QUOTAS = """
INSERT INTO quota (region_code, funding_source, starts_on, ends_on, slots, budgeted, source, changed_at)
SELECT code, 'apb_nagari', '2026-01-01', '2026-12-31', slots, slots / 10 * 9, 'measurement', %(start)s
FROM place, LATERAL (SELECT least(100000, %(workers)s / %(nagari)s + 10) AS slots) AS given
"""

# what triggers would have counted and refused
COUNTS = "SELECT recount_cover()"
UNPROVEN = """
SELECT count(*) FROM payment_line JOIN contribution_payment ON contribution_payment.id = payment_id
WHERE payment_line.state <> contribution_payment.state AND payment_id > %(payment)s
"""
SERIALS = (
    "SELECT setval(pg_get_serial_sequence('worker', 'id'), max(id)) FROM worker",
    "SELECT setval(pg_get_serial_sequence('household', 'id'), max(id)) FROM household",
    "SELECT setval(pg_get_serial_sequence('household_member', 'id'), max(id)) FROM household_member",
    "SELECT setval(pg_get_serial_sequence('registry_file', 'id'), max(id)) FROM registry_file",
    "SELECT setval(pg_get_serial_sequence('contribution_payment', 'id'), max(id)) FROM contribution_payment",
)
