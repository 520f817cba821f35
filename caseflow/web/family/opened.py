"""Who opened this family's file, when, and what they saw or did there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.traces import Trace, traces
from caseflow.errors import NotFound
from caseflow.formats import weekday_date
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.family import family
from caseflow.web.family.asked import paper_words
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close
from caseflow.web.security import requires

PAGE = 50
OWN = "Ibu/Bapak sendiri"
# who somebody is, as a family understands it; an auditor is named by what they are
_OFFICES = {
    "officer": "petugas klaim",
    "medical_adviser": "dokter penasihat",
    "approver": "pejabat yang menyetujui",
    "branch_head": "kepala cabang",
    "finance": "bagian pembayaran",
    "nagari_operator": "petugas nagari",
    "social_worker": "pekerja sosial",
    "social_supervisor": "dinas sosial",
    "regency_monitor": "pemerintah kabupaten",
    "admin": "pengelola sistem",
}
_WITHOUT_NAME = {"auditor": "Auditor", "inspector": "Pengawas"}
_ANYTHING = "mengerjakan berkas ini"
# every small act in the family's words; {paper} is the paper it was about
WORDS: Mapping[str, str] = {
    "case.looked": "membuka berkas",
    "case.opened": "membuat berkas",
    "case.moved": "meneruskan berkas ke langkah lain",
    "claim.reported": "mengirim laporan",
    "claim.assigned": "menentukan petugas yang mengurus",
    "claim.handed_over": "mengganti petugas yang mengurus",
    "claim.worker_linked": "mencocokkan data pekerja",
    "claim.event_corrected": "membetulkan data kejadian",
    "claim.check_answered": "memeriksa syarat",
    "claim.member_recorded": "mencatat anggota keluarga",
    "claim.member_changed": "membetulkan data anggota keluarga",
    "claim.member_removed": "membetulkan daftar keluarga",
    "claim.heirs_decided": "mencatat penerima",
    "claim.account_entered": "mencatat rekening penerima",
    "claim.benefit_computed": "menghitung santunan",
    "claim.program_changed": "memindahkan berkas ke program lain",
    "claim.accident_recorded": "mencatat kejadian kecelakaan",
    "claim.period_added": "mencatat masa perawatan",
    "claim.period_ended": "mencatat akhir perawatan",
    "claim.period_removed": "membetulkan masa perawatan",
    "claim.cost_added": "mencatat kuitansi",
    "claim.cost_removed": "membetulkan daftar kuitansi",
    "claim.certificate_recorded": "mencatat surat dokter",
    "claim.medical_opinion": "memberi pendapat dokter",
    "claim.concluded": "menyimpulkan hasil pemeriksaan",
    "claim.adjustment_proposed": "mengusulkan perubahan hitungan",
    "claim.adjustment_answered": "menjawab usul perubahan hitungan",
    "claim.provider_number_set": "mencatat nomor klaim",
    "claim.nik_unmasked": "menampilkan nomor KTP lengkap",
    "claim.death_told": "memberi tahu kabar meninggal",
    "claim.letter_asked": "memastikan surat kepada nagari",
    "claim.letter_answered": "menjawab pertanyaan tentang surat",
    "claim.letter_proof_proposed": "mencatat bukti lain",
    "claim.letter_proof_settled": "memeriksa bukti lain",
    "scholarship.opened": "membuka beasiswa",
    "scholarship.child_chosen": "mencatat anak penerima beasiswa",
    "scholarship.years_asked": "mengajukan tahun ajaran",
    "scholarship.year_opened": "memulai tahun ajaran",
    "scholarship.study_checked": "memeriksa bukti sekolah",
    "scholarship.child_corrected": "membetulkan data anak",
    "document.stored": "mengirim dokumen: {paper}",
    "document.opened": "melihat dokumen: {paper}",
    "document.accepted": "menerima dokumen: {paper}",
    "document.returned": "meminta ganti dokumen: {paper}",
    "document.not_applicable": "menandai dokumen tidak perlu: {paper}",
    "document.reopened": "memeriksa lagi dokumen: {paper}",
    "document.original_seen": "melihat dokumen asli: {paper}",
    "document.asked_for": "menambahkan dokumen ke daftar: {paper}",
    "document.proposed": "mengusulkan dokumen tambahan: {paper}",
    "document.proposal_confirmed": "menyetujui dokumen tambahan: {paper}",
    "document.proposal_refused": "menolak dokumen tambahan: {paper}",
    "document.proposal_withdrawn": "menarik usul dokumen tambahan: {paper}",
    "document.refused_unsafe": "mengirim berkas yang tidak aman, jadi tidak disimpan",
    "document.quarantined": "memisahkan berkas yang tidak aman",
    "document.given_up": "membersihkan kiriman yang terputus",
    "request.asked": "meminta bantuan atau bertanya",
    "request.answered": "menjawab permintaan Ibu/Bapak",
    "request.taken_back": "membatalkan permintaan",
    "slip.issued": "mencetak slip keluarga",
    "slip.revoked": "mencabut slip keluarga",
    "slip.code_spent": "membuka laporan di HP dengan kode slip",
    "device.opened": "membuka laporan di HP",
    "device.revoked": "mencabut HP",
    "device.borrowed": "mencatat HP sebagai pinjaman",
    "device.unlocked": "membuka kunci di HP",
    "device.locked": "mengunci HP",
    "device.pin_set": "memasang PIN di HP",
    "device.pin_removed": "menghapus PIN di HP",
    "family.exported": "mengambil salinan data",
    "family.told": "memberi kabar kepada Ibu/Bapak",
    "mandate.given": "mencatat siapa yang membantu",
    "mandate.ended": "menghentikan bantuan",
    "consent.taken_back": "menarik persetujuan pemakaian data",
    "consent.given_again": "memberi lagi persetujuan pemakaian data",
    "report.join_asked": "minta ditambahkan ke laporan",
    "notice.delivered": "menyampaikan pesan kepada Ibu/Bapak",
    "case.due_recomputed": "menghitung ulang batas waktu",
    "payment.instruction_prepared": "menyiapkan pembayaran",
    "payment.instruction_cancelled": "membatalkan perintah bayar",
    "payment.line_removed": "mengeluarkan pembayaran dari daftar",
    "payment.line_matched": "mencocokkan pembayaran dengan bank",
    "payment.outcome_unknown": "mencatat hasil transfer belum pasti",
    "payment.resolved_by_letter": "mencatat surat dari bank",
    "access.refused": "ditolak membuka halaman",
}


@dataclass
class Visit:
    """One person and what they saw or did within a day, until somebody else came.

    :ivar things: what it was, and how often; :ivar hours: the last hour first.
    """

    who: str
    things: dict[str, int] = field(default_factory=dict)
    hours: list[str] = field(default_factory=list)

    @property
    def own(self) -> bool:
        """Whether it was this very phone."""
        return self.who == OWN

    @property
    def when(self) -> str:
        """The hour, or the first and the last."""
        first, last = self.hours[-1], self.hours[0]
        return f"Pukul {first} WIB" if first == last else f"Pukul {first} sampai {last} WIB"


@family.get("/pembuka")
@requires("family.opened")
def opened_page() -> ResponseReturnValue:
    """List the looks and acts by day, the newest on top."""
    claim = own_claim()
    if not is_close(here.session(), claim, by=here.actor()):
        raise NotFound("Halaman ini hanya tampil di HP pekerja atau keluarganya.")
    before = whole_number(request.args.get("sebelum"), 0) or None
    rows = traces(here.session(), claim.id, before=before, limit=PAGE + 1)
    page = rows[:PAGE]
    older = url_for("family.opened_page", sebelum=page[-1].id) if len(rows) > PAGE else None
    return render_template(
        "family/opened.html", claim=claim, days=days_of(claim, page), older=older, newest=before is None
    )


def days_of(claim: Claim, rows: Sequence[Trace]) -> list[tuple[str, list[Visit]]]:
    """Return the traces by day and visit; the same thing done again is counted, not repeated."""
    days = []
    for day, found in groupby(rows, key=lambda one: clock.local(one.at).date()):
        visits: list[Visit] = []
        for one in found:
            who, what = who_of(one), what_of(claim, one)
            if not visits or visits[-1].who != who:
                visits.append(Visit(who))
            visits[-1].things[what] = visits[-1].things.get(what, 0) + 1
            visits[-1].hours.append(f"{clock.local(one.at):%H.%M}")
        days.append((weekday_date(day), visits))
    return days


def who_of(one: Trace) -> str:
    """Return who it was: office and first name of staff, never the name of another relative."""
    by = here.actor()
    if one.kind == "staff":
        if one.role in _WITHOUT_NAME:
            return _WITHOUT_NAME[one.role]
        return f"{one.name.split()[0]}, {_OFFICES.get(one.role or '', 'petugas')}"
    if one.by_helper:
        return "HP pembantu keluarga"
    if one.kind == "public":
        return "Pengunjung"
    if one.device_id is None:
        return "Yang melapor"
    if one.device_id == by.device_id:
        return OWN
    return "HP lain atas nama Ibu/Bapak" if one.name == by.name else "HP lain dari keluarga"


def what_of(claim: Claim, one: Trace) -> str:
    """Return what was seen or done; an act without words of its own is named in general."""
    paper = paper_words(claim, one.code)["name"] if one.code else "dokumen"
    return WORDS.get(one.action, _ANYTHING).format(paper=paper)
