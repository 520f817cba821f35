"""The statements that sum up what was counted (``result_sql``), and write what differs from what stands in the tables."""
# ruff: noqa: S608 (statements are put together from our own text and names, never from what people send)


def _news(table: str, counted: str, key: str, number: str) -> tuple[str, ...]:
    """Return what makes a table like what was counted: rows that changed or are gone leave, what is missing comes.

    Most counts are those of ten minutes ago: writing them all again would cost more than counting.
    """
    same = " AND ".join(f"was.{column} = other.{column}" for column in key.split(", "))
    sides = (
        f"SELECT {key}, {number}, 1 AS side FROM {counted} UNION ALL SELECT {key}, {number}, -1 FROM {table}"
    )
    return (
        f"""
        CREATE TEMPORARY TABLE {counted}_other AS
        SELECT {key}, {number}, sum(side) > 0 AS is_new FROM ({sides}) sides
        GROUP BY {key}, {number} HAVING sum(side) <> 0
        """,
        f"DELETE FROM {table} was USING {counted}_other other WHERE NOT other.is_new AND {same}",
        f"INSERT INTO {table} ({key}, {number}) SELECT {key}, {number} FROM {counted}_other WHERE is_new",
    )


def _summed(counted: str, of: str, key: str, number: str) -> str:
    """Return what sums up counts over what is not in the key."""
    return f"""
        CREATE TEMPORARY TABLE {counted} AS
        SELECT {key}, CAST(sum({number}) AS bigint) AS {number} FROM {of} GROUP BY {key}
    """


_KEYS = {
    "counted_day": ("result_day", "measure, month, region_code, program, days", "claims"),
    "counted_month_day": ("result_month_day", "measure, month, program, days", "claims"),
    "counted_count": ("result_count", "topic, month, region_code, program, key, part", "number"),
    "counted_month": ("result_month", "topic, month, program, key, part", "number"),
    "counted_place": ("result_place", "topic, region_code, program, key, part", "number"),
}
_SUMS = {
    "counted_month_day": "counted_day",
    "counted_month": "counted_count",
    "counted_place": "counted_count",
}
WRITTEN = (
    *(_summed(counted, of, *_KEYS[counted][1:]) for counted, of in _SUMS.items()),
    *(one for counted, (table, key, number) in _KEYS.items() for one in _news(table, counted, key, number)),
)
TEMPORARY = (*_KEYS, *(f"{counted}_other" for counted in _KEYS))
