"""“Apakah keluarga kami berhak?”: five short questions, no personal data, nothing stored.

A careful answer for a family that does not know where to begin. It promises nothing and sends nobody away: who is
entitled is found out by an officer (``law``), and everybody may report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.formats import rupiah
from caseflow.law.numbers import NumberBook
from caseflow.web.forms import BaseForm
from caseflow.web.public import public
from caseflow.web.security import requires

UNKNOWN = "tidak_tahu"
_DO_NOT_KNOW = (UNKNOWN, "Tidak tahu")
WHAT = (
    ("meninggal", "Pekerja meninggal"),
    ("kecelakaan", "Pekerja celaka saat atau karena bekerja"),
    ("penyakit", "Pekerja sakit karena pekerjaannya"),
    _DO_NOT_KNOW,
)
REGISTERED = (("ya", "Ya"), ("tidak", "Tidak pernah"), _DO_NOT_KNOW)
PAID = (("ya", "Ya, sampai bulan kejadian"), ("putus", "Pernah terputus"), _DO_NOT_KNOW)
_DEATH = frozenset({"meninggal", UNKNOWN})
_HURT = frozenset({"kecelakaan", "penyakit"})


class EntitledForm(BaseForm):
    """Five questions; what is left open counts as not known, and so does what nobody could choose."""

    apa = RadioField("Apa yang terjadi?", choices=WHAT, validate_choice=False)
    terdaftar = RadioField(
        "Apakah pekerja terdaftar di BPJS Ketenagakerjaan?", choices=REGISTERED, validate_choice=False
    )
    iuran = RadioField("Apakah iurannya dibayar?", choices=PAID, validate_choice=False)
    lama = RadioField("Berapa lama iurannya dibayar sebelum kejadian?", validate_choice=False)
    kapan = RadioField("Kapan kejadiannya?", validate_choice=False)

    def __init__(self, book: NumberBook, today: date, **given: object) -> None:
        super().__init__(**given)
        months, years = _months(book, today), _years(book, today)
        self.lama.choices = [
            ("kurang", f"Kurang dari {months} bulan"),
            ("cukup", f"{months} bulan atau lebih"),
            _DO_NOT_KNOW,
        ]
        self.kapan.choices = [
            ("baru", f"Kurang dari {years} tahun lalu"),
            ("lama", f"Lebih dari {years} tahun lalu"),
            _DO_NOT_KNOW,
        ]

    def answers(self) -> Mapping[str, str]:
        """Return one answer to each question."""
        fields = (self.apa, self.terdaftar, self.iuran, self.lama, self.kapan)
        return {
            field.name: field.data if field.data in {one[0] for one in field.iter_choices()} else UNKNOWN
            for field in fields
        }


@dataclass(frozen=True)
class Advice:
    """What the answers mean, carefully.

    :ivar verdict: one sentence; :ivar because: sentences beside it; :ivar amounts: what may be paid, in words.
    :ivar basis: articles of the figures shown.
    """

    verdict: str
    because: Sequence[str]
    amounts: Sequence[tuple[str, str]]
    basis: Sequence[str]


@public.get("/berhak")
@requires("public.read")
def entitled() -> ResponseReturnValue:
    """Ask, and answer on the same page; the answers stand in its address and nowhere else."""
    book, today = numbers(), clock.today()
    form = EntitledForm(book, today, formdata=request.args or None)
    found = advice(form.answers(), book, today) if request.args else None
    return render_template("public/entitled.html", form=form, advice=found)


def advice(answers: Mapping[str, str], book: NumberBook, today: date) -> Advice:
    """Return what a family with these answers may expect; no answer ends in “tidak berhak”."""
    what = answers["apa"]
    amounts, basis = _amounts(answers, book, today)
    return Advice(
        verdict=_verdict(answers),
        because=[*_about_cover(answers, book, today), *_about_time(what, answers["kapan"], book, today)],
        amounts=amounts,
        basis=basis,
    )


def _verdict(answers: Mapping[str, str]) -> str:
    if answers["terdaftar"] == "tidak":
        return "Belum pasti. Santunan ini untuk pekerja yang terdaftar."
    if answers["apa"] == UNKNOWN:
        return "Mungkin berhak. Petugas membantu mencari tahu apa yang terjadi."
    return "Mungkin berhak."


def _about_cover(answers: Mapping[str, str], book: NumberBook, today: date) -> list[str]:
    found = []
    if answers["terdaftar"] == "tidak":
        found.append("Nagari atau kabupaten kadang mendaftarkan pekerja tanpa keluarganya tahu.")
    elif answers["terdaftar"] == UNKNOWN:
        found.append("Tidak perlu mencari kartunya dulu. Petugas memeriksa dengan nama atau NIK.")
    if answers["iuran"] == "putus":
        grace = book.on("grace_months", today).value
        found.append(f"Iuran terputus paling lama {grace} bulan belum tentu menghentikan kepesertaan.")
    if answers["apa"] in _DEATH and answers["lama"] == "kurang":
        found.append("Karena iurannya baru sebentar, mungkin hanya biaya pemakaman yang dibayar.")
    return found


def _about_time(what: str, when: str, book: NumberBook, today: date) -> list[str]:
    found = []
    if what in _HURT:
        hours = book.on("jkk_report_hours", today).value
        found.append(f"Kecelakaan dilaporkan paling lambat {hours} jam. Lewat pun tetap kami terima.")
    if when == "lama":
        found.append("Kejadiannya sudah lama. Petugas memeriksa apakah haknya masih berlaku.")
    return found


def _amounts(
    answers: Mapping[str, str], book: NumberBook, today: date
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what may be paid; of an accident no sum, for it depends on the wage; nothing where no cover is known."""
    if answers["terdaftar"] == "tidak":
        return [], []
    if answers["apa"] in _HURT:
        care = book.on("jkk_treatment_percent", today)
        return [
            ("Biaya berobat", "ditanggung sesuai aturan"),
            ("Pengganti penghasilan selama belum bisa bekerja", "menurut penghasilan"),
            ("Santunan cacat", "menurut surat dokter"),
        ], [care.article]
    grant, monthly, months, funeral = (
        book.on(name, today)
        for name in ("jkm_death_grant", "jkm_periodic_monthly", "jkm_periodic_months", "jkm_funeral")
    )
    if answers["lama"] == "kurang":
        return [(funeral.label, rupiah(funeral.value))], [funeral.article]
    periodic = monthly.value * months.value
    total = grant.value + periodic + funeral.value
    return [
        (grant.label, rupiah(grant.value)),
        (f"Santunan berkala {months.value} bulan, dibayar sekaligus", rupiah(periodic)),
        (funeral.label, rupiah(funeral.value)),
        ("Jumlahnya", rupiah(total)),
    ], list(dict.fromkeys(number.article for number in (grant, monthly, funeral)))


def _months(book: NumberBook, today: date) -> int:
    return book.on("jkm_min_consecutive_months", today).value


def _years(book: NumberBook, today: date) -> int:
    return book.on("jkk_claim_years", today).value
