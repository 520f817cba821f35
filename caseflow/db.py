"""The ground all tables stand on: the declarative base, shared column types, names of constraints.

No Flask and no session here: verbs receive their session, doors commit it.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Date, DateTime, Dialect, Identity, MetaData, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive datetimes; always gives back UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone before it reaches the database."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"instant without a time zone: {value!r}")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back in UTC, whatever zone the connection speaks."""
        return value.astimezone(UTC) if value is not None else None


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of every table. No relationships: reading is written out in ``queries.py``."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        str: Text(),
        int: BigInteger(),
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


# A key of the server's own; it never leaves the server.
bigint_pk = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
# Whole rupiah.
rupiah_amount = Annotated[int, mapped_column(BigInteger)]
sha256_hex = Annotated[str, mapped_column(String(64))]
