"""The monthly report: made from the fifth on, kept as a letter that anybody can check, without a small number."""

import io
import re
from collections.abc import Callable, Mapping

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.notices.monthly_report import monthly_report, ready_months
from caseflow.people.actor import Actor
from caseflow.reports.result_refresh import refresh
from tests.conftest import FreshDatabase, csrf_of
from tests.reports import results_world as world

SignIn = Callable[[FlaskClient, str], None]
PAGE = "/pengawasan/laporan-bulanan"


@pytest.fixture
def filled(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Forty claims, counted."""
    with Session(fresh_database.engine) as session:
        world.population(session, staff, seed=5, claims=40)
        refresh(session, now=clock.now())
        session.commit()


def test_a_month_is_ready_on_the_fifth() -> None:
    """On the fourth the month before is not told yet."""
    today = clock.today()
    assert ready_months(today.replace(day=5))[0] == today.replace(month=10, day=1)
    assert ready_months(today.replace(day=4))[0] == today.replace(month=9, day=1)


@pytest.mark.usefixtures("filled")
def test_issued_opened_and_checked(client: FlaskClient, sign_in: SignIn) -> None:
    """The head of the branch issues October; it is a PDF under a number, and its code is known to everybody."""
    sign_in(client, "bram")
    page = client.get(PAGE).get_data(as_text=True)
    assert "Oktober 2026" in page
    draft = client.get(f"{PAGE}/2026-10/pratinjau.pdf")
    assert draft.status_code == 200
    key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert key is not None
    form = {"csrf_token": csrf_of(page), "request_key": key.group(1)}
    after = client.post(f"{PAGE}/2026-10", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Laporan nomor" in after
    link = re.search(rf'href="({PAGE}/surat/[^"]+)"', after)
    assert link is not None
    with client.get(link.group(1)) as answer:
        body = answer.data
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert len(pdf.pages) >= 2
    assert len(body) <= 160_000  # four pages of tables, more than a letter
    assert client.get(f"{PAGE}/2026-11/pratinjau.pdf").status_code == 404


def test_what_it_says_tells_of_no_few(session: Session, staff: Mapping[str, Actor]) -> None:
    """Figures with codes and definitions; no count of one to four in its tables, but days and shares."""
    world.population(session, staff, seed=5, claims=110)
    refresh(session, now=clock.now())
    said = monthly_report(session, ready_months(clock.today())[0], regency="13.03", today=clock.today())
    assert "1. Bupati Sijunjung" in said.to
    tables = [block for block in said.annex if block["type"] == "table"]
    codes = {block["caption"].split(".")[0] for block in tables}
    assert {"D1", "D3", "D4", "D7", "D8", "D9", "D11", "D13"} <= codes
    for block in tables:
        for row in block["rows"]:
            for column, cell in zip(block["columns"], row, strict=True):
                # places of a quota and months of a year are no people
                if column["label"] in {"Hari", "Kuota", "Dianggarkan"} or column["label"].startswith(
                    "Bulan "
                ):
                    continue
                if cell.isdigit():
                    assert not 0 < int(cell) < 5, (block["caption"], row)
