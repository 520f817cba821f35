"""Worked examples: a tiny world of ten cases, and every figure of it worked out by hand beside its assertion.

Paid: A, B, F, G, H (deaths), C (an accident), S (the first year of A's child). D is refused, E came back from the approver,
S2 is a second child of A, chosen and not yet asked for. Days are counted from the day of the death or accident.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.formats import permille
from caseflow.people.actor import Actor
from caseflow.reports.headlines import headlines
from caseflow.reports.result_choice import Choice, Reader
from caseflow.reports.result_figures import Indicator
from caseflow.reports.result_reading import Results
from caseflow.reports.result_refresh import refresh
from caseflow.reports.service_results import service_results
from caseflow.reports.visit_results import visit_results
from tests.reports import coverage_world
from tests.reports import results_world as world
from tests.reports.results_world import ACCIDENT, KOTO_CONTOH, KOTO_LATIHAN, PAID, SCHOOL_YEAR, Life

MARCH, APRIL, JUNE = date(2026, 3, 2), date(2026, 4, 1), date(2026, 6, 5)
Told = Mapping[str, Indicator]


@pytest.fixture
def results(session: Session, staff: Mapping[str, Actor]) -> Results:
    """The world, counted on 20 November 2026."""
    coverage_world.no_months(session)
    cases = _cases(session, staff)
    _money(session, staff, cases)
    _visits(session, staff, cases)
    paid = coverage_world.worker(session, 1, KOTO_LATIHAN)
    coverage_world.pay(session, paid, date(2026, 1, 1), date(2026, 3, 1))
    coverage_world.pay(session, paid, date(2026, 6, 1), date(2026, 6, 1))
    refresh(session, now=clock.now())
    return Results(session, Reader(staff["dedi"], "results.read"), Choice(), today=date(2026, 11, 20))


@pytest.fixture
def service(results: Results) -> Told:
    """Figures of the service by key."""
    return {one.key: one for one in service_results(results)}


@pytest.fixture
def after(results: Results, staff: Mapping[str, Actor]) -> Told:
    """Figures of what became of families by key."""
    names = {str(staff[name].user_id): name for name in ("rina", "yoga")}
    return {one.key: one for one in visit_results(results, lambda _: names)}


@pytest.fixture
def eight(results: Results) -> Told:
    """The headline figures by key."""
    return {one.key: one for one in headlines(results)}


def _cases(session: Session, staff: Mapping[str, Actor]) -> Mapping[str, Claim]:
    replaced = (*PAID[:4], "request_replacement", "complete_documents", *PAID[3:])
    refused = (*PAID[:4], "propose_refusal", "refuse")
    why = {"propose_refusal": "not_active", "refuse": "not_active"}
    lives = {
        "A": _life(PAID, (1, 3, 7, 8, 8, 9, 9, 10, 10)),
        "B": _life(replaced, (2, 12, 14, 15, 16, 21, 22, 23, 24, 25, 40, 44), KOTO_CONTOH),
        "C": _life(ACCIDENT, (0, 1, 20, 21, 22, 22, 23, 23, 24, 28, 30), program="jkk"),
        "D": _life(refused, (1, 2, 3, 4, 5, 6), reasons=why),
        "E": _life((*PAID[:6], "return_to_officer"), (1, 1, 3, 3, 4, 5, 6), on=JUNE, reasons={"return_to_officer": "heirs"}),
        "F": _life(PAID, (1, 2, 5, 6, 7, 8, 9, 12, 13), on=APRIL),
        "G": _life(PAID, (1, 2, 19, 19, 20, 20, 20, 21, 21), on=APRIL),
        "H": _life(PAID, (2, 3, 19, 19, 20, 20, 20, 21, 25), on=APRIL),
        "S": _life(("open_right", *SCHOOL_YEAR, "finish_year"), (91, 91, 92, 93, 94, 95, 96, 97, 98, 120), program="scholarship"),
        "S2": _life(("open_right",), (91,), program="scholarship"),
    }  # fmt: skip
    cases = {name: world.lived(session, life, staff) for name, life in lives.items()}
    chosen = MARCH + timedelta(days=91)
    world.pupil(session, cases["S"], cases["A"], chosen, open_year=None, asked=True)
    world.pupil(session, cases["S2"], cases["A"], chosen, open_year=2026, asked=False)
    return cases


def _life(
    moves: tuple[str, ...], days: tuple[int, ...], region: str = KOTO_LATIHAN, *, program: str = "jkm",
    on: date = MARCH, reasons: Mapping[str, str] | None = None,
) -> Life:  # fmt: skip
    return Life(list(zip(moves, days, strict=True)), region, program, on, reasons)


def _money(session: Session, staff: Mapping[str, Actor], cases: Mapping[str, Claim]) -> None:
    million = 1_000_000
    for name, on, idr in (
        ("A", date(2026, 3, 12), 42 * million), ("B", date(2026, 4, 15), 42 * million), ("C", date(2026, 4, 1), 3_500_000),
        ("F", date(2026, 4, 14), 12 * million), ("G", date(2026, 4, 22), 42 * million), ("H", date(2026, 4, 26), 42 * million),
        ("S", date(2026, 6, 8), 1_500_000),
    ):  # fmt: skip
        world.transfer(session, cases[name], on, idr, staff)
    world.answered(session, cases["A"], "not_yet", date(2026, 3, 15))
    world.answered(session, cases["A"], "full", date(2026, 3, 20))
    world.answered(session, cases["B"], "not_yet", date(2026, 4, 18))
    world.answered(session, cases["F"], "full", date(2026, 4, 17))


def _visits(session: Session, staff: Mapping[str, Actor], cases: Mapping[str, Claim]) -> None:
    rina, yoga = staff["rina"], staff["yoga"]
    a, b, c, f, g = (world.plan(session, cases[name], date(2026, 4, 1)) for name in "ABCFG")
    world.visit(session, a, "m1", date(2026, 4, 12), rina, outcome="met")
    world.visit(
        session, a, "m3", date(2026, 6, 12), rina, outcome="met", livelihood_stage="started", levy_reported=False,
        uses={"debts": 2, "school": 2}, children=(True, False),
    )  # fmt: skip
    world.visit(session, a, "m6", date(2026, 9, 12), rina, outcome="met", livelihood_stage="running")
    world.visit(
        session, a, "m12", date(2026, 10, 31), rina, outcome="met", livelihood_stage="growing", levy_reported=False,
        uses={"business_capital": 4},
    )  # fmt: skip
    world.visit(
        session, b, "m3", date(2026, 7, 15), yoga, outcome="met", livelihood_stage="stopped", levy_reported=True,
        uses={"debts": 3, "daily_needs": 1}, children=(True,),
    )  # fmt: skip
    world.visit(session, b, "m6", date(2026, 10, 15), yoga, outcome="declined")
    world.visit(session, c, "m3", date(2026, 7, 1), rina, outcome="not_found")
    world.visit(session, c, "m6", date(2026, 10, 1), rina)
    world.visit(session, f, "m3", date(2026, 7, 14), yoga, outcome="another_day")
    world.visit(session, f, "m6", date(2026, 10, 14), yoga, outcome="met", livelihood_stage="running")
    world.visit(session, g, "m3", date(2026, 7, 22), yoga, outcome="met")
    world.visit(session, g, "m6", date(2026, 12, 1), yoga)


def test_d7_days(service: Told) -> None:
    """Days of each case; of six the third counts as the middle; nine of ten needs ten cases."""
    # report to paid: A 10-1, F 13-1, G 21-1, H 25-2, C 30-0, B 44-2
    _is(service["laporan"], 20, 6)
    assert [row[0] for row in service["laporan"].rows] == [9, 12, 20, 23, 30, 42]
    assert "9 dari 10" not in service["laporan"].title
    # working days after the papers: G 21, 22 Apr; A 10-12 Mar; H 21-24 Apr; F 7-10, 13, 14 Apr; C six or more; B most
    _is(service["lengkap"], 4, 6)
    assert [row[0] for row in service["lengkap"].rows][:4] == [2, 3, 4, 6]
    # the accident C killed nobody: A 10, F 13, G 21, H 25, B 44
    _is(service["kematian"], 21, 5)
    # reported after a day by A, D, E, F, G, after two by B, H
    _is(service["jeda-lapor"], 1, 7)


def test_d8_stages(service: Told) -> None:
    """A case comes to a stage once; the next school year of S is no way back."""
    # all ten reported; S2 stops there; D and E stop at the approver; of B papers were asked again, E was sent back; D left
    assert [tuple(row[1:]) for row in service["tahap"].rows] == [
        (10, 0, 0), (9, 0, 0), (9, 1, 0), (9, 1, 1), (7, 0, 0),
    ]  # fmt: skip


def test_d9_in_time(service: Told) -> None:
    """Three working days for a death, seven for an accident."""
    # A 3, G 2 and C (Eid took some days: no more than 7) in time; H 4, F 6 and B late; the scholarship is not judged
    _is(service["tepat-waktu"], 3, 6)
    assert list(service["tepat-waktu"].rows) == [("Maret 2026", 1, 0, 1000), ("April 2026", 2, 3, 400)]


def test_d10_returns(service: Told) -> None:
    """Only E was given back to the officer; no paper was returned."""
    assert [row[1] for row in service["kembali"].rows] == [1]
    assert service["kembali"].denominator == 1


def test_d11_rupiah(service: Told) -> None:
    """Month by month and summed up; by programme."""
    # April: B 42 + C 3.5 + F 12 + G 42 + H 42 = 141.5 million
    assert list(service["rupiah"].rows) == [
        ("Maret 2026", 42_000_000, 42_000_000), ("April 2026", 141_500_000, 183_500_000), ("Juni 2026", 1_500_000, 185_000_000),
    ]  # fmt: skip
    _is(service["rupiah"], 185_000_000, 7)
    # deaths 4 x 42 + 12 = 180 of 185 million: 973 of a thousand, rounded half up; accident 19, scholarship 8
    assert [tuple(row[1:]) for row in service["program"].rows] == [
        (180_000_000, 973), (3_500_000, 19), (1_500_000, 8),
    ]  # fmt: skip


def test_d12_refusals(service: Told) -> None:
    """D, because the contributions had stopped."""
    assert [row[1] for row in service["ditolak"].rows] == [1]
    assert service["ditolak"].denominator == 1


def test_d13_visits(after: Told) -> None:
    """Due and done; another day is not done, moved, declined and not found are; G's visit of December is not due."""
    # due, done, met, another day, declined, moved, not found, open
    assert [tuple(row) for row in after["kunjungan"].rows] == [
        ("Telepon bulan 1", 1, 1, 1, 0, 0, 0, 0, 0),
        ("Bulan 3", 5, 4, 3, 1, 0, 0, 1, 0),
        ("Bulan 6", 4, 3, 2, 0, 1, 0, 0, 1),
        ("Bulan 12", 1, 1, 1, 0, 0, 0, 0, 0),
    ]
    _is(after["kunjungan"], 9, 11)
    # rina: four of A, two of C of which one is open; yoga: two of B, two of F of which one waits for another day, one of G
    assert list(after["pendamping"].rows) == [("rina", 6, 5, 1), ("yoga", 5, 4, 1)]
    _is(after["pendamping"], 2, 2)


def test_d14_livelihood(after: Told) -> None:
    """A told at all three visits, the last in October, and is compared with itself; B and F stand apart."""
    # due, told, none, planned, started, running, growing, stopped, of a thousand who told
    assert [tuple(row) for row in after["penghidupan"].rows] == [
        ("Bulan 3", 5, 1, 0, 0, 1, 0, 0, 0, 0),
        ("Bulan 6", 4, 1, 0, 0, 0, 1, 0, 0, 1000),
        ("Bulan 12", 1, 1, 0, 0, 0, 0, 1, 0, 1000),
    ]
    _is(after["penghidupan"], 1, 1)
    assert [tuple(row) for row in after["penghidupan-lain"].rows] == [
        ("Bulan 3", 5, 1, 0, 0, 0, 0, 0, 1, 0),
        ("Bulan 6", 4, 1, 0, 0, 0, 1, 0, 0, 1000),
        ("Bulan 12", 1, 0, 0, 0, 0, 0, 0, 0, None),
    ]
    _is(after["penghidupan-lain"], 1, 1)


def test_d15_uses(after: Told) -> None:
    """The last visit that told of uses counts: A's at twelve months, so its debts of month three are over."""
    assert list(after["pemakaian"].rows) == [
        ("Modal usaha", 1, 500), ("Kebutuhan sehari-hari", 1, 500), ("Bayar utang", 1, 500),
    ]  # fmt: skip
    assert after["pemakaian"].denominator == 2


def test_d16_school(after: Told) -> None:
    """Two children of A, one of them at school; one of B."""
    _is(after["sekolah"], 2, 3)


def test_d17_levies(after: Told) -> None:
    """A was asked twice, B once; B told of one."""
    _is(after["pungutan"], 1, 3)


def test_the_eight(eight: Told) -> None:
    """From the death to the money, and from the money to a living."""
    assert len(eight) == 8
    _is(eight["kematian"], 21, 5)  # 10, 13, 21, 25, 44 days
    _is(eight["tepat-waktu"], 3, 6)  # as D9
    _is(eight["lengkap-pertama"], 8, 9)  # all whose papers were once complete, but for B; S2 has none yet
    _is(eight["dihubungi"], 7, 8)  # B ten days after the report; scholarships are nobody's report
    _is(eight["diterima-utuh"], 2, 6)  # A in the end, F; B not yet; C, G and H gave no answer; S is no claim
    _is(eight["bulan-hilang"], 5, 9)  # member from January to September, paid January to March and June
    _is(eight["beasiswa"], 1, 2)  # S was applied for, S2 could be
    _is(eight["penghidupan"], 1, 1)  # the newest milestone
    assert [tuple(row[1:]) for row in eight["penghidupan"].rows] == [(4, 2, 2, 1000), (1, 1, 1, 1000)]


def _is(told: Indicator, numerator: int, denominator: int) -> None:
    assert (told.numerator, told.denominator) == (numerator, denominator)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (25, 38, 658),
        (13, 16, 813),
        (1, 8, 125),
        (9, 48_838, 0),
        (48_837, 48_838, 999),
        (7, 7, 1000),
        (0, 5, 0),
    ],
)
def test_shares_are_those_of_a_calculator(part: int, whole: int, share: int) -> None:
    assert permille(part, whole) == share


def test_what_is_not_told_or_nothing_has_no_share() -> None:
    assert [permille(None, 5), permille(3, None), permille(0, 0)] == [None, None, None]
