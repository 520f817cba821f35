"""What a family asks: help with a paper, a reminder, a question; asked once, taken back, answered in words."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import request_queries, requests
from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.joining import Newcomer, ask_to_join
from caseflow.claims.models import Claim
from caseflow.claims.requests import PaperAsk
from caseflow.db_refusals import refusal_of
from caseflow.documents.review import get_requirement
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import REPORTER, Actor
from caseflow.workflow.models import Outbox
from tests import story
from tests.story import Stage

FIND = PaperAsk("help_find")
STUCK = PaperAsk("help_obtain", stuck_at="nagari", words="Wali nagari sedang ke kota.")
NOT_NEEDED = PaperAsk("not_applicable", words="Kami tidak pernah mencatatkan nikah.")
TOMORROW = PaperAsk("remind", remind_after_days=1)
ANSWER = "Bu Yusra, saya sudah menelepon wali nagari. Silakan datang Senin."


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.fixture
def claim(stage: Stage) -> Claim:
    return story.reported(stage)


@pytest.fixture
def phone(stage: Stage, claim: Claim) -> Actor:
    return story.phone_of(stage, claim)


def ask(
    session: Session, claim: Claim, what: PaperAsk, by: Actor, code: str = "family_card"
) -> FamilyRequest:
    return requests.ask_about_paper(session, claim, code, what, by=by, now=clock.now())


def owed(session: Session, claim: Claim) -> list[str]:
    """Notices of occasions that the family is owed."""
    query = select(Outbox.notice).where(Outbox.casefile_id == claim.id, Outbox.occasion != "")
    return list(session.scalars(query.order_by(Outbox.id)))


@pytest.mark.parametrize("what", [FIND, STUCK, NOT_NEEDED, TOMORROW], ids=lambda one: one.kind)
def test_asking_twice_is_asking_once(session: Session, claim: Claim, phone: Actor, what: PaperAsk) -> None:
    first = ask(session, claim, what, phone)
    assert ask(session, claim, what, phone).id == first.id
    assert session.scalar(select(func.count()).select_from(FamilyRequest)) == 1
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.casefile_id == claim.id)).all()
    assert acts.count("request.asked") == 1


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (PaperAsk("help_obtain"), "stuck_at"),
        (PaperAsk("help_obtain", stuck_at="bulan"), "stuck_at"),
        (PaperAsk("not_applicable", words="  tidak "), "words"),
        (PaperAsk("not_applicable", words="x" * 1001), "words"),
        (PaperAsk("remind", remind_after_days=365), "days"),
        (PaperAsk("withdraw"), ""),
    ],
)
def test_half_a_request_is_refused_by_its_field(
    session: Session, claim: Claim, phone: Actor, what: PaperAsk, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(session, claim, what, phone)
    assert set(refused.value.fields) == {field}
    assert "Belum ada" in refused.value.sentence
    assert request_queries.requests_of(session, claim.id) == []


def test_a_paper_that_came_needs_no_help(stage: Stage, claim: Claim, phone: Actor) -> None:
    story.send_paper(stage, claim, "family_card", by=phone)
    with pytest.raises(NotPossible, match="sudah dikirim"):
        ask(stage.session, claim, FIND, phone)
    with pytest.raises(NotFound):
        ask(stage.session, claim, FIND, phone, code="will_deed")


def test_a_decided_case_takes_no_request_about_papers(stage: Stage) -> None:
    claim = story.submitted(stage)
    with pytest.raises(NotPossible, match="sedang diputuskan"):
        ask(stage.session, claim, FIND, story.phone_of(stage, claim), code="participant_card")


def test_only_who_asked_takes_it_back_and_once(session: Session, claim: Claim, phone: Actor) -> None:
    made = ask(session, claim, FIND, phone)
    stranger = Actor(kind="family", name="Rani", roles=phone.roles, casefile_id=claim.id)
    with pytest.raises(NotFound):
        requests.take_back(session, claim, made.id, by=stranger, now=clock.now())
    for _ in range(2):
        requests.take_back(session, claim, made.id, by=phone, now=clock.now())
    (row,) = request_queries.requests_of(session, claim.id)
    assert (row.open, row.taken_back, row.answered_by) == (False, True, None)
    assert ask(session, claim, FIND, phone).id != made.id  # it can be asked anew
    assert owed(session, claim) == []


def test_a_request_of_another_case_is_not_found(
    session: Session, stage: Stage, claim: Claim, phone: Actor
) -> None:
    other = story.reported(stage, story.NURBAITI)
    made = ask(session, other, FIND, story.phone_of(stage, other))
    with pytest.raises(NotFound):
        requests.take_back(session, claim, made.id, by=phone, now=clock.now())
    with pytest.raises(NotFound):
        requests.answer(session, claim, made.id, ANSWER, by=stage.verifier, now=clock.now())


def test_an_answer_is_read_by_the_family_and_announced_once(stage: Stage, claim: Claim, phone: Actor) -> None:
    session, now = stage.session, clock.now()
    made = ask(session, claim, STUCK, phone)
    requests.answer(session, claim, made.id, ANSWER, by=stage.verifier, now=now)
    (row,) = request_queries.requests_of(session, claim.id)
    assert (row.answer, row.answered_by) == (ANSWER, "Dedi Putra")
    assert owed(session, claim) == ["request_answered"]
    with pytest.raises(NotPossible, match="sudah dijawab"):
        requests.answer(session, claim, made.id, ANSWER, by=stage.staff["sari"], now=now)
    with pytest.raises(NotPossible, match="sudah dijawab"):
        requests.take_back(session, claim, made.id, by=phone, now=now)


def test_the_family_hears_nothing_of_an_answer_to_a_stranger(stage: Stage, claim: Claim) -> None:
    """Somebody else reported the same death: the officer telephones them, and the family's page shows no answer."""
    session, now = stage.session, clock.now()
    who = Newcomer("Nofrizal", "kemenakan", "+6281267009999")
    ask_to_join(session, [claim.number], who, by=REPORTER, now=now)
    (row,) = request_queries.requests_of(session, claim.id)
    requests.answer(session, claim, row.id, ANSWER, by=stage.verifier, now=now)
    assert owed(session, claim) == []


def test_answers_are_sentences_of_staff(stage: Stage, claim: Claim, phone: Actor) -> None:
    made = ask(stage.session, claim, FIND, phone)
    with pytest.raises(Invalid):
        requests.answer(stage.session, claim, made.id, "ya", by=stage.verifier, now=clock.now())
    with pytest.raises(NotPermitted):
        requests.answer(stage.session, claim, made.id, ANSWER, by=phone, now=clock.now())
    reminder = ask(stage.session, claim, TOMORROW, phone)
    with pytest.raises(NotPossible, match="dikirim sendiri"):
        requests.answer(stage.session, claim, reminder.id, ANSWER, by=stage.verifier, now=clock.now())


def test_agreeing_that_a_paper_is_not_needed_waives_it(stage: Stage) -> None:
    session = stage.session
    claim = story.with_papers(stage, but=("marriage_book",))
    phone = story.phone_of(stage, claim)
    made = ask(session, claim, NOT_NEEDED, phone, code="marriage_book")
    requests.answer_by_waiving(session, claim, made.id, ANSWER, by=stage.verifier, now=clock.now())
    assert get_requirement(session, claim.id, "marriage_book").status == "not_applicable"
    assert request_queries.requests_of(session, claim.id)[0].answer == ANSWER


def test_the_last_paper_that_is_not_needed_starts_the_clock(stage: Stage) -> None:
    """As at the door of the paper itself: nothing is missing any more, so the case does not wait for the family."""
    session = stage.session
    claim = story.reported(stage)
    story.move(stage, claim, "start_intake")
    made = ask(session, claim, NOT_NEEDED, story.phone_of(stage, claim), code="marriage_book")
    story.send_missing(stage, claim, but=("marriage_book",))
    assert (claim.state, claim.clock_started_on) == ("documents_pending", None)
    requests.answer_by_waiving(session, claim, made.id, ANSWER, by=stage.verifier, now=clock.now())
    assert claim.state != "documents_pending"
    assert claim.clock_started_on == clock.today()


def test_what_the_regulation_demands_is_not_waived_and_nothing_is_answered(stage: Stage) -> None:
    session = stage.session
    claim = story.with_papers(stage, but=("heir_statement",))
    made = ask(session, claim, NOT_NEEDED, story.phone_of(stage, claim), code="heir_statement")
    with pytest.raises(NotPossible, match="diwajibkan peraturan"):
        requests.answer_by_waiving(session, claim, made.id, ANSWER, by=stage.verifier, now=clock.now())
    assert request_queries.requests_of(session, claim.id)[0].open


def test_five_questions_may_wait(session: Session, claim: Claim, phone: Actor) -> None:
    """Who only wants to be added to the report takes none of the family's places."""
    now = clock.now()
    ask_to_join(session, [claim.number], Newcomer("Rani", "anak", "+6281267001255"), by=REPORTER, now=now)
    for number in range(5):
        requests.ask_question(session, claim, "question", f"Pertanyaan nomor {number}?", by=phone, now=now)
    again = requests.ask_question(session, claim, "question", " Pertanyaan  nomor 4? ", by=phone, now=now)
    assert again.words == "Pertanyaan nomor 4?"
    with pytest.raises(NotPossible, match="Lima pertanyaan"):
        requests.ask_question(session, claim, "correct", "Nama saya Yusra, bukan Yusri.", by=phone, now=now)
    with pytest.raises(Invalid):
        requests.ask_question(session, claim, "help_find", "Saya tidak menemukannya.", by=phone, now=now)


def test_a_reminder_comes_on_its_day_and_once(session: Session, claim: Claim, phone: Actor) -> None:
    made = ask(session, claim, TOMORROW, phone)
    assert made.remind_on == date(2026, 11, 21)
    today, tomorrow = clock.now(), clock.now() + timedelta(days=1)
    assert request_queries.due_reminders(session, date(2026, 11, 20)) == []
    assert not requests.remind(session, made.id, now=today)
    assert request_queries.due_reminders(session, date(2026, 11, 21)) == [made.id]
    assert requests.remind(session, made.id, now=tomorrow)
    assert not requests.remind(session, made.id, now=tomorrow)
    assert owed(session, claim) == ["paper_reminder"]
    assert request_queries.due_reminders(session, date(2026, 12, 1)) == []


def test_nobody_is_reminded_of_a_paper_that_came(stage: Stage, claim: Claim, phone: Actor) -> None:
    made = ask(stage.session, claim, TOMORROW, phone)
    story.send_paper(stage, claim, "family_card", by=phone)
    assert not requests.remind(stage.session, made.id, now=clock.now() + timedelta(days=1))
    assert owed(stage.session, claim) == []
    assert not request_queries.requests_of(stage.session, claim.id)[0].open


def test_the_branch_reads_its_own_requests_oldest_first(stage: Stage, claim: Claim, phone: Actor) -> None:
    session = stage.session
    claim.assignee_user_id = stage.verifier.user_id
    other = story.reported(stage, story.NURBAITI)
    first = ask(session, other, STUCK, story.phone_of(stage, other), code="death_letter")
    second = ask(session, claim, FIND, phone)
    ask(session, claim, TOMORROW, phone, code="death_letter")  # the day answers it, not an officer
    dedi, stranger = stage.verifier, Actor("staff", "X", frozenset({"officer"}), branch_code="padang")
    assert [row.id for row in request_queries.waiting(session, by=dedi)] == [first.id, second.id]
    assert [row.id for row in request_queries.waiting(session, by=dedi, mine=True)] == [second.id]
    assert [row.id for row in request_queries.waiting(session, by=dedi, mine=False)] == [first.id]
    assert [row.id for row in request_queries.waiting(session, by=dedi, after=first.id)] == [second.id]
    assert request_queries.waiting(session, by=stranger) == []


def test_a_nagari_reads_what_is_stuck_with_it_and_no_more(stage: Stage, claim: Claim, phone: Actor) -> None:
    session = stage.session
    made = ask(session, claim, STUCK, phone, code="death_letter")
    ask(session, claim, PaperAsk("help_obtain", stuck_at="bank"), phone)
    elsewhere = story.reported(stage, story.ZULBAHRI)
    ask(session, elsewhere, STUCK, story.phone_of(stage, elsewhere), code="death_letter")
    rows = request_queries.nagari_requests(session, stage.staff["fitri"].region_codes)
    assert [(row.id, row.number, row.code) for row in rows] == [(made.id, claim.number, "death_letter")]
    assert request_queries.nagari_requests(session, frozenset()) == []


@pytest.mark.parametrize(
    "change",
    [
        "answered_at = now()",
        "answer = 'Sudah.'",
        "taken_back = true",
        "stuck_at = 'nagari'",
        "remind_on = '2026-11-21'",
        "kind = 'question'",
        "requirement_id = NULL",
    ],
)
def test_the_database_keeps_requests_whole(session: Session, claim: Claim, phone: Actor, change: str) -> None:
    ask(session, claim, FIND, phone)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(f"UPDATE family_request SET {change}"))  # noqa: S608 - the cases above


def test_the_database_takes_one_open_request_a_paper_and_kind(
    session: Session, claim: Claim, phone: Actor
) -> None:
    made = ask(session, claim, FIND, phone)
    twin = insert(FamilyRequest).values(
        casefile_id=claim.id,
        kind="help_find",
        asked_by="Yusra",
        asked_at=clock.now(),
        words="",
        requirement_id=made.requirement_id,
    )
    with pytest.raises(DBAPIError) as error, session.begin_nested():
        session.execute(twin)
    assert "Ini sudah diminta" in refusal_of(error.value).sentence
