"""What must hold for every accident and every scholarship, whatever was recorded in which order."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow.law.accident import Condition, CostKind, Side
from caseflow.law.dated import UNCHECKED
from caseflow.law.death import PaidBefore
from caseflow.law.heirs import rank_heirs
from caseflow.law.incapacity import Span, span_of
from caseflow.law.jkk import AccidentFacts, Cost, Incapacity, Injury, assess_accident
from caseflow.law.lateness import Lateness
from caseflow.law.numbers import NumberBook
from caseflow.law.relatives import Relation, Relative
from caseflow.law.scholarship import Award, Child, ScholarshipFacts, YearAsked, assess_scholarship
from caseflow.law.statement import Statement
from caseflow.law.tables import DisabilityRow

HAPPENED = date(2024, 3, 2)
ENDED = date(2027, 12, 31)
MADE_TO_MEASURE = ("prosthesis", "orthosis")
CAPS = {
    "transport_land": 5_000_000,
    "transport_sea": 2_000_000,
    "transport_air": 10_000_000,
    "home_care": 20_000_000,
    "denture": 5_000_000,
    "hearing_aid": 2_500_000,
    "glasses": 1_000_000,
}
sides: st.SearchStrategy[Side] = st.sampled_from(get_args(Side))


@st.composite
def periods(draw: st.DrawFn) -> tuple[Incapacity, ...]:
    """Some periods that do not overlap, some of them touching."""
    found = []
    day = HAPPENED
    for number in range(draw(st.integers(0, 4))):
        starts_on = day + timedelta(days=draw(st.integers(0, 40)))
        ends_on = starts_on + timedelta(days=draw(st.integers(0, 250)))
        found.append(Incapacity(starts_on, ends_on, f"surat {number}"))
        day = ends_on + timedelta(days=1)
    return tuple(found)


@st.composite
def injuries(draw: st.DrawFn, rows: list[DisabilityRow]) -> tuple[Injury, ...]:
    found = []
    for row in draw(st.lists(st.sampled_from(rows), min_size=1, max_size=4, unique_by=lambda row: row.code)):
        functional = row.measure not in ("range", "per_unit") and draw(st.booleans())
        side: Side | None = draw(sides) if row.measure in ("handed", "paired") else None
        found.append(
            Injury(
                row_code=row.code,
                side=side,
                kind="functional" if functional else "anatomical",
                loss_permille=draw(st.integers(1, 1000)) if functional else None,
                set_permille=draw(st.integers(100, 300)) if row.measure == "range" else None,
                units=draw(st.integers(1, 10)) if row.measure == "per_unit" else None,
                source="3b KK 3",
            )
        )
    return tuple(found)


@st.composite
def costs(draw: st.DrawFn) -> tuple[Cost, ...]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(get_args(CostKind)))
        found.append(
            Cost(
                kind=kind,
                amount_idr=draw(st.integers(1, 30_000_000)),
                spent_on=HAPPENED + timedelta(days=draw(st.integers(0, 300))),
                source=f"kuitansi {number}",
                mode=draw(st.sampled_from(["land", "sea", "air"])) if kind == "transport" else None,
                reference_price_idr=draw(st.integers(1, 20_000_000)) if kind in MADE_TO_MEASURE else None,
                starts_on=HAPPENED + timedelta(days=number) if kind == "home_care" else None,
                ends_on=HAPPENED + timedelta(days=number + 20) if kind == "home_care" else None,
            )
        )
    return tuple(found)


@st.composite
def accidents(draw: st.DrawFn, book: NumberBook) -> AccidentFacts:
    """Accidents with every fact established and without contradiction."""
    conditions: list[Condition] = [
        "recovered",
        "partial_anatomical",
        "total_permanent",
        "died",
        "still_treated",
    ]
    condition = draw(st.sampled_from(conditions))
    died = condition == "died"
    relations: list[Relation] = ["widow", "parent"]
    people = [
        Relative("p", "Orang", relation, alive=True)
        for relation in draw(st.sets(st.sampled_from(relations), max_size=1))
    ]
    paid = st.builds(
        PaidBefore,
        st.sampled_from(
            ["stmb_full", "death_grant", "disability_1", "disability_2", "glasses", "late_compensation"]
        ),
        st.integers(0, 20_000_000),
        st.sampled_from(["bukti 1", "bukti 2"]),
    )
    late = st.builds(Lateness, st.integers(1, 90), st.just(date(2026, 11, 11)), st.just(date(2026, 11, 2)))
    rows = list(book.tables.disability.values())
    return AccidentFacts(
        happened_on=HAPPENED,
        verdict="work",
        active="yes",
        active_because="Iuran lunas.",
        reported_income_idr=draw(st.integers(1, 25_000_000)),
        condition=condition,
        condition_on=ENDED,
        died_on=ENDED if died else None,
        incapacity=draw(periods()),
        injuries=draw(injuries(rows)) if condition == "partial_anatomical" else (),
        dominant_hand=draw(sides),
        costs=draw(costs()),
        heirs=rank_heirs(
            people, died_on=ENDED, decided_on=ENDED, list_is_complete=True, book=book, program="jkk"
        )
        if died
        else None,
        other_membership_funeral_paid=draw(st.booleans()),
        burial_arranged_by="Ketua jorong",
        already_paid=tuple(draw(st.lists(paid, max_size=3))),
        late=draw(st.none() | late),
    )


@given(data=st.data())
def test_every_statement_is_sound(data: st.DataObject, book: NumberBook) -> None:
    facts = data.draw(accidents(book))
    statement = assess_accident(facts, book)

    assert all(line.amount_idr >= 0 for line in statement.lines)
    assert statement.total_idr == sum(line.amount_idr for line in statement.lines)
    assert all(line.inputs and line.formula and line.article for line in statement.lines)
    assert all(line.amount_idr <= CAPS.get(line.code, line.amount_idr) for line in statement.lines)
    used = {number.name for number in statement.in_force}
    assert all(line.rule_version.split(" sejak ")[0] in used for line in statement.lines)
    assert statement.notes[0]
    if facts.condition != "died":
        assert {line.payable_to for line in statement.lines} <= {"participant"}


@given(data=st.data())
def test_nothing_unchecked_takes_part_in_silence(data: st.DataObject, book: NumberBook) -> None:
    statement = assess_accident(data.draw(accidents(book)), book)

    for number in statement.in_force:
        said = any(
            number.label in sentence and "belum terverifikasi" in sentence
            for sentence in statement.open_questions
        )
        assert said == (number.certainty in UNCHECKED)


@given(data=st.data())
def test_the_order_of_what_was_recorded_does_not_matter(data: st.DataObject, book: NumberBook) -> None:
    facts = data.draw(accidents(book))
    mixed = replace(
        facts,
        incapacity=tuple(data.draw(st.permutations(facts.incapacity))),
        injuries=tuple(data.draw(st.permutations(facts.injuries))),
        costs=tuple(data.draw(st.permutations(facts.costs))),
        already_paid=tuple(data.draw(st.permutations(facts.already_paid))),
    )
    statement = assess_accident(facts, book)
    stored = Statement.from_document(statement.to_document())

    assert stored == statement
    assert statement.canonical_bytes() == assess_accident(mixed, book).canonical_bytes()
    assert statement.digest() == stored.digest()


@settings(max_examples=200)
@given(data=st.data(), more_idr=st.integers(1, 10_000_000))
def test_a_higher_wage_never_means_less_money(data: st.DataObject, more_idr: int, book: NumberBook) -> None:
    facts = data.draw(accidents(book))
    higher = replace(facts, reported_income_idr=(facts.reported_income_idr or 0) + more_idr)

    assert assess_accident(higher, book).total_idr >= assess_accident(facts, book).total_idr


@given(data=st.data())
def test_one_more_injury_never_means_less_money_and_all_stay_under_the_limit(
    data: st.DataObject, book: NumberBook
) -> None:
    rows = list(book.tables.disability.values())
    many = data.draw(injuries(rows))
    facts = replace(
        data.draw(accidents(book)),
        condition="partial_anatomical",
        died_on=None,
        heirs=None,
        reported_income_idr=1_000_000,
        incapacity=(),
        costs=(),
        already_paid=(),
        late=None,
    )
    totals = [
        assess_accident(replace(facts, injuries=many[:count]), book).total_idr
        for count in range(1, len(many) + 1)
    ]

    assert all(earlier <= later <= 56_000_000 for earlier, later in pairwise([0, *totals]))


@given(found=periods(), cut=st.integers(1, 200))
def test_cutting_a_period_in_two_changes_nothing(found: tuple[Incapacity, ...], cut: int) -> None:
    whole = Incapacity(HAPPENED, HAPPENED + timedelta(days=cut + 30), "surat")
    middle = HAPPENED + timedelta(days=cut)
    halves = (Incapacity(HAPPENED, middle, "a"), replace(whole, starts_on=middle + timedelta(days=1)))

    assert span_of([whole], 30) == span_of(halves, 30)
    assert span_of(found, 30) == span_of(reversed(found), 30)
    assert span_of(found, 30).days < 30


@given(days=st.integers(0, 900))
def test_one_more_day_is_never_shorter(days: int) -> None:
    def span(length: int) -> Span:
        return span_of([Incapacity(HAPPENED, HAPPENED + timedelta(days=length), "surat")], 30)

    assert span(days + 1) >= span(days)


def test_an_open_period_is_never_counted() -> None:
    with pytest.raises(ValueError, match="open period"):
        span_of([Incapacity(HAPPENED, None, "surat")], 30)


@given(
    asked=st.lists(
        st.builds(
            YearAsked,
            st.integers(2019, 2028),
            st.sampled_from(["tk", "sd", "smp", "sma", "higher", "training"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda year: year.school_year,
    ),
    awarded=st.lists(
        st.builds(Award, st.integers(2019, 2028), st.sampled_from(["sd", "smp"]), st.just(1)), max_size=4
    ),
    born_on=st.dates(date(1998, 1, 1), date(2024, 1, 1)),
    data=st.data(),
)
def test_a_scholarship_is_sound_whatever_the_order(
    asked: list[YearAsked], awarded: list[Award], born_on: date, data: st.DataObject, book: NumberBook
) -> None:
    facts = ScholarshipFacts(
        origin="jkk_death",
        event_on=date(2022, 3, 1),
        applied_on=date(2026, 11, 20),
        child=Child("anak", born_on, married=False, employment="none"),
        chosen=True,
        years=tuple(asked),
        awarded=tuple(awarded),
    )
    mixed = replace(
        facts,
        years=tuple(data.draw(st.permutations(asked))),
        awarded=tuple(data.draw(st.permutations(awarded))),
    )
    statement = assess_scholarship(facts, book)
    paid = {int(line.code.removeprefix("scholarship_")) for line in statement.lines}

    assert statement.canonical_bytes() == assess_scholarship(mixed, book).canonical_bytes()
    assert not paid & {award.school_year for award in awarded}
    assert paid <= {2023, 2024, 2025, 2026}
    assert statement.total_idr <= 4 * 12_000_000
    assert len(paid) + len([note for note in statement.notes if note.startswith("Tahun ajaran")]) == len(
        asked
    )


def test_heirs_of_another_day_of_death_do_not_mix(book: NumberBook) -> None:
    heirs = rank_heirs([], died_on=ENDED, decided_on=ENDED, list_is_complete=True, book=book, program="jkk")

    assert heirs.article == "PP 44/2015 Pasal 37 ayat (5)"
    with pytest.raises(ValueError, match="another day"):
        AccidentFacts(HAPPENED, "work", "yes", "", 1_000_000, "died", died_on=HAPPENED, heirs=heirs)
