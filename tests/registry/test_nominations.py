"""A list from draft to the last participant number, and everything that keeps it from getting there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.registry import households, life, nominations, nominees, people
from caseflow.registry.households import MemberFacts
from caseflow.registry.life import Told
from caseflow.registry.nomination_models import Quota
from caseflow.registry.people_models import Household
from caseflow.registry.queries import find_worker
from tests.registry.dues import worker
from tests.registry.lists import CONTOH, LATIHAN, Lists, someone


@pytest.fixture
def lists(session: Session, staff: Mapping[str, Actor]) -> Lists:
    return Lists(session, staff)


def taken(lists: Lists, quota: Quota) -> int:
    lists.session.refresh(quota)
    return quota.taken


def test_a_list_goes_from_draft_to_the_last_participant_number(lists: Lists) -> None:
    quota = lists.quota(slots=5)
    nomination = lists.draft(quota, 3)
    assert nomination.number.startswith("USL-26-")
    assert taken(lists, quota) == 0
    assert lists.submit(nomination).placed == 3
    assert (nomination.state, taken(lists, quota)) == ("submitted", 3)
    assert nomination.due_on == date(2026, 12, 4)
    assert lists.rest(nomination, "desi") == 3
    lists.step(nomination, "forward", "desi")
    first, second, third = lists.rows(nomination)
    lists.review(first, "refuse", "dedi", "Sudah menjadi peserta penerima upah")
    assert lists.rest(nomination, "dedi") == 2
    lists.step(nomination, "accept", "dedi")
    assert (nomination.state, taken(lists, quota)) == ("accepted", 2)
    worker = lists.enrol(second)
    assert worker.full_name == second.full_name
    assert find_worker(lists.session, second.national_id) is worker
    assert nomination.state == "accepted"
    lists.enrol(third)
    assert nomination.state == "enrolled"
    assert nomination.closed_at is not None
    assert taken(lists, quota) == 2


def test_a_list_without_meeting_decree_or_data_stays_a_draft(lists: Lists) -> None:
    quota = lists.quota()
    nomination = nominations.open_nomination(
        lists.session, quota, branch_code="solok", by=lists.staff["fitri"], now=clock.now()
    )
    lists.add(nomination, family_card_number=None)
    lists.add(nomination)
    with pytest.raises(NotPossible) as refused, lists.session.begin_nested():
        lists.submit(nomination)
    said = refused.value.sentences
    assert [sentence[:22] for sentence in said] == [
        "Musyawarah nagari belu", "SK wali nagari belum d", "Data 1 orang belum len",
    ]  # fmt: skip
    lists.session.expire_all()
    assert [row.state for row in lists.rows(nomination)] == ["draft", "draft"]


def test_an_empty_list_is_not_put_forward(lists: Lists) -> None:
    nomination = lists.empty(lists.quota())
    with pytest.raises(NotPossible, match="Belum ada orang"):
        lists.submit(nomination)


def test_who_does_not_fit_stays_a_draft_on_a_list_of_their_own(lists: Lists) -> None:
    quota = lists.quota(slots=2)
    nomination = lists.draft(quota, 3)
    last = lists.rows(nomination)[2].full_name
    done = lists.submit(nomination)
    assert (done.placed, done.waiting, done.left) == (2, 0, 1)
    assert done.rest is not None
    assert [(row.full_name, row.state) for row in lists.rows(done.rest)] == [(last, "draft")]
    assert done.rest.decree_number == nomination.decree_number
    with pytest.raises(NotPossible, match="sudah penuh"):
        lists.submit(done.rest)


def test_who_does_not_fit_may_wait_in_order(lists: Lists) -> None:
    quota = lists.quota(slots=1)
    nomination = lists.draft(quota, 3)
    done = lists.submit(nomination, overflow="waiting")
    assert (done.placed, done.waiting, done.rest) == (1, 2, None)
    assert [(row.state, row.waiting_place) for row in lists.rows(nomination)] == [
        ("proposed", None), ("waiting", 1), ("waiting", 2),
    ]  # fmt: skip


def test_a_list_that_was_put_forward_is_not_written_on(lists: Lists) -> None:
    nomination = lists.draft(lists.quota())
    lists.submit(nomination)
    row = lists.rows(nomination)[0]
    with pytest.raises(NotPossible, match="Diajukan"):
        lists.add(nomination)
    with pytest.raises(NotPossible, match="Diajukan"):
        nominees.remove_nominee(
            lists.session, row, expected_version=row.version, by=lists.staff["fitri"], now=clock.now()
        )


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"national_id": "1303991209850001", "family_card_number": "1303991209850001"}, "family_card_number", "sama dengan NIK"),
        ({"born_on": date(1962, 12, 31)}, "born_on", "Usia 65 tahun pada 1 Jan 2028"),
        ({"born_on": date(2013, 1, 2)}, "born_on", "Usia 14 tahun"),
        ({"born_on": date(2027, 1, 1)}, "born_on", "di depan"),
        ({"born_on": date(1876, 1, 1)}, "born_on", "Periksa tahunnya"),
        ({"national_id": "1303991209760001"}, "", ""),
        ({"national_id": "1303991107720003"}, "national_id", "NIK ini sudah terdaftar. Hubungi DPMN bila pindah."),
    ],
)  # fmt: skip
def test_who_may_not_stand_on_a_list(lists: Lists, changes: dict[str, Any], field: str, says: str) -> None:
    nomination = lists.empty(lists.quota())
    if not field:
        # a participant of the same nagari is put forward for the next period
        assert lists.add(nomination, **changes).state == "draft"
        return
    with pytest.raises(Invalid) as refused:
        lists.add(nomination, **changes)
    assert says in refused.value.fields[field]
    assert "Belum ada yang tersimpan" in refused.value.fields[field]


@pytest.mark.parametrize("born_on", [date(1963, 1, 2), date(2013, 1, 1)])
def test_the_last_days_of_the_ages_that_may(lists: Lists, born_on: date) -> None:
    assert lists.add(lists.empty(lists.quota()), born_on=born_on).born_on == born_on


def test_the_other_nagari_reads_only_the_name_of_the_first(lists: Lists) -> None:
    twin = someone()
    own = lists.empty(lists.quota())
    nominees.add_nominee(lists.session, own, twin, by=lists.staff["fitri"], now=clock.now())
    with pytest.raises(Invalid) as again:
        nominees.add_nominee(lists.session, own, twin, by=lists.staff["fitri"], now=clock.now())
    assert own.number in again.value.sentence
    other = Lists(lists.session, {**lists.staff, "fitri": operator_of(lists.staff, CONTOH)})
    theirs = other.empty(other.quota(region_code=CONTOH))
    with pytest.raises(Invalid) as refused:
        nominees.add_nominee(lists.session, theirs, twin, by=other.staff["fitri"], now=clock.now())
    assert refused.value.fields["national_id"] == (
        "NIK ini sudah diusulkan Nagari Koto Latihan. Hubungi DPMN bila pindah. Belum ada yang tersimpan."
    )
    assert twin.full_name not in refused.value.sentence


def test_another_nagari_finds_nothing(lists: Lists) -> None:
    nomination = lists.draft(lists.quota())
    stranger = operator_of(lists.staff, CONTOH)
    with pytest.raises(NotFound):
        nominations.get_nomination(lists.session, nomination.number, by=stranger)
    with pytest.raises(NotFound):
        nominees.add_nominee(lists.session, nomination, someone(), by=stranger, now=clock.now())
    with pytest.raises(NotPermitted):
        nominees.add_nominee(lists.session, nomination, someone(), by=lists.staff["desi"], now=clock.now())


def test_a_row_changed_meanwhile_is_not_written_over(lists: Lists) -> None:
    row = lists.rows(lists.draft(lists.quota(), 1))[0]
    nominees.edit_nominee(
        lists.session, row, someone(), expected_version=0, by=lists.staff["fitri"], now=clock.now()
    )
    with pytest.raises(Stale):
        nominees.edit_nominee(
            lists.session, row, someone(), expected_version=0, by=lists.staff["jon"], now=clock.now()
        )


def test_a_draft_leaves_no_row_but_who_was_put_forward_stays(lists: Lists) -> None:
    quota = lists.quota()
    nomination = lists.draft(quota, 2)
    first, second = lists.rows(nomination)
    nominees.remove_nominee(
        lists.session, first, expected_version=0, by=lists.staff["fitri"], now=clock.now()
    )
    assert lists.rows(nomination) == [second]
    lists.submit(nomination)
    lists.step(
        nomination, "return_to_nagari", "desi", reason_code="data", reason_text="Nama belum sesuai KTP"
    )
    lists.session.refresh(second)
    assert (second.state, taken(lists, quota)) == ("draft", 0)
    nominees.remove_nominee(
        lists.session, second, expected_version=second.version, by=lists.staff["fitri"], now=clock.now()
    )
    assert [row.state for row in lists.rows(nomination)] == ["left"]


def test_a_withdrawn_list_frees_places_and_numbers(lists: Lists) -> None:
    quota, who = lists.quota(slots=1), someone()
    nomination = lists.empty(quota)
    nominees.add_nominee(lists.session, nomination, who, by=lists.staff["fitri"], now=clock.now())
    lists.submit(nomination)
    nominations.withdraw(
        lists.session, nomination, reason="Salah periode, disusun lagi", expected_version=nomination.version,
        by=lists.staff["jon"], now=clock.now(),
    )  # fmt: skip
    assert (nomination.state, taken(lists, quota)) == ("withdrawn", 0)
    again = lists.empty(quota)
    nominees.add_nominee(lists.session, again, who, by=lists.staff["fitri"], now=clock.now())
    assert lists.submit(again).placed == 1


def test_somebody_of_the_operators_household_needs_a_second_look(lists: Lists) -> None:
    person = lists.staff["fitri"].person_id
    lists.session.get_one(Person, person).national_id = "1303994502800003"
    quota = lists.quota()
    nomination = lists.empty(quota)
    lists.add(nomination, national_id="1303994502800003", family_card_number="1303990101159999", sex="f")
    lists.add(nomination, family_card_number="1303990101159999")
    lists.add(nomination)
    lists.submit(nomination)
    assert [(row.state, row.own_household) for row in lists.rows(nomination)] == [
        ("held", True), ("held", True), ("proposed", False),
    ]  # fmt: skip
    assert lists.rest(nomination, "desi") == 1
    with pytest.raises(NotPossible, match="2 baris masih ditahan"):
        lists.step(nomination, "forward", "desi")
    for row in lists.rows(nomination)[:2]:
        lists.review(row, "forward", "desi")
    lists.step(nomination, "forward", "desi")
    assert lists.rest(nomination, "dedi") == 1


def test_an_operators_household_is_known_from_its_family_card(lists: Lists) -> None:
    """Nobody of it needs to be a participant or on a list before."""
    nik, card = "1303994502800003", "1303990101159999"
    lists.session.get_one(Person, lists.staff["fitri"].person_id).national_id = nik
    by, now = lists.staff["fitri"], clock.now()
    husband = worker(lists.session, "Zulkifli", region_code=LATIHAN)
    household = households.open_household(lists.session, husband, card, relation="head", by=by, now=now)
    facts = MemberFacts("Fitri", "spouse", "f", national_id=nik)
    households.add_member(lists.session, household, facts, by=by, now=now)
    assert lists.add(lists.empty(lists.quota()), family_card_number=card).own_household


def test_the_dead_of_a_family_card_are_neither_nominated_nor_enrolled(lists: Lists) -> None:
    quota = lists.quota()
    first = lists.rows(lists.accepted(quota, 1))[0]
    household = households.open_household(
        lists.session, worker(lists.session, "Zulkifli", region_code=LATIHAN), "1303990101159998",
        relation="head", by=lists.staff["fitri"], now=clock.now(),
    )  # fmt: skip
    dies(lists, household, first.national_id)
    with pytest.raises(Invalid, match="meninggal 18 November 2026"):
        lists.enrol(first, on=date(2026, 11, 19))
    assert lists.enrol(first, on=date(2026, 11, 17)).full_name == first.full_name
    who = someone()
    dies(lists, household, who.national_id)
    nomination = lists.empty(quota)
    with pytest.raises(Invalid, match=r"sudah meninggal\. Bila keliru"):
        nominees.add_nominee(lists.session, nomination, who, by=lists.staff["fitri"], now=clock.now())
    there = Lists(lists.session, {**lists.staff, "fitri": operator_of(lists.staff, CONTOH)})
    elsewhere = there.empty(there.quota(region_code=CONTOH))
    with pytest.raises(Invalid, match="NIK ini sudah terdaftar"):
        nominees.add_nominee(lists.session, elsewhere, who, by=there.staff["fitri"], now=clock.now())


def test_who_moved_brings_no_family_of_the_old_nagari_along(lists: Lists) -> None:
    """The new nagari reads nothing of those who stayed, and can write a card of its own."""
    by, now = lists.staff["fitri"], clock.now()
    moved = worker(lists.session, "Zulkifli", region_code=LATIHAN)
    old = households.open_household(lists.session, moved, "1303990101159997", relation="head", by=by, now=now)
    facts = MemberFacts("Yang Tinggal", "spouse", "f")
    households.add_member(lists.session, old, facts, by=by, now=now)
    people.note_left(lists.session, moved, left_on=date(2026, 11, 1), reason="moved", by=by, now=now)
    there = Lists(lists.session, {**lists.staff, "fitri": operator_of(lists.staff, CONTOH)})
    nomination = there.empty(there.quota(region_code=CONTOH))
    nominee = there.add(nomination, national_id=moved.national_id)
    nominee.state = "accepted"
    lists.enrol(nominee)
    assert moved.region_code == CONTOH
    assert households.household_of(lists.session, moved) is None
    assert [one.full_name for one in households.members_of(lists.session, old.id)] == ["Yang Tinggal"]
    assert old.head_member_id is None
    new = households.open_household(
        lists.session, moved, "1303990201150001", relation="head", by=there.staff["fitri"], now=now
    )
    assert new.region_code == CONTOH


def dies(lists: Lists, household: Household, national_id: str) -> None:
    """Somebody on a family card, no participant, is told to have died on 18 November."""
    by, now = lists.staff["fitri"], clock.now()
    facts = MemberFacts("Orang Latihan", "sibling", "m", national_id=national_id)
    member = households.add_member(lists.session, household, facts, by=by, now=now)
    life.mark_member_deceased(lists.session, member, Told(date(2026, 11, 18), "wali jorong"), by=by, now=now)


def operator_of(staff: Mapping[str, Actor], region_code: str) -> Actor:
    """An operator like Fitri, of another nagari."""
    from dataclasses import replace

    return replace(staff["fitri"], region_codes=frozenset({region_code}))
