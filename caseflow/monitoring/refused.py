"""Visits that are not kept: why, in words, and the row that says that one came; never what it said."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.errors import CaseflowError, Invalid
from caseflow.monitoring.models import FieldDevice
from caseflow.monitoring.visit_models import VisitRefused
from caseflow.people.actor import Actor

_STATUS = {
    "invalid": 422, "consent_withdrawn": 410, "not_assigned": 404, "other_content": 409, "too_early": 425,
}  # fmt: skip
NOT_KEPT = "Kunjungan ini tidak disimpan."
_SENTENCES = {
    "not_assigned": (
        f"Keluarga ini bukan bagian Anda waktu kunjungan dibuat. {NOT_KEPT} Salinan di HP ini tetap ada; "
        "hubungi penyelia."
    ),
    "other_content": (
        "Kunjungan dengan nomor ini sudah diterima dengan isi lain. Yang sudah diterima tidak berubah. "
        "Isi yang baru kirim sebagai kunjungan susulan."
    ),
    "too_early": (
        "Ada kunjungan lebih awal dari HP ini yang belum terkirim. Kunjungan ini belum disimpan dan tetap ada di HP. "
        "Kirim yang lebih awal dulu."
    ),
}


# written at a desk there is no phone that holds it still
_AT_DESK = {
    "not_assigned": f"Keluarga ini bukan bagian Anda waktu kunjungan dibuat. {NOT_KEPT} Hubungi penyelia.",
    "other_content": (
        "Kunjungan ini sudah tersimpan dengan isi lain, dan tidak berubah. "
        "Buka jejak penghidupan, lalu tambah isinya di sana."
    ),
}
_OF_A_PHONE = " Salinannya di HP dihapus."


class Refused(CaseflowError):
    """A visit that is not kept.

    :ivar reason: of ``VisitRefused``; :ivar fields: sentences of an invalid one; :ivar wait_for: what has to come first.
    """

    def __init__(
        self,
        reason: str,
        sentence: str = "",
        *,
        problems: Mapping[str, str] | None = None,
        wait_for: str | None = None,
    ) -> None:
        super().__init__(sentence or _SENTENCES[reason])
        self.reason = reason
        self.status = _STATUS[reason]
        self.fields = dict(problems or {})
        self.wait_for = wait_for


def invalid_visit(invalid: Invalid) -> Refused:
    """Return the refusal of a visit that cannot be used; it can be repaired and sent again."""
    sentence = (
        f"{invalid.sentence} Kunjungan ini belum disimpan dan tetap ada di HP. Betulkan, lalu kirim lagi."
    )
    return Refused("invalid", sentence, problems=invalid.fields)


def at_desk(refused: Refused) -> str:
    """Return why a visit that was written at a desk is not kept, without a word about a phone."""
    return _AT_DESK.get(refused.reason, str(refused.sentence).replace(_OF_A_PHONE, ""))


def note(
    session: Session,
    client_id: str,
    device: FieldDevice | None,
    reason: str,
    sentence: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Add a row, once for each reason: a phone that tries again says nothing new."""
    same = select(VisitRefused.id).where(
        VisitRefused.client_id == client_id,
        VisitRefused.user_id == by.user_id,
        VisitRefused.reason == reason,
        VisitRefused.sentence == sentence,
    )
    if session.scalar(same.limit(1)) is None:
        session.add(
            VisitRefused(
                client_id=client_id,
                device_id=device.id if device is not None else None,
                user_id=by.user_id or 0,
                reason=reason,
                sentence=sentence,
                at=now,
            )
        )
