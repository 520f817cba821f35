"""The fifteen questions of a visit, as data: the phone, the paper form, the page and the letters ask the same ones.

Nothing here ranks an answer. Not here: whether an answer can be used (``answers``) and where it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from caseflow.monitoring import models, visit_models
from caseflow.people import relations

VERSION = 1  # of the questions; a phone shows them as they were when it took its pack
MOST_BEANS = 4
LONGEST_NOTE = 600
MOST_PHOTOS = 4
LONGEST_LEVY_WORDS = 1500
# whom one can meet: the family, and the worker who lived
RELATIONS: Mapping[str, str] = relations.GIVERS


@dataclass(frozen=True)
class Choice:
    """One answer to choose: its name for ever, and the words people read."""

    code: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question.

    :ivar name: key of the answer; ``outcome``, ``photos`` and ``consent`` are of the visit itself, and ``received``
        is only shown.
    :ivar kind: outcome | people | shown | beans | one | children | levy | several | text | photos | consent | day.
    :ivar blocks: a visit is not finished without it.
    :ivar livelihood: asked from the 41st day on only.
    """

    number: int
    name: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    blocks: bool = False
    livelihood: bool = False


def _choices(codes: tuple[str, ...], labels: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(code, label) for code, label in zip(codes, labels, strict=True))


QUESTIONS: tuple[Question, ...] = (
    Question(
        1, "outcome", "Apakah keluarga bersedia dikunjungi hari ini?", "outcome", blocks=True,
        choices=_choices(
            models.OUTCOMES, ("Ya", "Lain waktu", "Tidak bersedia", "Pindah", "Tidak ditemukan")
        ),
    ),
    Question(
        2, "respondents", "Siapa yang ditemui?", "people", blocks=True,
        choices=tuple(Choice(code, label) for code, label in RELATIONS.items()),
    ),
    Question(3, "received", "Santunan yang diterima", "shown", hint="Tampil saja."),
    Question(
        4, "uses", "Uang itu dipakai untuk apa saja?", "beans", livelihood=True,
        hint="Boleh lebih dari satu; tidak ada jawaban salah. Bagi 4 butir menurut besarnya.",
        choices=_choices(visit_models.USES, (
            "Kebutuhan harian", "Sekolah anak", "Modal usaha", "Melunasi utang", "Menebus gadai sawah/ladang",
            "Biaya pemakaman & doa", "Badal umrah/ibadah", "Perbaikan rumah", "Tabungan/emas", "Berobat",
            "Diberikan kepada keluarga lain", "Belum dipakai", "Tidak ingin menjawab",
        )),
    ),
    Question(
        5, "livelihood_stage", "Apakah ada usaha dari santunan ini?", "one", livelihood=True,
        choices=_choices(
            visit_models.STAGES, ("Belum", "Direncanakan", "Mulai", "Berjalan", "Berkembang", "Berhenti")
        ),
    ),
    Question(
        6, "livelihood_type", "Usaha apa?", "one", livelihood=True,
        choices=_choices(visit_models.TYPES, (
            "Warung/dagang", "Ternak", "Tani/kebun", "Jahit/kerajinan", "Ojek/angkutan", "Makanan", "Jasa", "Lain",
        )),
    ),
    Question(
        7, "income_band", "Kira-kira penghasilan bersih per bulan dari usaha itu?", "one", livelihood=True,
        choices=_choices(visit_models.BANDS, (
            "Di bawah Rp500.000", "Rp500.000 sampai Rp1.000.000", "Rp1.000.000 sampai Rp2.000.000",
            "Di atas Rp2.000.000", "Tidak tahu",
        )),
    ),
    Question(
        8, "household_change", "Dibanding sebelum ditinggal, keadaan rumah tangga?", "one",
        choices=_choices(visit_models.CHANGES, ("Jauh lebih berat", "Lebih berat", "Sama", "Lebih ringan")),
    ),
    Question(9, "schooling", "Anak usia sekolah masih bersekolah?", "children"),
    Question(
        10, "levy_reported", "Apakah ada yang meminta uang dari santunan?", "levy",
        hint="Jawaban ini hanya dibaca pengawas, tidak tampil di catatan keluarga.",
        choices=(Choice("no", "Tidak"), Choice("yes", "Ya, ceritakan")),
    ),
    Question(
        11, "needs", "Bantuan apa yang dibutuhkan?", "several",
        choices=_choices(visit_models.NEEDS, (
            "Pelatihan", "Modal", "Akses bank", "Dokumen anak", "Beasiswa", "Kesehatan", "Dukungan batin", "Tidak ada",
        )),
    ),
    Question(12, "note", "Catatan petugas", "text", hint=f"Paling banyak {LONGEST_NOTE} huruf."),
    Question(
        13, "photos", "Foto usaha/keluarga (dengan izin)", "photos",
        hint=f"Boleh tidak ada, paling banyak {MOST_PHOTOS}. Tanya dulu, dan usahakan tanpa wajah.",
    ),
    Question(
        14, "consent", "Persetujuan & tanda tangan/centang saksi", "consent", blocks=True,
        hint="Bacakan dulu. Keluarga boleh menolak, dan itu tidak mengubah santunan.",
    ),
    Question(15, "next_due", "Kunjungan berikutnya", "day", hint="Usul saja; boleh kosong."),
)  # fmt: skip

# what else a visit may write: fields of it, not questions of their own
MORE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "stopped_why": "Sebab usaha berhenti",
        "contact_phone": "Nomor HP keluarga",
        "landmark": "Patokan rumah",
    }
)
# facts of the family, which outlive a visit
FACTS = ("contact_phone", "landmark")
# answers that the inspector alone reads again: on no other phone, and for nobody to choose between
FOR_INSPECTOR = ("levy_reported",)
LIVELIHOOD_FIELDS = ("uses", "livelihood_stage", "stopped_why", "livelihood_type", "income_band")
# what a visit may say when the family was not met, or said no
WITHOUT_MEETING = ("note", "next_due", *FACTS)
_OF_THE_VISIT = frozenset({"outcome", "received", "photos", "consent"})


@cache
def by_name() -> Mapping[str, Question]:
    """Return the questions by the names of their answers."""
    return {question.name: question for question in QUESTIONS}


@cache
def field_names() -> tuple[str, ...]:
    """Return every field that an answer may write, in the order of the form."""
    asked = tuple(question.name for question in QUESTIONS if question.name not in _OF_THE_VISIT)
    return (*asked, *MORE_FIELDS)


def field_label(field: str) -> str:
    """Return the words for a field, of a question or of the family."""
    question = by_name().get(field)
    return question.label if question is not None else MORE_FIELDS[field]


def choice_label(field: str, code: str) -> str:
    """Return the words for a chosen answer; :raises KeyError: no such choice."""
    return {one.code: one.label for one in by_name()[field].choices}[code]


def told() -> list[dict[str, Any]]:
    """Return the questions as the phone keeps them."""
    return [
        {
            "number": question.number,
            "name": question.name,
            "label": question.label,
            "kind": question.kind,
            "choices": [{"code": one.code, "label": one.label} for one in question.choices],
            "hint": question.hint,
            "blocks": question.blocks,
            "livelihood": question.livelihood,
        }
        for question in QUESTIONS
    ]
