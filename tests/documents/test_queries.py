"""What screens read: one statement each; what a family may see; who may open a file."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.documents import queries, review
from caseflow.documents.intake import Receipt, Sessions
from caseflow.documents.models import Document
from caseflow.documents.preview import run_preview
from caseflow.documents.storage import ObjectStore
from caseflow.errors import NotFound
from tests.documents.cases import Case, make_case, send
from tests.files import samples


@pytest.fixture
def receipt(sessions: Sessions, store: ObjectStore, case: Case) -> Receipt:
    """A stored photo with its preview."""
    given = send(sessions, store, case, samples.jpeg())
    with sessions() as session, session.begin():
        number = session.scalars(select(Document.id).where(Document.public_id == given.public_id)).one()
        run_preview(session, store, number)
    return given


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collect what is asked of the database."""
    asked: list[str] = []
    engine = session.get_bind()
    assert isinstance(engine, Engine)

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_every_list_is_one_statement(sessions: Sessions, case: Case, receipt: Receipt) -> None:
    with sessions() as session:
        for read in (queries.requirement_list, queries.document_files, queries.reviews):
            with statements(session) as asked:
                read(session, case.id)
            assert len(asked) == 1
        with statements(session) as asked:
            queries.sent_files(session, case.id, "family_card")
        assert len(asked) == 1


def test_the_list_counts_what_still_counts(
    sessions: Sessions, store: ObjectStore, case: Case, receipt: Receipt
) -> None:
    with sessions() as session, session.begin():
        paper = review.get_requirement(session, case.id, "family_card")
        review.return_document(session, paper, "blurry", by=case.officer)
    send(sessions, store, case, samples.png(), case.place(name="ulang.png"))
    with sessions() as session:
        first, second = queries.requirement_list(session, case.id)
        files = queries.document_files(session, case.id, "family_card")
        shown = queries.sent_files(session, case.id, "family_card")
    assert (first.code, first.status, first.files) == ("family_card", "submitted", 1)
    assert (second.code, second.status, second.files, second.sent_at) == ("death_letter", "missing", 0, None)
    assert [(file.display_name, file.withdrawn_at is None) for file in files] == [
        ("ulang.png", True),
        ("kk.jpg", False),
    ]
    assert (files[1].preview, files[1].preview_pages, files[1].signs) == ("ready", 1, ())
    assert [file.display_name for file in shown] == ["ulang.png"]


def test_an_officer_opens_the_preview_and_it_is_written_down(
    sessions: Sessions, store: ObjectStore, case: Case, receipt: Receipt
) -> None:
    with sessions() as session, session.begin():
        opened = queries.open_document(session, store, case.id, receipt.public_id, by=case.officer, page=1)
        with opened.body as body:
            assert body.read(3) == b"\xff\xd8\xff"
    assert (opened.media_type, opened.attachment) == ("image/jpeg", False)
    with sessions() as session:
        seen = session.scalars(
            select(AuditEvent).where(
                AuditEvent.casefile_id == case.id, AuditEvent.action == "document.opened"
            )
        ).one()
    assert (seen.subject, seen.details) == (f"document:{receipt.public_id}", {"page": 1})


def test_the_original_is_given_as_an_attachment(
    sessions: Sessions, store: ObjectStore, case: Case, receipt: Receipt
) -> None:
    with sessions() as session, session.begin():
        opened = queries.open_document(session, store, case.id, receipt.public_id, by=case.officer)
        with opened.body as body:
            assert body.read() == samples.jpeg()
    assert (opened.file_name, opened.attachment) == ("kk.jpg", True)


def test_families_never_see_a_file_again(
    sessions: Sessions, store: ObjectStore, case: Case, receipt: Receipt
) -> None:
    with sessions() as session, pytest.raises(NotFound):
        queries.open_document(session, store, case.id, receipt.public_id, by=case.family)


def test_a_file_of_another_case_and_a_page_that_is_not_there_are_not_found(
    sessions: Sessions, store: ObjectStore, case: Case, receipt: Receipt
) -> None:
    with sessions() as session, session.begin():
        other = make_case(session)
    with sessions() as session:
        for casefile_id, public_id, page in (
            (other.id, receipt.public_id, None),
            (case.id, "nonsense", None),
            (case.id, receipt.public_id, 0),
            (case.id, receipt.public_id, 2),
        ):
            with pytest.raises(NotFound):
                queries.open_document(session, store, casefile_id, public_id, by=case.officer, page=page)


def test_bytes_that_are_gone_are_a_sentence_and_not_a_crash(
    sessions: Sessions, store: ObjectStore, case: Case, receipt: Receipt
) -> None:
    for info in list(store.keys("")):
        store.delete(info.key)
    with sessions() as session, pytest.raises(NotFound, match="tidak dapat dibuka"):
        queries.open_document(session, store, case.id, receipt.public_id, by=case.officer)
