"""L4, the refusal: why, what was looked at, on which law, how to object and until when."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import workflows
from caseflow.claims.models import Assessment, Claim
from caseflow.errors import NotPossible
from caseflow.formats import long_date, weekday_date
from caseflow.law.statement import Statement
from caseflow.notices.letters.frame import (
    SHORT_NAMES,
    Block,
    Said,
    Sender,
    box,
    facts,
    heading,
    items,
    paragraph,
    small,
    steps,
)
from caseflow.notices.letters.people import (
    about,
    is_about_a_death,
    kind_of_case,
    signature,
    to_family,
)
from caseflow.people.actor import Actor
from caseflow.registry.queries import policy
from caseflow.workflow.models import History

ENDS = frozenset({"refused", "lapsed"})
_LOOKED_AT = {
    "jkm": ["Kepesertaan dan iuran per bulan.", "Dokumen yang dikirim.", "Keterangan keluarga."],
    "jkk": [
        "Kejadiannya dan keterangan saksi.",
        "Surat dokter.",
        "Kepesertaan dan iuran per bulan.",
        "Dokumen yang dikirim.",
    ],
    "scholarship": ["Umur dan keadaan anak.", "Bukti sekolah.", "Tahun ajaran yang diminta."],
}
_OFFICE = (
    "Ajukan keberatan di kantor cabang, lewat halaman laporan, atau lewat petugas nagari. Petugas membantu "
    "menuliskannya. Jawabannya paling lama 5 hari kerja (Undang-Undang 24/2011 Pasal 48)."
)
_ACCIDENT = (
    "Tetap tidak sependapat tentang kecelakaannya? Pengawas ketenagakerjaan provinsi menetapkan.",
    "Sesudah pengawas, Menteri Ketenagakerjaan dapat dimintai penetapan. Itu tahap terakhir.",
)


def refusal_letter(session: Session, claim: Claim, sender: Sender, *, by: Actor) -> tuple[Said, History]:
    """Return what the letter says, and the move that it explains.

    :param by: the second person, who reads it before it is sent and is named in it.
    :raises NotPossible: nothing was refused, or an objection is being looked at.
    """
    if claim.state not in ENDS:
        raise NotPossible(
            "Surat penjelasan ada setelah diputuskan tidak dapat dibayarkan. Kasus ini tidak pada tahap itu."
        )
    move = session.get_one(History, (claim.id, claim.version))
    lapsed = move.state == "lapsed"
    said = Said(
        title="Penjelasan keputusan: santunan tidak dapat dibayarkan",
        about=about(claim),
        to=to_family(session, claim),
        blocks=[
            facts(
                [
                    ("Nomor laporan", claim.number),
                    ("Program", kind_of_case(claim)),
                    ("Tanggal kejadian", long_date(claim.event_on)),
                    ("Diputuskan", long_date(clock.local(move.at).date())),
                ]
            ),
            paragraph(_opening(claim)),
            box("Alasannya", _why(move)),
            *_details(session, claim),
            heading("Yang sudah kami periksa"),
            items(
                ["Tanggal kejadian.", "Dokumen yang sudah dikirim."] if lapsed else _LOOKED_AT[claim.program]
            ),
            *([] if lapsed else [paragraph("Dua petugas yang berbeda memeriksa dan memutuskannya.")]),
            heading("Dasar aturan"),
            items(_articles(session, claim, move)),
            small(SHORT_NAMES),
        ],
        closing=[
            heading("Bila Ibu/Bapak tidak setuju"),
            paragraph(
                f"Keberatan diterima sampai {weekday_date(_open_until(session, move))}. Sesudah hari itu, "
                "tanyakan lebih dahulu kepada kami. Mengajukan keberatan tidak dipungut biaya."
            ),
            steps([_OFFICE, *_ACCIDENT]) if claim.program == "jkk" else paragraph(_OFFICE),
            paragraph(f"Ada yang belum jelas? Telepon {sender.phone} dan sebutkan nomor laporan."),
        ],
        signed=_signed(session, move, sender, by),
    )
    return said, move


def _opening(claim: Claim) -> str:
    sorry = "Kami turut berduka cita. " if is_about_a_death(claim) else ""
    return (
        f"{sorry}Laporan Ibu/Bapak sudah kami periksa. Dengan berat hati kami sampaikan bahwa santunannya tidak "
        "dapat dibayarkan. Surat ini menjelaskan mengapa, dan apa yang masih dapat dilakukan."
    )


def _why(move: History) -> str:
    if move.state == "lapsed":
        return "Sudah lewat lima tahun sejak kejadian, dan pengajuan belum lengkap."
    action = workflows.book().get(move.workflow, move.workflow_version).find_action(move.action)
    reason = action.family_reason(move.reason_code, move.reason_text) if action is not None else None
    said = reason or "alasannya dijelaskan petugas"
    return f"{said[:1].upper()}{said[1:]}."


def _computed(session: Session, claim: Claim) -> Statement | None:
    """Return the newest computation, where it came to nothing: it says why in the law's words."""
    newest = session.scalar(
        select(Assessment).where(Assessment.casefile_id == claim.id).order_by(Assessment.id.desc()).limit(1)
    )
    if newest is None or newest.outcome != "not_payable":
        return None
    return Statement.from_document(newest.statement)


def _details(session: Session, claim: Claim) -> list[Block]:
    computed = _computed(session, claim)
    return [items(computed.notes)] if computed is not None and computed.notes else []


def _articles(session: Session, claim: Claim, move: History) -> list[str]:
    definition = workflows.book().get(move.workflow, move.workflow_version)
    action = definition.find_action(move.action)
    computed = _computed(session, claim)
    named = [number.article for number in computed.in_force] if computed else []
    own = [action.law] if action is not None and action.law else []
    return list(dict.fromkeys([*own, *named, definition.law]))


def _open_until(session: Session, move: History) -> date:
    """Return the last day on which the case surely still takes an objection: it is not closed before."""
    days = policy(session, "objection_days", clock.today())
    return clock.local(move.at).date() + timedelta(days=days - 1)


def _signed(session: Session, move: History, sender: Sender, by: Actor) -> list[str]:
    read = f"Dibaca dan diterbitkan oleh orang kedua: {by.name}"
    if move.actor_person_id is None:
        return signature(session, by.person_id or 0, sender)
    return signature(session, move.actor_person_id, sender, read)
