"""L8, the recap of a nagari's list: how many, against quota and budget, on which musyawarah and SK, who signs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.errors import NotPossible
from caseflow.formats import long_date, masked_nik
from caseflow.notices.letters.frame import Said, annex_heading, facts, paragraph, small, table
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import GONE, Meeting, Nomination, Nominee, Quota
from caseflow.registry.nomination_queries import FUNDING
from caseflow.registry.nomination_steps import OPEN

_LONGEST_ANNEX = 400
_NOT_YET = "Rekap dibuat sesudah usulan diajukan. Belum ada surat yang dibuat."


def nomination_recap(session: Session, nomination: Nomination, nagari: Region) -> Said:
    """Return what the recap of a list says.

    :raises NotPossible: the list was not put forward yet, or was withdrawn.
    """
    if nomination.state in {*OPEN, "withdrawn"}:
        raise NotPossible(_NOT_YET)
    quota = session.get_one(Quota, nomination.quota_id)
    rows = session.scalars(
        select(Nominee)
        .where(
            Nominee.nomination_id == nomination.id,
            Nominee.state.not_in((*GONE, "draft", "returned", "waiting")),
        )
        .order_by(Nominee.full_name, Nominee.id)
    ).all()
    period = f"{long_date(quota.starts_on)} sampai {long_date(quota.ends_on)}"
    return Said(
        title=f"Usulan peserta {nomination.number}",
        about=f"Usulan peserta {nomination.number}",
        to=["Kepada Yth.", "Kepala Dinas Tenaga Kerja dan Transmigrasi", "Kabupaten Sijunjung"],
        blocks=[
            paragraph(
                f"Nagari {nagari.name} mengusulkan {len(rows)} pekerja rentan untuk didaftarkan sebagai peserta "
                "Jaminan Kecelakaan Kerja dan Jaminan Kematian. Namanya ada di lampiran."
            ),
            facts(
                [
                    ("Masa", period),
                    ("Sumber dana", FUNDING[quota.funding_source]),
                    ("Jumlah yang diusulkan", f"{len(rows)} orang"),
                    ("Kuota", f"{quota.slots} orang, terpakai {quota.taken} orang dengan usulan ini"),
                    ("Dianggarkan", f"{quota.budgeted} orang ({quota.source})"),
                    *_ground(session, nomination),
                ]
            ),
        ],
        closing=[
            facts(
                [
                    (
                        "Mengetahui",
                        "Ketua Badan Permusyawaratan Nagari  ( . . . . . . . . . . . . . . . . . . . )",
                    ),
                    ("Mengetahui", "Camat  ( . . . . . . . . . . . . . . . . . . . )"),
                ]
            )
        ],
        signed=[f"Wali Nagari {nagari.name}", nomination.decree_signed_by or ""],
        annex=[annex_heading("Daftar nama"), *_list(rows)],
        attached="Daftar nama",
    )


def _ground(session: Session, nomination: Nomination) -> list[tuple[str, str]]:
    meeting = session.get(Meeting, nomination.meeting_id) if nomination.meeting_id else None
    found = []
    if meeting is not None:
        found.append(("Berita acara musyawarah", f"{meeting.minutes_number}, {long_date(meeting.held_on)}"))
    if nomination.decree_on is not None:
        found.append(("SK wali nagari", f"{nomination.decree_number}, {long_date(nomination.decree_on)}"))
    return found


def _list(rows: Sequence[Nominee]) -> list[dict[str, object]]:
    shown = rows[:_LONGEST_ANNEX]
    foot = [f"dan {len(rows) - len(shown)} orang lagi", "", "", ""] if len(shown) < len(rows) else []
    return [
        table(
            "Orang yang diusulkan",
            [{"label": "Nama", "wide": True}, {"label": "NIK"}, {"label": "Jorong"}, {"label": "Pekerjaan"}],
            [(row.full_name, masked_nik(row.national_id), row.jorong, row.occupation) for row in shown],
            foot,
        ),
        small("NIK lengkap hanya ada di sistem. Daftar Excel diunduh dari halaman usulan ini."),
    ]
