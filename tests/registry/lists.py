"""A quota, invented people and a whole road of a nomination, for tests."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.identifiers import object_key, public_id
from caseflow.people.actor import Actor
from caseflow.registry import enrolment, meetings, nominations, nominees, reviews
from caseflow.registry.meetings import MeetingFacts
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nomination, Nominee, Quota, RegistryFile
from caseflow.registry.nominations import Decree, Submitted
from caseflow.registry.nominee_checks import Candidate

LATIHAN, CONTOH = "13.03.99.2001", "13.03.99.2002"
PERIOD = date(2028, 1, 1), date(2028, 12, 31)
_serial = itertools.count(1)


def someone(**changes: Any) -> Candidate:
    """Invent a person who may stand on a list; each has a NIK of their own."""
    serial = next(_serial)
    plain = Candidate(
        national_id=f"1303991209850{serial:03d}"[:12] + f"{serial:04d}",
        full_name=f"Orang Latihan {serial}",
        born_on=date(1985, 9, 12),
        sex="m",
        jorong="Pasar",
        occupation="Petani karet",
        family_card_number=f"130399010115{5000 + serial:04d}",
        birth_place="Koto Latihan",
    )
    return replace(plain, **changes)


@dataclass
class Lists:
    """One session and the people who act in it."""

    session: Session
    staff: Mapping[str, Actor]

    def quota(self, slots: int = 10, region_code: str = LATIHAN, **changes: Any) -> Quota:
        """Give a nagari places for a period that the training data leaves alone."""
        values: dict[str, Any] = {
            "region_code": region_code,
            "funding_source": "apb_nagari",
            "starts_on": PERIOD[0],
            "ends_on": PERIOD[1],
            "slots": slots,
            "budgeted": slots,
            "source": "Perna APB latihan",
            "changed_at": clock.now(),
        }
        quota = Quota(**{**values, **changes})
        self.session.add(quota)
        self.session.flush()
        return quota

    def draft(self, quota: Quota, people: int = 2, by: str = "fitri") -> Nomination:
        """Begin a list with so many people, its musyawarah and its SK."""
        nomination = self.empty(quota, by=by)
        for _ in range(people):
            self.add(nomination, by=by)
        return nomination

    def empty(self, quota: Quota, by: str = "fitri") -> Nomination:
        """Begin a list with meeting and decree, without anybody."""
        actor, now = self.staff[by], clock.now()
        nomination = nominations.open_nomination(self.session, quota, branch_code="solok", by=actor, now=now)
        facts = MeetingFacts(
            held_on=date(2026, 11, 10),
            place="Kantor nagari",
            minutes_number=f"BA-{next(_serial)}/2026",
            attendees=41,
            decided="Disepakati daftar pekerja rentan.",
        )
        meeting = meetings.record_meeting(self.session, quota.region_code, facts, by=actor, now=now)
        minutes = self.paper("meeting_minutes", quota.region_code, actor)
        meetings.attach_minutes(self.session, meeting, minutes, by=actor)
        nominations.set_meeting(self.session, nomination, meeting, by=actor)
        decree = Decree(number="400/12/WN-2026", decided_on=date(2026, 11, 12), signed_by="Jon Efendi")
        paper = self.paper("decree", quota.region_code, actor)
        nominations.set_decree(self.session, nomination, decree, by=actor, now=now, file_id=paper.id)
        return nomination

    def paper(self, kind: str, region_code: str, by: Actor) -> RegistryFile:
        """A stored file, as ``registry.files`` leaves it."""
        row = RegistryFile(
            public_id=public_id(), region_code=region_code, kind=kind, object_key=object_key(),
            display_name="berkas.pdf", media_type="application/pdf", size_bytes=10, sha256="0" * 64,
            created_at=clock.now(), created_by_user_id=by.user_id or 0, stored_at=clock.now(),
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def add(self, nomination: Nomination, by: str = "fitri", **changes: Any) -> Nominee:
        """Write somebody on a list."""
        return nominees.add_nominee(
            self.session, nomination, someone(**changes), by=self.staff[by], now=clock.now()
        )

    def submit(self, nomination: Nomination, overflow: Any = "draft", by: str = "fitri") -> Submitted:
        """Put a list forward."""
        return nominations.submit(
            self.session, nomination, overflow=overflow, expected_version=nomination.version,
            by=self.staff[by], now=clock.now(),
        )  # fmt: skip

    def review(self, nominee: Nominee, verdict: Any, by: str, reason: str | None = None) -> None:
        """Say something of a row."""
        reviews.review(
            self.session, nominee, verdict, reason=reason, expected_version=nominee.version,
            by=self.staff[by], now=clock.now(),
        )  # fmt: skip

    def rest(self, nomination: Nomination, by: str) -> int:
        """Wave through what nobody has decided."""
        return reviews.review_rest(
            self.session, nomination, expected_version=nomination.version, by=self.staff[by], now=clock.now()
        )

    def step(self, nomination: Nomination, action: str, by: str, **reason: str) -> None:
        """Move a whole list."""
        reviews.take_step(
            self.session, nomination, action, expected_version=nomination.version, by=self.staff[by],
            now=clock.now(), **reason,
        )  # fmt: skip

    def accepted(self, quota: Quota, people: int = 2) -> Nomination:
        """Walk a list until it waits for participant numbers."""
        nomination = self.draft(quota, people)
        self.submit(nomination)
        self.rest(nomination, "desi")
        self.step(nomination, "forward", "desi")
        self.rest(nomination, "dedi")
        self.step(nomination, "accept", "dedi")
        return nomination

    def rows(self, nomination: Nomination) -> list[Nominee]:
        """Return the people of a list in their order."""
        found = self.session.query(Nominee).filter_by(nomination_id=nomination.id).order_by(Nominee.id)
        return list(found)

    def enrol(self, nominee: Nominee, number: str | None = None, on: date = date(2026, 11, 19)) -> Worker:
        """Give somebody a participant number."""
        number = number or f"26099{next(_serial):06d}"
        return enrolment.enrol(
            self.session, nominee, participant_number=number, registered_on=on, by=self.staff["dedi"],
            now=clock.now(),
        )  # fmt: skip
