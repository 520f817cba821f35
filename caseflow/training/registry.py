"""The invented nagari for practice: 62 people covered, 21 put forward, four who wait, five two months behind.

Lists go through the real verbs; the many people on them are written at once. Papers are drawn (``papers``).
"""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import identifiers
from caseflow.documents.intake import transfer
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.registry import meetings, nomination_steps, nominations, reviews
from caseflow.registry.meetings import MeetingFacts
from caseflow.registry.models import Jorong, JorongAlias, Worker
from caseflow.registry.nomination_models import Nomination, Nominee, Quota, RegistryFile
from caseflow.registry.nominations import Decree
from caseflow.training.papers import Sheet, draw, jpeg
from caseflow.training.people import NAGARI

LATIHAN, CONTOH = NAGARI[0][0], NAGARI[1][0]
ACTIVE, NOMINATED, WAITING, BEHIND, IN_CONTOH = 62, 21, 4, 5, 9
_JORONG = {LATIHAN: ("Pasar", "Koto Tangah", "Koto Tuo", "Lubuk Batang", "Air Putih"),
           CONTOH: ("Lubuk Batang", "Air Putih")}  # fmt: skip
# the way people write them, reduced by ``names.plain``
_ALIASES = (("aia putiah", "Air Putih"), ("lubuak batang", "Lubuk Batang"))
_MEN = ("Amril", "Basri", "Darwis", "Edison", "Fauzan", "Gusman", "Hendri", "Ilyas", "Jasril", "Khairul",
        "Lukman", "Mardi")  # fmt: skip
_WOMEN = ("Asnidar", "Desmawati", "Elfi", "Gusniarti", "Helmi", "Irdawati", "Jusmaniar", "Lismar", "Murniati",
          "Nelfita", "Rosmi", "Suarni")  # fmt: skip
_SECOND = ("Latifa", "Putra", "Chaniago", "Sikumbang", "Piliang", "Koto", "Jambak")
_WORK = (("Petani karet", "high"), ("Pedagang sayur", "low"), ("Tukang ojek", "high"), ("Penyadap karet", "high"),
         ("Guru mengaji", "low"), ("Buruh bangunan", "high"), ("Garin masjid", "low"))  # fmt: skip
_JANUARY, _NOVEMBER = datetime(2026, 1, 8, 3, tzinfo=UTC), datetime(2026, 11, 16, 3, tzinfo=UTC)
_REGISTERED_ON = date(2026, 1, 12)
_PAID_TO, _BEHIND_TO = date(2026, 10, 1), date(2026, 8, 1)


@dataclass(frozen=True)
class Paid:
    """For whom months are to be written, and up to which."""

    worker: Worker
    first: date
    last: date


def load_registry(session: Session, known: Sequence[Worker]) -> Iterator[Paid]:
    """Add jorong, quotas, workers and lists of both nagari; give back whose months are still to be written.

    :param known: the workers who are there by name; those of Koto Latihan count among its 62.
    """
    _load_jorong(session)
    quota = _load_quotas(session)
    staff = _staff(session)
    own = [worker for worker in known if worker.region_code == LATIHAN]
    fresh = [_worker(number, LATIHAN) for number in range(ACTIVE - len(own))]
    others = [_worker(500 + number, CONTOH) for number in range(IN_CONTOH - len(known) + len(own))]
    session.add_all([*fresh, *others])
    session.flush()
    _enrolled_list(session, quota, [*own, *fresh], staff)
    _list_under_review(session, quota, staff)
    for place, worker in enumerate(fresh):
        yield Paid(worker, date(2026, 1, 1), _BEHIND_TO if place < BEHIND else _PAID_TO)
    for worker in others:
        yield Paid(worker, date(2026, 1, 1), _PAID_TO)


def store_papers(session: Session, store: ObjectStore) -> None:
    """Put the drawn papers of the lists into the object store."""
    for row in session.scalars(
        select(RegistryFile).where(RegistryFile.kind.in_(("meeting_minutes", "decree")))
    ):
        with spool(io.BytesIO(_paper(row.kind, row.created_at)), announced=None) as body:
            transfer(store, row.object_key, body)


def _load_jorong(session: Session) -> None:
    rows = {
        (code, name): Jorong(region_code=code, name=name) for code, names in _JORONG.items() for name in names
    }
    session.add_all(rows.values())
    session.flush()
    for alias, name in _ALIASES:
        for code in _JORONG:
            session.add(JorongAlias(region_code=code, alias=alias, jorong_id=rows[code, name].id))


def _load_quotas(session: Session) -> Quota:
    """Add the quotas of both years; return the one that is running in Koto Latihan."""
    rows = [
        Quota(
            region_code=code, funding_source="apb_nagari", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
            slots=slots, budgeted=budgeted, source=f"Perna APB nagari {year} (latihan)", changed_at=_JANUARY,
        )
        for code, year, slots, budgeted in (
            (LATIHAN, 2026, 100, 90), (LATIHAN, 2027, 100, 90), (CONTOH, 2026, 40, 40), (CONTOH, 2027, 40, 30),
        )
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows[0]


def _staff(session: Session) -> Mapping[str, Actor]:
    rows = session.execute(
        select(StaffUser.username, StaffUser.id).where(StaffUser.username.in_(("fitri", "desi", "dedi")))
    )
    found = {row.username: actor_of(session, row.id) for row in rows}
    return {name: actor for name, actor in found.items() if actor is not None}


def _enrolled_list(
    session: Session, quota: Quota, workers: Sequence[Worker], staff: Mapping[str, Actor]
) -> None:
    """The list of January, all of whom are participants by now."""
    nomination = _founded(session, quota, staff["fitri"], _JANUARY)
    rows = [
        _nominee(nomination, quota, worker, added_at=_JANUARY, added_by=staff["fitri"]) for worker in workers
    ]
    session.add_all(rows)
    session.flush()
    _submit(session, nomination, staff, _JANUARY)
    for desk, action in (("desi", "forward"), ("dedi", "accept")):
        by = staff[desk]
        reviews.review_rest(session, nomination, expected_version=nomination.version, by=by, now=_JANUARY)
        reviews.take_step(
            session, nomination, action, expected_version=nomination.version, by=by, now=_JANUARY
        )
    for row, worker in zip(rows, workers, strict=True):
        row.state, row.worker_id = "enrolled", worker.id
    session.flush()
    nomination_steps.step(
        session, nomination, "finish", by=staff["dedi"], expected_version=nomination.version, now=_JANUARY
    )


def _list_under_review(session: Session, quota: Quota, staff: Mapping[str, Actor]) -> None:
    """The list of November, which Disnakertrans has not read yet; four more wait."""
    nomination = _founded(session, quota, staff["fitri"], _NOVEMBER)
    people = [_worker(1000 + number, LATIHAN) for number in range(NOMINATED + WAITING)]
    rows = [
        _nominee(nomination, quota, person, added_at=_NOVEMBER, added_by=staff["fitri"]) for person in people
    ]
    for place, row in enumerate(rows[NOMINATED:], start=1):
        row.state, row.waiting_place, row.submitted_before = "waiting", place, True
    session.add_all(rows)
    session.flush()
    _submit(session, nomination, staff, _NOVEMBER)


def _founded(session: Session, quota: Quota, by: Actor, now: datetime) -> Nomination:
    """Open a list on a musyawarah and an SK of its own."""
    nomination = nominations.open_nomination(
        session, quota, branch_code=by.branch_code or "solok", by=by, now=now
    )
    facts = MeetingFacts(
        held_on=now.date(),
        place="Kantor nagari Koto Latihan",
        minutes_number=f"BA-{now:%m}/MUSNAG/2026",
        attendees=43,
        decided="Disepakati daftar pekerja rentan yang diusulkan dari APB Nagari.",
    )
    meeting = meetings.record_meeting(session, quota.region_code, facts, by=by, now=now)
    meetings.attach_minutes(session, meeting, _file(session, "meeting_minutes", by, now), by=by)
    nominations.set_meeting(session, nomination, meeting, by=by)
    decree = Decree(number=f"188.47/{now:%m}/WN-KL/2026", decided_on=now.date(), signed_by="Jon Efendi")
    paper = _file(session, "decree", by, now)
    nominations.set_decree(session, nomination, decree, by=by, now=now, file_id=paper.id)
    return nomination


def _submit(session: Session, nomination: Nomination, staff: Mapping[str, Actor], now: datetime) -> None:
    nominations.submit(
        session, nomination, overflow="draft", expected_version=nomination.version, by=staff["fitri"], now=now
    )


def _file(session: Session, kind: str, by: Actor, now: datetime) -> RegistryFile:
    body = _paper(kind, now)
    row = RegistryFile(
        public_id=identifiers.public_id(),
        region_code=LATIHAN,
        kind=kind,
        object_key=identifiers.object_key(),
        display_name="Berita acara.jpg" if kind == "meeting_minutes" else "SK wali nagari.jpg",
        media_type="image/jpeg",
        size_bytes=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        created_at=now,
        created_by_user_id=by.user_id or 0,
        stored_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _paper(kind: str, day: datetime) -> bytes:
    title = "BERITA ACARA MUSYAWARAH" if kind == "meeting_minutes" else "KEPUTUSAN WALI NAGARI"
    lines = (
        ("Tentang", "Usulan pekerja rentan"),
        ("Tanggal", f"{day:%d-%m-%Y}"),
        ("Wali nagari", "Jon Efendi"),
    )
    return jpeg(draw(Sheet(title, "NAGARI KOTO LATIHAN (LATIHAN)", lines), width=600))


def _worker(serial: int, region_code: str) -> Worker:
    """Invent a person; NIK with kecamatan digits 99, which do not exist."""
    woman = serial % 2 == 1
    born_on = date(1968 + serial % 30, 1 + serial % 12, 1 + serial % 28)
    first, second = (_WOMEN if woman else _MEN)[serial // 2 % 12], _SECOND[serial % len(_SECOND)]
    work, hazard = _WORK[serial % len(_WORK)]
    places = _JORONG[region_code]
    day = born_on.day + (40 if woman else 0)
    return Worker(
        national_id=f"130399{day:02d}{born_on:%m%y}{2000 + serial:04d}",
        full_name=f"{first} {second}",
        born_on=born_on,
        sex="f" if woman else "m",
        region_code=region_code,
        jorong=places[serial % len(places)],
        occupation=work,
        registered_on=_REGISTERED_ON,
        card_number=f"26010{serial:06d}",
        phone=f"+62812900{serial:05d}" if serial % 3 else None,
        family_card_number=f"130399{1 + serial % 28:02d}0315{2000 + serial:04d}",
        birth_place="Koto Latihan" if region_code == LATIHAN else "Koto Contoh",
        hazard=hazard,
        welfare_decile=1 + serial % 4,
    )


def _nominee(
    nomination: Nomination, quota: Quota, person: Worker, *, added_at: datetime, added_by: Actor
) -> Nominee:
    return Nominee(
        public_id=identifiers.public_id(),
        nomination_id=nomination.id,
        quota_id=quota.id,
        starts_on=quota.starts_on,
        ends_on=quota.ends_on,
        region_code=quota.region_code,
        state="draft",
        national_id=person.national_id,
        full_name=person.full_name,
        born_on=person.born_on,
        sex=person.sex,
        jorong=person.jorong,
        occupation=person.occupation,
        added_at=added_at,
        added_by_user_id=added_by.user_id,
        family_card_number=person.family_card_number or f"13039901011{person.national_id[-5:]}",
        birth_place=person.birth_place or "Koto Latihan",
        hazard=person.hazard,
        phone=person.phone,
        welfare_decile=person.welfare_decile,
        consent_told_on=added_at.date(),
    )
