"""Invents as many workers as asked for, with their cards, their paid months, and the payments that prove each month.

As with cases, foreign keys and secondary indexes are taken off while rows are added and PostgreSQL proves them
afterwards. Triggers are off, too: the counts of coverage are made by the function that the database has for that, and
what the trigger of a paid month would have refused is looked for afterwards.
"""

from datetime import date, datetime
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bench import registry_sql as statements
from bench.population import FIRST, LAST, RARE, SEALS, lift, seal_numbers
from caseflow.launch.databases import DatabaseUrls, libpq

NAGARI = 62
MONTHS = 24
NEWEST = date(2026, 10, 1)  # the newest month paid for most
_CARD = 88  # instead of the 99 of a NIK
_TABLES = (
    "worker",
    "household",
    "household_member",
    "registry_file",
    "contribution_payment",
    "payment_line",
    "cover_month",
)
_JORONG = ["Pasar", "Koto Tangah", "Koto Tuo", "Lubuk Batang", "Air Putih", "Padang Ranah"]
_WORK = ["Petani karet", "Pedagang sayur", "Tukang ojek", "Buruh bangunan", "Garin masjid"]
_PAYERS = ["apb_nagari", "apb_nagari", "apbd", "dbh_sawit", "csr"]
_LAST_IDS = """
SELECT (SELECT coalesce(max(id), 0) FROM worker) AS worker, (SELECT coalesce(max(id), 0) FROM household) AS household,
       (SELECT coalesce(max(id), 0) FROM household_member) AS member,
       (SELECT coalesce(max(id), 0) FROM registry_file) AS file,
       (SELECT coalesce(max(id), 0) FROM contribution_payment) AS payment
"""
_USERS = """
SELECT fitri.id AS recorder, fitri.person_id AS recorder_person, dedi.id AS answerer, dedi.person_id AS answerer_person
FROM staff_user AS fitri, staff_user AS dedi WHERE fitri.username = 'fitri' AND dedi.username = 'dedi'
"""


_SETTINGS = (
    "synchronous_commit = off",
    "work_mem = '256MB'",
    "maintenance_work_mem = '512MB'",
    "session_replication_role = replica",
)
_DUES_IDR = 16_800


def populate(urls: DatabaseUrls, workers: int, *, start: datetime) -> None:
    """Fill a prepared database; people of the practice data stay before ours."""
    with psycopg.connect(libpq(urls.admin)) as connection:
        for setting in _SETTINGS:
            connection.execute(sql.SQL("SET ") + sql.SQL(setting))
        values = _values(connection, workers, start)
        lifted = lift(connection, _TABLES)
        _seal(connection, workers)
        for statement in _ordered():
            connection.execute(statement, values)
        for definition in lifted:
            connection.execute(definition)
        connection.execute(statements.COUNTS)
        _prove(connection, values)
    with psycopg.connect(libpq(urls.admin), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _ordered() -> list[LiteralString]:
    return [
        *statements.PLAN, *statements.PEOPLE, *statements.PAYMENTS, statements.QUOTAS, *statements.SERIALS,
    ]  # fmt: skip


def _values(connection: psycopg.Connection[Any], workers: int, start: datetime) -> dict[str, Any]:
    known: dict[str, Any] = {}
    with connection.cursor(row_factory=dict_row) as cursor:
        for question in (_LAST_IDS, _USERS):
            known |= cursor.execute(question).fetchone() or {}
    return {
        **known,
        "workers": workers,
        "start": start,
        "nagari": NAGARI,
        "months": MONTHS,
        "newest": NEWEST,
        "rare": RARE,
        "rare_n": workers // 2,
        "seals": min(SEALS, workers),
        "first": FIRST,
        "last": LAST,
        "jorong": _JORONG,
        "work": _WORK,
        "payers": _PAYERS,
        "dues": _DUES_IDR,
    }


def _seal(connection: psycopg.Connection[Any], workers: int) -> None:
    """Number every worker and every card; what only repeats a number of these needs seals of its own column."""
    few = range(1, min(SEALS, workers) + 1)
    seal_numbers(connection, range(1, workers + 1), about="worker.national_id")
    seal_numbers(connection, few, about="household_member.national_id", table="member")
    cards = range(1, (workers + 1) // 2 + 1)
    seal_numbers(connection, cards, about="household.family_card_number", table="card", kind=_CARD)
    seal_numbers(connection, few, about="worker.family_card_number", table="card_of_worker", kind=_CARD)


def _prove(connection: psycopg.Connection[Any], values: dict[str, Any]) -> None:
    """Look for what triggers would have refused, and for months that are not there."""
    found = connection.execute(statements.UNPROVEN, values).fetchone()
    if found is None or found[0]:
        raise ValueError(f"{found} months rest on no confirmed payment")
