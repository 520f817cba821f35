"""The messages of the outbox in the family's words. No link, no amount, no NIK: nothing to steal in them.

Each carries the two words of the slip, by which a family knows that it is really us.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.family import current_account
from caseflow.claims.models import Claim, Report
from caseflow.documents.catalogue import catalogue
from caseflow.documents.queries import RequirementRow, requirement_list
from caseflow.errors import Invalid, NotPossible
from caseflow.formats import weekday_date
from caseflow.people.actor import Actor
from caseflow.people.slips import live_slips
from caseflow.workflow.models import History, Outbox

HOW = MappingProxyType({"whatsapp": "WhatsApp", "sms": "SMS", "call": "Telepon", "in_person": "Tatap muka"})
TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "reported": "{office}: laporan {number} untuk {name} sudah kami terima. Kami turut berduka cita. "
        "Petugas menghubungi paling lambat {due}. Layanan ini gratis.",
        "docs_needed": "{office}: laporan {number} masih perlu dokumen: {papers}. Kirim dari HP yang dipakai melapor, "
        "atau buka dengan kode di slip. Bila sulit, balas “bantu”.",
        "doc_returned": "{office}: untuk laporan {number} ada yang perlu difoto ulang: {papers}. "
        "Alasannya tertulis di halaman laporan. Bila sulit, balas “bantu”.",
        "complete": "{office}: dokumen laporan {number} untuk diperiksa sudah lengkap. Paling lambat {due} kami kabari hasilnya. "
        "Dokumen yang boleh menyusul tertulis di halaman laporan.",
        "approved": "{office}: santunan untuk laporan {number} disetujui dan sedang disiapkan ke rekening berakhiran "
        "{tail}. Kami tidak pernah meminta PIN, OTP, atau biaya.",
        "paid": "{office}: santunan untuk laporan {number} sudah dikirim utuh. Bila belum masuk dalam 2 hari kerja, "
        "atau ada yang meminta bagian, hubungi {phone}.",
        "payment_failed": "{office}: transfer untuk laporan {number} belum berhasil. Petugas akan menelepon. "
        "Jangan berikan PIN atau OTP kepada siapa pun.",
        "accident_noticed": "{office}: kabar kecelakaan {name} sudah kami catat dengan nomor {number}. "
        "Petugas menghubungi paling lambat {due} untuk melengkapi laporan. Simpan semua kuitansi. Layanan ini gratis.",
        "stage_one": "{office}: laporan kecelakaan {number} sudah kami terima. Perawatan ditanggung dulu. "
        "Paling lambat {due} kami putuskan apakah ini kecelakaan kerja.",
        "concluded": "{office}: laporan {number} disimpulkan sebagai kecelakaan kerja. Perawatan ditanggung. "
        "Simpan surat istirahat, kuitansi, dan surat dokter.",
        "stage_two": "{office}: surat dokter untuk laporan {number} sudah kami catat. Sekarang perlu dokumen: {papers}. "
        "Kirim dari HP yang dipakai melapor. Bila sulit, balas “bantu”.",
        "not_work": "{office}: menurut pemeriksaan, kejadian pada laporan {number} bukan karena kerja. "
        "Petugas menjelaskan langkah berikutnya. Ibu/Bapak boleh bertanya ke {phone}.",
        "lapsed": "{office}: laporan {number} sudah lewat lima tahun sejak kejadian. Ibu/Bapak dapat mengajukan keberatan: "
        "buka halaman laporan, atau telepon {phone}.",
        "moved_to_jkk": "{office}: laporan {number} kami teruskan sebagai kecelakaan kerja. Semua dokumen tetap tersimpan, "
        "tidak perlu melapor ulang. Yang masih perlu: {papers}.",
        "moved_to_jkm": "{office}: laporan {number} kami teruskan sebagai santunan kematian biasa. Semua dokumen tetap "
        "tersimpan, tidak perlu melapor ulang. Yang masih perlu: {papers}.",
        "scholarship_kept": "{office}: beasiswa untuk {name} sudah dicatat ({number}). Saat ia masuk sekolah kami "
        "mengingatkan Ibu/Bapak. Haknya tidak hilang.",
        "scholarship_open": "{office}: beasiswa untuk {name} sudah dibuka ({number}). Diajukan setiap tahun ajaran; "
        "siapkan surat keterangan sekolah dan rapor. Layanan ini gratis.",
        "scholarship_reminder": "{office}: beasiswa {name} ({number}) untuk tahun ajaran {years} dapat diajukan sampai "
        "{last_day}. Siapkan surat keterangan sekolah dan rapor, lalu hubungi {phone}. Layanan ini gratis.",
        "scholarship_school": "{office}: {name} tercatat masuk sekolah tahun ajaran {years} ({number}). Bila sudah "
        "masuk sekolah, hubungi {phone} untuk mengajukan beasiswanya. Bila belum, kabari kami; haknya tetap ada.",
        "paper_reminder": "{office}: Ibu/Bapak minta diingatkan tentang {papers} untuk laporan {number}. "
        "Kirim fotonya bila sudah ada. Bila sulit, balas “bantu”.",
        "request_answered": "{office}: permintaan Ibu/Bapak untuk laporan {number} sudah dijawab. "
        "Baca jawabannya di halaman laporan, atau telepon {phone}.",
        "paper_added": "{office}: ada dokumen tambahan yang diperlukan untuk laporan {number}. "
        "Sebabnya tertulis di halaman laporan. Bila sulit, balas “bantu”.",
        "refused": "{office}: keputusan laporan {number} sudah ada. Kami jelaskan alasannya dan apa yang bisa dilakukan: "
        "buka halaman laporan, atau telepon {phone}.",
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "reported": "Laporan diterima",
        "docs_needed": "Dokumen yang diperlukan",
        "doc_returned": "Dokumen perlu diganti",
        "complete": "Dokumen lengkap",
        "approved": "Santunan disetujui",
        "paid": "Santunan dikirim",
        "payment_failed": "Transfer belum berhasil",
        "accident_noticed": "Kabar kecelakaan dicatat",
        "stage_one": "Laporan kecelakaan diterima",
        "concluded": "Disimpulkan kecelakaan kerja",
        "stage_two": "Surat dokter diterima",
        "not_work": "Disimpulkan bukan kecelakaan kerja",
        "lapsed": "Lewat lima tahun",
        "moved_to_jkk": "Dipindahkan ke JKK",
        "moved_to_jkm": "Dipindahkan ke JKM",
        "scholarship_kept": "Beasiswa disimpan sampai sekolah",
        "scholarship_open": "Beasiswa dibuka",
        "scholarship_reminder": "Pengingat beasiswa",
        "scholarship_school": "Pengingat masuk sekolah",
        "paper_reminder": "Pengingat dokumen",
        "request_answered": "Permintaan dijawab",
        "paper_added": "Dokumen tambahan",
        "refused": "Keputusan: tidak dapat dibayarkan",
    }
)
_SIGNED = " Kata pengenal: {phrase}."


@dataclass(frozen=True)
class Office:
    """Who speaks: name and telephone of the branch."""

    name: str
    phone: str


@dataclass(frozen=True)
class Message:
    """One message of a case; ``delivered_at`` is ``None`` while nobody has passed it on."""

    outbox_id: int
    title: str
    notice: str
    text: str
    created_at: datetime
    delivered_at: datetime | None
    delivered_how: str | None


def messages_of(session: Session, claim: Claim, office: Office) -> list[Message]:
    """Return the messages of a case, newest first; each with the day that was promised when it was owed."""
    promised = and_(History.casefile_id == Outbox.casefile_id, History.version == Outbox.history_version)
    rows = session.execute(
        select(Outbox, History.due_on)
        .join(History, promised)
        .where(Outbox.casefile_id == claim.id)
        .order_by(Outbox.id.desc())
    ).all()
    if not rows:
        return []
    values = _values(session, claim, office)
    return [
        Message(
            outbox_id=row.id,
            title=TITLES[row.notice],
            notice=row.notice,
            text=_text(
                row.notice, {**values, **row.values, "due": weekday_date(due_on) if due_on else values["due"]}
            ),
            created_at=row.created_at,
            delivered_at=row.delivered_at,
            delivered_how=row.delivered_how,
        )
        for row, due_on in rows
    ]


def mark_delivered(
    session: Session, claim: Claim, outbox_id: int, how: str, *, by: Actor, now: datetime
) -> None:
    """Note that a person passed the message on.

    :raises Invalid: an unknown way. :raises NotPossible: somebody already did, or there is no such message.
    """
    if how not in HOW:
        raise Invalid({"how": "Pilih bagaimana pesan disampaikan. Belum ada yang tersimpan."})
    marked = session.scalar(
        update(Outbox)
        .where(Outbox.id == outbox_id, Outbox.casefile_id == claim.id, Outbox.delivered_at.is_(None))
        .values(delivered_at=now, delivered_how=how, delivered_by_user_id=by.user_id)
        .returning(Outbox.notice)
        .execution_options(synchronize_session=False)
    )
    if marked is None:
        raise NotPossible("Pesan ini sudah dicatat disampaikan. Tidak ada yang berubah.")
    record(session, "notice.delivered", by=by, casefile_id=claim.id, details={"notice": marked, "how": how})


def reporter_phone(session: Session, claim: Claim) -> str:
    """Return the number of whoever reported, E.164."""
    return session.scalar(select(Report.reporter_phone).where(Report.casefile_id == claim.id)) or ""


def _text(notice: str, values: Mapping[str, str]) -> str:
    template = TEXTS[notice] + (_SIGNED if values["phrase"] else "")
    return template.format_map(values)


def _values(session: Session, claim: Claim, office: Office) -> dict[str, str]:
    account = current_account(session, claim.id)
    return {
        "office": office.name,
        "phone": office.phone,
        "number": claim.number,
        "name": claim.subject,
        "due": "hari yang kami sebut saat menelepon",
        "papers": _papers(requirement_list(session, claim.id), claim.honorific),
        "tail": account.account_number[-4:] if account else "ahli waris",
        "phrase": _phrase(session, claim),
    }


def _phrase(session: Session, claim: Claim) -> str:
    """Return the words of the slip of whoever reported: they get the message, and know no other words."""
    reporter = session.scalar(select(Report.reporter_name).where(Report.casefile_id == claim.id))
    own = [slip.phrase for slip in live_slips(session, claim.id) if slip.holder_name == reporter]
    return own[-1] if own else ""


def _papers(rows: Sequence[RequirementRow], honorific: str) -> str:
    papers = catalogue().papers
    open_ones = [row for row in rows if row.need == "required" and row.status in {"missing", "returned"}]
    return ", ".join(papers[row.code].words(honorific)["name"] for row in open_ones) or "sudah lengkap"
