"""A step that somebody writes into the workflow file gets its button, its page and its effect without Python."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from caseflow.claims import workflows
from caseflow.workflow.edges import sync_edges
from caseflow.workflow.loader import WorkflowBook, load_book, load_workflow
from tests import story
from tests.web.casework.conftest import Office

_WORDS = workflows.vocabulary()
_STEP = """
  - name: ask_neighbours
    label: Tanya tetangga
    done: Tetangga sudah ditanya
    from: [verifying]
    to: field_check
    by: [officer]
    when: [worker_linked]
    duty: verify
    reason: required
    reasons:
      - code: no_papers
        label: Keluarga tidak punya surat
        family: kami bertanya juga kepada tetangga
      - code: other
        label: Lain (tulis)
        text: required
"""


@pytest.fixture
def richer_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkflowBook:
    """The workflow of the service with one more step, as its next version."""
    folder = tmp_path / "workflows"
    shutil.copytree(workflows.WORKFLOWS_DIR, folder)
    path = folder / "jkm.yaml"
    text = path.read_text(encoding="utf-8")
    version = load_workflow(path, _WORDS).version
    (folder / "archive" / f"jkm-{version}.yaml").write_text(text, encoding="utf-8")
    raised = text.replace(f"\nversion: {version}\n", f"\nversion: {version + 1}\n")
    path.write_text(raised.rstrip() + "\n" + _STEP, encoding="utf-8")
    book = load_book(folder, _WORDS)
    monkeypatch.setattr(workflows, "book", lambda: book)
    return book


def test_a_new_step_needs_no_python(office: Office, richer_book: WorkflowBook) -> None:
    """Button on the summary and in the menu, a page with its reasons, history in its own words."""
    owner = create_engine(office.database.owner_url, poolclass=NullPool)
    with Session(owner) as session:
        sync_edges(session, richer_book)
        session.commit()
    number = office.carry(story.verifying)
    base = f"/petugas/kasus/{number}"
    assert office.read("dedi", base).count("Tanya tetangga") == 2
    page = office.read("dedi", base + "/ask_neighbours")
    assert "Keluarga tidak punya surat" in page
    assert "Pekerja sudah dihubungkan" in page
    assert office.fill("dedi", base + "/ask_neighbours", "/ask_neighbours").status_code == 422
    answer = office.fill("dedi", base + "/ask_neighbours", "/ask_neighbours", reason_code="no_papers")
    assert answer.status_code == 303
    assert office.claim(number).state == "field_check"
    assert "Tetangga sudah ditanya" in office.read("dedi", base + "/riwayat")


def test_a_step_that_is_no_button_has_no_page(office: Office) -> None:
    """What only another act fires cannot be pressed, nor can what nobody knows."""
    number = office.carry(story.reported)
    for name in ("complete_documents", "send_payment", "fly"):
        office.read("dedi", f"/petugas/kasus/{number}/{name}", status=404)
    page = office.read("dedi", f"/petugas/kasus/{number}/calculate", status=409)
    assert "sekarang “Dilaporkan”" in page
