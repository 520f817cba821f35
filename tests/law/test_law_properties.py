"""What must hold for every death, whatever the ledger and the family look like."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow.law.cover import CoverAnswer, CoverChoice, PaidMonth, assess_cover
from caseflow.law.heirs import rank_heirs
from caseflow.law.jkm import DeathFacts, PaidBefore, assess_death
from caseflow.law.ledger import first_of, month_number
from caseflow.law.numbers import NumberBook
from caseflow.law.relatives import Relation, Relative
from caseflow.law.statement import Input, Line, MissingInput, Outcome, Statement

WORTH: dict[Outcome, int] = {"full": 42_000_000, "funeral_only": 10_000_000, "not_payable": 0}
MOST_IDR = 42_000_000

deaths = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def ledgers(draw: st.DrawFn, died_on: date) -> list[PaidMonth]:
    """Some of the 48 months around a death, each paid early, in time, late, after the death, or on no known day."""
    death = month_number(died_on)
    numbers = draw(st.lists(st.integers(death - 44, death + 3), max_size=30))
    days = st.one_of(st.none(), st.integers(-40, 200))
    sources = st.sampled_from(["APBD Kabupaten", "APB Nagari", "mandiri"])
    return [
        PaidMonth(
            month := first_of(number),
            None if (shift := draw(days)) is None else month + timedelta(days=shift),
            draw(sources),
        )
        for number in numbers
    ]


@st.composite
def relatives(draw: st.DrawFn) -> list[Relative]:
    relations = draw(st.lists(st.sampled_from(get_args(Relation)), max_size=6))
    born = st.dates(date(1930, 1, 1), date(2023, 12, 31))
    return [
        Relative(
            ref=f"p{place}",
            name=f"Orang {place}",
            relation=relation,
            alive=draw(st.booleans()),
            born_on=draw(born),
            died_on=draw(st.none() | deaths),
            documented=draw(st.sampled_from([None, True, False])),
            other_parent_ref=draw(st.none() | st.sampled_from([f"p{i}" for i in range(6)])),
        )
        for place, relation in enumerate(relations)
    ]


@st.composite
def deaths_with_all_facts(draw: st.DrawFn, book: NumberBook) -> DeathFacts:
    died_on = draw(deaths)
    registered_on = died_on - timedelta(days=draw(st.integers(-20, 1400)))
    cover = assess_cover(draw(ledgers(died_on)), registered_on=registered_on, died_on=died_on, book=book)
    heirs = rank_heirs(
        draw(relatives()),
        died_on=died_on,
        decided_on=died_on + timedelta(days=draw(st.integers(0, 400))),
        list_is_complete=True,
        book=book,
    )
    paid = st.builds(
        PaidBefore,
        st.sampled_from(["death_grant", "periodic_benefit", "funeral_cost"]),
        st.integers(0, 30_000_000),
        st.sampled_from(["bukti 1", "bukti 2"]),
    )
    return DeathFacts(
        died_on=died_on,
        work_caused=draw(st.sampled_from(["no", "no", "no", "yes"])),
        cover=cover,
        heirs=heirs,
        other_membership_funeral_paid=draw(st.booleans()),
        cover_choice=choice_of(draw(st.sampled_from(cover.possible)), cover),
        burial_arranged_by="Ketua jorong",
        already_paid=tuple(draw(st.lists(paid, max_size=3))),
    )


def choice_of(outcome: Outcome, cover: CoverAnswer) -> CoverChoice | None:
    return CoverChoice(outcome, "Alasan tertulis", "Dedi") if cover.outcome == "officer_decides" else None


@given(data=st.data())
def test_every_statement_is_sound(data: st.DataObject, book: NumberBook) -> None:
    facts = data.draw(deaths_with_all_facts(book))
    statement = assess_death(facts, book)

    assert all(line.amount_idr >= 0 for line in statement.lines)
    assert statement.total_idr == sum(line.amount_idr for line in statement.lines) <= MOST_IDR
    assert all(line.inputs and line.formula and line.article for line in statement.lines)
    used = {number.name for number in statement.in_force}
    assert all(line.rule_version.split(" sejak ")[0] in used for line in statement.lines)
    assert statement.notes[0]
    if facts.work_caused == "yes":
        assert statement.outcome == "not_payable"
    if facts.heirs.no_heir:
        assert statement.total_idr <= WORTH["funeral_only"]
        assert {line.payable_to for line in statement.lines} <= {"burial_arranger"}


@given(data=st.data())
def test_the_same_facts_give_the_same_bytes_and_survive_storage(
    data: st.DataObject, book: NumberBook
) -> None:
    facts = data.draw(deaths_with_all_facts(book))
    statement = assess_death(facts, book)
    again = assess_death(replace(facts, already_paid=facts.already_paid[::-1]), book)
    stored = Statement.from_document(statement.to_document())

    assert stored == statement
    assert statement.canonical_bytes() == again.canonical_bytes() == stored.canonical_bytes()
    assert statement.digest() == stored.digest()


@given(data=st.data())
def test_the_order_of_the_input_does_not_matter(data: st.DataObject, book: NumberBook) -> None:
    died_on = data.draw(deaths)
    paid, people = data.draw(ledgers(died_on)), data.draw(relatives())
    mixed_paid, mixed_people = data.draw(st.permutations(paid)), data.draw(st.permutations(people))

    def cover(rows: Sequence[PaidMonth]) -> CoverAnswer:
        return assess_cover(rows, registered_on=date(2025, 1, 15), died_on=died_on, book=book)

    assert cover(paid) == cover(mixed_paid)
    assert rank_heirs(
        people, died_on=died_on, decided_on=died_on, list_is_complete=True, book=book
    ) == rank_heirs(mixed_people, died_on=died_on, decided_on=died_on, list_is_complete=True, book=book)


@settings(max_examples=400)
@given(data=st.data())
def test_one_more_paid_month_never_means_less_money(data: st.DataObject, book: NumberBook) -> None:
    died_on = data.draw(deaths)
    registered_on = died_on - timedelta(days=data.draw(st.integers(-20, 1400)))
    paid = data.draw(ledgers(died_on))
    death = month_number(died_on)
    month = first_of(data.draw(st.integers(death - 44, death + 3)))
    more = PaidMonth(
        month, data.draw(st.none() | st.just(month) | st.just(died_on + timedelta(days=3))), "mandiri"
    )

    before = assess_cover(paid, registered_on=registered_on, died_on=died_on, book=book).possible
    after = assess_cover([*paid, more], registered_on=registered_on, died_on=died_on, book=book).possible

    assert max(WORTH[outcome] for outcome in after) >= max(WORTH[outcome] for outcome in before)
    assert min(WORTH[outcome] for outcome in after) >= min(WORTH[outcome] for outcome in before)


@given(data=st.data())
def test_only_one_group_receives_and_all_of_it_is_alive(data: st.DataObject, book: NumberBook) -> None:
    people = data.draw(relatives())
    found = rank_heirs(
        people, died_on=date(2026, 1, 1), decided_on=date(2026, 1, 2), list_is_complete=True, book=book
    )
    by_ref = {person.ref: person for person in people}

    assert found.no_heir == (not found.entitled) == (found.rank == "none")
    assert all(by_ref[ref].alive for ref in found.entitled)
    assert {*found.entitled} | {other.ref for other in found.others} == set(by_ref)
    assert not {by_ref[ref].relation for ref in found.entitled} & {
        "mamak",
        "kemenakan",
        "child_in_law",
        "other",
    }
    assert {minor.ref for minor in found.minors} <= set(found.entitled)


def test_an_open_question_is_never_decided_by_itself(book: NumberBook) -> None:
    died_on = date(2026, 11, 10)
    ledger = [PaidMonth(first_of(month_number(died_on) - 2), date(2026, 9, 1), "mandiri")]
    cover = assess_cover(ledger, registered_on=date(2026, 9, 1), died_on=died_on, book=book)
    heirs = rank_heirs([], died_on=died_on, decided_on=died_on, list_is_complete=False, book=book)
    facts = DeathFacts(died_on, "unknown", cover, heirs, None)

    with pytest.raises(MissingInput) as refusal:
        assess_death(facts, book)

    assert len(refusal.value.names) == 4
    assert refusal.value.sentence.startswith("Perhitungan belum dibuat. Yang belum ada: sebab meninggal")


def test_facts_of_two_different_days_do_not_mix(book: NumberBook) -> None:
    died_on = date(2026, 11, 10)
    cover = assess_cover([], registered_on=died_on, died_on=died_on, book=book)
    heirs = rank_heirs([], died_on=date(2026, 11, 11), decided_on=died_on, list_is_complete=True, book=book)

    with pytest.raises(ValueError, match="another day"):
        DeathFacts(died_on, "no", cover, heirs, other_membership_funeral_paid=False)


def line(code: str = "funeral_cost", amount_idr: int = 10) -> Line:
    return Line(
        code, "x", amount_idr, "tetap", (Input("a", "b", "c"),), "Pasal 34", "V2", "x sejak 2019-12-02"
    )


def test_a_statement_refuses_to_be_unsound() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(ValueError, match="negative"):
        line(amount_idr=-1)
    with pytest.raises(ValueError, match="not the sum"):
        Statement("jkm", day, "funeral_only", (line(),), 11, ())
    with pytest.raises(ValueError, match="twice"):
        Statement("jkm", day, "funeral_only", (line(), line()), 20, ())
    with pytest.raises(ValueError, match="not payable"):
        Statement("jkm", day, "not_payable", (line(),), 10, ())
    with pytest.raises(ValueError, match="negative"):
        PaidBefore("funeral_cost", -1, "bukti")


def test_a_foreign_document_is_refused() -> None:
    good = Statement("jkm", date(2026, 1, 1), "funeral_only", (line(),), 10, ()).to_document()

    with pytest.raises(ValueError, match="schema"):
        Statement.from_document({**good, "schema": 3})
    with pytest.raises(ValueError, match="not a statement"):
        Statement.from_document({key: value for key, value in good.items() if key != "lines"})
    with pytest.raises(ValueError, match="not the sum"):
        Statement.from_document({**good, "total_idr": 42_000_000})


def test_the_canonical_form_is_plain(book: NumberBook) -> None:
    statement = Statement("jkm", date(2026, 1, 1), "not_payable", (), 0, (), ("Rp10.000.000 – “ya”",))

    assert statement.canonical_bytes().decode() == (
        '{"event_on":"2026-01-01","in_force":[],"lines":[],"notes":["Rp10.000.000 – “ya”"],"open_questions":[],'
        '"outcome":"not_payable","program":"jkm","schema":2,"total_idr":0}'
    )
