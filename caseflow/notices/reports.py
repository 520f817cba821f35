"""What the gateway reports of a message: read strictly, signed, fresh, and taken once."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.claims.silence import listen
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.notices.models import Delivery, DeliveryReport
from caseflow.notices.sending import lock_message, note_heard
from caseflow.workflow.models import Outbox

_FRESH = timedelta(minutes=5)
_LONGEST_REASON = 200
_LONGEST_KEY = 100
Status = Literal["delivered", "failed"]


@dataclass(frozen=True)
class Report:
    """What a report says: our key of the message, what became of it, and why."""

    key: str
    status: Status
    reason: str


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a report: HMAC-SHA256 over ``timestamp.body``, in hex."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def check(secret: str, timestamp: str, signature: str, body: bytes, *, now: datetime) -> None:
    """Refuse a report that is not signed with our secret, or not fresh.

    :raises NotPermitted: without saying which.
    """
    expected = sign(secret, timestamp, body)
    signed = hmac.compare_digest(expected.encode(), signature.encode())
    if not (signed and timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NotPermitted("Laporan ini tidak bertanda tangan benar. Tidak ada yang disimpan.")
    if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > _FRESH:
        raise NotPermitted("Laporan ini terlalu lama di jalan. Tidak ada yang disimpan.")


def read(body: bytes) -> Report:
    """Read a report.

    :raises Invalid: it is not what the interface says.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("Isi laporan bukan JSON. Tidak ada yang disimpan.") from error
    if not isinstance(content, dict):
        raise Invalid("Isi laporan harus sebuah objek JSON. Tidak ada yang disimpan.")
    key, status, reason = content.get("id"), content.get("status"), content.get("reason", "")
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or "\x00" in key:
        raise Invalid("Laporan harus menyebut id pesan. Tidak ada yang disimpan.")
    if status not in ("delivered", "failed"):
        raise Invalid("status harus delivered atau failed. Tidak ada yang disimpan.")
    said = reason.replace("\x00", "")[:_LONGEST_REASON] if isinstance(reason, str) else ""
    return Report(key, cast(Status, status), said)


def take(session: Session, report: Report, signature: str, *, now: datetime) -> None:
    """Take a report over.

    :raises NotFound: no message of ours. :raises NotPossible: this very report was taken before.
    """
    ours = (Delivery.key == report.key, Delivery.adapter == "gateway")
    lock_message(session, *ours)
    delivery = session.scalar(select(Delivery).where(*ours).with_for_update())
    if delivery is None or delivery.attempts == 0:
        raise NotFound("Tidak ada pesan dengan id itu.")
    written = session.execute(
        insert(DeliveryReport)
        .values(
            delivery_id=delivery.id, signature=signature, status=report.status, at=now, reason=report.reason
        )
        .on_conflict_do_nothing()
        .returning(DeliveryReport.id)
    ).scalar_one_or_none()
    if written is None:
        raise NotPossible("Laporan ini sudah diterima sebelumnya. Tidak ada yang berubah.")
    if delivery.told_by_user_id is not None or delivery.state == "delivered":
        return  # somebody told them, or it has arrived: a later failure changes nothing
    if report.status == "delivered":
        delivery.state, delivery.next_try_at, delivery.delivered_at = "delivered", None, now
        delivery.last_error = None
        note_heard(session, delivery, now=now)
    else:
        delivery.state, delivery.next_try_at = "failed", None
        delivery.last_error = "Gateway melaporkan pesan tidak sampai."
        _unheard(session, delivery, now=now)


def _unheard(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Take back that the family has heard, unless another of the family has the message."""
    session.flush()
    reached = select(Delivery.id).where(
        Delivery.outbox_id == delivery.outbox_id,
        Delivery.role == "family",
        Delivery.state.in_(("sent", "delivered")),
    )
    session.execute(
        update(Outbox)
        .where(Outbox.id == delivery.outbox_id, ~reached.exists())
        .values(delivered_at=None, delivered_how=None)
        .execution_options(synchronize_session=False)
    )
    listen(session, delivery.casefile_id, now=now)
