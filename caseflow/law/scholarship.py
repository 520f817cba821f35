"""The children's scholarship: one child, one application, one line for each school year."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from caseflow.errors import NotPossible
from caseflow.formats import long_date, rupiah
from caseflow.law.dated import UNCHECKED, Number
from caseflow.law.headings import Heading, lines_of
from caseflow.law.numbers import NumberBook
from caseflow.law.outlook import Scholarship as Scholarship
from caseflow.law.outlook import scholarship_outlook as scholarship_outlook
from caseflow.law.pupil import (
    EMPLOYMENT_LABELS,
    first_day_of,
    level_of,
    missing_of,
    school_year_words,
    why_ended,
)
from caseflow.law.pupil import Award as Award
from caseflow.law.pupil import Child as Child
from caseflow.law.pupil import ChildrenChoice as ChildrenChoice
from caseflow.law.pupil import YearAsked as YearAsked
from caseflow.law.pupil import school_year_of as school_year_of
from caseflow.law.pupil import two_children as two_children
from caseflow.law.relatives import age_on
from caseflow.law.shown import unchecked
from caseflow.law.statement import Input, MissingInput, Statement
from caseflow.law.tables import Level

Origin = Literal["jkm", "jkk_death", "jkk_total_disability"]

_CASE_FILE = "berkas beasiswa"


@dataclass(frozen=True, slots=True)
class ScholarshipFacts:
    """Everything the law asks about one application; ``None`` and ``unknown`` mean that nobody has established it.

    :ivar event_on: day of the death (JKM), or of the accident or diagnosis (JKK); selects amounts and years.
    :ivar applied_on: day of the application; selects the conditions on the child and the arrears.
    :ivar paid_months_enough: for JKM, whether the contribution period opens the scholarship; an officer who decided an
        open case says ``yes`` or ``no`` and gives the reason in ``paid_months_sentence``.
    :ivar paid_months_sentence: that answer in a sentence without names.
    :ivar chosen: whether the family named this child among the children the law allows; ``None`` when it has not chosen.
    """

    origin: Origin
    event_on: date
    applied_on: date
    child: Child
    chosen: bool | None
    years: tuple[YearAsked, ...]
    paid_months_enough: Literal["yes", "no", "officer_decides"] = "officer_decides"
    paid_months_sentence: str = ""
    awarded: tuple[Award, ...] = ()


def assess_scholarship(facts: ScholarshipFacts, book: NumberBook) -> Statement:
    """Work out one line for each school year asked for.

    :raises MissingInput: a fact is not established; all missing ones are named at once.
    :raises NotPossible: one school year is asked for twice, or the application precedes the event.
    :raises NoNumber: no number is recorded for the day of the event.
    """
    closed = _closed(facts, book)
    if closed is not None:
        return _statement(facts, (), (closed,), book)
    lacking = _missing(facts)
    if lacking:
        raise MissingInput(lacking)
    _require_sound(facts)
    years = _Years(facts, book)
    headings = tuple(years.headings())
    count = len(headings)
    reason = (
        f"Beasiswa dapat dibayarkan untuk {count} tahun ajaran."
        if count
        else "Tidak ada tahun ajaran yang dapat dibayarkan dalam pengajuan ini."
    )
    return _statement(facts, headings, (reason, *years.notes), book)


def _statement(
    facts: ScholarshipFacts, headings: tuple[Heading, ...], notes: tuple[str, ...], book: NumberBook
) -> Statement:
    lines = tuple(lines_of(headings, (), book, payable_to="child"))
    numbers = {number for heading in headings for number in heading.numbers}
    total_idr = sum(line.amount_idr for line in lines)
    sentence = facts.paid_months_sentence.strip() if facts.origin == "jkm" else ""
    return Statement(
        program="scholarship",
        event_on=facts.event_on,
        outcome="payable" if total_idr else "not_payable",
        lines=lines,
        total_idr=total_idr,
        in_force=tuple(sorted(numbers, key=lambda number: number.name)),
        notes=(*notes, sentence) if sentence and sentence not in notes else notes,
        open_questions=tuple(_open_questions(facts, headings, numbers, book)),
    )


def _closed(facts: ScholarshipFacts, book: NumberBook) -> str | None:
    """Return why nothing can be paid at all, in kind words, whatever else is still unknown."""
    if facts.origin == "jkm" and facts.paid_months_enough == "no":
        return facts.paid_months_sentence.strip() or "Masa iuran belum cukup untuk beasiswa anak."
    if facts.chosen is False:
        most = book.on("scholarship_max_children", facts.event_on).value
        return f"Beasiswa diberikan kepada paling banyak {most} anak, dan keluarga memilih anak lain."
    return why_ended(facts.child, facts.applied_on, book)


def _missing(facts: ScholarshipFacts) -> list[str]:
    found = []
    if facts.origin == "jkm" and facts.paid_months_enough == "officer_decides":
        found.append("keputusan petugas atas masa iuran untuk beasiswa, beserta alasannya")
    if facts.origin == "jkm" and facts.paid_months_enough == "yes" and not facts.paid_months_sentence.strip():
        found.append("keterangan tentang masa iuran")
    found += missing_of(facts.child)
    if facts.chosen is None:
        found.append("pilihan keluarga: anak yang diajukan")
    if not facts.years:
        found.append("tahun ajaran yang diminta")
    found += [
        f"surat keterangan aktif sekolah {school_year_words(asked.school_year)}"
        for asked in sorted(facts.years, key=lambda asked: asked.school_year)
        if asked.study_proven is None
    ]
    return found


def _require_sound(facts: ScholarshipFacts) -> None:
    wrong = []
    if facts.applied_on < facts.event_on:
        wrong.append(
            f"Tanggal pengajuan ({long_date(facts.applied_on)}) mendahului hari kejadian ({long_date(facts.event_on)})."
        )
    if facts.child.born_on is not None and facts.child.born_on > facts.applied_on:
        wrong.append(f"Tanggal lahir anak ({long_date(facts.child.born_on)}) sesudah tanggal pengajuan.")
    asked = Counter(year.school_year for year in facts.years)
    wrong += [
        f"Tahun ajaran {school_year_words(year)} diminta {times} kali. Pilih satu."
        for year, times in sorted(asked.items())
        if times > 1
    ]
    if wrong:
        raise NotPossible([*wrong, "Perhitungan tidak dibuat."])


class _Years:
    """The school years of one application, judged one after another.

    :ivar notes: why a year is not paid, in kind words; filled by :meth:`headings`.
    """

    def __init__(self, facts: ScholarshipFacts, book: NumberBook) -> None:
        self.facts = facts
        self.book = book
        self.notes: list[str] = []
        self.paid_years = {award.school_year for award in facts.awarded}
        self.used: Counter[Level] = Counter(level_of(award.level) for award in facts.awarded)
        self.limit = book.on("scholarship_age_limit", facts.applied_on)
        self.arrears = book.on("scholarship_arrears_school_years", facts.applied_on)

    def headings(self) -> Iterator[Heading]:
        """Yield one heading for each year that is paid, the earliest first."""
        for asked in sorted(self.facts.years, key=lambda asked: asked.school_year):
            why_not = self._why_not(asked)
            if why_not is not None:
                self.notes.append(f"Tahun ajaran {school_year_words(asked.school_year)}: {why_not}")
                continue
            self.used[level_of(asked.level)] += 1
            yield self._heading(asked)

    def _why_not(self, asked: YearAsked) -> str | None:
        year, current = asked.school_year, school_year_of(self.facts.applied_on)
        most = self.book.tables.level(level_of(asked.level)).most_years(self.facts.event_on)
        label = self.book.tables.level(level_of(asked.level)).label
        reasons = (
            (year in self.paid_years, "beasiswanya sudah dibayar."),
            (year < school_year_of(self.facts.event_on), "sudah lewat sebelum hari kejadian."),
            (
                year > current,
                f"belum dimulai; Ibu/Bapak dapat mengajukan mulai {long_date(first_day_of(year))}.",
            ),
            (
                year < current - self.arrears.value,
                f"lewat dari {self.arrears.value} tahun ajaran sebelumnya, sehingga tidak dapat diminta lagi.",
            ),
            (asked.study_proven is False, "anak tidak terbukti bersekolah."),
            (
                self._age_on(first_day_of(year)) >= self.limit.value,
                f"anak sudah berumur {self.limit.value} tahun pada {long_date(first_day_of(year))}.",
            ),
            (
                self.used[level_of(asked.level)] >= most.value,
                f"beasiswa {label} sudah dipakai {most.value} tahun, yaitu yang paling banyak.",
            ),
        )
        return next((words for holds, words in reasons if holds), None)

    def _heading(self, asked: YearAsked) -> Heading:
        level = self.book.tables.level(level_of(asked.level))
        amount, most = level.amount(self.facts.event_on), level.most_years(self.facts.event_on)
        judged_on = first_day_of(asked.school_year)
        nth = self.used[level.code]
        late = asked.school_year < school_year_of(self.facts.applied_on)
        return Heading(
            f"scholarship_{asked.school_year}",
            f"Beasiswa {school_year_words(asked.school_year)}, {level.label}",
            amount.value,
            f"{rupiah(amount.value)} untuk satu tahun ajaran; tahun ke-{nth} dari paling banyak {most.value}",
            (amount, most, self.limit, *((self.arrears,) if late else ())),
            (
                Input(
                    f"Umur pada {long_date(judged_on)}", f"{self._age_on(judged_on)} tahun", "akta kelahiran"
                ),
                Input("Menikah", "tidak", _CASE_FILE),
                Input("Pekerjaan anak", EMPLOYMENT_LABELS[self.facts.child.employment], _CASE_FILE),
                Input("Aktif sekolah", "terbukti", "surat keterangan aktif sekolah"),
            ),
            doubts=("I",) if _too_old_later(self.facts, asked.school_year, self.limit.value) else (),
        )

    def _age_on(self, day: date) -> int:
        return age_on(self.facts.child.born_on or day, day)


def _too_old_later(facts: ScholarshipFacts, school_year: int, limit: int) -> bool:
    """Tell whether a child that was young enough on the first day of a school year no longer is by its last day, or by
    the day of the application: then the day on which age is judged decides."""
    born_on = facts.child.born_on
    last_day = first_day_of(school_year + 1) - timedelta(days=1)
    return born_on is not None and age_on(born_on, max(last_day, facts.applied_on)) >= limit


def _open_questions(
    facts: ScholarshipFacts, headings: Sequence[Heading], numbers: set[Number], book: NumberBook
) -> Iterator[str]:
    """Yield what the law leaves open here; for staff."""
    limit = book.on("scholarship_age_limit", facts.applied_on).value
    paid = {heading.code for heading in headings}
    for asked in sorted(facts.years, key=lambda asked: asked.school_year):
        if f"scholarship_{asked.school_year}" in paid and _too_old_later(facts, asked.school_year, limit):
            first = long_date(first_day_of(asked.school_year))
            yield (
                f"Umur dinilai pada {first}, hari pertama tahun ajaran (disimpulkan). Anak berumur {limit} tahun sebelum "
                "tahun ajaran itu berakhir atau sebelum pengajuan; hari penilaian belum ditemukan aturannya."
            )
    yield from _levels_backwards(facts, book)
    yield from _about_exception(facts, book)
    if facts.child.married and any(
        year.school_year < school_year_of(facts.applied_on) for year in facts.years
    ):
        yield "Apakah tahun ajaran sebelum anak menikah masih dapat diminta belum ditemukan aturannya."
    yield from (
        unchecked(number)
        for number in sorted(numbers, key=lambda number: number.name)
        if number.certainty in UNCHECKED
    )


def _levels_backwards(facts: ScholarshipFacts, book: NumberBook) -> Iterator[str]:
    order = list(book.tables.levels)
    steps = {(award.school_year, order.index(level_of(award.level))) for award in facts.awarded}
    steps |= {(asked.school_year, order.index(level_of(asked.level))) for asked in facts.years}
    highest = -1
    for year, place in sorted(steps):
        if place < highest:
            label = book.tables.level(order[place]).label
            yield (
                f"Jenjang {school_year_words(year)} ({label}) lebih rendah daripada sebelumnya. Periksa jenjangnya."
            )
        highest = max(highest, place)


def _about_exception(facts: ScholarshipFacts, book: NumberBook) -> Iterator[str]:
    if facts.child.employment in ("none", "unknown", "pu_longer"):
        return
    name = (
        "scholarship_pu_months"
        if facts.child.employment == "pu_up_to_6_months"
        else "scholarship_bpu_or_intern_allowed"
    )
    rule = book.on(name, facts.applied_on)
    if rule.value and book.on(name, facts.event_on) != rule:
        yield (
            f"Pengecualian {rule.article} berlaku sejak {long_date(rule.since)}, sesudah hari kejadian. Dipakai karena "
            "pengajuannya sesudah itu; apakah berlaku untuk kejadian lebih lama belum ditemukan aturannya."
        )
