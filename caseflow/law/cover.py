"""Was the worker covered on the day, and for how long? Reasoned from the ledger, month by month.

Where the law is silent (a death within the unpaid months, arrears paid after the death, how three months are
counted) this module never chooses: it works out every reading, and when they lead to different money the answer
is ``officer_decides``. The officer's choice is then a recorded :class:`CoverChoice` with a reason.

A worker who dies in a month whose contribution is not yet paid also falls to the officer: no rule on the running
month was found.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple, Self, get_args

from caseflow.errors import NotPossible
from caseflow.formats import long_date, month_year
from caseflow.law.ledger import PaidMonth as PaidMonth
from caseflow.law.ledger import by_month, first_of, month_number, paid_twice
from caseflow.law.ledger import grid as grid
from caseflow.law.numbers import NumberBook
from caseflow.law.outlook import Scholarship, scholarship_outlook
from caseflow.law.readings import Active, Count, Reading, Rule, read
from caseflow.law.statement import OUTCOME_LABELS, MissingInput, Outcome

Event = Literal["death", "accident"]
"""What happened on the day: the ledger is read the same way, the sentence on it is not."""


@dataclass(frozen=True, slots=True)
class CoverAnswer:
    """What the ledger says of the day of death.

    :ivar active: membership on that day.
    :ivar first_paid_month: first paid month of the present period of membership.
    :ivar last_paid_month: last month that was paid before the death and is not later than it.
    :ivar unpaid_months: whole months left unpaid between ``last_paid_month`` and the month of death.
    :ivar restarted_on: first month of the present period when an earlier period had lapsed, else ``None``.
    :ivar consecutive_months: paid months without a gap, up to ``last_paid_month``.
    :ivar counts: every way of counting the three-month rule, with its verdict.
    :ivar counts_agree: whether they lead to the same verdict.
    :ivar paid_after_death: months paid only after the death (arrears), shown and never silently counted.
    :ivar undated: paid months without a recorded day of payment.
    :ivar paid_ahead: months after the death that had been paid in advance.
    :ivar possible: every outcome that some reading supports, most favourable first.
    :ivar outcome: the only possible one, or ``officer_decides``.
    """

    died_on: date
    registered_on: date
    active: Active
    active_sentence: str
    first_paid_month: date | None
    last_paid_month: date | None
    unpaid_months: int
    restarted_on: date | None
    consecutive_months: int
    counts: tuple[Count, ...]
    counts_agree: bool
    paid_after_death: tuple[PaidMonth, ...]
    undated: tuple[PaidMonth, ...]
    paid_ahead: tuple[PaidMonth, ...]
    possible: tuple[Outcome, ...]
    outcome: Outcome | Literal["officer_decides"]
    questions: tuple[str, ...]
    notes: tuple[str, ...]
    scholarship: Scholarship


@dataclass(frozen=True, slots=True)
class CoverChoice:
    """What an officer decided where the law leaves it open.

    :ivar reason: in the officer's words; :ivar chosen_by: who, as the case history names them.
    """

    outcome: Outcome
    reason: str
    chosen_by: str


class _Told(NamedTuple):
    """How the sentence on cover speaks of the event."""

    event: str
    day: str
    month: str
    grace: str
    which: str


_TOLD: Mapping[Event, _Told] = MappingProxyType(
    {
        "death": _Told(
            "peserta meninggal",
            "hari meninggal",
            "bulan meninggalnya peserta",
            "Peserta meninggal dalam masa tenggang",
            "kematian",
        ),
        "accident": _Told(
            "kejadian",
            "hari kejadian",
            "bulan kejadian",
            "Kejadian dalam masa tenggang",
            "kejadian",
        ),
    }
)


def assess_cover(
    paid: Iterable[PaidMonth],
    *,
    registered_on: date | None,
    died_on: date,
    book: NumberBook,
    event: Event = "death",
) -> CoverAnswer:
    """Work out cover and the three-month rule for a BPU worker who died on ``died_on``.

    :param paid: the ledger in any order; months after the death and repeated months may occur.
    :param registered_on: day of the present registration.
    :param event: ``accident``: ``died_on`` is the day of an accident; only the sentence on cover tells of it.
    :raises MissingInput: the day of registration is not known.
    :raises NoNumber: no rule is recorded for the day of death.
    """
    if registered_on is None:
        raise MissingInput(["tanggal pendaftaran peserta"])
    rows = tuple(paid)
    rule = Rule.on(died_on, book)
    ledger = by_month(rows)
    death = month_number(died_on)
    sides = _Sides.of(ledger, died_on)
    readings = [
        read(sorted({*sides.certain, *more}), registered_on, died_on, rule)
        for more in ((), sides.undated, sides.after, (*sides.undated, *sides.after))
    ]
    sure = readings[0]
    possible = _possible(readings, sides, registered_on, died_on)
    active = _active(possible)
    return CoverAnswer(
        died_on=died_on,
        registered_on=registered_on,
        active=active,
        active_sentence=_active_sentence(sure, active, registered_on, died_on, rule, _TOLD[event]),
        first_paid_month=_month(sure.period_start),
        last_paid_month=_month(sure.last),
        unpaid_months=sure.unpaid,
        restarted_on=_month(sure.period_start) if sure.restarted else None,
        consecutive_months=sure.run,
        counts=sure.counts,
        counts_agree=len({count.met for count in sure.counts}) == 1,
        paid_after_death=tuple(ledger[number] for number in sides.after),
        undated=tuple(ledger[number] for number in sides.undated),
        paid_ahead=tuple(entry for number, entry in ledger.items() if number > death),
        possible=possible,
        outcome=possible[0] if len(possible) == 1 else "officer_decides",
        questions=tuple(_questions(readings, ledger, sides, registered_on, died_on)),
        notes=tuple(_notes(sure, rows, died_on)),
        scholarship=scholarship_outlook(
            sorted({*sides.certain, *sides.undated}), readings[1].run, rule.scholarship
        ),
    )


def settle(answer: CoverAnswer, choice: CoverChoice | None) -> Outcome:
    """Return the outcome to calculate with: the only possible one, or the officer's recorded choice.

    :raises MissingInput: the law leaves it open and no choice, or no reason, is recorded.
    :raises NotPossible: the choice contradicts what the ledger settles.
    """
    if choice is None:
        if answer.outcome == "officer_decides":
            raise MissingInput(
                [f"keputusan petugas atas kepesertaan ({_words(answer.possible)}) beserta alasannya"]
            )
        return answer.outcome
    if choice.outcome not in answer.possible:
        raise NotPossible(
            f"Pilihan “{OUTCOME_LABELS[choice.outcome]}” tidak cocok dengan catatan iuran, yang hanya mendukung "
            f"{_words(answer.possible)}. Perhitungan tidak dibuat. Perbaiki pilihan atau catatan iurannya."
        )
    if not choice.reason.strip() or not choice.chosen_by.strip():
        raise MissingInput(["alasan tertulis dan nama petugas atas pilihan kepesertaan"])
    return choice.outcome


@dataclass(frozen=True, slots=True)
class _Sides:
    """The paid months up to the death, by how sure it is that the money came in time; month numbers, rising."""

    certain: tuple[int, ...]
    after: tuple[int, ...]
    undated: tuple[int, ...]

    @classmethod
    def of(cls, ledger: Mapping[int, PaidMonth], died_on: date) -> Self:
        certain: list[int] = []
        after: list[int] = []
        undated: list[int] = []
        for number, entry in ledger.items():
            if number > month_number(died_on):
                continue
            side = undated if entry.paid_on is None else certain if entry.paid_on <= died_on else after
            side.append(number)
        return cls(tuple(certain), tuple(after), tuple(undated))


def _possible(
    readings: Sequence[Reading], sides: _Sides, registered_on: date, died_on: date
) -> tuple[Outcome, ...]:
    outcomes = frozenset[Outcome]().union(*(reading.possible for reading in readings))
    if registered_on > died_on:
        # payments that all came after the death cannot make a member of somebody registered after it
        member_before = sides.certain or sides.undated
        outcomes = outcomes | {"not_payable"} if member_before else frozenset({"not_payable"})
    return tuple(outcome for outcome in get_args(Outcome) if outcome in outcomes)


def _active(possible: Sequence[Outcome]) -> Active:
    if "not_payable" not in possible:
        return "yes"
    return "no" if len(possible) == 1 else "officer_decides"


def _month(number: int | None) -> date | None:
    return None if number is None else first_of(number)


def _active_sentence(
    sure: Reading, active: Active, registered_on: date, died_on: date, rule: Rule, told: _Told
) -> str:
    doubt = (
        "" if active == "no" else " Ada iuran yang waktu bayarnya diragukan, jadi petugas yang memutuskan."
    )
    if sure.last is None:
        return f"Tidak ada iuran yang tercatat dibayar sebelum {told.event}.{doubt}"
    last = month_year(first_of(sure.last))
    if registered_on > died_on:
        return (
            f"Iuran terakhir tercatat untuk {last}, tetapi pendaftaran baru tercatat {long_date(registered_on)}, "
            f"sesudah {told.day}. Petugas yang memutuskan."
        )
    if sure.active == "yes":
        return f"Aktif: iuran {last}, {told.month}, dibayar sebelum {told.event}."
    if sure.active == "no":
        return (
            f"Tidak aktif: iuran terakhir untuk {last}. Sesudah itu {sure.unpaid} bulan penuh tidak dibayar, lebih "
            f"dari {rule.grace.value} bulan, sehingga kepesertaan berhenti.{doubt}"
        )
    if sure.unpaid == 0:
        return (
            f"Iuran {month_year(died_on)} belum dibayar pada {told.day}; iuran {last} sudah. Aturan untuk "
            "bulan yang sedang berjalan belum ditemukan, jadi petugas yang memutuskan."
        )
    return (
        f"{told.grace}: iuran terakhir untuk {last}, sesudah itu {sure.unpaid} bulan penuh "
        f"belum dibayar (paling banyak {rule.grace.value}). Apakah {told.which} dalam masa ini dijamin belum ditemukan "
        "aturannya, jadi petugas yang memutuskan."
    )


def _questions(
    readings: Sequence[Reading],
    ledger: Mapping[int, PaidMonth],
    sides: _Sides,
    registered_on: date,
    died_on: date,
) -> Iterator[str]:
    sure, with_undated, with_after, _ = readings
    if sure.active == "officer_decides":
        yield "Belum diatur: kematian ketika iuran belum dibayar tetapi kepesertaan belum berhenti."
    if sides.after:
        yield (
            f"Iuran {_months(sides.after)} baru dibayar sesudah peserta meninggal. Apakah dihitung belum diatur. "
            f"Tanpa iuran itu: {_words(sure.possible)}; dengan iuran itu: {_words(with_after.possible)}."
        )
    if sides.undated:
        yield (
            f"Tanggal bayar iuran {_months(sides.undated)} tidak tercatat. "
            f"Tanpa iuran itu: {_words(sure.possible)}; dengan iuran itu: {_words(with_undated.possible)}."
        )
    if len({count.met for count in sure.counts}) > 1:
        counted = " ".join(count.sentence[0].upper() + count.sentence[1:] for count in sure.counts)
        yield f"Cara menghitung syarat tiga bulan memberi hasil yang berbeda. {counted}"
    if registered_on > died_on:
        yield f"Tanggal pendaftaran ({long_date(registered_on)}) sesudah hari meninggal ({long_date(died_on)})."
    if len({ledger[number].funding_source for number in sides.certain}) > 1:
        yield "Iuran dibayar dari beberapa sumber dana. Aturan tentang pergantian sumber dana belum ditemukan."


def _notes(sure: Reading, rows: Sequence[PaidMonth], died_on: date) -> Iterator[str]:
    if sure.restarted and sure.period_start is not None:
        yield (
            "Kepesertaan pernah berhenti karena iuran tidak dibayar. Hitungan dimulai lagi pada "
            f"{month_year(first_of(sure.period_start))}."
        )
    ahead = sorted(
        {month_number(row.month) for row in rows if month_number(row.month) > month_number(died_on)}
    )
    if ahead:
        yield f"Iuran {_months(ahead)} dibayar di muka dan tidak dihitung, karena peserta meninggal lebih dahulu."
    twice = paid_twice(rows)
    if twice:
        yield f"Iuran {_months([month_number(month) for month in twice])} tercatat dibayar dua kali; dihitung sekali."


def _words(outcomes: Collection[Outcome]) -> str:
    return " atau ".join(OUTCOME_LABELS[outcome] for outcome in get_args(Outcome) if outcome in outcomes)


def _months(numbers: Sequence[int]) -> str:
    """Write rising month numbers as words, a long unbroken row as its two ends."""
    first, last = first_of(numbers[0]), first_of(numbers[-1])
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{month_year(first)} s.d. {month_year(last)}"
    return ", ".join(month_year(first_of(number)) for number in numbers)
