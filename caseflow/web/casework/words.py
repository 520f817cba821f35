"""What officers read for codes: states, causes, relations, answers, rules. Nothing here decides anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from caseflow.formats import grouped_nik, long_date
from caseflow.law.numbers import CERTAINTY_LABELS, Certainty
from caseflow.law.relatives import RELATION_LABELS
from caseflow.workflow.definition import Workflow

HONORIFICS: Mapping[str, str] = MappingProxyType(
    {"almarhum": "Almarhum", "almarhumah": "Almarhumah", "mendiang": "Mendiang", "": "Tanpa sebutan"}
)
_SHORT_HONORIFICS = {"almarhum": "Alm. ", "almarhumah": "Almh. ", "mendiang": "Mendiang "}
CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "illness_or_other": "Sakit atau sebab lain",
        "at_work": "Saat atau karena bekerja",
        "unknown": "Belum diketahui",
    }
)
PROGRAMS: Mapping[str, str] = MappingProxyType({"jkm": "JKM", "jkk": "JKK", "scholarship": "Beasiswa"})
CONTACT: Mapping[str, str] = MappingProxyType({"whatsapp": "WhatsApp", "sms": "SMS", "call": "telepon saja"})
AGREEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "sole_heir": "Satu-satunya ahli waris di kelompoknya",
        "signed_agreement": "Disepakati tertulis oleh semua ahli waris",
        "guardian": "Melalui wali (penerima belum dewasa)",
        "court": "Penetapan pengadilan",
        "burial": "Mengurus pemakaman (tidak ada ahli waris)",
        "worker": "Pekerja menerima sendiri",
    }
)
GUARDIAN_BASES: Mapping[str, str] = MappingProxyType(
    {
        "surviving_parent": "orang tua yang masih hidup",
        "court": "penetapan pengadilan",
        "other": "dasar lain, lihat catatan",
    }
)
FUNDING: Mapping[str, str] = MappingProxyType(
    {
        "apb_nagari": "APB Nagari",
        "apbd": "APBD Kabupaten",
        "dbh_sawit": "DBH Sawit",
        "pokir": "Pokir DPRD",
        "csr": "CSR",
        "mandiri": "mandiri",
    }
)
# what is asked for, in the sentence of a request
BENEFITS: Mapping[str, str] = MappingProxyType(
    {"jkm": "santunan kematian", "jkk": "santunan kecelakaan kerja", "scholarship": "beasiswa"}
)
ANSWERS: Mapping[str, str] = MappingProxyType({"yes": "Ya", "no": "Tidak", "unknown": "Belum tahu"})
NEEDS: Mapping[str, str] = MappingProxyType(
    {"required": "wajib", "before_payment": "wajib sebelum pembayaran", "optional": "bila ada"}
)
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "full": "Manfaat penuh",
        "funeral_only": "Hanya biaya pemakaman",
        "payable": "Dapat dibayarkan",
        "not_payable": "Tidak dapat dibayarkan",
    }
)
PAYMENT_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "queued": ("Siap dimasukkan ke berkas bayar", "info"),
        "batched": ("Dalam berkas bayar", "info"),
        "sent": ("Dilepas ke bank", "waiting"),
        "settled": ("Terkirim menurut rekening koran", "positive"),
        "failed": ("Gagal menurut bank", "danger"),
        "unknown": ("Hasilnya belum pasti", "danger"),
        "cancelled": ("Dibatalkan", "neutral"),
    }
)
_STAGE_SENTIMENT = {
    "report": "neutral",
    "documents": "waiting",
    "examination": "info",
    "approval": "review",
    "payment": "positive",
    "after": "neutral",
    "ended": "neutral",
}
# where a state says something else than its stage
_STATE_SENTIMENT = {
    "documents_complete": "info",
    "on_hold": "waiting",
    "returned": "waiting",
    "payment_failed": "danger",
    "refused": "neutral",
    "objection": "review",
    "inspector_review": "review",
    "minister_review": "review",
    "not_work": "waiting",
    "lapsed": "neutral",
}


@dataclass(frozen=True)
class RuleWords:
    """A rule that is satisfied, in words, and the screen where it is worked on."""

    fine: str
    tab: str


RULES: Mapping[str, RuleWords] = MappingProxyType(
    {
        "all_required_submitted": RuleWords("Semua dokumen wajib sudah dikirim.", "documents"),
        "documents_accepted": RuleWords("Semua dokumen wajib sudah diterima.", "documents"),
        "eligibility_good": RuleWords("Jawaban kelayakan membolehkan pembayaran.", "eligibility"),
        "something_missing": RuleWords("Masih ada dokumen yang perlu dikirim.", "documents"),
        "something_returned": RuleWords("Ada dokumen yang diminta ganti.", "documents"),
        "bank_had_time": RuleWords("Bank sudah punya waktu untuk mengembalikan transfer.", "history"),
        "objection_time_over": RuleWords("Waktu keberatan keluarga sudah lewat.", "history"),
        "payment_documents_accepted": RuleWords("Dokumen sebelum pembayaran sudah diterima.", "documents"),
        "worker_linked": RuleWords("Pekerja sudah dihubungkan dengan data peserta.", "worker"),
        "eligibility_answered": RuleWords("Semua syarat kelayakan sudah dijawab.", "eligibility"),
        "heirs_decided": RuleWords("Penerima santunan sudah ditetapkan.", "heirs"),
        "benefit_computed": RuleWords("Manfaat sudah dihitung.", "benefit"),
        "benefit_current": RuleWords("Perhitungan sesuai dengan data hari ini.", "benefit"),
        "benefit_payable": RuleWords("Ada manfaat yang dapat dibayar.", "benefit"),
        "account_entered": RuleWords("Rekening penerima sudah dicatat.", "heirs"),
        "payment_proposed": RuleWords("Yang diajukan ialah pembayaran.", "history"),
        "refusal_proposed": RuleWords("Yang diajukan ialah penolakan.", "history"),
        "year_claimable": RuleWords("Ada tahun ajaran yang diajukan.", "years"),
        "years_recorded": RuleWords("Bukti sekolah tiap tahun ajaran sudah dinilai.", "years"),
        "payee_fits_age": RuleWords("Penerima sesuai dengan umur anak.", "years"),
        "scholarship_is_over": RuleWords("Menurut data anak haknya berakhir.", "years"),
        "content_unchanged": RuleWords("Isi kasus sama dengan saat diajukan.", "history"),
        "accident_facts_complete": RuleWords("Fakta kejadian sudah dicatat.", "accident"),
        "accident_established": RuleWords("Kecelakaan yang menyebabkannya sudah dicatat.", "accident"),
        "treatment_recorded": RuleWords("Masa perawatan sudah dicatat.", "accident"),
        "concluded_as_work": RuleWords("Sudah disimpulkan kecelakaan kerja.", "accident"),
        "concluded_as_not_work": RuleWords("Sudah disimpulkan bukan kecelakaan kerja.", "accident"),
        "not_yet_concluded": RuleWords("Belum disimpulkan.", "accident"),
        "certificate_recorded": RuleWords("Surat dokter tentang keadaan akhir sudah dicatat.", "accident"),
        "medical_opinion_given": RuleWords("Pendapat dokter penasihat sudah ditulis.", "accident"),
        "worker_died": RuleWords("Pekerja tercatat meninggal.", "accident"),
        "five_years_passed": RuleWords("Sudah lewat lima tahun sejak kejadian.", "accident"),
        "inspector_has_determined": RuleWords("Pengawas ketenagakerjaan sudah menetapkan.", "history"),
        "nothing_paid": RuleWords("Belum ada santunan yang dibayar.", "history"),
        "something_paid": RuleWords("Santunan kasus ini sudah pernah dibayar.", "history"),
        "not_determined_as_work": RuleWords("Tidak ada penetapan yang berkata lain.", "history"),
        "adjustments_confirmed": RuleWords("Tidak ada penyesuaian yang menunggu jawaban.", "benefit"),
    }
)


def deceased(name: str, honorific: str) -> str:
    """Return the name as tables show it: ``Alm. Samsir``."""
    return f"{_SHORT_HONORIFICS.get(honorific, '')}{name}"


def sentiment(definition: Workflow, state: str) -> str:
    """Return the colour role of a state; a state added to a workflow takes that of its stage."""
    if state in _STATE_SENTIMENT:
        return _STATE_SENTIMENT[state]
    known = definition.states.get(state)
    return _STAGE_SENTIMENT[known.stage] if known else "neutral"


def day_or(day: date | None, otherwise: str) -> str:
    """Return a day in words, or what stands for an unknown one."""
    return long_date(day) if day is not None else otherwise


def tail_of_nik(national_id: str) -> str:
    """Return enough of a NIK to compare two of them, not all of it."""
    return f"•••• •••• {grouped_nik(national_id)[-9:]}"


def relation(code: str) -> str:
    """Return a relation to the worker in words."""
    if code == "self":
        return "pekerja sendiri"
    return dict[str, str](RELATION_LABELS.items()).get(code, code)


def certainty(code: Certainty | str) -> str:
    """Return how sure a number is, in words."""
    return dict[str, str](CERTAINTY_LABELS.items()).get(code, code)


def is_sure(code: Certainty | str) -> bool:
    """Whether an article was read at its source."""
    return code in {"V2", "V1"}


# small acts on a case, as the second list of its history names them
ACTS: Mapping[str, str] = MappingProxyType(
    {
        "claim.reported": "mengirim laporan",
        "case.opened": "membuka berkas kasus",
        "claim.assigned": "menugaskan kasus",
        "claim.handed_over": "menyerahkan kasus",
        "claim.worker_linked": "menghubungkan pekerja",
        "claim.event_corrected": "membetulkan fakta kejadian",
        "claim.check_answered": "menjawab syarat kelayakan",
        "claim.member_recorded": "mencatat anggota keluarga",
        "claim.member_changed": "membetulkan catatan anggota keluarga",
        "claim.member_removed": "mengeluarkan anggota keluarga dari daftar",
        "claim.heirs_decided": "menetapkan penerima santunan",
        "claim.account_entered": "mencatat rekening penerima",
        "claim.benefit_computed": "menghitung manfaat",
        "claim.program_changed": "memindahkan kasus ke program lain",
        "claim.accident_recorded": "mencatat fakta kecelakaan",
        "claim.period_added": "mencatat masa perawatan atau istirahat",
        "claim.period_ended": "mencatat hari terakhir perawatan atau istirahat",
        "claim.period_removed": "mengeluarkan masa perawatan atau istirahat dari daftar",
        "claim.cost_added": "mencatat kuitansi",
        "claim.cost_removed": "mengeluarkan kuitansi dari daftar",
        "claim.certificate_recorded": "mencatat surat dokter",
        "claim.medical_opinion": "memberi pendapat medis",
        "claim.concluded": "menyimpulkan kecelakaan kerja atau bukan",
        "claim.adjustment_proposed": "mengusulkan penyesuaian baris",
        "claim.adjustment_answered": "menjawab usul penyesuaian baris",
        "claim.provider_number_set": "mencatat nomor klaim di sistem BPJS",
        "claim.nik_unmasked": "menampilkan NIK lengkap",
        "claim.death_told": "memberi kabar pekerja meninggal",
        "claim.letter_asked": "menanyakan surat kepada nagari",
        "claim.letter_answered": "menjawab pertanyaan tentang surat",
        "claim.letter_proof_proposed": "mengusulkan bukti lain untuk surat",
        "claim.letter_proof_settled": "memutuskan bukti lain untuk surat",
        "scholarship.opened": "membuka hak beasiswa",
        "scholarship.child_chosen": "mencatat anak yang dipilih keluarga",
        "scholarship.years_asked": "mengajukan tahun ajaran",
        "scholarship.year_opened": "memulai pengajuan tahun ajaran",
        "scholarship.study_checked": "menilai bukti sekolah",
        "scholarship.child_corrected": "membetulkan data anak",
        "document.stored": "menambahkan dokumen",
        "document.opened": "membuka dokumen",
        "document.accepted": "menerima dokumen",
        "document.returned": "meminta ganti dokumen",
        "document.not_applicable": "menyatakan dokumen tidak perlu",
        "document.reopened": "membuka lagi pemeriksaan dokumen",
        "document.original_seen": "melihat dokumen asli",
        "document.asked_for": "meminta dokumen tambahan",
        "document.proposed": "mengusulkan dokumen tambahan",
        "document.proposal_confirmed": "menyetujui usul dokumen tambahan",
        "document.proposal_refused": "menolak usul dokumen tambahan",
        "document.proposal_withdrawn": "menarik usul dokumen tambahan",
        "request.asked": "meminta bantuan atau bertanya",
        "request.answered": "menjawab permintaan keluarga",
        "request.taken_back": "membatalkan permintaan",
        "case.looked": "membuka kasus",
        "document.refused_unsafe": "berkas ditolak pemindai",
        "document.quarantined": "berkas dikarantina",
        "slip.issued": "mencetak slip keluarga",
        "slip.revoked": "mencabut slip keluarga",
        "slip.code_spent": "membuka laporan di HP dengan kode slip",
        "mandate.given": "mencatat izin membantu keluarga",
        "mandate.ended": "menghentikan bantuan",
        "consent.taken_back": "menarik persetujuan pemakaian data",
        "consent.given_again": "memberi lagi persetujuan pemakaian data",
        "report.join_asked": "minta ditambahkan ke laporan",
        "device.opened": "membuka akses HP keluarga",
        "device.revoked": "mencabut HP keluarga",
        "device.borrowed": "mencatat HP sebagai pinjaman",
        "device.unlocked": "membuka kunci HP keluarga",
        "device.locked": "mengunci HP keluarga",
        "device.pin_set": "memasang PIN di HP keluarga",
        "device.pin_removed": "menghapus PIN di HP keluarga",
        "family.exported": "mengambil salinan data sendiri",
        "notice.delivered": "menyampaikan pesan kepada keluarga",
        "family.told": "memberi kabar kepada keluarga",
        "case.due_recomputed": "batas waktu dihitung ulang karena hari libur berubah",
        "document.given_up": "kiriman dokumen yang terputus dibersihkan",
        "payment.instruction_prepared": "membuat perintah bayar",
        "payment.instruction_cancelled": "membatalkan perintah bayar",
        "payment.line_removed": "mengeluarkan perintah bayar dari berkas",
        "payment.line_matched": "mencocokkan baris rekening koran",
        "payment.outcome_unknown": "mencatat hasil transfer belum pasti",
        "payment.resolved_by_letter": "mencatat surat bank",
        "access.refused": "ditolak membuka halaman",
    }
)
LOOKS = frozenset({"case.looked", "document.opened", "claim.nik_unmasked"})
WATCHED = tuple(name for name in ACTS if name.startswith(("claim.", "document.")) and name not in LOOKS)


def act(name: str) -> str:
    """Return a small act in words."""
    return ACTS.get(name, name)


def without_values(sentence: str) -> str:
    """Return a family sentence with dots where its values will stand."""
    return re.sub(r"\{\w+\}", "…", sentence)
