"""What readers of aggregates are told on one page, less what another tells, never tells of 1 to 4 of anything."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.people.actor import Actor
from caseflow.reports import headlines as headline_figures
from caseflow.reports.headlines import months_lost
from caseflow.reports.result_choice import Choice, Reader
from caseflow.reports.result_figures import HIDDEN, Indicator, most_of
from caseflow.reports.result_models import ResultCount, ResultMonth, ResultPlace
from caseflow.reports.result_reading import Results
from caseflow.reports.result_refresh import refresh
from caseflow.reports.service_results import service_results
from caseflow.reports.visit_results import STAGE_LABELS, levies, livelihood, school
from tests.reports import results_world as world

TODAY, PAID_ON = date(2026, 11, 20), date(2026, 3, 5)


def results(session: Session, by: Actor | None, **choice: str) -> Results:
    """What the council reads, or anybody."""
    permission = "service.read" if by is not None else "public.read"
    return Results(session, Reader(by, permission), Choice(**choice), today=TODAY)


def figures(session: Session, by: Actor, **choice: str) -> Mapping[str, Indicator]:
    """The figures of the service by name."""
    return {one.key: one for one in service_results(results(session, by, **choice))}


def paid(
    session: Session,
    staff: Mapping[str, Actor],
    program: str,
    count: int,
    *,
    died: bool,
    waited: int = 0,
    complete: bool = True,
) -> None:
    """So many claims were paid, all in one month."""
    for _ in range(count):
        moves = world.PAID if program == "jkm" else world.ACCIDENT
        life = world.Life(
            [(action, 3 + (waited if "payment" in action else 0)) for action in moves], program=program
        )
        claim = world.lived(session, life, staff)
        world.transfer(session, claim, PAID_ON + timedelta(days=waited), 10_000_000, staff)
        claim.died_on = life.died_on if died else None
        claim.clock_started_on = claim.clock_started_on if complete else None
    session.flush()


@pytest.mark.parametrize(("died", "lived"), [(3, 6), (6, 3)])
def test_all_less_one_programme_never_counts_few_deaths(
    session: Session, staff: Mapping[str, Actor], died: int, lived: int
) -> None:
    """Of nine accidents some ended in death. Every JKM follows one: of all deaths less JKM those would be left over."""
    paid(session, staff, "jkm", 12, died=True)
    paid(session, staff, "jkk", died, died=True)
    paid(session, staff, "jkk", lived, died=False)
    refresh(session, now=clock.now())
    whole, natural = (figures(session, staff["dprd"], program=one) for one in ("", "jkm"))
    assert (whole["laporan"].denominator, natural["laporan"].denominator) == (21, 12)
    assert [list(one["kematian"].rows) for one in (whole, natural)] == [[], []]


def test_enough_deaths_are_told_of_on_every_page(session: Session, staff: Mapping[str, Actor]) -> None:
    paid(session, staff, "jkm", 12, died=True)
    paid(session, staff, "jkk", 6, died=True)
    paid(session, staff, "jkk", 5, died=False)
    refresh(session, now=clock.now())
    told = [
        figures(session, staff["dprd"], program=one)["kematian"].denominator for one in ("", "jkm", "jkk")
    ]
    assert told == [18, 12, 6]


def test_days_since_complete_papers_do_not_count_few_late_ones(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """20 in time, 3 late, 6 without a day of complete papers: days of 23 beside 20 in time would tell of the 3."""
    paid(session, staff, "jkm", 20, died=True)
    paid(session, staff, "jkm", 3, died=True, waited=20)
    paid(session, staff, "jkm", 6, died=True, complete=False)
    refresh(session, now=clock.now())
    told = figures(session, staff["dprd"])
    assert (told["laporan"].denominator, told["tepat-waktu"].denominator) == (29, None)
    assert (list(told["lengkap"].rows), told["lengkap"].little) == ([], True)


def test_families_told_of_at_all_three_visits_are_not_told_apart_at_one(session: Session) -> None:
    """43 of them; at the third month 3 had no business yet: 43 less the 40 with one would tell so."""
    for kind, parts in {
        "m3": {"matched:running": 40, "matched:none": 3, "declined": 6},
        "m6": {"matched:running": 43},
        "m12": {"matched:running": 30, "matched:growing": 13},
    }.items():
        for part, number in parts.items():
            said: dict[str, Any] = {
                "topic": "visit",
                "program": "jkm",
                "key": kind,
                "part": part,
                "number": number,
            }
            month: dict[str, Any] = {"month": date(2026, 3, 1)}
            place: dict[str, Any] = {"region_code": world.KOTO_LATIHAN}
            session.add_all(
                [
                    ResultCount(**said, **month, **place),
                    ResultMonth(**said, **month),
                    ResultPlace(**said, **place),
                ]
            )
    session.flush()
    stages = list(STAGE_LABELS)
    rows: Sequence[Sequence[object]] = livelihood(results(session, None), "matched").rows
    told = {str(row[0]): dict(zip(("due", "told", *stages), row[1:], strict=False)) for row in rows}
    third = told["Bulan 3"]
    assert (third["due"], third["told"], third["none"], third["running"]) == (49, 43, HIDDEN, HIDDEN)
    assert (told["Bulan 6"]["running"], told["Bulan 12"]["growing"]) == (43, 13)


def test_months_do_not_split_families_told_of_at_several_visits(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """The month of one visit is three months before that of the next: for readers of aggregates all months are told at once."""
    world.population(session, staff, seed=5, claims=40)
    refresh(session, now=clock.now())
    one, whole = (
        [
            (figure.rows, figure.period)
            for figure in (livelihood(results(session, staff["dprd"], **choice), "matched"),)
        ]
        for choice in ({"period": "2026"}, {})
    )
    assert one == whole
    of_year = livelihood(results(session, staff["dprd"], period="2026"), "single")
    assert "Saringan waktu tidak berlaku di sini." in of_year.definition


def test_months_of_cover_are_told_in_tens_and_of_no_month(
    session: Session, staff: Mapping[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """104 members a month; 20 months of cover were lost in May, 3 in June, 40 in July, 4 in the year before."""
    lost = {"2025-12": 4, "2026-05": 20, "2026-06": 3, "2026-07": 40}
    counted = {month: {"lost": n, "paid": 104 - n} for month, n in lost.items()}
    monkeypatch.setattr(headline_figures, "_by_month", lambda _: counted)

    def told(**choice: str) -> tuple[int | None, int | None]:
        found = months_lost(results(session, staff["dprd"], **choice))
        return found.numerator, found.denominator

    assert told() == (70, 420)  # 67 and 349
    assert told(period="2026") == (60, 310)  # 63 and 249
    assert told(period="2025") == (0, 100)
    area = {"area": world.KOTO_LATIHAN}
    others: Sequence[dict[str, str]] = (
        {"period": "2026-06"}, area, {**area, "period": "2026-06"}, {**area, "period": "2026"},
    )  # fmt: skip
    assert [told(**one) for one in others] == [told()] * 4


def test_periods_are_those_that_are_looked_at(session: Session, staff: Mapping[str, Actor]) -> None:
    """An area takes the place of the period, and a running year ends with its last month that is counted."""
    world.population(session, staff, seed=5, claims=40)
    refresh(session, now=clock.now())
    words = {
        "": "sejak awal sampai Oktober 2026", "2026": "tahun 2026 sampai Oktober 2026", "2025": "tahun 2025",
        "2026-03": "Maret 2026",
    }  # fmt: skip
    for period, said in words.items():
        assert figures(session, staff["dprd"], period=period)["laporan"].period == said
    one = results(session, staff["dprd"], period="2026-03", area=world.KOTO_LATIHAN, program="jkm")
    assert one.applied == Choice(area=world.KOTO_LATIHAN)
    assert service_results(one)[0].period == words[""]
    of_branch = Results(session, Reader(staff["mega"], "service.read"), Choice("2026-03", program="jkm"), today=TODAY)  # fmt: skip
    assert (of_branch.applied, of_branch.last_month) == (of_branch.choice, TODAY)


def test_the_most_is_named_only_where_nothing_is_hidden(session: Session, staff: Mapping[str, Actor]) -> None:
    """Nine refused for one reason and three for another, that hides a third with it; nor are equal ones the most."""
    reasons = {"not_active": 9, "not_a_participant": 3, "expired": 8}
    for reason, count in reasons.items():
        for _ in range(count):
            moves = (*world.PAID[:4], "propose_refusal", "refuse")
            life = world.Life([(action, 3) for action in moves], reasons={"refuse": reason})
            world.lived(session, life, staff)
    refresh(session, now=clock.now())
    masked, mine = (figures(session, staff[name])["ditolak"] for name in ("dprd", "mega"))
    assert masked.title == "20 klaim tidak dapat dibayarkan"
    assert HIDDEN in {row[1] for row in masked.rows}
    assert mine.title.startswith("20 klaim tidak dapat dibayarkan; paling sering: ")


@pytest.mark.parametrize(
    ("told", "most"),
    [
        ([("a", 9), ("b", 7)], "a"),
        ([("a", 9), ("b", None)], None),
        ([("a", 9), ("b", 9), ("c", 1)], None),
        ([("a", 0), ("b", 0)], None),
        ([("a", 5)], "a"),
        ([], None),
    ],
)
def test_the_most_of_several(told: Sequence[tuple[str, int | None]], most: str | None) -> None:
    assert most_of(told) == most


def test_what_is_hidden_has_no_denominator(session: Session, staff: Mapping[str, Actor]) -> None:
    """Three payments are neither told nor called nought."""
    paid(session, staff, "jkm", 3, died=True)
    refresh(session, now=clock.now())
    told = figures(session, staff["dprd"])["laporan"]
    assert (told.denominator, told.numerator, told.little) == (None, None, True)


def test_exact_rupiah_would_tell_which_deaths_paid_less(session: Session, staff: Mapping[str, Actor]) -> None:
    """Eleven of 42 million and one of ten, as by law: 472 million could be nothing else."""
    for number in range(12):
        claim = world.lived(session, world.Life([(action, 3) for action in world.PAID]), staff)
        world.transfer(session, claim, PAID_ON, 10_000_000 if number == 0 else 42_000_000, staff)
    refresh(session, now=clock.now())
    told = figures(session, staff["dprd"])
    assert (told["rupiah"].numerator, told["rupiah"].denominator) == (450_000_000, 12)
    assert told["rupiah"].title == "Sekitar Rp450.000.000 sampai kepada keluarga"
    assert [row[1] for row in told["rupiah"].rows] == [450_000_000]
    assert {row[1] for row in told["program"].rows} <= {450_000_000, 0, HIDDEN}


def test_nine_of_ten_in_time_say_nothing_of_one_late(session: Session, staff: Mapping[str, Actor]) -> None:
    """15 transfers, one late: in time and late are hidden, and so are the days, whose ninth tenth is in time."""
    paid(session, staff, "jkm", 14, died=True)
    paid(session, staff, "jkm", 1, died=True, waited=20)
    refresh(session, now=clock.now())
    told = figures(session, staff["dprd"])
    assert (told["tepat-waktu"].denominator, list(told["lengkap"].rows)) == (None, [])
    assert told["laporan"].denominator == 15


def test_where_nothing_was_nothing_is_told_and_not_few(session: Session, staff: Mapping[str, Actor]) -> None:
    paid(session, staff, "jkm", 12, died=True)
    refresh(session, now=clock.now())
    for choice in ({"period": "2026-01"}, {"period": "2024"}, {"program": "jkk"}):
        told = figures(session, staff["dprd"], **choice)
        assert told["laporan"].title.endswith("belum ada kasus pada periode ini"), choice
        assert told["rupiah"].title == "Belum ada pembayaran pada periode ini"
    # the month that runs is not told of at all
    assert "data sedikit" in figures(session, staff["dprd"], period="2026-11")["laporan"].title


def test_five_visits_of_one_family_are_one_family(session: Session, staff: Mapping[str, Actor]) -> None:
    """Its levies and its five children are few people, however often they are told of."""
    claim = world.lived(session, world.Life([(action, 3) for action in world.PAID]), staff)
    followed = world.plan(session, claim, PAID_ON)
    for month, kind in ((4, "m1"), (6, "m3"), (7, "extra"), (8, "extra"), (9, "m6")):
        world.visit(
            session, followed, kind, date(2026, month, 6), staff["rina"], outcome="met", levy_reported=True,
            children=(True, True, True, False, False),
        )  # fmt: skip
    refresh(session, now=clock.now())

    def told(by: Actor | None, permission: str) -> list[tuple[int | None, int | None]]:
        reader = Results(session, Reader(by, permission), Choice(area=world.KOTO_LATIHAN), today=TODAY)
        return [(one.numerator, one.denominator) for one in (school(reader), levies(reader))]

    assert told(staff["dedi"], "results.read") == [(3, 5), (5, 5)]
    assert told(None, "public.read") == [(None, None), (None, None)]


def test_levies_and_schools_are_told_by_family(session: Session, staff: Mapping[str, Actor]) -> None:
    for number in range(12):
        claim = world.lived(session, world.Life([(action, 3) for action in world.PAID]), staff)
        followed = world.plan(session, claim, PAID_ON)
        for kind, month in (("m1", 4), ("m3", 6)):
            world.visit(
                session, followed, kind, date(2026, month, 6), staff["rina"], outcome="met",
                levy_reported=number < 5 and kind == "m1", children=(True, number >= 6),
            )  # fmt: skip
    refresh(session, now=clock.now())
    everybody = results(session, None)
    assert [(one.numerator, one.denominator) for one in (school(everybody), levies(everybody))] == [
        (6, 12),
        (5, 12),
    ]
    assert levies(everybody).title == "5 dari 12 keluarga bercerita tentang pungutan"
