"""The order of heirs, beyond the situations of tests/cases/jkm.yaml."""

from dataclasses import replace
from datetime import date

import pytest

from caseflow.law.heirs import HeirRanking, rank_heirs
from caseflow.law.numbers import NumberBook
from caseflow.law.relatives import Relation, Relative, age_on

DIED, DECIDED = date(2026, 11, 17), date(2026, 11, 20)
GROWN = date(1980, 1, 1)
YOUNG = date(2015, 8, 20)


def person(
    relation: Relation, ref: str = "", born_on: date | None = GROWN, *, alive: bool | None = True
) -> Relative:
    return Relative(ref or relation, ref or relation, relation, alive, born_on)


def ranking(book: NumberBook, *people: Relative, complete: bool = True) -> HeirRanking:
    return rank_heirs(people, died_on=DIED, decided_on=DECIDED, list_is_complete=complete, book=book)


LADDER: list[Relation] = ["child", "grandchild", "sibling", "parent_in_law", "appointee", "mamak"]


@pytest.mark.parametrize("place", range(5))
def test_each_rung_stands_only_when_those_above_are_empty(book: NumberBook, place: int) -> None:
    found = ranking(book, *(person(relation) for relation in LADDER[place:]))

    assert found.entitled == (LADDER[place],)
    assert not found.no_heir
    assert [other.ref for other in found.others] == LADDER[place + 1 :]


@pytest.mark.parametrize("relation", ["mamak", "kemenakan", "child_in_law", "other"])
def test_nobody_outside_the_order_is_ever_entitled(book: NumberBook, relation: Relation) -> None:
    found = ranking(book, person(relation))

    assert found.no_heir
    assert found.rank == "none"
    assert found.entitled == ()


def test_an_empty_list_is_not_taken_for_no_heir(book: NumberBook) -> None:
    found = ranking(book, complete=False)

    assert found.missing == ("kepastian bahwa daftar keluarga sudah lengkap (surat keterangan ahli waris)",)


def test_a_child_of_one_of_two_wives_needs_its_mother_recorded(book: NumberBook) -> None:
    wives = [person("widow", "Yusra"), person("widow", "Ernita")]
    child = person("child", "Deni", YOUNG)

    unknown = ranking(book, *wives, child)
    known = ranking(book, *wives, replace(child, other_parent_ref="Ernita"))

    assert unknown.minors[0].acting == "guardian_needed"
    assert (known.minors[0].acting, known.minors[0].parent_ref) == ("surviving_parent", "Ernita")
    assert {flag.code for flag in known.flags if flag.must_resolve} == {"several_spouses"}


def test_a_dead_or_young_parent_cannot_act(book: NumberBook) -> None:
    child = replace(person("child", "Deni", YOUNG), other_parent_ref="Yusra")

    dead = ranking(book, child, person("widow", "Yusra", alive=False))
    young = ranking(book, child, person("widow", "Yusra", date(2010, 1, 1)))

    assert dead.minors[0].acting == young.minors[0].acting == "guardian_needed"
    assert "minor_spouse" in {flag.code for flag in young.flags}
    assert [minor.ref for minor in young.minors] == ["Deni"]


def test_a_recorded_husband_and_wife_at_once_is_a_mistake(book: NumberBook) -> None:
    found = ranking(book, person("widow"), person("widower"))

    assert "widow_and_widower" in {flag.code for flag in found.flags}


def test_a_death_on_the_same_day_is_left_to_the_officer(book: NumberBook) -> None:
    wife = replace(person("widow", "Yusra", alive=False), died_on=DIED)
    found = ranking(book, wife, person("child", "Rani"))

    assert found.entitled == ("Rani",)
    assert [(flag.code, flag.must_resolve) for flag in found.flags] == [("died_after_worker", True)]


def test_a_death_without_a_date_is_noted_only_where_it_could_matter(book: NumberBook) -> None:
    near = ranking(book, person("widow", alive=False), person("child"))
    far = ranking(book, person("widow"), person("parent", alive=False))

    assert [flag.code for flag in near.flags] == ["death_date_unknown"]
    assert far.flags == ()


def test_a_birth_in_the_future_is_asked_again(book: NumberBook) -> None:
    found = ranking(book, person("child", "Rani", date(2027, 1, 1)))

    assert found.missing == ("tanggal lahir Rani yang benar (tercatat 1 Januari 2027)",)


def test_an_unknown_birth_of_a_grown_relation_is_not_asked(book: NumberBook) -> None:
    assert ranking(book, person("widow", born_on=None)).missing == ()
    assert ranking(book, person("sibling", born_on=None)).missing == ("tanggal lahir sibling",)


def test_a_seen_paper_settles_an_adoption(book: NumberBook) -> None:
    child = replace(person("adopted_child"), documented=True)

    assert ranking(book, child).flags == ()


def test_refuses_two_people_under_one_key(book: NumberBook) -> None:
    with pytest.raises(ValueError, match="share a ref"):
        ranking(book, person("child", "Rani"), person("sibling", "Rani"))


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(2008, 11, 20), date(2026, 11, 20), 18),
        (date(2008, 11, 21), date(2026, 11, 20), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_in_completed_years(born_on: date, on: date, age: int) -> None:
    assert age_on(born_on, on) == age
