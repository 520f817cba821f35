"""Reference data of a new installation: regions, holidays, banks, the branch's first limits.

Loading again adds what is missing and leaves alone what people changed.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.registry.cover_models import CoverageTarget
from caseflow.registry.models import Bank, HolidayRow, PolicyValue, Region
from caseflow.registry.rates import load_rates

SEEDS = Path(__file__).resolve().parent / "seeds"

# name, value, unit, source, certainty. Start values; an administrator adds dated rows.
POLICIES = (
    (
        "approval_limit_1_idr",
        50_000_000,
        "idr",
        "usulan awal; periksa surat delegasi kantor cabang",
        "verify",
    ),
    (
        "approval_limit_2_idr",
        150_000_000,
        "idr",
        "usulan awal; periksa surat delegasi kantor cabang",
        "verify",
    ),
    ("joint_leave_stops_clock", 1, "flag", "kebijakan kantor cabang", "verify"),
    ("account_check_days", 30, "days", "usulan awal", "verify"),
    ("death_after_joining_days", 90, "days", "usulan awal; tanda periksa, bukan penolakan", "verify"),
    (
        "returned_transfer_days",
        14,
        "days",
        "usulan awal; tanyakan kepada bank berapa lama transfer dapat kembali",
        "verify",
    ),
    ("objection_days", 30, "days", "usulan awal; tanyakan ke BPJS Ketenagakerjaan Solok", "verify"),
)
# code, name, usual lengths of account numbers (hints only)
BANKS = (
    ("002", "BRI", "15"),
    ("008", "Bank Mandiri", "13"),
    ("009", "BNI", "10"),
    ("014", "BCA", "10"),
    ("118", "Bank Nagari", ""),
    ("200", "BTN", "16"),
    ("451", "Bank Syariah Indonesia (BSI)", "10"),
)
# what the press said about the regency; a newer row of a kind is used instead
TARGETS: tuple[dict[str, Any], ...] = (
    {
        "region_code": "13.03",
        "kind": "vulnerable",
        "stated_on": date(2023, 10, 3),
        "value": 30_000,
        "value_meaning": "pekerja rentan yang ditargetkan terlindungi",
        "population": 48_838,
        "population_meaning": "pekerja rentan di kabupaten",
        "source": "suara.com, 3 Oktober 2023, tentang peluncuran “1 Nagari 100 Pekerja Rentan”",
        "certainty": "verify",
    },
    {
        "region_code": "13.03",
        "kind": "all_workers",
        "stated_on": date(2023, 10, 3),
        "value": 31_611,
        "value_meaning": "peserta, 14.468 penerima upah dan 17.143 bukan penerima upah",
        "share_permille": 410,
        "population_meaning": "semua orang yang bekerja di kabupaten (jumlahnya tidak diberitakan)",
        "source": "suara.com dan kompas.com, 3 Oktober 2023, angka Agustus sampai Oktober 2023",
        "certainty": "verify",
    },
)


def load_reference_data(session: Session) -> None:
    """Add regions, holidays, banks, first limits and rates of contributions where they are missing."""
    regions = [
        {
            "code": row["code"],
            "level": row["level"],
            "name": row["name"],
            "parent_code": row["parent"] or None,
        }
        for row in _rows("regions.csv")
    ]
    session.execute(insert(Region).values(regions).on_conflict_do_nothing())
    holidays: list[dict[str, Any]] = [
        {"on": date.fromisoformat(row["date"]), "kind": row["kind"], "name": row["name"]}
        for row in _rows("holidays.csv")
    ]
    # a year that has any row belongs to the people who edit it: what they removed stays removed
    known_years = {day.year for day in session.scalars(select(HolidayRow.on))}
    fresh = [row for row in holidays if row["on"].year not in known_years]
    if fresh:
        session.execute(insert(HolidayRow).values(fresh))
    banks = [{"code": code, "name": name, "account_lengths": lengths} for code, name, lengths in BANKS]
    session.execute(insert(Bank).values(banks).on_conflict_do_nothing())
    start = date(2020, 1, 1)
    known = set(session.scalars(select(PolicyValue.name)))
    for name, value, unit, source, certainty in POLICIES:
        if name not in known:
            session.add(
                PolicyValue(
                    name=name, valid_from=start, value=value, unit=unit, source=source, certainty=certainty
                )
            )
    load_rates(session)
    _load_targets(session)
    session.flush()


def _load_targets(session: Session) -> None:
    known = {
        (row.region_code, row.kind)
        for row in session.execute(select(CoverageTarget.region_code, CoverageTarget.kind))
    }
    for row in TARGETS:
        if (row["region_code"], row["kind"]) not in known:
            session.add(CoverageTarget(**row))


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
