"""The pages of results as people read them: answers first, filters in the address, tables and files with one content."""

import csv
import html
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.people.actor import Actor
from caseflow.reports.headlines import headlines
from caseflow.reports.result_choice import Choice, Reader
from caseflow.reports.result_figures import Indicator, words_of
from caseflow.reports.result_reading import Results
from caseflow.reports.result_refresh import refresh
from caseflow.reports.service_results import service_results
from caseflow.reports.visit_results import visit_results
from tests.conftest import FreshDatabase
from tests.reports import results_world as world

SignIn = Callable[[FlaskClient, str], None]
PAGES = ("/pengawasan/ringkasan", "/pengawasan/layanan", "/pengawasan/pendampingan")


@pytest.fixture
def filled(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Forty claims with what became of them, counted."""
    with Session(fresh_database.engine) as session:
        world.population(session, staff, seed=5, claims=40)
        refresh(session, now=clock.now())
        session.commit()


def _read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    with answer:
        return answer.get_data(as_text=True)


def test_before_the_first_count_the_pages_say_so(client: FlaskClient, sign_in: SignIn) -> None:
    """Nothing counted is not nought."""
    sign_in(client, "dedi")
    for page in PAGES:
        assert "Angka belum dihitung" in _read(client, page)


@pytest.mark.usefixtures("filled")
def test_every_page_says_until_when_and_of_how_many(client: FlaskClient, sign_in: SignIn) -> None:
    """The last refresh, denominators, stock or flow, and the answer as a heading."""
    sign_in(client, "dedi")
    for page in PAGES:
        shown = _read(client, page)
        assert "Data per 20 Nov 2026" in shown
        cards = re.findall(r'<section class="card res-card".*?</section>', shown, re.DOTALL)
        assert len(cards) >= 6
        for card in cards:
            assert "Penyebut:" in card
            assert "Aliran," in card or "Keadaan," in card
            assert "Sumber: caseflow" in card


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("name", "permission", "build"),
    [
        ("layanan", "service.read", service_results),
        ("pendampingan", "results.read", visit_results),
        ("ringkasan", "results.read", headlines),
    ],
)
def test_page_file_and_figures_are_one(
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    client: FlaskClient,
    sign_in: SignIn,
    name: str,
    permission: str,
    build: Callable[[Results], Sequence[Indicator]],
) -> None:  # fmt: skip
    """Each table of the page and its CSV hold the rows of the figure."""
    with Session(fresh_database.engine) as session:
        results = Results(
            session, Reader(staff["dedi"], permission), Choice("2026"), today=date(2026, 11, 20)
        )
        figures = build(results)
    assert sum(bool(one.rows) for one in figures) >= 6
    sign_in(client, "dedi")
    page = _read(client, f"/pengawasan/{name}?periode=2026")
    for one in figures:
        assert f">{html.escape(one.title)}</h2>" in page
        if not one.rows:
            continue
        table = re.search(rf'id="tabel-{one.key}".*?</table>', page, re.DOTALL)
        assert table is not None, one.key
        cells = re.findall(r"<t[hd][^>]*><span>(.*?)</span></t[hd]>", table.group(0), re.DOTALL)
        told = [
            words_of(cell, column) for row in one.rows for cell, column in zip(row, one.columns, strict=True)
        ]
        assert [html.unescape(cell) for cell in cells] == told
        file = _read(client, f"/pengawasan/{name}/unduh/{one.key}.csv?periode=2026").lstrip("\ufeff")
        read = list(csv.reader(io.StringIO(file), delimiter=";"))[1:]
        width = len(one.columns)
        assert [[str("" if cell is None else cell) for cell in row] for row in one.rows] == [
            row[:width] for row in read
        ]
        said = ["" if number is None else str(number) for number in (one.numerator, one.denominator)]
        assert {(row[width], row[width + 2], row[width + 7]) for row in read} == {(*said, one.source)}
    assert client.get(f"/pengawasan/{name}/unduh/ada.csv").status_code == 404


@pytest.mark.usefixtures("filled")
def test_what_is_chosen_stands_in_the_address(client: FlaskClient, sign_in: SignIn) -> None:
    """Period, area and programme, each as a chip that can be taken away; nonsense counts as not chosen."""
    sign_in(client, "dedi")
    page = _read(client, f"/pengawasan/layanan?periode=2026-03&wilayah={world.KOTO_LATIHAN}&program=jkm")
    assert f'href="/pengawasan/layanan?periode=2026-03&amp;wilayah={world.KOTO_LATIHAN}"' in page
    assert "Yang dilihat: Nagari Koto Latihan; Kematian (JKM); Maret 2026." in page
    assert "Maret 2026" in page
    assert client.get("/pengawasan/layanan?wilayah=13.03.98").status_code == 404
    assert "Sejak awal" in _read(client, "/pengawasan/layanan?periode=2026-13&program=lain")


@pytest.mark.usefixtures("filled")
def test_the_council_reads_aggregates_through_one_filter(client: FlaskClient, sign_in: SignIn) -> None:
    """No names of staff, no figures of the branch's own, one filter at a time, and it is said."""
    sign_in(client, "dprd")
    page = _read(client, f"/pengawasan/layanan?periode=2026&wilayah={world.KOTO_LATIHAN}")
    assert "Hanya satu saringan yang dipakai" in page
    assert "Yang dilihat: Nagari Koto Latihan; semua program; sejak awal sampai Oktober 2026." in page
    assert "tahun 2026" not in page.split('class="res-all"')[1]
    file = _read(client, f"/pengawasan/layanan/unduh/laporan.csv?periode=2026&wilayah={world.KOTO_LATIHAN}")
    (first, *_) = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff")), delimiter=";"))
    assert first["Yang dilihat"] == "Nagari Koto Latihan; semua program; sejak awal sampai Oktober 2026"
    assert first["Periode"] == "sejak awal sampai Oktober 2026"
    assert first["Data per"].startswith("2026-11-20T")
    assert "tabel-tahap" not in page
    assert "tabel-kembali" not in page
    after = _read(client, "/pengawasan/pendampingan")
    assert "Rina" not in after
    assert "tabel-pendamping" not in after


@pytest.mark.parametrize(("accidents", "told"), [(6, True), (2, False)])
def test_the_council_reads_programmes_that_are_not_small(
    session: Session, staff: Mapping[str, Actor], accidents: int, told: bool
) -> None:
    """Twelve deaths and six accidents are told, in fifty millions; of two accidents nothing, nor of the deaths beside them."""
    for program, moves, count in (("jkm", world.PAID, 12), ("jkk", world.ACCIDENT, accidents)):
        for _ in range(count):
            life = world.Life([(action, 3) for action in moves], program=program)
            world.transfer(session, world.lived(session, life, staff), date(2026, 3, 5), 10_000_000, staff)
    refresh(session, now=clock.now())
    reader = Reader(staff["dprd"], "service.read")
    results = Results(session, reader, Choice(), today=date(2026, 11, 20))
    split = {one.key: one for one in service_results(results)}["program"]
    shown = [row[1] for row in split.rows]
    assert shown == ([100_000_000, 50_000_000, 0] if told else ["disamarkan", "disamarkan", 0])
    one_month = Results(session, reader, Choice("2026-03"), today=date(2026, 11, 20))
    assert "program" not in {one.key for one in service_results(one_month)}


@pytest.mark.usefixtures("filled")
def test_only_the_supervisor_sees_workers(client: FlaskClient, sign_in: SignIn) -> None:
    """Visits by worker are for who supervises them."""
    sign_in(client, "siska")
    assert "Rina Marlina" in _read(client, "/pengawasan/pendampingan")
    assert client.get("/pengawasan/layanan").status_code == 403


@pytest.mark.usefixtures("filled")
def test_names_are_those_of_whose_visits_are_counted(client: FlaskClient, sign_in: SignIn) -> None:
    """Rina and Yoga have visits; officers, and the supervisor herself, are no rows."""
    sign_in(client, "siska")
    file = _read(client, "/pengawasan/pendampingan/unduh/pendamping.csv").lstrip("\ufeff")
    names = [row[0] for row in csv.reader(io.StringIO(file), delimiter=";")][1:]
    assert names == ["Rina Marlina", "Yoga Pratama"]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("name", "most"), [("dedi", (1, 1)), ("siska", (1, 1)), ("dprd", (6, 1))])
def test_counts_of_visits_are_read_at_once(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], name: str, most: tuple[int, int]
) -> None:
    """All figures after the money: one statement over the counts, or one a way to split for what is published.

    What is published is kept until the counts change: the second reader asks only whether they did.
    """
    read: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM result_" in statement:
            read.append(statement)

    event.listen(fresh_database.engine, "before_cursor_execute", heard)
    asked, told = [], []
    for at in range(3):
        read.clear()
        with Session(fresh_database.engine) as session:
            if at == 2:
                refresh(session, now=clock.now())
                session.commit()
                read.clear()
            results = Results(
                session, Reader(staff[name], "results.read"), Choice(), today=date(2026, 11, 20)
            )
            told.append(
                [one.rows for one in visit_results(results, lambda keys: dict.fromkeys(keys, "Pendamping"))]
            )
        asked.append(len(read))
    event.remove(fresh_database.engine, "before_cursor_execute", heard)
    assert asked == [most[0], most[1], most[0]]
    assert told == [told[0]] * 3


@pytest.mark.usefixtures("filled")
def test_officers_see_no_worker_names(client: FlaskClient, sign_in: SignIn) -> None:
    """An officer of the branch reads the sums."""
    sign_in(client, "dedi")
    assert "Rina Marlina" not in _read(client, "/pengawasan/pendampingan")
