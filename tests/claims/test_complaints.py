"""Complaints: five working days, one reader's desk, one second look, and nothing of them where the claim lies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import complaint_queries, complaints, queries
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.complaints import COMPLAINANT, Filed, Told
from caseflow.claims.models import Claim
from caseflow.claims.stuck import stuck_cases
from caseflow.claims.workflows import book
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people import hashing
from caseflow.people.actor import Actor
from caseflow.registry import operations as calendar
from caseflow.workflow.models import CaseFile, History, Outbox
from tests.conftest import FreshDatabase
from tests.story import reported

Staff = Mapping[str, Actor]
PEPPER = "p" * 40
WORDS = "Ada yang meminta dua juta di warung depan kantor."


def told(session: Session, category: str = "levy", accused: str = "nagari", **more: Any) -> Filed:
    """Tell a complaint."""
    values = {"key": f"{category}-{accused}", "words": WORDS, **more}
    return complaints.file_complaint(
        session,
        Told(category=category, accused=accused, **values),
        branch_code="solok",
        now=clock.now(),
        pepper=PEPPER,
    )


def found(session: Session, filed: Filed) -> Complaint:
    """The complaint of a number."""
    complaint = complaint_queries.find_by_number(session, filed.number)
    assert complaint is not None
    return complaint


def step(session: Session, complaint: Complaint, action: str, by: Actor, words: str | None = None) -> None:
    """Take a step."""
    complaints.act_on(
        session,
        complaint,
        action,
        by=by,
        expected_version=complaint.version,
        now=clock.now(),
        reason_code="proven" if action.startswith("answer") else None,
        reason_text=words,
    )


def test_number_code_and_day_of_answer(session: Session) -> None:
    """Told on Friday 20 November: five working days are Friday 27."""
    filed = told(session)
    complaint = found(session, filed)
    assert filed.number.startswith("ADU-26-")
    assert complaint.due_on == date(2026, 11, 27)
    assert complaint.state == "received"
    assert filed.code not in complaint.code_hash
    assert hashing.code_matches(complaint.code_hash, filed.code, complaint.id, pepper=PEPPER)


@pytest.mark.parametrize(
    ("told_at", "due_on"),
    [
        ("2026-11-21T09:00:00+07:00", date(2026, 11, 27)),  # a Saturday: Monday is the first of five
        (
            "2026-12-21T09:00:00+07:00",
            date(2026, 12, 30),
        ),  # neither Christmas nor the joint leave before it
    ],
)
def test_days_are_working_days(session: Session, told_at: str, due_on: date) -> None:
    clock.set_start(datetime.fromisoformat(told_at))
    assert found(session, told(session)).due_on == due_on


def test_a_new_holiday_moves_its_day_and_no_number_tells_of_it(session: Session, staff: Staff) -> None:
    """Whoever keeps the calendar would learn from one case more that somebody complained."""
    by, now = staff["bram"], clock.now()
    complaint = found(session, told(session))
    before = complaint.due_on
    calendar.add_holiday(
        session, date(2026, 11, 24), kind="penutupan_kantor", name="Kantor ditutup", by=by, now=now
    )
    preview = calendar.preview_due_changes(session, book(), now=now)
    assert (preview.count, preview.sooner, preview.examples) == (0, 0, ())
    seen = preview.calendar_sha256
    assert calendar.recompute_due_dates(session, book(), seen_sha256=seen, by=by, now=now) == 0
    session.refresh(complaint)
    assert before is not None
    assert complaint.due_on == before + timedelta(days=3)
    noted = select(AuditEvent.details).where(AuditEvent.action == "calendar.due_dates_recomputed")
    assert session.scalars(noted).one()["cases"] == 0


def test_examining_does_not_buy_time(session: Session, staff: Staff) -> None:
    """The five days run from the day it was told, whatever is done meanwhile."""
    complaint = found(session, told(session))
    clock.set_start(clock.now() + timedelta(days=3))
    step(session, complaint, "examine", staff["irma"])
    assert complaint.due_on == date(2026, 11, 27)


def test_the_same_form_is_one_complaint(session: Session) -> None:
    first = told(session)
    assert told(session) == first
    assert session.scalar(select(func.count()).select_from(Complaint)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": "bribe"}, "category"),
        ({"accused": "bupati"}, "accused"),
        ({"words": "pendek"}, "words"),
        ({"words": "x" * 2001}, "words"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    session: Session, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        told(session, **change)
    assert list(refused.value.fields) == [field]


# who reads what: category and accused → the people of the branch who find it on their desk
DESKS = [
    ("levy", "nagari", {"irma"}),
    ("levy", "unknown", {"irma"}),
    ("levy", "branch", {"irma"}),
    ("rude", "branch", {"irma"}),
    ("slow", "branch", {"irma"}),
    ("slow", "unknown", {"irma", "bram"}),
    ("rude", "hospital", {"irma", "bram"}),
    ("wrong_data", "nagari", {"irma", "bram"}),
    ("other", "bank", {"irma", "bram"}),
]


@pytest.mark.parametrize(("category", "accused", "readers"), DESKS)
def test_never_read_by_whom_it_accuses(
    session: Session, staff: Staff, category: str, accused: str, readers: set[str]
) -> None:
    """Of everybody who works here only the desk finds it, by list and by number."""
    filed = told(session, category, accused)
    for name, actor in staff.items():
        listed = [row.number for row in complaint_queries.complaints(session, by=actor)]
        assert (filed.number in listed) == (name in readers), name
        if name in readers:
            assert complaint_queries.get_complaint(session, filed.number, by=actor).number == filed.number
        else:
            with pytest.raises(NotFound):
                complaint_queries.get_complaint(session, filed.number, by=actor)


def test_another_branch_reads_nothing(session: Session, staff: Staff) -> None:
    filed = told(session, "slow", "bank")
    for name in ("irma", "bram"):
        elsewhere = replace(staff[name], branch_code="padang")
        assert complaint_queries.complaints(session, by=elsewhere) == []
        with pytest.raises(NotFound):
            complaint_queries.get_complaint(session, filed.number, by=elsewhere)


def test_no_list_of_claims_holds_a_complaint(session: Session, staff: Staff) -> None:
    """Worklists, counts, search and the list of stuck cases do not know it."""
    by, today = staff["dedi"], clock.today()
    before = queries.queue_counts(session, by=by, today=today)
    for category, accused, _ in DESKS:
        filed = told(session, category, accused)
        assert queries.search(session, filed.number, by=by) == []
        with pytest.raises(NotFound):
            queries.get_claim(session, filed.number, by=by)
    assert queries.search(session, "Aduan", by=by) == []
    assert queries.queue_counts(session, by=by, today=today) == before
    assert not any(stuck.number.startswith("ADU") for stuck in stuck_cases(session))


def test_a_complaint_cannot_lie_among_claims(session: Session) -> None:
    """The database keeps it in an area of its own."""
    complaint = found(session, told(session))
    with pytest.raises(IntegrityError, match="others_lie_apart"), session.begin_nested():
        session.execute(
            text("UPDATE casefile SET branch_code = 'solok' WHERE id = :id"), {"id": complaint.id}
        )


def test_a_levy_cannot_be_put_on_the_heads_desk(session: Session) -> None:
    complaint = found(session, told(session))
    with pytest.raises(IntegrityError, match="not_read_by_accused"), session.begin_nested():
        session.execute(
            text("UPDATE complaint SET desk = 'branch_head' WHERE id = :id"), {"id": complaint.id}
        )


def test_the_database_hides_it_from_a_query_that_forgot(fresh_database: FreshDatabase) -> None:
    """A statement that does not say it reads for the inspector finds only what is everybody's of the desk."""
    with Session(fresh_database.engine) as session:
        told(session)
        ordinary = told(session, "slow", "bank")
        session.commit()
    with Session(fresh_database.engine) as session:
        numbers = session.scalars(
            select(CaseFile.number).join(Complaint.__table__, Complaint.__table__.c.id == CaseFile.id)
        ).all()
        assert numbers == [ordinary.number]
        assert session.execute(text("SELECT count(*) FROM complaint")).scalar_one() == 1


def test_nothing_of_it_is_written_at_the_claim(session: Session) -> None:
    """Neither history nor audit trail nor messages of the claim tell that somebody complained."""
    claim = reported(session)

    def traces() -> list[int | None]:
        return [
            session.scalar(select(func.count()).where(table.casefile_id == claim.id))
            for table in (History, AuditEvent, Outbox)
        ]

    before = traces()
    filed = told(session, about=claim, contact_name="Yusra", contact_phone="+6281234567890")
    session.flush()
    assert found(session, filed).about_casefile_id == claim.id
    assert traces() == before
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.casefile_id == found(session, filed).id)
    ).all()
    assert events
    assert {event.actor_name for event in events} == {COMPLAINANT.name}
    assert {event.device_id for event in events} == {None}


def test_from_the_first_word_to_the_second_answer(session: Session, staff: Staff) -> None:
    """Answered, asked again once, answered for good."""
    irma, complaint = staff["irma"], found(session, told(session))
    step(session, complaint, "examine", irma)
    step(session, complaint, "answer", irma, "Uang dikembalikan kepada keluarga.")
    assert complaint.state == "answered"
    step(session, complaint, "ask_again", COMPLAINANT, "Uangnya baru kembali separuh.")
    assert (complaint.state, complaint.due_on) == ("reexamining", date(2026, 11, 27))
    step(session, complaint, "answer_again", irma, "Sisanya diserahkan hari ini.")
    assert complaint.state == "closed"
    with pytest.raises(NotPossible):
        step(session, complaint, "ask_again", COMPLAINANT, "Masih ada yang kurang di sini.")


def test_an_answer_needs_words(session: Session, staff: Staff) -> None:
    complaint = found(session, told(session))
    with pytest.raises(Invalid, match="alasannya"):
        step(session, complaint, "answer", staff["irma"])
    assert complaint.state == "received"


@pytest.mark.parametrize("name", ["dedi", "mega", "nina", "fitri", "aulia", "admin"])
def test_nobody_else_answers(session: Session, staff: Staff, name: str) -> None:
    complaint = found(session, told(session, "slow", "bank"))
    with pytest.raises(NotPermitted):
        step(session, complaint, "answer", staff[name], "Sudah kami periksa semuanya.")


def test_who_left_a_number_is_told_without_a_word_about_it(session: Session, staff: Staff) -> None:
    """Two messages are owed; who left no number is owed none."""
    silent = found(session, told(session, "levy", "bank"))
    spoken = found(session, told(session, contact_name="Yusra", contact_phone="+6281234567890"))
    for complaint in (silent, spoken):
        step(session, complaint, "answer", staff["irma"], "Sudah kami tindak lanjuti.")
    session.flush()

    def owed(complaint: Complaint) -> list[str]:
        query = select(Outbox.notice).where(Outbox.casefile_id == complaint.id).order_by(Outbox.id)
        return list(session.scalars(query))

    assert owed(silent) == []
    assert owed(spoken) == ["complaint_received", "complaint_answered"]


def test_closed_thirty_days_after_an_answer_nobody_questioned(session: Session, staff: Staff) -> None:
    complaint = found(session, told(session))
    step(session, complaint, "answer", staff["irma"], "Sudah kami tindak lanjuti.")
    clock.set_start(clock.now() + timedelta(days=29))
    assert complaints.settled_complaints(session, clock.now()) == []
    clock.set_start(clock.now() + timedelta(days=1, minutes=1))
    assert complaints.settled_complaints(session, clock.now()) == [complaint.id]
    assert complaints.close_settled(session, complaint.id, now=clock.now())
    assert not complaints.close_settled(session, complaint.id, now=clock.now())
    assert complaint.state == "closed"


def test_looking_at_the_claim_from_the_desk_leaves_no_trace(session: Session, staff: Staff) -> None:
    claim = reported(session)
    complaint = found(session, told(session, about=claim))
    session.flush()
    before = session.scalar(select(func.count()).where(AuditEvent.casefile_id == claim.id))
    complaints.note_read(session, complaint, by=staff["irma"])
    about = complaint_queries.claim_of(session, complaint)
    session.flush()
    assert isinstance(about, Claim)
    assert session.scalar(select(func.count()).where(AuditEvent.casefile_id == claim.id)) == before
