"""What the database refuses, in words. The key is the name of the constraint."""

from sqlalchemy.exc import DBAPIError, IntegrityError

from caseflow.errors import CaseflowError, NotPossible, Stale, Unavailable

SENTENCES = {
    "ck_quota_not_overfilled": "Kuota sudah penuh. Tidak ada yang tersimpan. Kurangi usulannya, atau taruh di daftar tunggu.",
    "ck_quota_budgeted_within_slots": "Yang dianggarkan tidak boleh lebih banyak dari kuota. Tidak ada yang tersimpan.",
    "ck_quota_slots_in_bounds": "Kuota ditulis di antara 1 dan 100.000 orang. Tidak ada yang tersimpan.",
    "ck_quota_ends_after_start": "Masa kuota harus berakhir sesudah mulai. Tidak ada yang tersimpan.",
    "ex_quota_one_a_period": "Sudah ada kuota dari sumber dana ini untuk masa yang sama. Tidak ada yang tersimpan; "
    "ubah kuota yang sudah ada.",
    "ex_nominee_one_nik_a_period": "NIK ini sudah diusulkan untuk masa yang sama. Tidak ada yang tersimpan. "
    "Hubungi pengelola program bila orangnya pindah.",
    "uq_nominee_waiting_place": "Daftar tunggu baru saja diubah orang lain. Tidak ada yang tersimpan; muat ulang halaman ini.",
    "uq_nominee_replaces": "Tempat ini sudah ada penggantinya. Tidak ada yang berubah.",
    "ck_nominee_only_drafts_go": "Orang ini sudah pernah diajukan, jadi tetap tercatat. Tidak ada yang dihapus.",
    "uq_worker_card_number": "Nomor peserta ini sudah dipakai orang lain. Tidak ada yang tersimpan; periksa nomornya.",
    "uq_meeting_region_code_minutes_number": "Berita acara dengan nomor ini sudah dicatat. Tidak ada yang dicatat lagi.",
    "ck_meeting_attendees_in_bounds": "Jumlah hadir ditulis di antara 1 dan 5.000. Tidak ada yang tersimpan.",
    "uq_jorong_region_code_name": "Jorong dengan nama ini sudah ada di nagari ini. Tidak ada yang dicatat lagi.",
    "ck_worker_died_after_birth": "Hari meninggal tidak boleh sebelum hari lahir. Tidak ada yang tersimpan.",
    "fk_household_head_is_alive": "Kepala keluarga harus orang yang masih hidup dan ada di keluarga ini. Tidak ada yang "
    "tersimpan. Pilih anggota keluarga yang lain.",
    "uq_household_family_card_index": "Nomor KK ini sudah tercatat. Tidak ada yang dicatat lagi.",
    "uq_household_member_one_card": "Orang dengan NIK ini sudah tercatat di satu KK. Tidak ada yang dicatat lagi. "
    "Keluarkan dulu dari KK yang lama bila ia pindah.",
    "uq_household_member_worker": "Pekerja ini sudah tercatat di satu KK. Tidak ada yang dicatat lagi.",
    "ck_household_member_died_after_birth": "Hari meninggal tidak boleh sebelum hari lahir. Tidak ada yang tersimpan.",
    "ck_life_event_corrected_by_another": "Pembetulan status hidup harus oleh orang kedua, bukan oleh yang mencatat "
    "kematiannya. Tidak ada yang berubah.",
    "uq_life_event_corrects_id": "Catatan kematian ini sudah dibetulkan. Tidak ada yang berubah.",
    "ck_worker_change_answered_by_another": "Perubahan dijawab oleh orang lain, bukan oleh yang memintanya. Tidak ada "
    "yang berubah.",
    "uq_worker_change_one_open": "Perubahan untuk isian ini sudah diminta dan menunggu jawaban. Tidak ada yang dicatat lagi.",
    "ck_contribution_rate_state_money_pays_in_full": "Iuran dari uang pemerintah tidak pernah mendapat keringanan PP "
    "50/2025. Tarif tidak disimpan.",
    "ck_contribution_rate_reduction_is_named": "Di bawah tarif penuh (JKK Rp10.000, JKM "
    "Rp6.800): sebut keringanannya. Tarif tidak disimpan.",
    "ck_contribution_rate_sum_of_parts": "Jumlah tarif harus sama dengan JKK ditambah JKM. Tarif tidak disimpan.",
    "ck_contribution_rate_ends_after_start": "Tarif harus berakhir sesudah mulai. Tarif tidak disimpan.",
    "ck_contribution_rate_from_first_of_month": "Tarif berlaku mulai tanggal 1. Tarif tidak disimpan.",
    "ck_contribution_rate_amount_in_bounds": "Tarif sebulan paling banyak Rp1.000.000. Tarif tidak disimpan.",
    "ck_contribution_rate_says_source": "Tulis dasar aturannya, paling sedikit 5 huruf. Tarif tidak disimpan.",
    "uq_contribution_payment_receipt": "Bukti bayar dengan nomor ini sudah dicatat. Tidak ada yang dicatat lagi.",
    "uq_payment_line_month_once": "Ada bulan yang baru saja dicatat dalam pembayaran lain. Tidak ada yang tersimpan. "
    "Muat ulang halaman ini, lalu periksa lagi.",
    "ck_contribution_payment_by_a_second_person": "Pembayaran dijawab oleh orang lain, bukan pencatatnya. Tidak ada "
    "yang berubah.",
    "ck_contribution_payment_difference_says_why": "Jumlahnya tidak sama dengan hitungan. Tulis sebabnya, paling "
    "sedikit 10 huruf. Tidak ada yang tersimpan.",
    "ck_contribution_payment_not_too_far_ahead": "Iuran dibayar di muka paling lama 12 bulan. Tidak ada yang tersimpan.",
    "ck_contribution_payment_refused_says_why": "Tulis alasannya, paling sedikit 10 huruf. Tidak ada yang berubah.",
    "ck_contribution_payment_reversed_says_why": "Tulis alasan pembatalan, paling sedikit 10 huruf. Tidak ada yang "
    "berubah.",
    "ck_payment_line_refused_says_why": "Tulis alasan untuk yang tidak diterima, paling sedikit 10 huruf. Tidak ada "
    "yang berubah.",
    "uq_registry_letter_said_once": "Surat yang sama sudah terbit. Tidak ada yang terbit lagi.",
    "ck_registry_letter_revoked_says_why": "Tulis alasan pencabutan, paling sedikit 10 huruf. Surat tidak dicabut.",
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
    "ck_claim_died_after_event": "Hari meninggal tidak boleh sebelum hari kejadian. Tidak ada yang tersimpan.",
    "uq_claim_one_accident_a_day": "Pekerja ini sudah punya kasus kecelakaan pada hari itu. Buka kasus itu; "
    "jangan membuat yang kedua.",
    "ck_accident_record_income_positive": "Penghasilan harus lebih dari nol. Tidak ada yang tersimpan.",
    "ex_care_period_no_day_twice": "Ada hari tidak bisa bekerja yang sudah dicatat. Satu hari dihitung satu kali; "
    "masa ini tidak disimpan. Periksa tanggalnya.",
    "ck_care_period_ends_after_start": "Hari terakhir tidak boleh sebelum hari pertama. Masa ini tidak disimpan.",
    "uq_cost_item_receipt_once": "Kuitansi ini sudah dicatat. Tidak ada yang dicatat lagi.",
    "ck_cost_item_amount_in_bounds": "Jumlah kuitansi harus di antara Rp1 dan Rp10.000.000.000. Kuitansi tidak disimpan.",
    "ck_cost_item_days_in_order": "Hari terakhir tidak boleh sebelum hari pertama. Kuitansi tidak disimpan.",
    "ck_cost_item_home_care_has_days": "Perawatan di rumah perlu hari pertama dan hari terakhir, dan hanya perawatan "
    "di rumah yang memakainya. Kuitansi tidak disimpan.",
    "ck_cost_item_transport_has_mode": "Ongkos angkut perlu jenis angkutannya (darat, laut, udara), dan hanya ongkos "
    "angkut yang memakainya. Kuitansi tidak disimpan.",
    "ck_cost_item_reference_price_positive": "Harga patokan harus lebih dari nol. Kuitansi tidak disimpan.",
    "ck_medical_certificate_certified_after": "Surat dokter tidak boleh bertanggal sebelum keadaan yang ditulisnya. "
    "Surat tidak disimpan.",
    "ck_certified_injury_loss_in_bounds": "Kehilangan fungsi ditulis di antara 0,1 % dan 100 %. Surat tidak disimpan.",
    "ck_certified_injury_set_in_bounds": "Persentase cacat ditulis di antara 0,1 % dan 100 %. Surat tidak disimpan.",
    "ck_certified_injury_units_in_bounds": "Jumlah ruas atau gigi ditulis di antara 1 dan 20. Surat tidak disimpan.",
    "ck_certified_injury_functional_has_loss": "Cacat fungsi perlu persentase kehilangan fungsinya. Surat tidak disimpan.",
    "fk_medical_opinion_duty_is_held": "Pendapat medis ditulis oleh orang yang belum memegang tugas lain pada kasus "
    "ini. Pendapat tidak disimpan.",
    "ck_medical_opinion_reason_given": "Tulis alasan pendapat medis, paling sedikit 10 huruf. Pendapat tidak disimpan.",
    "ck_conclusion_reason_given": "Tulis alasan kesimpulan, paling sedikit 10 huruf. Kesimpulan tidak disimpan.",
    "ck_conclusion_grounds_given": "Pilih paling sedikit satu dasar kesimpulan. Kesimpulan tidak disimpan.",
    "ck_line_adjustment_amount_in_bounds": "Jumlah harus di antara Rp0 dan Rp10.000.000.000. Penyesuaian tidak disimpan.",
    "ck_line_adjustment_reason_given": "Tulis alasan penyesuaian, paling sedikit 10 huruf. Penyesuaian tidak disimpan.",
    "ck_adjustment_word_by_a_second_person": "Penyesuaian dijawab oleh orang lain, bukan pengusulnya. Tidak ada yang "
    "berubah.",
    "pk_adjustment_word": "Penyesuaian ini sudah dijawab. Tidak ada yang berubah; muat ulang untuk melihat jawabannya.",
    "uq_scholarship_child_place": "Beasiswa hanya untuk dua anak, dan keduanya sudah dipilih keluarga. Tidak ada yang "
    "dibuka. Bila keluarga berganti pilihan, batalkan dulu salah satunya.",
    "uq_scholarship_child_once": "Beasiswa anak ini sudah dibuka. Tidak ada yang dibuka lagi.",
    "ck_scholarship_child_at_most_two": "Beasiswa hanya untuk dua anak. Tidak ada yang dibuka.",
    "ck_scholarship_child_choice_is_told": "Tulis siapa dari keluarga yang memilih anak ini. Tidak ada yang dibuka.",
    "uq_school_year_once": "Tahun ajaran ini sudah diajukan. Tidak ada yang diajukan lagi.",
    "ck_school_year_year_in_bounds": "Tahun ajaran ini tidak ada. Tidak ada yang tersimpan; periksa tahunnya.",
    "ck_payment_instruction_follows_settled": "Pembayaran berikutnya hanya menyusul yang sudah dipastikan terbayar, "
    "atas keputusan yang lebih baru. Perintah bayar tidak dibuat.",
    "ck_payment_instruction_first_or_follows": "Pembayaran kedua harus menyusul pembayaran pertama. Perintah bayar tidak "
    "dibuat.",
    "uq_payment_instruction_one_live_a_decision": "Keputusan ini sudah punya perintah bayar. Tidak ada yang dibuat lagi.",
    "uq_payment_instruction_one_live_follower": "Pembayaran ini sudah disusul yang lain. Tidak ada yang dibuat lagi.",
    "uq_slip_one_live_per_holder": "Slip untuk orang ini baru saja dibuat. Tidak ada slip lain yang dibuat.",
    "fk_slip_casefile_id_member_id": "Orang ini tidak ada dalam daftar keluarga kasus ini. Slip belum dibuat.",
    "uq_family_request_one_open": "Ini sudah diminta dan masih menunggu jawaban. Tidak ada yang diminta lagi.",
    "ck_paper_proposal_reason_given": "Tulis alasan untuk keluarga, paling sedikit 10 huruf. Usul tidak disimpan.",
    "ck_paper_word_by_a_second_person": "Usul dokumen dijawab oleh orang lain, bukan pengusulnya. Tidak ada yang "
    "berubah.",
    "ck_paper_word_note_given": "Tulis catatan jawaban, paling sedikit 10 huruf. Jawaban tidak disimpan.",
    "pk_paper_word": "Usul dokumen ini sudah dijawab. Tidak ada yang berubah; muat ulang untuk melihat jawabannya.",
    "pk_letter_answer": "Pertanyaan ini sudah dijawab nagari. Tidak ada yang berubah.",
    "ck_letter_check_numbered": "Tulis nomor surat, paling banyak 80 huruf. Belum ada yang terkirim.",
    "ck_letter_answer_says_what_differs": "Tulis apa yang berbeda, paling sedikit 10 huruf. Belum ada yang tersimpan.",
    "ck_letter_proof_reason_given": "Tulis bukti lain itu, paling sedikit 10 huruf. Belum ada yang tersimpan.",
    "pk_letter_proof_word": "Usul bukti ini sudah dijawab. Tidak ada yang berubah.",
    "ck_letter_proof_word_by_a_second_person": "Bukti lain diputuskan orang lain, bukan pengusulnya. Tidak ada yang "
    "berubah.",
    "ck_letter_proof_word_note_given": "Tulis alasan Anda, paling sedikit 10 huruf. Belum ada yang tersimpan.",
    "ck_assessment_sum_of_lines": "Jumlah rincian tidak sama dengan total. Perhitungan tidak disimpan.",
    "fk_letter_duty_is_held": "Surat penjelasan dibaca dan diterbitkan oleh orang kedua, bukan oleh yang memutuskan. "
    "Surat tidak terbit.",
    "ck_letter_refusal_read_by_another": "Surat penjelasan dibaca dan diterbitkan oleh orang kedua, bukan oleh yang "
    "memutuskan. Surat tidak terbit.",
    "fk_letter_states_the_decision": "Isi surat berbeda dari yang diputuskan. Surat tidak terbit.",
    "uq_letter_one_a_decision": "Keputusan ini sudah punya surat yang berlaku. Tidak ada yang terbit lagi.",
    "uq_letter_one_a_refusal": "Keputusan ini sudah punya surat yang berlaku. Tidak ada yang terbit lagi.",
    "uq_letter_one_invitation": "Kasus ini sudah punya undangan yang berlaku. Tidak ada yang terbit lagi.",
    "uq_letter_said_once": "Surat yang sama sudah terbit. Tidak ada yang terbit lagi.",
    "region_code_stays": "Kode wilayah tidak pernah berubah. Tidak ada yang tersimpan; tutup yang lama, buka yang baru.",
    "ck_region_code_of_its_kecamatan": "Kode nagari harus dimulai dengan kode kecamatannya. Belum tersimpan.",
    "ck_region_closed_after_opened": "Hari penutupan harus sesudah hari berdirinya. Belum tersimpan.",
    "uq_staff_proposal_open_username": "Akun ini sudah diusulkan dan masih menunggu jawaban. Tidak ada yang diusulkan lagi.",
    "uq_staff_proposal_open_role": "Peran ini sudah diusulkan dan masih menunggu jawaban. Tidak ada yang diusulkan lagi.",
    "ck_staff_proposal_answered_by_a_second_person": "Usul dijawab oleh orang lain, bukan pengusulnya. Tidak ada yang "
    "berubah.",
    "ck_letter_revoked_says_why": "Tulis alasan pencabutan, paling sedikit 10 huruf. Surat tidak dicabut.",
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
