"""L5, the invitation of a family that has not agreed who is paid: where, when, who, what to bring."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotPossible
from caseflow.formats import weekday_date
from caseflow.notices.letters.frame import Said, Sender, box, facts, heading, items, paragraph
from caseflow.notices.letters.people import about, kind_of_case, name_of, signature, to_family
from caseflow.people.actor import Actor
from caseflow.workflow.models import History

_DISPUTE = "dispute"
_BRING = (
    "KTP dan Kartu Keluarga masing-masing.",
    "Surat keterangan ahli waris, bila sudah ada.",
    "Surat kuasa, bila mewakili orang lain.",
)


@dataclass(frozen=True)
class Meeting:
    """What an officer says of the meeting.

    :ivar place: the nagari's office or the hall of the KAN, with its address; :ivar invited: one a line.
    :ivar bring: what is to be brought besides the usual papers, one a line; may be empty.
    """

    place: str
    held_on: date
    begins_at: time
    invited: str
    bring: str = ""


def can_invite(session: Session, claim: Claim) -> bool:
    """Whether the case stands still because the family has not agreed."""
    if claim.state != "on_hold":
        return False
    stopped = session.scalar(
        select(History.reason_code)
        .where(History.casefile_id == claim.id, History.action == "hold")
        .order_by(History.version.desc())
        .limit(1)
    )
    return stopped == _DISPUTE


def invitation(session: Session, claim: Claim, meeting: Meeting, sender: Sender, *, by: Actor) -> Said:
    """Return the invitation.

    :raises NotPossible: nobody disputes anything. :raises Invalid: ``held_on`` is not a day to come.
    """
    if not can_invite(session, claim):
        raise NotPossible(
            "Undangan ada saat kasus ditangguhkan karena keluarga belum sepakat. Surat tidak dibuat."
        )
    if meeting.held_on <= clock.today():
        raise Invalid({"held_on": "Pilih hari yang akan datang, paling cepat besok. Surat belum dibuat."})
    return Said(
        title="Undangan musyawarah ahli waris",
        about=about(claim),
        to=to_family(session, claim),
        blocks=[
            paragraph(
                f"Laporan {kind_of_case(claim)} untuk {name_of(claim)} sedang kami proses. Keluarga masih "
                "membicarakan siapa penerimanya. Kami mengundang Ibu/Bapak bermusyawarah, supaya haknya segera sampai."
            ),
            facts(
                [
                    ("Hari, tanggal", weekday_date(meeting.held_on)),
                    ("Pukul", f"{meeting.begins_at:%H.%M} WIB"),
                    ("Tempat", meeting.place),
                ]
            ),
            heading("Yang diundang"),
            items(_each(meeting.invited)),
            heading("Yang dibawa"),
            items([*_BRING, *_each(meeting.bring)]),
            box(
                "Adat dan aturan",
                "Adat keluarga tetap dihormati. Untuk santunan ini petugas wajib mengikuti urutan ahli waris dalam "
                "peraturan. Uangnya tetap aman dan menunggu sampai jelas.",
            ),
        ],
        closing=[
            paragraph(
                f"Tidak bisa datang? Telepon {sender.phone} sebelum hari itu, atau kuasakan kepada keluarga dengan surat. "
                "Pertemuan ini tidak dipungut biaya."
            ),
        ],
        signed=signature(session, by.person_id or 0, sender),
        copies=["Wali nagari", "Ketua Kerapatan Adat Nagari (KAN)"],
    )


def _each(text: str) -> list[str]:
    return [line.strip(" -–•") for line in text.splitlines() if line.strip(" -–•")]
