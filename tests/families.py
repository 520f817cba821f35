"""The invented families that stories are told about: report, relatives, account, and what an officer answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from caseflow.claims.reporting import DeathReport


@dataclass(frozen=True)
class Relative:
    """Somebody of the family, as papers tell it."""

    full_name: str
    relation: str
    born_on: date | None
    national_id: str | None = None
    guardian_name: str | None = None
    guardian_basis: str | None = None
    arranged_burial: bool = False


@dataclass(frozen=True)
class Person:
    """An invented worker with report, family and account, and what an officer answers.

    :ivar payee: name of the relative who is paid; :ivar answers: answers that differ from "yes".
    """

    report: DeathReport
    relatives: tuple[Relative, ...]
    payee: str
    agreement: str = "signed_agreement"
    account: tuple[str, str, str] = ("118", "71000234417", "Yusra")
    answers: Mapping[str, str] = field(default_factory=dict)


SAMSIR = Person(
    report=DeathReport(
        worker_name="Samsir",
        national_id="1303991209760001",
        died_on=date(2026, 11, 17),
        cause="illness_or_other",
        region_code="13.03.99.2001",
        jorong="Pasar",
        reporter_name="Yusra",
        reporter_relation="istri",
        reporter_phone="+6281267001234",
        phone_owner="sendiri",
        contact_by="whatsapp",
        consented=True,
    ),
    relatives=(
        Relative("Yusra", "widow", date(1980, 4, 2), "1303994204800011"),
        Relative("Rani", "child", date(2007, 5, 9), "1303994905070012"),
        Relative("Deni", "child", date(2015, 3, 21), "1303992103150013"),
    ),
    payee="Yusra",
)
NURBAITI = Person(
    report=replace(
        SAMSIR.report,
        worker_name="Nurbaiti",
        national_id="1303994503810002",
        died_on=date(2026, 11, 15),
        jorong="Koto Tangah",
        reporter_name="Afrizal",
        reporter_relation="suami",
        reporter_phone="+6281267004321",
    ),
    relatives=(Relative("Afrizal", "widower", date(1978, 1, 30), "1303993001780014"),),
    payee="Afrizal",
    agreement="sole_heir",
    account=("118", "71000998812", "Afrizal"),
    answers={"three_months": "no"},
)
ZULBAHRI = Person(
    report=replace(
        SAMSIR.report,
        worker_name="Zulbahri",
        national_id="1303991107720003",
        died_on=date(2026, 11, 12),
        region_code="13.03.99.2002",
        jorong="Lubuk Batang",
        reporter_name="Misnar",
        reporter_phone="+6281267005555",
    ),
    relatives=(Relative("Misnar", "widow", date(1975, 8, 8), "1303994808750015"),),
    payee="Misnar",
    agreement="sole_heir",
    account=("002", "334401023456789", "Misnar"),
    answers={"active_on_event": "no", "three_months": "no"},
)
# paid for longer than three years, with three children of whom two can be chosen for the scholarship
FIRDAUS = Person(
    report=replace(
        SAMSIR.report,
        worker_name="Firdaus",
        national_id="1303991402810007",
        died_on=date(2026, 11, 3),
        jorong="Koto Tangah",
        reporter_name="Elmita",
        reporter_phone="+6281267007777",
    ),
    relatives=(
        Relative("Elmita", "widow", date(1984, 9, 19), "1303995909840018"),
        Relative("Nadia", "child", date(2008, 6, 3), "1303994306080019"),
        Relative("Rafi", "child", date(2013, 2, 10), "1303991002130020"),
        Relative("Salwa", "child", date(2023, 4, 30), "1303997004230021"),
        Relative("Yandri", "child", date(2002, 1, 5), "1303990501020022"),
    ),
    payee="Elmita",
    account=("118", "71000777001", "Elmita"),
)
# a fourth one, whose family is a child alone with a guardian
SYAFRIL = Person(
    report=replace(
        SAMSIR.report,
        worker_name="Syafril",
        national_id="1303992305690004",
        died_on=date(2026, 10, 29),
        region_code="13.03.99.2002",
        jorong="Air Putih",
        reporter_name="Nofrizal",
        reporter_relation="anak",
        reporter_phone="+6281267006666",
    ),
    relatives=(
        Relative("Putri", "child", date(2012, 6, 1), "1303994106120016", "Nofrizal", "court"),
        Relative("Nofrizal", "mamak", date(1971, 2, 11), "1303991102710017"),
    ),
    payee="Putri",
    agreement="guardian",
    account=("118", "71000554433", "Nofrizal"),
)
