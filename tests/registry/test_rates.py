"""What a month costs: by payer, sector and date; state money is never reduced, not even by somebody at the database."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow.db_refusals import refusal_of
from caseflow.law.dated import NoNumber
from caseflow.registry import rates
from caseflow.registry.nomination_models import FUNDING_SOURCES
from caseflow.registry.rate_models import ContributionRate

_INSERT = (
    "INSERT INTO contribution_rate (funding_source, sector, valid_from, amount_idr, jkk_idr, jkm_idr, source,"
    " certainty, reduction) VALUES ('{payer}', 'other', '2026-04-01', 8400, 5000, 3400, 'PP 50/2025', 'V1', '{reduction}')"
)


@pytest.mark.parametrize("payer", FUNDING_SOURCES)
@pytest.mark.parametrize("sector", ["transport", "other"])
def test_outside_the_reduction_everybody_pays_the_full_rate(
    session: Session, payer: str, sector: str
) -> None:
    for month in (date(2020, 1, 1), date(2025, 12, 31), date(2027, 4, 1)):
        found = rates.rate_on(session, payer, sector, month)
        assert (found.amount_idr, found.jkk_idr, found.jkm_idr, found.reduction) == (
            16_800,
            10_000,
            6_800,
            "",
        )


@pytest.mark.parametrize(
    ("sector", "month", "amount"),
    [
        ("transport", date(2025, 12, 1), 16_800),
        ("transport", date(2026, 1, 1), 8_400),
        ("transport", date(2027, 3, 1), 8_400),
        ("transport", date(2027, 4, 1), 16_800),
        ("other", date(2026, 3, 1), 16_800),
        ("other", date(2026, 4, 1), 8_400),
        ("other", date(2026, 12, 31), 8_400),
        ("other", date(2027, 1, 1), 16_800),
    ],
)
def test_who_pays_for_themselves_pays_half_while_pp_50_2025_applies(
    session: Session, sector: str, month: date, amount: int
) -> None:
    assert rates.rate_on(session, "mandiri", sector, month).amount_idr == amount


@pytest.mark.parametrize("payer", ["apbd", "dbh_sawit", "pokir"])
def test_state_money_pays_in_full_while_the_reduction_runs(session: Session, payer: str) -> None:
    assert rates.rate_on(session, payer, "transport", date(2026, 11, 20)).amount_idr == 16_800


@pytest.mark.parametrize("payer", ["apb_nagari", "csr"])
def test_what_nobody_could_verify_says_so(session: Session, payer: str) -> None:
    found = rates.rate_on(session, payer, "other", date(2026, 11, 20))
    assert (found.amount_idr, found.certainty_label) == (16_800, "belum terverifikasi")


@pytest.mark.parametrize(
    ("payer", "reduction", "words"),
    [
        ("apbd", "pp_50_2025", "tidak pernah mendapat keringanan"),
        ("dbh_sawit", "pp_50_2025", "tidak pernah mendapat keringanan"),
        ("pokir", "pp_50_2025", "tidak pernah mendapat keringanan"),
        ("apbd", "", "sebut keringanannya"),
    ],
)
def test_the_database_refuses_a_reduction_of_state_money(
    session: Session, payer: str, reduction: str, words: str
) -> None:
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(text(_INSERT.format(payer=payer, reduction=reduction)))
    assert words in refusal_of(refused.value).sentence


@pytest.mark.parametrize("payer", FUNDING_SOURCES)
@pytest.mark.parametrize("parts", ["9999, 6800", "10000, 6799"])
def test_the_database_refuses_less_than_the_full_rate_without_a_reason(
    session: Session, payer: str, parts: str
) -> None:
    statement = _INSERT.format(payer=payer, reduction="").replace("8400, 5000, 3400", f"16799, {parts}")
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(text(statement))
    assert "Di bawah tarif penuh" in refusal_of(refused.value).sentence


def test_a_later_row_stands_before_an_older_one_and_the_older_applies_again(session: Session) -> None:
    _add(session, date(2027, 1, 1), date(2027, 2, 28), 18_000)
    months = rates.months_of(date(2026, 12, 1), date(2027, 3, 1))
    assert list(rates.amounts(session, "csr", "other", months).values()) == [16_800, 18_000, 18_000, 16_800]


def test_of_two_rows_of_one_month_the_newer_counts(session: Session) -> None:
    _add(session, date(2027, 1, 1), None, 18_000)
    _add(session, date(2027, 1, 1), None, 19_000)
    assert rates.rate_on(session, "csr", "other", date(2027, 6, 1)).amount_idr == 19_000


def test_a_month_without_a_rate_has_no_default(session: Session) -> None:
    with pytest.raises(NoNumber, match="APBD kabupaten untuk Januari 2019 belum ditetapkan"):
        rates.rate_on(session, "apbd", "other", date(2019, 1, 1))
    with pytest.raises(NoNumber):
        rates.amounts(session, "apbd", "other", [date(2019, 1, 1), date(2026, 1, 1)])


def test_the_table_of_a_day_has_one_rate_for_each_payer_and_sector(session: Session) -> None:
    found = rates.rate_table(session, date(2026, 11, 20))
    assert [(one.funding_source, one.sector) for one in found] == [
        (payer, sector) for payer in FUNDING_SOURCES for sector in ("other", "transport")
    ]
    assert {one.amount_idr for one in found if one.funding_source == "mandiri"} == {8_400}


def test_a_rate_is_never_edited(session: Session) -> None:
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE contribution_rate SET amount_idr = 8400"))


def _add(session: Session, first: date, last: date | None, amount_idr: int) -> None:
    session.add(
        ContributionRate(
            funding_source="csr", sector="other", valid_from=first, valid_to=last, amount_idr=amount_idr,
            jkk_idr=amount_idr - 6_800, jkm_idr=6_800, source="keputusan latihan", certainty="verify",
        )
    )  # fmt: skip
    session.flush()
