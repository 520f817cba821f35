"""The fixed questions of eligibility, one list a programme: the reasons for which claims really fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from caseflow.claims.models import Claim


@dataclass(frozen=True)
class Question:
    """One fixed question.

    :ivar needed: whether it must be answered before a benefit is computed or refused.
    :ivar good: the answer that lets the claim go on.
    :ivar read_by_law: the law code reads the answer and says itself what follows from another one.
    :ivar bars: another answer than ``good`` leaves only a refusal; ``False``: it is weighed by people.
    """

    code: str
    text: str
    help: str
    needed: bool = True
    good: str = "yes"
    read_by_law: bool = False
    bars: bool = True


_JKM = (
    Question(
        "active_on_event",
        "Apakah peserta aktif pada hari meninggal?",
        "Lihat kisi iuran. Bila sistem tidak bisa memastikan, keputusan Anda dicatat bersama alasannya.",
        read_by_law=True,
    ),
    Question(
        "three_months",
        "Apakah iuran sudah dibayar paling sedikit tiga bulan berturut-turut?",
        "Berlaku untuk BPU sejak Permenaker 1/2025. Bila belum: hanya biaya pemakaman.",
        read_by_law=True,
    ),
    Question(
        "age_at_registration",
        "Apakah usia saat didaftarkan memenuhi syarat (belum 65 tahun)?",
        "Bandingkan tanggal lahir di KTP dengan tanggal pendaftaran.",
    ),
    Question(
        "worked",
        "Apakah ia bekerja saat didaftarkan?",
        "Tanyakan kepada keluarga atau wali jorong. Bila ragu, lakukan cek kasus.",
    ),
    Question(
        "not_work_caused",
        "Apakah meninggal bukan karena kerja?",
        "Bila karena kerja, kasus ini bukan JKM melainkan JKK.",
        read_by_law=True,
    ),
    Question("no_duplicate", "Apakah tidak ada klaim lain untuk kematian ini?", "Cari NIK dan nama."),
    Question(
        "funeral_not_paid_elsewhere",
        "Apakah biaya pemakaman belum pernah dibayar dari kepesertaan lain?",
        "Biaya pemakaman dibayar satu kali.",
        read_by_law=True,
    ),
    Question(
        "scholarship",
        "Beasiswa: apakah ada anak yang mungkin berhak?",
        "Masa iur paling sedikit tiga tahun, usia anak di bawah 23 tahun.",
        needed=False,
    ),
)
_ACTIVE = Question(
    "active_on_event",
    "Apakah peserta aktif pada hari kejadian?",
    "Lihat kisi iuran. Bila sistem tidak bisa memastikan, keputusan Anda dicatat bersama alasannya.",
    read_by_law=True,
)
_JKK = (
    _ACTIVE,
    Question(
        "age_at_registration",
        "Apakah usia saat didaftarkan memenuhi syarat (belum 65 tahun)?",
        "Bandingkan tanggal lahir di KTP dengan tanggal pendaftaran.",
    ),
    Question(
        "registered_work",
        "Apakah pekerjaannya sama dengan pekerjaan yang didaftarkan?",
        "Tanyakan pekerjaan, tempat, dan jam kerjanya kepada wali jorong. Jawabannya dipakai saat menyimpulkan.",
        bars=False,
    ),
    Question(
        "reported_in_time",
        "Apakah laporan tahap I masuk dalam 2 × 24 jam?",
        "Terlambat hanya dicatat. Akibatnya bagi peserta mandiri tidak ditemukan dalam aturan.",
        needed=False,
    ),
    Question(
        "not_expired",
        "Apakah diajukan sebelum lewat lima tahun sejak kejadian?",
        "PP 82/2019 Pasal 26. Untuk penyakit akibat kerja dihitung sejak diagnosis.",
    ),
    Question(
        "no_duplicate",
        "Apakah tidak ada klaim lain untuk kejadian ini?",
        "Cari NIK dan nama. Biaya yang sudah diganti asuransi lain tidak diganti lagi.",
    ),
)
_JKK_DEATH = (
    *_JKK,
    Question(
        "funeral_not_paid_elsewhere",
        "Apakah biaya pemakaman belum pernah dibayar dari kepesertaan lain?",
        "Biaya pemakaman dibayar satu kali.",
        read_by_law=True,
    ),
    Question(
        "scholarship",
        "Beasiswa: apakah ada anak yang mungkin berhak?",
        "Untuk meninggal karena kecelakaan kerja tidak ada syarat masa iur. Usia anak di bawah 23 tahun.",
        needed=False,
    ),
)
_SCHOLARSHIP = (
    Question(
        "contributions_enough",
        "Apakah masa iuran cukup untuk beasiswa?",
        "JKM: paling sedikit tiga tahun. JKK: tidak ada syarat masa iuran.",
        read_by_law=True,
    ),
    Question(
        "child_of_worker",
        "Apakah ia anak pekerja menurut akta kelahiran?",
        "Bandingkan akta kelahiran dengan Kartu Keluarga.",
    ),
    Question(
        "unmarried",
        "Apakah anak belum menikah?",
        "Lihat Kartu Keluarga yang terbaru, tanyakan kepada keluarga.",
        read_by_law=True,
    ),
    Question(
        "not_working",
        "Apakah anak belum bekerja?",
        "Pengecualian Pasal 103 ayat (3a): magang, BPU, atau karyawan paling lama 6 bulan.",
        read_by_law=True,
    ),
)
QUESTIONS: Mapping[str, tuple[Question, ...]] = MappingProxyType(
    {"jkm": _JKM, "jkk": _JKK, "jkk_death": _JKK_DEATH, "scholarship": _SCHOLARSHIP}
)


def questions_of(claim: Claim) -> tuple[Question, ...]:
    """Return the questions that this claim has to answer."""
    died_at_work = claim.program == "jkk" and claim.died_on is not None
    return QUESTIONS["jkk_death" if died_at_work else claim.program]


def find_question(claim: Claim, code: str) -> Question | None:
    """Return one question of this claim, or ``None``."""
    return next((question for question in questions_of(claim) if question.code == code), None)
