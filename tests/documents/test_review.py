"""An officer's word: what each verb writes, what it refuses, and what the family reads."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.documents import review
from caseflow.documents.models import Document, DocumentReview, Requirement
from caseflow.documents.queries import progress, requirement_list, reviews
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from tests.documents.cases import Case, make_case

CODES = ("family_card", "death_letter", "heir_statement", "bank_book", "participant_card")


@pytest.fixture
def case(session: Session) -> Case:
    return make_case(session, CODES)


def sent(session: Session, case: Case, code: str = "family_card", scan: str = "clean") -> Requirement:
    """A paper of which one file arrived."""
    requirement = review.get_requirement(session, case.id, code)
    number = session.scalars(select(func.count()).select_from(Document)).one()
    session.add(
        Document(
            public_id=f"file{number}",
            casefile_id=case.id,
            requirement_id=requirement.id,
            object_key=f"key{number}",
            idempotency_key=f"form{number}",
            display_name="kk.jpg",
            uploaded_kind="family",
            created_at=clock.now(),
            status="stored",
            media_type="image/jpeg",
            size_bytes=10,
            sha256="0" * 64,
            stored_at=clock.now(),
            scan=scan,
        )
    )
    requirement.status = "submitted"
    session.flush()
    return requirement


def outcomes(session: Session, requirement: Requirement) -> list[str]:
    session.flush()
    written = select(DocumentReview.outcome).where(DocumentReview.requirement_id == requirement.id)
    return list(session.scalars(written.order_by(DocumentReview.id)))


def audited(session: Session, case: Case) -> list[str]:
    session.flush()
    events = select(AuditEvent.action).where(AuditEvent.casefile_id == case.id)
    return list(session.scalars(events.order_by(AuditEvent.id)))


def test_accepting_writes_review_requirement_and_audit(session: Session, case: Case) -> None:
    requirement = sent(session, case)
    review.accept(session, requirement, method="original_seen", by=case.officer)
    assert requirement.status == "accepted"
    assert outcomes(session, requirement) == ["accepted"]
    assert audited(session, case) == ["document.accepted"]
    (row,) = reviews(session, case.id)
    assert (row.reviewer, row.method, row.code) == ("Petugas Latihan", "original_seen", "family_card")


def test_returning_tells_the_family_why(session: Session, case: Case) -> None:
    requirement = sent(session, case)
    review.return_document(session, requirement, "blurry", by=case.officer, extra="Halaman kedua saja.")
    assert (requirement.status, requirement.return_reason) == ("returned", "blurry")
    assert requirement.return_sentence == (
        "Tulisan tidak terbaca. Foto ulang di tempat terang, HP jangan goyang. Halaman kedua saja."
    )
    assert outcomes(session, requirement) == ["returned"]


@pytest.mark.parametrize(
    ("code", "reason", "details", "sentence"),
    [
        (
            "death_letter",
            "unsigned",
            {},
            "Perlu tanda tangan dan cap wali nagari, rumah sakit atau puskesmas.",
        ),
        (
            "family_card",
            "wrong_document",
            {},
            "Ini bukan Kartu Keluarga (KK). Yang diperlukan: seluruh halaman depan Kartu Keluarga.",
        ),
        ("family_card", "page_missing", {"page": " 2 "}, "Halaman 2 belum ada."),
        (
            "family_card",
            "name_differs",
            {"name_here": "Samsir {x}", "name_on_id": "Syamsir"},
            "Nama di dokumen ini Samsir {x}, di KTP Syamsir. Kirim surat keterangan beda nama dari nagari.",
        ),
    ],
)
def test_reasons_are_filled_in(
    session: Session, case: Case, code: str, reason: str, details: dict[str, str], sentence: str
) -> None:
    requirement = sent(session, case, code)
    review.return_document(session, requirement, reason, by=case.officer, details=details)
    assert requirement.return_sentence == sentence


@pytest.mark.parametrize(
    ("reason", "details", "extra", "field"),
    [
        ("nonsense", {}, "", "reason"),
        ("page_missing", {}, "", "page"),
        ("name_differs", {"name_here": "Samsir"}, "", "name_on_id"),
        ("other", {}, "jelek", "extra"),
    ],
)
def test_a_reason_that_says_too_little_is_refused(
    session: Session, case: Case, reason: str, details: dict[str, str], extra: str, field: str
) -> None:
    requirement = sent(session, case)
    with pytest.raises(Invalid) as caught:
        review.return_document(session, requirement, reason, by=case.officer, details=details, extra=extra)
    assert set(caught.value.fields) == {field}
    assert "Belum ada yang disimpan" in caught.value.sentence
    assert requirement.status == "submitted"


def test_a_paper_that_was_not_sent_cannot_be_accepted_or_returned(session: Session, case: Case) -> None:
    requirement = review.get_requirement(session, case.id, "family_card")
    with pytest.raises(NotPossible, match="belum dikirim"):
        review.accept(session, requirement, method="photo_compared", by=case.officer)
    with pytest.raises(NotPossible, match="belum dikirim"):
        review.return_document(session, requirement, "blurry", by=case.officer)


@pytest.mark.parametrize("scan", ["waiting", "quarantined"])
def test_a_file_that_the_scanner_did_not_clear_is_not_accepted(
    session: Session, case: Case, scan: str
) -> None:
    requirement = sent(session, case, scan=scan)
    with pytest.raises(NotPossible, match="pemeriksaan keamanan"):
        review.accept(session, requirement, method="photo_compared", by=case.officer)


def test_an_acceptance_names_how_it_was_checked(session: Session, case: Case) -> None:
    with pytest.raises(Invalid) as caught:
        review.accept(session, sent(session, case), method="", by=case.officer)
    assert set(caught.value.fields) == {"method"}


def test_the_second_officer_learns_what_the_first_one_did(session: Session, case: Case) -> None:
    requirement = sent(session, case)
    review.accept(session, requirement, method="photo_compared", by=case.officer)
    session.flush()
    with pytest.raises(Stale, match="sudah diterima oleh Petugas Latihan") as caught:
        review.return_document(session, requirement, "blurry", by=case.officer)
    assert caught.value.done_by == "Petugas Latihan"
    assert outcomes(session, requirement) == ["accepted"]


def test_a_file_that_arrived_meanwhile_is_not_accepted_unseen(session: Session, case: Case) -> None:
    requirement = sent(session, case)
    seen = list(session.scalars(select(Document.public_id).where(Document.casefile_id == case.id)))
    sent(session, case)
    with pytest.raises(Stale, match="baru saja mengirim"):
        review.accept(session, requirement, method="photo_compared", by=case.officer, seen=seen)
    review.accept(session, requirement, method="photo_compared", by=case.officer)


def test_doing_without_a_paper_needs_a_reason_and_a_paper_that_allows_it(
    session: Session, case: Case
) -> None:
    letter = review.get_requirement(session, case.id, "death_letter")
    with pytest.raises(Invalid):
        review.mark_not_applicable(session, letter, "  ya  ", by=case.officer)
    review.mark_not_applicable(session, letter, "Akta kematian sudah diterima.", by=case.officer)
    assert letter.status == "not_applicable"
    for code in ("heir_statement", "bank_book"):
        required = review.get_requirement(session, case.id, code)
        with pytest.raises(NotPossible, match="tidak bisa ditiadakan"):
            review.mark_not_applicable(session, required, "Keluarga tidak punya.", by=case.officer)
    card = review.get_requirement(session, case.id, "participant_card")
    review.mark_not_applicable(session, card, "Kartu tidak ditemukan.", by=case.officer)


def test_a_word_can_be_taken_back(session: Session, case: Case) -> None:
    requirement = sent(session, case)
    review.accept(session, requirement, method="photo_compared", by=case.officer)
    review.reopen(session, requirement, "Tanda tangan belum dilihat.", by=case.officer)
    assert requirement.status == "submitted"
    letter = review.get_requirement(session, case.id, "death_letter")
    review.mark_not_applicable(session, letter, "Akta kematian sudah ada.", by=case.officer)
    review.reopen(session, letter, "Ternyata tetap diperlukan.", by=case.officer)
    assert letter.status == "missing"
    assert outcomes(session, letter) == ["not_applicable", "reopened"]
    with pytest.raises(NotPossible, match="belum diperiksa"):
        review.reopen(session, requirement, "Sekali lagi dibuka.", by=case.officer)


def test_the_original_can_be_noted_as_seen(session: Session, case: Case) -> None:
    requirement = review.get_requirement(session, case.id, "family_card")
    review.mark_original_seen(session, requirement, by=case.officer)
    assert requirement.original_seen
    assert audited(session, case) == ["document.original_seen"]


def test_one_more_paper_can_be_asked_for(session: Session, case: Case) -> None:
    reason = "Nama di KTP dan Kartu Keluarga berbeda."
    asked = review.ask_for(session, case.id, "same_person_letter", reason, by=case.officer)
    assert (asked.status, asked.need, asked.added_reason) == ("missing", "before_payment", reason)
    with pytest.raises(NotPossible, match="sudah ada"):
        review.ask_for(session, case.id, "same_person_letter", reason, by=case.officer)
    with pytest.raises(Invalid):
        review.ask_for(session, case.id, "nonsense", reason, by=case.officer)


VERBS: list[Callable[[Session, Requirement, Case], None]] = [
    lambda s, r, c: review.accept(s, r, method="photo_compared", by=c.family),
    lambda s, r, c: review.return_document(s, r, "blurry", by=c.family),
    lambda s, r, c: review.mark_not_applicable(s, r, "Tidak ada di rumah.", by=c.family),
    lambda s, r, c: review.reopen(s, r, "Tidak ada di rumah.", by=c.family),
    lambda s, r, c: review.mark_original_seen(s, r, by=c.family),
]


@pytest.mark.parametrize("verb", VERBS)
def test_families_review_nothing(
    session: Session, case: Case, verb: Callable[[Session, Requirement, Case], None]
) -> None:
    with pytest.raises(NotPermitted):
        verb(session, sent(session, case, "death_letter"), case)


def test_a_paper_that_is_not_asked_for_is_not_found(session: Session, case: Case) -> None:
    with pytest.raises(NotFound):
        review.get_requirement(session, case.id, "will_deed")


def test_progress_counts_what_is_required(session: Session, case: Case) -> None:
    start = progress(requirement_list(session, case.id))
    assert (start.asked, start.sent, start.accepted, start.to_follow) == (5, 0, 0, 0)
    family_card = sent(session, case, "family_card")
    letter = sent(session, case, "death_letter")
    review.accept(session, family_card, method="photo_compared", by=case.officer)
    review.return_document(session, letter, "cropped", by=case.officer)
    session.flush()
    now = progress(requirement_list(session, case.id))
    assert (now.asked, now.sent, now.accepted, now.returned) == (5, 1, 1, 1)
    assert not now.all_sent
    assert now.sent_at is None
