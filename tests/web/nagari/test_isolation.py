"""Nagari A never sees a person of nagari B: not by an address, not in a list, not in a file, not by a form.

Routes and tables are found, not listed: a new address is walked as soon as it is there, and one whose ids are of a
kind that nobody thought of here fails until somebody does.
"""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from caseflow import clock
from caseflow.launch.databases import DatabaseUrls
from caseflow.training.people import PASSPHRASE
from tests.conftest import START, copy_of
from tests.web.nagari.two_nagari import (
    HERE,
    PEOPLE,
    THERE,
    Side,
    Two,
    rows_of,
    tables_with_public_ids,
    two_nagari,
    words_of,
)

# where an operator and who watches over the programme work; ids of these addresses are tried one by one
DOORS = ("/nagari", "/program", "/pendamping")
# no id of a person: what they hold is public, or the asker's own
_HARMLESS: Mapping[str, tuple[str, ...]] = {
    "day": ("2026-11-20",),
    "month": ("2026-10",),
    "year": ("2026",),
    "kind": ("csv", "xlsx", "pdf"),
    "part": ("nagari", "kecamatan", "bulan", "iuran", "nama", "nik"),
    "name": ("pekerja-20",),
    "action": ("submit", "withdraw", "ajukan", "tarik"),
    "payer": ("apb_nagari",),
    "first": ("2028-01-01",),
    "offer_id": ("0" * 12,),
}
# what comes after the money, by the place of its id in an address
_OF_PLANS = {
    "plan_id": "monitoring_plan",
    "visit_id": "planned_visit",
    "clash_id": "visit_field_clash",
    "referral_id": "referral",
}
# what a person of the other nagari may be asked for by
_ASKED = (
    "q",
    "cari",
    "nagari",
    "wilayah",
    "region",
    "region_code",
    "kode",
    "kecamatan",
    "jorong",
    "kuota",
    "pekerja",
)
_NOBODY = "0" * 12
# a piece of a file on its way to a case; work and roles that pass between people of the office; help that anybody may
# be sent to, phones of visitors, and the work on the service itself
_OF_NO_NAGARI = {"upload", "handover", "staff_proposal", "help_offer", "field_device", "planned_work"}
# the same invented list for everybody who practises
_SAME_FOR_ALL = {"/nagari/impor/latihan/<name>.xlsx"}
SIDES = ((HERE, THERE), (THERE, HERE))


@pytest.fixture(scope="module")
def two(cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """One application for the whole file; nothing here may change anything."""
    clock.set_start(START)
    folder: Path = tmp_path_factory.mktemp("objects")
    for database in copy_of(cluster, template):
        with two_nagari(database, folder) as built:
            yield built


def test_every_kind_of_row_lies_in_both(two: Two) -> None:
    """A table that is empty here would prove nothing: furnish it in ``two_nagari``."""
    kinds = {table.name for table in tables_with_public_ids()} - _OF_NO_NAGARI
    empty = {(side.region, kind) for side in two.sides.values() for kind in kinds if not side.ids[kind]}
    assert empty == set()
    assert all(side.numbers and side.names for side in two.sides.values())


@pytest.mark.parametrize(("mine", "other"), SIDES)
def test_what_is_of_the_other_nagari_is_not_there(two: Two, mine: str, other: str) -> None:
    """Every address with every id of the other: the same answer as for what does not exist."""
    wrong = []
    for rule in _rules(two, with_ids=True):
        nobody = two.browsers[mine].get(_address(two, rule, None)).status_code
        for ids in _foreign(rule, two.sides[other]):
            answer = two.browsers[mine].get(_address(two, rule, ids))
            if (
                answer.status_code != nobody
                or answer.status_code not in {403, 404}
                or _told(answer, two.sides[other])
            ):
                wrong.append((rule.rule, ids, answer.status_code, nobody))
    assert wrong == []


@pytest.mark.parametrize(("mine", "other"), SIDES)
def test_nothing_of_the_other_nagari_can_be_changed(two: Two, mine: str, other: str) -> None:
    before, wrong = rows_of(two.database, other), []
    for rule in _rules(two, with_ids=True, method="POST"):
        nobody = two.browsers[mine].post(_address(two, rule, None)).status_code
        for ids in _foreign(rule, two.sides[other]):
            answer = two.browsers[mine].post(_address(two, rule, ids))
            if answer.status_code != nobody or _told(answer, two.sides[other]):
                wrong.append((rule.rule, ids, answer.status_code, nobody))
    assert wrong == []
    assert rows_of(two.database, other) == before


@pytest.mark.parametrize(("mine", "other"), SIDES)
def test_no_list_and_no_file_tells_of_the_other_nagari(two: Two, mine: str, other: str) -> None:
    """Every address without an id, bare and asked for people of the other nagari by every filter."""
    name, nik, _ = PEOPLE[other]
    asked = [
        {},
        *(dict.fromkeys(_ASKED, value) for value in (name.split()[-1], nik)),
        {"nagari": other},
        {"wilayah": other},
    ]
    told, opened = [], set()
    for rule in _rules(two, with_ids=False, everywhere=True):
        queries = asked if rule.rule.startswith(DOORS) else asked[:1]
        for ids, query in itertools.product(_foreign(rule, two.sides[other]), queries):
            answer = two.browsers[mine].get(_address(two, rule, ids), query_string=query)
            opened |= {rule.rule} if answer.status_code == 200 else set()
            if _told(answer, two.sides[other]):
                told.append((rule.rule, query, _told(answer, two.sides[other])))
    assert told == []
    assert {rule for rule in opened if rule.startswith("/nagari")} != set()


@pytest.mark.parametrize("mine", [HERE, THERE])
def test_what_is_ones_own_opens(two: Two, mine: str) -> None:
    """Otherwise the closed doors above would prove nothing: every address of an operator opens for some id of theirs."""
    closed = []
    for rule in _rules(two, with_ids=True):
        if not rule.rule.startswith("/nagari") or rule.rule in _OPENS_BY_MORE:
            continue
        answers = [
            two.browsers[mine].get(_address(two, rule, ids)).status_code
            for ids in _foreign(rule, two.sides[mine])
        ]
        if 200 not in answers:
            closed.append(f"{rule.rule} {sorted(set(answers))}")
    assert "\n".join(closed) == ""


# the sender's own report alone opens here: tests/web/nagari/test_death.py and test_accident.py; and what of a jorong
# only the office changes: tests/web/nagari/test_places.py
_OPENS_BY_MORE = {
    "/nagari/kematian/<number>",
    "/nagari/kecelakaan/<number>",
    "/nagari/jorong/<code>/nama",
    "/nagari/jorong/<code>/tutup",
}


def _rules(two: Two, *, with_ids: bool, method: str = "GET", everywhere: bool = False) -> list[Rule]:
    return [
        rule
        for rule in two.app.url_map.iter_rules()
        if method in (rule.methods or set())
        and rule.rule not in _SAME_FOR_ALL
        and bool(set(rule.arguments) - set(_HARMLESS)) == with_ids
        and (everywhere or rule.rule.startswith(DOORS))
    ]


def _foreign(rule: Rule, side: Side) -> list[tuple[str, ...]]:
    """Return every way to fill the places of an address with ids of a nagari."""
    ways: list[tuple[str, ...]] = [()]
    for place in sorted(rule.arguments):
        ways = [(*way, value) for way in ways for value in _values(place, side)]
    return ways


def _values(place: str, side: Side) -> tuple[str, ...]:
    if place in _HARMLESS:
        return _HARMLESS[place]
    if place == "member_id":
        # the head is a worker with a page of their own; the next on the card has not
        return side.ids["household_member"][:4]
    if place in _OF_PLANS:
        return side.ids[_OF_PLANS[place]][:2]
    if place in {"uuid", "photo_id"}:
        return side.clients
    if place in {"public_id", "payment_id"}:
        # one of every table; of files all, since they are of several kinds
        return tuple(
            one for table, ids in side.ids.items() for one in (ids if table == "registry_file" else ids[:1])
        )
    if place == "number":
        return side.numbers
    if place == "letter":
        return side.letters
    if place == "username":
        return ("rina", "yoga")  # whoever visits families, of this nagari too
    if place in {"region_code", "code"}:
        return (side.region,)
    raise AssertionError(f"an id of a kind that nobody thought of: <{place}>; say in _values what fits it")


def _address(two: Two, rule: Rule, ids: tuple[str, ...] | None) -> str:
    """Return an address with these ids; ``None``: with ids of nobody."""
    places = sorted(rule.arguments)
    given = (
        dict(zip(places, ids, strict=True))
        if ids is not None
        else {place: _HARMLESS.get(place, (_NOBODY,))[0] for place in places}
    )
    with two.app.test_request_context():
        return two.app.url_map.bind("localhost").build(rule.endpoint, given)


def _told(answer: object, side: Side) -> set[str]:
    """Return what an answer tells of a nagari: names of its people, ids of its rows, numbers of its cases."""
    words = words_of(answer)  # type: ignore[arg-type]
    secret = {*side.names, *side.numbers, *side.clients, *(one for ids in side.ids.values() for one in ids)}
    return {one for one in secret if one in words}


def test_the_search_for_the_other_finds_what_is_there(two: Two) -> None:
    """Who may see both nagari is told of both by the same reading."""
    browser: FlaskClient = two.app.test_client()
    browser.post("/masuk", data={"username": "dedi", "passphrase": PASSPHRASE})
    answer = browser.get("/petugas/", query_string={"antrean": "semua"})
    assert all(_told(answer, side) for side in two.sides.values())
