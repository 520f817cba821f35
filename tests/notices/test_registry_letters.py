"""A letter that belongs to a nagari: said once, kept by the sweep, checked by anybody, revoked once."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.documents.sweep import sweep
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.identifiers import grouped_code
from caseflow.notices import registry_letters
from caseflow.notices.letters.frame import Said, Sender, paragraph
from caseflow.notices.registry_letters import About
from caseflow.people.actor import Actor
from caseflow.registry.letter_models import RegistryLetter
from tests.conftest import FreshDatabase
from tests.registry.dues import KOTO_CONTOH, KOTO_LATIHAN

Staff = Mapping[str, Actor]
SENDER = Sender("Dinas Latihan", "Jalan Latihan 1", "175", "Muaro", "https://santunan.contoh.go.id")


def said(words: str = "Iuran Oktober 2026 belum dibayar.") -> Said:
    """A letter of one sentence."""
    return Said("Teguran iuran", "Iuran", ["Kepada Yth.", "Wali Nagari Koto Latihan"], [paragraph(words)], [])


def about(region_code: str = KOTO_LATIHAN) -> About:
    """A reminder of one nagari."""
    return About(region_code, "dues_reminder", "2026-11", "DPMN", "dues.remind")


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    """An empty store."""
    opened = open_store(f"folder://{tmp_path / 'objects'}")
    opened.prepare()
    return opened


def issue(session: Session, store: ObjectStore, by: Actor, words: Said | None = None) -> RegistryLetter:
    """Issue a reminder to Koto Latihan."""
    return registry_letters.issue_registry_letter(
        session, store, about(), words or said(), SENDER, by=by, now=clock.now()
    )


def test_it_is_kept_whole_numbered_and_said_once(session: Session, store: ObjectStore, staff: Staff) -> None:
    letter = issue(session, store, staff["desi"])
    assert letter.number == "0001/TI/DPMN/XI/2026"
    with registry_letters.open_registry_letter(session, store, letter, by=staff["desi"]) as body:
        assert hashlib.sha256(body.read()).hexdigest() == letter.pdf_sha256
    assert issue(session, store, staff["desi"]) is letter
    assert issue(session, store, staff["desi"], said("Iuran November juga.")).number == "0002/TI/DPMN/XI/2026"


def test_only_whose_it_is_issues_it(session: Session, store: ObjectStore, staff: Staff) -> None:
    for username in ("fitri", "dedi", "admin"):
        with pytest.raises(NotPermitted):
            issue(session, store, staff[username])


def test_another_nagari_does_not_find_it(session: Session, store: ObjectStore, staff: Staff) -> None:
    mine = issue(session, store, staff["desi"])
    fetched = registry_letters.get_registry_letter(
        session, mine.number.replace("/", "-"), permission="dues.read", by=staff["fitri"]
    )
    assert fetched is mine
    other = registry_letters.issue_registry_letter(
        session, store, about(KOTO_CONTOH), said(), SENDER, by=staff["desi"], now=clock.now()
    )
    with pytest.raises(NotFound):
        registry_letters.get_registry_letter(session, other.number, permission="dues.read", by=staff["fitri"])


def test_it_is_revoked_once_and_never_changes(session: Session, store: ObjectStore, staff: Staff) -> None:
    letter = issue(session, store, staff["desi"])
    by, now = staff["desi"], clock.now()
    with pytest.raises(Invalid):
        registry_letters.revoke_registry_letter(
            session, letter, why="salah", permission="dues.remind", by=by, now=now
        )
    why = "Iurannya ternyata sudah dibayar."
    registry_letters.revoke_registry_letter(
        session, letter, why=why, permission="dues.remind", by=by, now=now
    )
    with pytest.raises(NotPossible, match="sudah dicabut"):
        registry_letters.revoke_registry_letter(
            session, letter, why=why, permission="dues.remind", by=by, now=now
        )
    for change in ("number = 'X'", "revoked_at = NULL, revoked_why = NULL, revoked_by = NULL"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(f"UPDATE registry_letter SET {change}"))  # noqa: S608 (words of ours)
    assert issue(session, store, by) is not letter  # said again after it was revoked


def test_anybody_may_check_it_and_the_sweep_leaves_it(
    client: FlaskClient, fresh_database: FreshDatabase, staff: Staff
) -> None:
    store: ObjectStore = client.application.extensions["caseflow_store"]
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        letter = issue(session, store, staff["desi"])
        session.commit()
    sweep(sessionmaker(fresh_database.engine), store, grace=timedelta(0))
    store.open(letter.object_key).close()
    page = client.get(f"/periksa/{grouped_code(letter.check_code)}").get_data(as_text=True)
    assert "Surat ini asli" in page
    assert "Teguran iuran kepada nagari" in page
    assert letter.number in page
