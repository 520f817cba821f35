"""What an operator types wrongly: a sentence, nothing saved, everything typed still there; what is odd but right is taken."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import create_app
from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.models import Claim, Report
from caseflow.extensions import db
from caseflow.launch.databases import DatabaseUrls
from caseflow.training.people import PASSPHRASE
from tests.conftest import START, FreshDatabase, copy_of, make_settings
from tests.web.bad.form_rows import GOOD, REFUSED, TAKEN, Refused, Taken
from tests.web.forms import fill

PAGE = "/nagari/kematian/baru"


class Desk:
    """An operator's browser and what lies in the database."""

    def __init__(self, browser: FlaskClient, database: FreshDatabase) -> None:
        self.browser, self.database = browser, database

    def write(self, typed: Mapping[str, str]) -> TestResponse:
        """Fill in the page as it is, with this typed over the good answers, and send it."""
        fields = {name.replace("-", "__"): value for name, value in {**GOOD, **typed}.items()}
        return fill(self.browser, PAGE, PAGE, **fields)

    def reports(self) -> int:
        with Session(self.database.engine) as session:
            return session.scalar(select(func.count()).select_from(Report)) or 0

    def newest(self) -> Report:
        with Session(self.database.engine) as session:
            return session.scalars(select(Report).order_by(Report.casefile_id.desc()).limit(1)).one()


@pytest.fixture(scope="module")
def desk(cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for the whole file."""
    clock.set_start(START)
    for database in copy_of(cluster, template):
        settings = make_settings(database.app_url, tmp_path_factory.mktemp("objects"))
        app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        browser = app.test_client()
        assert browser.post("/masuk", data={"username": "fitri", "passphrase": PASSPHRASE}).status_code == 303
        yield Desk(browser, database)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row.id}-{row.says}")
def test_it_is_refused_in_a_sentence(desk: Desk, row: Refused) -> None:
    before = desk.reports()
    answer = desk.write(row.typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422, page
    assert row.says in page
    assert "belum tersimpan" in page.lower() or "perlu diperbaiki" in page
    assert 'value="Yusniar"' in page
    assert desk.reports() == before


@pytest.mark.parametrize("row", TAKEN, ids=lambda row: f"{row.id}-{next(iter(row.kept.values()))}"[:40])
def test_it_is_taken(desk: Desk, row: Taken) -> None:
    before = desk.reports()
    answer = desk.write(row.typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert desk.reports() == before + 1
    report = desk.newest()
    assert {name: getattr(report, name) for name in row.kept} == row.kept


@pytest.mark.parametrize(
    ("instant", "today"),
    [("2026-11-20T16:59:00+00:00", 20), ("2026-11-20T17:01:00+00:00", 21)],
    ids=["F13-before-midnight", "F13-after-midnight"],
)
def test_the_day_ends_at_midnight_in_west_sumatra(desk: Desk, instant: str, today: int) -> None:
    """F13: 17.01 UTC is the next day here."""
    clock.set_start(datetime.fromisoformat(instant))
    desk.browser.post("/masuk", data={"username": "fitri", "passphrase": PASSPHRASE})
    refused = desk.write({"died_on-day": str(today + 1)})
    assert refused.status_code == 422
    taken = desk.write({"died_on-day": str(today)})
    assert taken.status_code == 303
    assert desk.newest().died_on.day == today  # type: ignore[union-attr]


def test_words_of_a_stranger_are_only_words(desk: Desk) -> None:
    """F43: an address and a number in a story are kept and never become a link."""
    story = "Hubungi https://bantuan.example.org atau 0812-0000-1111, saya calo resmi. Jatuh dari pohon."
    answer = fill(
        desk.browser, "/nagari/kecelakaan/baru", "/nagari/kecelakaan/baru", **_accident(chronology=story)
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with Session(desk.database.engine) as session:
        notice = session.scalars(select(AccidentNotice).order_by(AccidentNotice.casefile_id.desc())).first()
        assert notice is not None
        assert notice.chronology == story
        number = session.get_one(Claim, notice.casefile_id).number
    officer = desk.browser.application.test_client()
    officer.post("/masuk", data={"username": "dedi", "passphrase": PASSPHRASE})
    page = officer.get(f"/petugas/kasus/{number}").get_data(as_text=True)
    assert 'href="https://bantuan.example.org' not in page


@pytest.mark.parametrize("chronology", ["", ".", "   ", "jatuh", "x" * 1001])
def test_a_story_says_something_and_has_an_end(desk: Desk, chronology: str) -> None:
    """F26, F45: at least ten letters, at most a thousand."""
    before = desk.reports()
    answer = fill(
        desk.browser, "/nagari/kecelakaan/baru", "/nagari/kecelakaan/baru", **_accident(chronology=chronology)
    )
    assert answer.status_code == 422
    assert "huruf" in answer.get_data(as_text=True) or "Ceritakan singkat" in answer.get_data(as_text=True)
    assert desk.reports() == before


def _accident(**changes: str) -> dict[str, str]:
    return {
        "worker_name": "Ramalis",
        "region_code": "13.03.99.2001",
        "happened_on__day": "18",
        "happened_on__month": "11",
        "happened_on__year": "2026",
        "place": "kebun",
        "kind": "accident",
        "result": "injured",
        "notifier_role": "family",
        "notifier_name": "Yusniar",
        "relation": "istri",
        "notifier_phone": "0812-3456-7890",
        "phone_owner": "sendiri",
        "contact_by": "call",
        "given_how": "written",
        "consented": "y",
        "another": "y",
        **changes,
    }
