"""What the database refuses, in words. The key is the name of the constraint."""

from sqlalchemy.exc import DBAPIError, IntegrityError

from caseflow.errors import CaseflowError, NotPossible, Stale, Unavailable

SENTENCES = {
    "pk_casefile_duty": "Satu orang hanya boleh memegang satu tugas pada satu kasus. Langkah ini harus oleh orang lain.",
    "fk_history_duty_is_held": "Satu orang hanya boleh memegang satu tugas pada satu kasus. "
    "Langkah ini harus oleh orang lain. Tidak ada yang berubah.",
    "fk_decision_duty_is_held": "Keputusan harus oleh orang yang belum memegang tugas lain pada kasus ini.",
    "fk_history_only_known_edges": "Langkah ini tidak ada dalam alur kerja kasus ini. Tidak ada yang berubah.",
    "uq_payment_instruction_one_live": "Perintah bayar untuk ahli waris ini sudah ada. Tidak ada yang dibuat lagi.",
    "uq_payment_instruction_reference": "Perintah bayar dengan nomor ini sudah ada. Tidak ada yang dibuat lagi.",
    "uq_payment_instruction_replaces_id": "Perintah bayar ini sudah pernah diganti. Tidak ada yang dibuat lagi.",
    "uq_payment_batch_line_instruction_id": "Perintah bayar ini sudah berada dalam berkas lain.",
    "fk_payment_instruction_is_what_was_approved": "Isi kasus berbeda dari yang disetujui. Perintah bayar tidak dibuat.",
    "ck_payment_batch_released_by_another": "Berkas bayar harus dilepas oleh orang lain, bukan oleh pembuatnya.",
    "uq_bank_statement_file_sha256": "Rekening koran ini sudah pernah dimuat. Tidak ada yang berubah.",
    "pk_statement_match": "Baris rekening koran ini sudah dicocokkan.",
    "uq_claim_one_death_per_worker": "Pekerja ini sudah punya kasus kematian. Buka kasus itu; jangan membuat yang kedua.",
    "ex_role_grant_one_family": "Orang ini sudah memegang peran lain yang tidak boleh dirangkap.",
    "ck_bank_account_holder_is_payee": "Nama pemilik rekening harus nama ahli waris. Rekening tidak disimpan.",
    "ck_account_check_holder_is_payee": "Nama pemilik rekening di bank harus nama ahli waris. Belum ada perintah bayar.",
    "ck_assessment_sum_of_lines": "Jumlah rincian tidak sama dengan total. Perhitungan tidak disimpan.",
}
_STALE = {
    "fk_casefile_state_has_history",
    "pk_history",
    "fk_payment_instruction_state_has_event",
    "pk_payment_event",
}
_LOCK_NOT_AVAILABLE = "55P03"
_DEADLOCK = "40P01"
_SERIALIZATION = "40001"


def refusal_of(error: DBAPIError) -> CaseflowError:
    """Return the sentence for a refusal of the database; nothing of the request was saved."""
    name = _constraint_name(error)
    state = getattr(error.orig, "sqlstate", None)
    if name in _STALE:
        return Stale(
            "Kasus ini baru saja diubah orang lain. Yang Anda kirim belum tersimpan; lihat dulu perubahannya."
        )
    if name in SENTENCES:
        return NotPossible(SENTENCES[name])
    if state in {_LOCK_NOT_AVAILABLE, _DEADLOCK, _SERIALIZATION}:
        return Stale("Kasus ini sedang dikerjakan orang lain. Belum ada yang tersimpan; coba sekali lagi.")
    if isinstance(error, IntegrityError):
        return NotPossible(
            "Langkah ini ditolak oleh basis data. Tidak ada yang tersimpan. Muat ulang halaman, lalu coba lagi."
        )
    return Unavailable("Basis data sedang tidak menjawab. Belum ada yang tersimpan; coba lagi sebentar lagi.")


def _constraint_name(error: DBAPIError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
