"""Requests that move something are answered once. Sent again, they get the first answer and move nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AnsweredRequest
from caseflow.errors import Invalid
from caseflow.people.actor import Actor

LONGEST_KEY = 100


@dataclass(frozen=True)
class RequestKey:
    """Names one request: who sent it, where to, and the key its form carried."""

    actor_key: str
    route: str
    key: str


@dataclass(frozen=True)
class Answer:
    """What was answered: HTTP status and the path the browser was sent to."""

    status: int
    location: str


def actor_key(by: Actor | None) -> str:
    """Return who a key belongs to; two people may use the same key without meeting."""
    if by is None:
        return "public"
    if by.user_id is not None:
        return f"staff:{by.user_id}"
    return f"device:{by.device_id}" if by.device_id is not None else by.kind


def digest(fields: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of a form's fields, whatever order they came in."""
    total = hashlib.sha256()
    for name, value in sorted(fields):
        for part in (name.encode(), value.encode()):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def begin(session: Session, request: RequestKey, request_sha256: str) -> Answer | None:
    """Claim a request before doing its work; return the first answer if it was already done.

    A twin that runs at the same time waits here until the first one commits or rolls back.

    :raises Invalid: the key is missing or too long, or was used for another content.
    """
    if not 0 < len(request.key) <= LONGEST_KEY:
        raise Invalid(
            "Formulir ini tidak lengkap, jadi tidak ada yang disimpan. Muat ulang halaman, lalu kirim lagi."
        )
    claimed = session.execute(
        insert(AnsweredRequest)
        .values(
            actor_key=request.actor_key,
            route=request.route,
            key=request.key,
            request_sha256=request_sha256,
            at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(AnsweredRequest.key)
    ).scalar_one_or_none()
    if claimed is not None:
        return None
    first = session.execute(
        select(AnsweredRequest.request_sha256, AnsweredRequest.status, AnsweredRequest.location).where(
            *_is(request)
        )
    ).one()
    if first.request_sha256 != request_sha256:
        raise Invalid(
            "Formulir ini sudah pernah dikirim dengan isi lain. Isi yang baru belum disimpan. "
            "Muat ulang halaman, lalu isi lagi."
        )
    return Answer(status=first.status or 303, location=first.location or "/")


def finish(session: Session, request: RequestKey, answer: Answer) -> None:
    """Keep the answer, in the transaction of the work."""
    session.execute(
        update(AnsweredRequest)
        .where(*_is(request))
        .values(status=answer.status, location=answer.location)
        .execution_options(synchronize_session=False)
    )


def _is(request: RequestKey) -> tuple[ColumnElement[bool], ...]:
    return (
        AnsweredRequest.actor_key == request.actor_key,
        AnsweredRequest.route == request.route,
        AnsweredRequest.key == request.key,
    )
