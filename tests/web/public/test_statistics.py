"""Figures and the state of the service for everybody: without people, kept by caches, the same in page, CSV and JSON."""

import csv
import html
import io
import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.people.actor import Actor
from caseflow.reports import service_health
from caseflow.reports.result_models import ResultRefresh, ServiceCheck
from caseflow.reports.result_refresh import refresh
from tests.conftest import FreshDatabase
from tests.reports import results_world as world


@pytest.fixture
def filled(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Forty claims, counted."""
    with Session(fresh_database.engine) as session:
        world.population(session, staff, seed=5, claims=40)
        refresh(session, now=clock.now())
        session.commit()


@pytest.mark.usefixtures("filled")
def test_page_and_data_are_one_and_name_nobody(client: FlaskClient) -> None:
    """Five figures with one content in all three forms; no name, number of a case or address of staff."""
    page = client.get("/statistik")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in page.headers
    shown = page.get_data(as_text=True)
    data = json.loads(client.get("/statistik.json").get_data(as_text=True))
    table = client.get("/statistik.csv").get_data(as_text=True).lstrip("\ufeff")
    assert [one["code"] for one in data["figures"]] == ["D1", "D4", "D7", "D11", "D14"]
    for one in data["figures"]:
        assert html.escape(one["title"]) in shown
        lines = [
            line
            for line in csv.DictReader(io.StringIO(table), delimiter=";")
            if line["Judul"] == one["title"]
        ]
        assert lines
        for line in lines:
            told = (line["Pembilang"], line["Penyebut"], line["Sumber"], line["Satuan pembilang"])
            numbers = ["" if number is None else str(number) for number in (one["value"], one["of"])]
            assert told == (*numbers, one["source"], one["unit"])
            assert line["Data per"].startswith("2026-11-20T")
        for row in one["rows"]:
            assert str(row[0]) in shown
            assert str(row[0]) in table
        assert set(one) == {
            "code", "title", "value", "unit", "of", "of_meaning", "period", "source", "kind", "definition", "columns", "rows",
        }  # fmt: skip
    for private in ("Pekerja Contoh", "UJI-26", "Koto Latihan", "Rina", "1303"):
        assert private not in shown.split("<main", 1)[1].split("</main>", 1)[0]
        assert private not in table
        assert private not in json.dumps(data)


def test_nothing_counted_yet_is_said(client: FlaskClient) -> None:
    """Coverage is there from the start; results come with the first count."""
    page = client.get("/statistik").get_data(as_text=True)
    assert "Angka santunan belum dihitung" in page
    assert [one["code"] for one in json.loads(client.get("/statistik.json").data)["figures"]] == ["D1", "D4"]


def test_the_state_of_the_service_is_looked_at_and_kept(
    app: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    """Figures that were never counted are a part that does not work; half an hour later it does; old rows go."""
    client = app.test_client()
    nobody_looked = client.get("/layanan").get_data(as_text=True)
    assert "Keadaan layanan belum diketahui" in nobody_looked
    assert nobody_looked.count("Belum diperiksa") == 4
    store = app.extensions["caseflow_store"]
    now = clock.now()
    with Session(fresh_database.engine) as session:
        session.add(ServiceCheck(part="form", at=now - timedelta(days=50), up=True))
        session.commit()
        first = service_health.keep(session, store, now=now)
        assert first == {"form": True, "upload": True, "messages": True, "dashboard": False}
        session.commit()
        assert "Sebagian layanan terganggu" in client.get("/layanan").get_data(as_text=True)
        refresh(session, now=now)
        again = service_health.keep(session, store, now=now + timedelta(minutes=5))
        assert all(again.values())
        session.commit()
        assert session.scalar(select(func.count()).select_from(ServiceCheck)) == 8
        day = service_health.last_days(session, today=clock.today())[0]
        assert (day.parts["dashboard"].state, day.parts["dashboard"].failed) == ("part", 1)
        assert day.parts["form"].state == "up"
    page = client.get("/layanan").get_data(as_text=True)
    assert "Semua layanan berjalan" in page
    assert "halaman angka terganggu pada 1 dari 2 pemeriksaan" in page
    assert "tidak diperiksa" in page


def test_the_page_tells_of_the_last_look_and_looks_itself_at_nothing(
    app: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    """A load leaves no row; a look of sixteen minutes ago says nothing of now."""
    now = clock.now()
    with Session(fresh_database.engine) as session:
        refresh(session, now=now)
        service_health.keep(session, app.extensions["caseflow_store"], now=now - timedelta(minutes=14))
        session.commit()
        assert all(service_health.last_seen(session, now=now).parts.values())
        later = service_health.last_seen(session, now=now + timedelta(minutes=2))
        assert (later.at, later.parts) == (None, {})
        assert "Semua layanan berjalan" in app.test_client().get("/layanan").get_data(as_text=True)
        assert session.scalar(select(func.count()).select_from(ServiceCheck)) == 4


def test_figures_that_grow_old_do_not_count_as_working(
    fresh_database: FreshDatabase, app: CaseflowApp
) -> None:
    """An hour without a count is a fault that everybody reads."""
    with Session(fresh_database.engine) as session:
        refresh(session, now=clock.now() - timedelta(hours=1))
        session.commit()
        found = service_health.look(session, app.extensions["caseflow_store"], now=clock.now())
        assert not found["dashboard"]
        session.execute(delete(ServiceCheck))
        assert session.get(ResultRefresh, 1) is not None
