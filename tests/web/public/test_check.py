"""Anybody checks a letter with its code: valid, revoked, unknown, mistyped; nobody is named, guessing is slowed down."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.claims.letter_models import Letter
from caseflow.documents.storage import open_store
from caseflow.identifiers import check_code, grouped_code
from caseflow.people.actor import Actor
from caseflow.people.models import SignInTry
from caseflow.people.throttle import LIMITS
from tests import story
from tests.conftest import FreshDatabase
from tests.notices.letters import issue
from tests.story import Stage, move


@pytest.fixture
def stage(
    client: FlaskClient, fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> Iterator[Stage]:
    """A stage over the application's own database."""
    assert client is not None
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        yield Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), dict(staff))


@pytest.fixture
def letter(stage: Stage) -> Letter:
    """The letter of an approval."""
    found = issue(stage, story.approved(stage), "decision", by=stage.decider)
    stage.session.commit()
    return found


def _tries(stage: Stage) -> int:
    return stage.session.scalar(select(func.count()).where(SignInTry.kind == "letter")) or 0


def test_a_letter_of_ours_is_genuine_and_names_nobody(client: FlaskClient, letter: Letter) -> None:
    answer = client.get(f"/periksa/{grouped_code(letter.check_code)}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for expected in (
        "Surat ini asli",
        letter.number,
        "20 November 2026",
        "Surat keputusan dan perincian santunan",
    ):
        assert expected in page, expected
    for secret in ("Samsir", "Yusra", "SJJ-", "42.000.000", "4417", "Mega"):
        assert secret not in page, secret


@pytest.mark.parametrize(
    "style", [str.lower, lambda code: f" {code.replace('-', ' ')} ", lambda code: code.replace("-", ".")]
)
def test_a_typed_code_is_forgiven_spaces_and_case(client: FlaskClient, letter: Letter, style: object) -> None:
    assert callable(style)
    answer = client.get("/periksa", query_string={"kode": style(grouped_code(letter.check_code))})
    assert answer.status_code == 200
    assert "Surat ini asli" in answer.get_data(as_text=True)


def test_a_revoked_letter_says_since_when(client: FlaskClient, stage: Stage) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.decider)
    move(stage, claim, "void_approval", reason_code="account_changed")
    stage.session.commit()
    answer = client.get(f"/periksa/{grouped_code(letter.check_code)}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Surat ini sudah dicabut" in page
    assert "sejak 20 November 2026" in page
    assert "Minta surat yang baru" in page
    assert "Surat ini asli" not in page


def test_a_slip_of_the_finger_is_free(client: FlaskClient, letter: Letter, stage: Stage) -> None:
    good = letter.check_code
    for place in (0, 7, 15):
        other = "2" if good[place] != "2" else "3"
        answer = client.get(f"/periksa/{good[:place]}{other}{good[place + 1 :]}")
        assert answer.status_code == 422
        assert "salah ketik" in answer.get_data(as_text=True)
    assert _tries(stage) == 0


def test_a_code_of_no_letter_is_not_found_and_counted(client: FlaskClient, stage: Stage) -> None:
    answer = client.get(f"/periksa/{grouped_code(check_code())}")
    assert answer.status_code == 404
    assert "Tidak ada surat dengan kode ini" in answer.get_data(as_text=True)
    assert _tries(stage) == 1


def test_who_guesses_waits_and_who_holds_a_letter_does_not(client: FlaskClient, letter: Letter) -> None:
    for _ in range(LIMITS["letter"].free):
        assert client.get(f"/periksa/{check_code()}").status_code == 404
    refused = client.get(f"/periksa/{check_code()}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Coba lagi" in refused.get_data(as_text=True)
    assert client.get(f"/periksa/{letter.check_code}").status_code == 200


@pytest.mark.parametrize(
    "typed", ["x", "0" * 16, "O" * 16, "a" * 2000, "😀" * 16, "٢" * 16, "<script>", "2222 2222 2222 222"]
)
def test_junk_is_a_slip_of_the_finger(client: FlaskClient, typed: str) -> None:
    answer = client.get("/periksa", query_string={"kode": typed})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "salah ketik" in page
    assert "<script>alert" not in page
    assert '<script>"' not in page


def test_the_page_asks_for_the_code(client: FlaskClient) -> None:
    page = client.get("/periksa").get_data(as_text=True)
    assert "16 huruf dan angka" in page
    assert "tidak menampilkan nama" in page
