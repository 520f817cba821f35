"""Verbs of places: nagari opened, renamed and closed; jorong; the other ways in which people write them.

The code of a region never changes: what is split or merged is closed, and others are opened. Workers stay where they
are until somebody moves them. Not here: recognising a place by its spelling (``regions``).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import reach, regions
from caseflow.registry.models import Jorong, JorongAlias, Region, RegionAlias
from caseflow.registry.names import plain

_CODE = re.compile(r"[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}")
_NAME = range(2, 61)  # letters
_SOURCE = range(5, 201)
_LEVELS = ("nagari", "desa")


@dataclass(frozen=True)
class NewNagari:
    """A nagari or desa that was formed. ``source``: the decree; ``note``: what it was split from."""

    code: str
    name: str
    level: str
    opened_on: date
    source: str
    note: str


def open_nagari(session: Session, told: NewNagari, *, by: Actor, now: datetime) -> Region:
    """Add a nagari that was newly formed.

    :raises Invalid: a code that is not one, is taken, or lies in no known kecamatan; name or decree missing.
    :raises NotFound: the kecamatan is out of reach.
    """
    reach.require(told.code, by, "region.edit")
    code, name = told.code.strip(), _tidy(told.name)
    problems = {}
    parent = code.rpartition(".")[0]
    if not _CODE.fullmatch(code):
        problems["code"] = "Kode nagari ditulis seperti 13.03.08.2007. Belum tersimpan."
    elif session.get(Region, code) is not None:
        problems["code"] = "Kode ini sudah dipakai. Belum tersimpan."
    elif session.scalar(select(Region.level).where(Region.code == parent)) != "kecamatan":
        problems["code"] = f"Kecamatan {parent} tidak ada di daftar. Periksa kodenya; belum tersimpan."
    problems |= _problems(name, told.source)
    if told.level not in _LEVELS:
        problems["level"] = "Pilih nagari atau desa. Belum tersimpan."
    if told.opened_on > clock.local(now).date():
        problems["opened_on"] = "Hari berdirinya tidak boleh setelah hari ini. Belum tersimpan."
    if problems:
        raise Invalid(problems)
    region = Region(
        code=code,
        level=told.level,
        name=name,
        parent_code=parent,
        opened_on=told.opened_on,
        source=_tidy(told.source),
        note=_tidy(told.note),
    )
    session.add(region)
    session.flush()
    record(session, "region.opened", by=by, subject=f"region:{code}", details={"on": str(told.opened_on)})
    return region


def rename_nagari(session: Session, code: str, name: str, *, source: str, by: Actor) -> None:
    """Write the name of a nagari as the decree does; the name until now is kept as another way of writing it.

    :raises NotFound: not there, or out of reach. :raises Invalid: name or decree missing.
    """
    region = _get(session, code, by=by, permission="region.edit")
    problems = _problems(_tidy(name), source)
    if problems:
        raise Invalid(problems)
    if region.name == _tidy(name):
        return
    _keep_alias(session, code, region.name)
    region.name, region.source = _tidy(name), _tidy(source)
    session.flush()
    record(session, "region.renamed", by=by, subject=f"region:{code}")


def close_nagari(session: Session, code: str, on: date, *, source: str, note: str, by: Actor) -> None:
    """Say from which day a nagari is no more: merged or split. It stays readable with everybody who is written there.

    :param note: what became of it, and where its workers are to be moved.
    :raises NotPossible: closed already. :raises Invalid: note or decree missing, or a day before it was opened.
    """
    region = _get(session, code, by=by, permission="region.edit")
    if region.closed_on is not None:
        raise NotPossible("Nagari ini sudah ditutup. Tidak ada yang berubah.")
    problems = _problems(region.name, source)
    if region.opened_on is not None and on <= region.opened_on:
        problems["on"] = "Hari penutupan harus sesudah hari berdirinya. Belum tersimpan."
    if len(_tidy(note)) not in _SOURCE:
        problems["note"] = "Tulis digabung atau dipecah menjadi apa, 5 sampai 200 huruf. Belum tersimpan."
    if problems:
        raise Invalid(problems)
    region.closed_on, region.source, region.note = on, _tidy(source), _tidy(note)
    session.flush()
    record(session, "region.closed", by=by, subject=f"region:{code}", details={"on": str(on)})


def add_nagari_alias(session: Session, code: str, written: str, *, by: Actor) -> None:
    """Note another way of writing a nagari. :raises Invalid: too short, or the name itself."""
    region = _get(session, code, by=by, permission="jorong.edit")
    alias = plain(written)
    if len(alias) not in _NAME or alias == plain(region.name):
        raise Invalid(
            {"alias": "Tulis ejaan yang berbeda dari nama resminya, 2 sampai 60 huruf. Belum tersimpan."}
        )
    _keep_alias(session, code, written)
    record(session, "region.alias_added", by=by, subject=f"region:{code}")


def remove_nagari_alias(session: Session, code: str, alias: str, *, by: Actor) -> None:
    """Take a way of writing a nagari back. :raises NotFound: not there."""
    _get(session, code, by=by, permission="jorong.edit")
    gone = session.scalars(
        delete(RegionAlias)
        .where(RegionAlias.region_code == code, RegionAlias.alias == alias)
        .returning(RegionAlias.alias)
    ).all()
    if not gone:
        raise NotFound("Ejaan ini sudah tidak ada.")
    record(session, "region.alias_removed", by=by, subject=f"region:{code}")


def add_jorong(session: Session, code: str, name: str, *, by: Actor) -> Jorong:
    """Add a jorong; one of this name that was closed is opened again.

    :raises Invalid: no name, or one that is written like a jorong that is there.
    """
    _get(session, code, by=by, permission="jorong.edit")
    tidy = _tidy(name)
    there = _jorong_written(session, code, tidy)
    if len(tidy) not in _NAME:
        raise Invalid({"name": "Tulis nama jorong, 2 sampai 60 huruf. Belum tersimpan."})
    if there is not None and there.closed_on is None:
        raise Invalid({"name": f"Jorong {there.name} sudah ada. Ejaan lain ditambahkan pada jorong itu."})
    if there is not None:
        there.closed_on = None
        session.flush()
        record(session, "jorong.reopened", by=by, subject=f"region:{code}", details={"jorong": there.id})
        return there
    jorong = Jorong(region_code=code, name=tidy)
    session.add(jorong)
    session.flush()
    record(session, "jorong.added", by=by, subject=f"region:{code}", details={"jorong": jorong.id})
    return jorong


def rename_jorong(session: Session, code: str, jorong_id: int, name: str, *, by: Actor) -> None:
    """Write a jorong differently; the name until now is kept as another way of writing it."""
    jorong = _get_jorong(session, code, jorong_id, by=by)
    tidy = _tidy(name)
    if len(tidy) not in _NAME:
        raise Invalid({"name": "Tulis nama jorong, 2 sampai 60 huruf. Belum tersimpan."})
    there = _jorong_written(session, code, tidy)
    if there is not None and there.id != jorong.id:
        raise Invalid({"name": f"Jorong {there.name} sudah ada. Belum tersimpan."})
    if jorong.name == tidy:
        return
    _keep_jorong_alias(session, jorong, jorong.name)
    jorong.name = tidy
    session.flush()
    record(session, "jorong.renamed", by=by, subject=f"region:{code}", details={"jorong": jorong.id})


def close_jorong(session: Session, code: str, jorong_id: int, on: date, *, by: Actor) -> None:
    """Say from which day a jorong is no more; whoever lives there keeps it in their data until they are moved."""
    jorong = _get_jorong(session, code, jorong_id, by=by)
    if jorong.closed_on is not None:
        raise NotPossible("Jorong ini sudah ditutup. Tidak ada yang berubah.")
    jorong.closed_on = on
    session.flush()
    details = {"jorong": jorong.id, "on": str(on)}
    record(session, "jorong.closed", by=by, subject=f"region:{code}", details=details)


def add_jorong_alias(session: Session, code: str, jorong_id: int, written: str, *, by: Actor) -> None:
    """Note another way of writing a jorong.

    :raises Invalid: too short, or it means another jorong of this nagari already.
    """
    jorong = _get_jorong(session, code, jorong_id, by=by)
    alias = plain(written)
    there = _jorong_written(session, code, alias)
    taken = session.get(JorongAlias, (code, alias))
    if len(alias) not in _NAME:
        raise Invalid({"alias": "Tulis ejaan lain, 2 sampai 60 huruf. Belum tersimpan."})
    if (there is not None and plain(there.name) == alias) or (
        taken is not None and taken.jorong_id != jorong.id
    ):
        raise Invalid({"alias": "Ejaan ini sudah dipakai jorong lain di nagari ini. Belum tersimpan."})
    _keep_jorong_alias(session, jorong, written)
    record(session, "jorong.alias_added", by=by, subject=f"region:{code}", details={"jorong": jorong.id})


def remove_jorong_alias(session: Session, code: str, alias: str, *, by: Actor) -> None:
    """Take a way of writing a jorong back. :raises NotFound: not there."""
    _get(session, code, by=by, permission="jorong.edit")
    found = session.get(JorongAlias, (code, alias))
    if found is None:
        raise NotFound("Ejaan ini sudah tidak ada.")
    details = {"jorong": found.jorong_id}
    session.delete(found)
    session.flush()
    record(session, "jorong.alias_removed", by=by, subject=f"region:{code}", details=details)


def _get(session: Session, code: str, *, by: Actor, permission: str) -> Region:
    """Return a nagari in reach, its row held. :raises NotFound: not there."""
    reach.require(code, by, permission)
    region = regions.nagari_of(session, code)
    if region is None:
        raise NotFound("Nagari ini tidak ditemukan.")
    session.refresh(region, with_for_update=True)
    return region


def _get_jorong(session: Session, code: str, jorong_id: int, *, by: Actor) -> Jorong:
    _get(session, code, by=by, permission="jorong.edit")
    jorong = session.get(Jorong, jorong_id, with_for_update=True, populate_existing=True)
    if jorong is None or jorong.region_code != code:
        raise NotFound("Jorong ini tidak ditemukan di nagari ini.")
    return jorong


def _jorong_written(session: Session, code: str, name: str) -> Jorong | None:
    """Return the jorong, open or closed, of exactly this name but for capitals and marks."""
    every = session.scalars(select(Jorong).where(Jorong.region_code == code).order_by(Jorong.id))
    return next((one for one in every if plain(one.name) == plain(name)), None)


def _keep_alias(session: Session, code: str, written: str) -> None:
    row = {"region_code": code, "alias": plain(written)}
    session.execute(insert(RegionAlias).values(row).on_conflict_do_nothing())


def _keep_jorong_alias(session: Session, jorong: Jorong, written: str) -> None:
    row = {"region_code": jorong.region_code, "alias": plain(written), "jorong_id": jorong.id}
    session.execute(insert(JorongAlias).values(row).on_conflict_do_nothing())


def _problems(name: str, source: str) -> dict[str, str]:
    problems = {}
    if len(name) not in _NAME:
        problems["name"] = "Tulis namanya, 2 sampai 60 huruf. Belum tersimpan."
    if len(_tidy(source)) not in _SOURCE:
        problems["source"] = (
            "Tulis peraturan atau SK yang menjadi dasar, 5 sampai 200 huruf. Belum tersimpan."
        )
    return problems


def _tidy(text: str) -> str:
    return " ".join(text.split())
