"""Places: opened, renamed and closed with the decree; found however people write them; codes stay for ever."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.db_refusals import refusal_of
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import places, queries, regions
from caseflow.registry.places import NewNagari

TODAY = date(2026, 11, 20)
LATIHAN, CONTOH = "13.03.99.2001", "13.03.99.2002"
FRESH = NewNagari(
    "13.03.99.2007", "Koto Baru Latihan", "nagari", date(2026, 11, 1), "Perda 4/2026", "pecahan Koto Latihan"
)
PERDA = "Perda 4/2026"


def listed(session: Session) -> set[str]:
    return {code for _, nagari in queries.nagari_by_district(session) for code, _ in nagari}


def test_a_newly_split_nagari_is_added_from_the_screen(session: Session, staff: Mapping[str, Actor]) -> None:
    places.open_nagari(session, FRESH, by=staff["admin"], now=clock.now())
    assert FRESH.code in listed(session)
    assert [one.code for one in regions.find_nagari(session, "koto  baru latihan", on=TODAY)] == [FRESH.code]
    with pytest.raises(Invalid, match="sudah dipakai"):
        places.open_nagari(session, FRESH, by=staff["desi"], now=clock.now())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "13.03.99.1"}, "code"),
        ({"code": "13.03.98.2001"}, "code"),
        ({"code": "13.03.99.2001"}, "code"),
        ({"name": " x "}, "name"),
        ({"source": ""}, "source"),
        ({"level": "kecamatan"}, "level"),
        ({"opened_on": date(2026, 11, 21)}, "opened_on"),
    ],
)
def test_what_cannot_be_a_nagari(
    session: Session, staff: Mapping[str, Actor], change: dict[str, object], field: str
) -> None:
    told = replace(FRESH, **change)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        places.open_nagari(session, told, by=staff["admin"], now=clock.now())
    assert field in refused.value.fields


def test_the_database_keeps_the_code(session: Session) -> None:
    for statement in (
        "UPDATE region SET code = '13.03.99.2009' WHERE code = '13.03.99.2001'",
        "UPDATE region SET level = 'desa' WHERE code = '13.03.99.2001'",
    ):
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            session.execute(text(statement))
        told = refusal_of(refused.value)
        assert told is not None
        assert "tidak pernah berubah" in told.sentence
    with pytest.raises(DBAPIError, match="code_of_its_kecamatan"), session.begin_nested():
        session.execute(
            text(
                "INSERT INTO region (code, level, name, parent_code, training)"
                " VALUES ('13.03.01.2999', 'nagari', 'Salah', '13.03.99', true)"
            )
        )


def test_a_renamed_nagari_is_still_found_by_its_old_name(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    places.rename_nagari(session, LATIHAN, "Ranah Latihan", source=PERDA, by=staff["desi"])
    assert [one.name for one in regions.find_nagari(session, "Koto Latihan", on=TODAY)] == ["Ranah Latihan"]


def test_a_nagari_that_was_merged_is_closed_and_readable(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    close = {"source": PERDA, "note": "digabung dengan Koto Latihan", "by": staff["admin"]}
    places.close_nagari(session, CONTOH, TODAY, **close)  # type: ignore[arg-type]
    assert CONTOH not in listed(session)
    assert regions.find_nagari(session, "Koto Contoh", on=TODAY) == []
    assert regions.nagari_of(session, CONTOH) is not None
    assert queries.region_name(session, CONTOH) == "Koto Contoh"
    with pytest.raises(NotPossible):
        places.close_nagari(session, CONTOH, TODAY, **close)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["Aia Putiah", "aie putiah", "AIR PUTIAH"])
def test_aliases_of_a_nagari_count_however_they_are_written(
    session: Session, staff: Mapping[str, Actor], written: str
) -> None:
    places.add_nagari_alias(session, LATIHAN, "Aia Putiah", by=staff["fitri"])
    assert [one.code for one in regions.find_nagari(session, written, on=TODAY)] == [LATIHAN]
    places.remove_nagari_alias(session, LATIHAN, "aia putiah", by=staff["fitri"])
    assert regions.find_nagari(session, written, on=TODAY) == []


def test_jorong_are_added_renamed_closed_and_opened_again(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    fitri = staff["fitri"]
    jorong = places.add_jorong(session, LATIHAN, "  Batu   Gadang ", by=fitri)
    assert jorong.name == "Batu Gadang"
    with pytest.raises(Invalid, match="sudah ada"):
        places.add_jorong(session, LATIHAN, "BATU GADANG", by=fitri)
    places.rename_jorong(session, LATIHAN, jorong.id, "Batu Balang", by=fitri)
    for written in ("Batu Balang", "batu gadang"):
        found = regions.find_jorong(session, LATIHAN, written, on=TODAY)
        assert found is not None
        assert found.id == jorong.id
    places.close_jorong(session, LATIHAN, jorong.id, TODAY, by=fitri)
    assert regions.find_jorong(session, LATIHAN, "Batu Balang", on=TODAY) is None
    assert places.add_jorong(session, LATIHAN, "batu balang", by=fitri).id == jorong.id
    assert regions.find_jorong(session, LATIHAN, "Batu Balang", on=TODAY) is not None


def test_an_alias_means_one_jorong(session: Session, staff: Mapping[str, Actor]) -> None:
    fitri = staff["fitri"]
    first = places.add_jorong(session, LATIHAN, "Batu Gadang", by=fitri)
    second = places.add_jorong(session, LATIHAN, "Batu Balang", by=fitri)
    places.add_jorong_alias(session, LATIHAN, first.id, "Batu Godang", by=fitri)
    for taken in ("batu godang", "Batu Gadang"):
        with pytest.raises(Invalid, match="jorong lain"):
            places.add_jorong_alias(session, LATIHAN, second.id, taken, by=fitri)
    places.remove_jorong_alias(session, LATIHAN, "batu godang", by=fitri)
    places.add_jorong_alias(session, LATIHAN, second.id, "Batu Godang", by=fitri)


def test_a_nagari_edits_its_own_places_only(session: Session, staff: Mapping[str, Actor]) -> None:
    fitri = staff["fitri"]
    with pytest.raises(NotFound):
        places.add_jorong(session, CONTOH, "Pasar Baru", by=fitri)
    other = places.add_jorong(session, CONTOH, "Pasar Baru", by=staff["desi"])
    with pytest.raises(NotFound):
        places.rename_jorong(session, LATIHAN, other.id, "Dicuri", by=fitri)
    with pytest.raises(NotPermitted):
        places.rename_nagari(session, LATIHAN, "Milik Kami", source=PERDA, by=fitri)
    for who in ("dedi", "bram", "bupati"):
        with pytest.raises(NotPermitted):
            places.add_jorong(session, LATIHAN, "Pasar Baru", by=staff[who])
