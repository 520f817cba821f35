"""The planner of dues: people × months × rate, what a late start or a gap would mean, the line for the APB nagari.

Everything stands in the address, so a plan can be kept, sent and printed; nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.errors import NotPossible
from caseflow.formats import in_words, month_year, rupiah, thousands
from caseflow.law.dated import NoNumber
from caseflow.registry import rates
from caseflow.registry.ledger import grace_months, numbers
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import FUNDING_SOURCES
from caseflow.registry.planner import Budget, Group, GroupOutcome, plan, year_of
from caseflow.registry.rate_models import SECTORS
from caseflow.registry.rates import Rate
from caseflow.web import dues_words as words
from caseflow.web import here
from caseflow.web.nagari import nagari
from caseflow.web.nagari.area import asked_nagari
from caseflow.web.security import requires

_GROUPS = 3
_MOST_WORKERS = 100_000
_WORKERS = f"Jumlah orang ditulis dengan angka, 0 sampai {thousands(_MOST_WORKERS)}. Rencana belum dihitung; perbaiki angkanya."


@dataclass(frozen=True)
class Asked:
    """A plan as it stands in the address."""

    year: int
    funding_source: str
    sector: str
    groups: list[Group]
    typed: list[str]  # the numbers of people as they were typed
    skipped: set[date]
    problem: str | None


@nagari.get("/anggaran")
@requires("dues.read")
def budget() -> ResponseReturnValue:
    """Reckon the plan that the address asks for; at first a hundred people for the whole coming year."""
    region = asked_nagari(here.actor(), "dues.read")
    if region is None:
        return redirect(url_for("programme.arrears"), 303)
    asked = _asked()
    return render_template(
        "nagari/budget.html",
        region=region,
        is_own=here.actor().region_codes == {region.code},
        asked=asked,
        groups=list(zip(asked.groups, asked.typed, strict=True)),
        years=range(clock.today().year, clock.today().year + 3),
        months=year_of(asked.year),
        payers=rates.FUNDING_LABELS,
        sectors=rates.SECTOR_LABELS,
        **_reckoned(asked, region),
    )


def _asked() -> Asked:
    told, this_year = request.args, clock.today().year
    years = {str(year): year for year in range(this_year, this_year + 3)}
    year = years.get(told.get("tahun", ""), this_year + 1)
    months = {f"{month:%m}": month for month in year_of(year)}
    typed = [
        told.get(f"orang{place}", "100" if place == 1 else "").strip()[:20] for place in range(1, _GROUPS + 1)
    ]
    counts = [_count(text) for text in typed]
    groups = []
    for place, count in enumerate(counts, start=1):
        first = months.get(told.get(f"dari{place}", ""), months["01"])
        last = months.get(told.get(f"sampai{place}", ""), months["12"])
        groups.append(Group(count or 0, first, max(first, last)))
    payer, sector = told.get("dana", ""), told.get("sektor", "")
    return Asked(
        year,
        payer if payer in FUNDING_SOURCES else "apb_nagari",
        sector if sector in SECTORS else "other",
        groups,
        typed,
        {months[text] for text in told.getlist("lewat") if text in months},
        _WORKERS if None in counts else None,
    )


def _count(text: str) -> int | None:
    """Return how many people were typed; nothing is none at all, and what is no number is ``None``."""
    digits = text.replace(".", "").replace(" ", "")
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        return None
    return int(digits) if int(digits) <= _MOST_WORKERS else None


def _reckoned(asked: Asked, region: Region) -> dict[str, Any]:
    months = year_of(asked.year)
    found = rates.rates_between(here.session(), asked.funding_source, asked.sector, months[0], months[-1])
    try:
        prices = rates.amounts(here.session(), asked.funding_source, asked.sector, months)
    except (NoNumber, NotPossible) as unknown:
        return {"budget": None, "problem": unknown.sentence}
    if asked.problem:
        return {"budget": None, "problem": asked.problem}
    reckoned = plan(
        asked.groups, asked.skipped, prices, grace_months=grace_months(months[0]), full_after=_full_after(months[0])
    )  # fmt: skip
    return {
        "budget": reckoned,
        "problem": None,
        "in_force": _in_force(found, prices),
        "sentence": _line(reckoned, asked, region),
        "outcomes": [(one, _consequences(one)) for one in reckoned.groups],
    }


def _full_after(on: date) -> int:
    return numbers().on("jkm_min_consecutive_months", on).value


def _in_force(found: Any, prices: Mapping[date, int]) -> list[Rate]:
    """The rates that the plan uses, each once."""
    used: list[Rate] = []
    for month in prices:
        rate = rates.find_rate(found, month)
        if rate is not None and rate not in used:
            used.append(rate)
    return used


def _line(reckoned: Budget, asked: Asked, region: Region) -> str:
    """The line for the budget: what, for whom, how many times how much."""
    if not reckoned.groups:
        return ""
    prices = sorted({month.price_idr for month in reckoned.months if month.workers})
    if len(prices) == 1:
        parts = [
            f"{thousands(one.group.workers)} orang x {one.paid_months} bulan"
            for one in reckoned.groups
            if one.paid_months
        ]
        several = len(parts) > 1
        sum_words = (
            f"{'(' if several else ''}{' + '.join(parts)}{')' if several else ''} x {rupiah(prices[0])}"
        )
    else:
        sum_words = " + ".join(
            f"{thousands(month.workers)} orang x {rupiah(month.price_idr)} ({month_year(month.month)})"
            for month in reckoned.months
            if month.workers
        )
    total = reckoned.total_idr
    if not total:
        return ""
    return (
        "Belanja iuran Jaminan Kecelakaan Kerja dan Jaminan Kematian BPJS Ketenagakerjaan bagi pekerja rentan Nagari "
        f"{region.name}, tahun anggaran {asked.year}: {sum_words} = {rupiah(total)} ({in_words(total)})."
    )


def _consequences(one: GroupOutcome) -> list[tuple[str, str]]:
    """Say in plain words what the gaps of a plan do to people: tone and sentence."""
    many = f"{thousands(one.group.workers)} orang"
    found = []
    if starting := one.months_with("starting"):
        found.append(
            (
                "info",
                (
                    f"{words.spans(starting)}: tiga bulan berturut-turut belum genap. Bila ada yang meninggal, keluarganya "
                    "hanya menerima biaya pemakaman, kecuali ia sudah terlindungi sebelum rencana ini tanpa terputus."
                ),
            )
        )
    if undecided := one.months_with("open"):
        found.append(
            (
                "waiting",
                (
                    f"{words.spans(undecided)}: iuran {many} tidak dibayar, tetapi kepesertaan belum berhenti. Apakah kematian "
                    "pada bulan ini dijamin belum ada aturannya; petugas yang memutuskan, dan keluarga bisa tidak dibayar."
                ),
            )
        )
    if one.lost_in is not None:
        found.append(
            (
                "danger",
                (
                    f"Mulai {month_year(one.lost_in)}: kepesertaan {many} berhenti, karena lebih dari tiga bulan tidak dibayar. "
                    "Bila ada yang meninggal atau celaka, keluarganya tidak menerima santunan."
                ),
            )
        )
    if one.restarted_in is not None:
        found.append(
            (
                "danger",
                f"{month_year(one.restarted_in)}: {many} harus didaftarkan lagi dari awal, dan tiga bulan dihitung lagi.",
            )
        )
    return found
