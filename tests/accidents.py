"""The invented workers that stories of accidents are told about: notice, facts, days, receipts, doctor, family."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from caseflow.claims.accident import EventRecord, Period, Receipt
from caseflow.claims.accident_reporting import AccidentReport
from caseflow.claims.medical import Certificate, Loss
from tests.families import Relative

WAGE_IDR = 1_000_000


@dataclass(frozen=True)
class Injured:
    """An invented worker with everything that an accident brings.

    :ivar periods: days of care and of being unable to work; :ivar receipts: what was spent.
    :ivar relatives: of a worker who died; :ivar payee: who is paid; :ivar answers: those that are not "yes".
    """

    report: AccidentReport
    event: EventRecord
    certificate: Certificate
    payee: str
    account: tuple[str, str, str]
    periods: tuple[Period, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    relatives: tuple[Relative, ...] = ()
    agreement: str = "sole_heir"
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def died(self) -> bool:
        """Whether the worker did not survive."""
        return self.certificate.condition == "died"


# recovered after three days; brought to hospital by a hired car
MARZUKI = Injured(
    report=AccidentReport(
        worker_name="Marzuki",
        national_id="1303990304880002",
        kind="accident",
        happened_on=date(2026, 11, 18),
        happened_at=time(14, 0),
        place="Tempat kerja di Jorong Pasar",
        chronology="Terpeleset dari tangga kayu sewaktu mengangkat semen.",
        result="injured",
        region_code="13.03.99.2001",
        jorong="Pasar",
        notifier_role="family",
        notifier_name="Desi",
        notifier_phone="+6281267002001",
        relation="istri",
        contact_by="whatsapp",
        consented=True,
        injury="Pergelangan kaki kiri bengkak",
        facility="Puskesmas Latihan",
    ),
    event=EventRecord(
        kind="accident",
        happened_on=date(2026, 11, 18),
        happened_at=time(14, 0),
        place_kind="workplace",
        place="Tempat kerja di Jorong Pasar",
        activity="Mengangkat semen lewat tangga kayu",
        chronology="Anak tangga patah, pekerja jatuh dari ketinggian dua meter.",
        injured_part="Pergelangan kaki kiri",
        first_aid="Puskesmas Latihan",
        first_aid_network="plkk",
        witnesses=("Anto", "Budi"),
        police_report="",
        reported_income_idr=WAGE_IDR,
        work_days="Senin sampai Sabtu, 08.00-16.00",
    ),
    certificate=Certificate(
        condition="recovered",
        condition_on=date(2026, 11, 20),
        certified_on=date(2026, 11, 20),
        doctor_name="dr. Latihan",
        facility="Puskesmas Latihan",
    ),
    periods=(
        Period(
            kind="outpatient",
            starts_on=date(2026, 11, 18),
            ends_on=date(2026, 11, 20),
            facility="Puskesmas Latihan",
            source="Surat kontrol 20 November 2026",
        ),
        Period(
            kind="unable_to_work",
            starts_on=date(2026, 11, 18),
            ends_on=date(2026, 11, 20),
            facility="Puskesmas Latihan",
            source="Surat istirahat 18 November 2026",
        ),
    ),
    receipts=(
        Receipt(
            kind="transport",
            amount_idr=150_000,
            spent_on=date(2026, 11, 18),
            source="Kuitansi sewa mobil 18/11",
            mode="land",
        ),
    ),
    payee="Marzuki",
    account=("118", "71000300011", "Marzuki"),
)
MARZUKI_IDR = 250_000  # three thirtieths of the wage, and the car

# the tapping knife took the right thumb
SYAFRIL_HURT = Injured(
    report=AccidentReport(
        worker_name="Syafril",
        national_id="1303992305690004",
        kind="accident",
        happened_on=date(2026, 10, 20),
        happened_at=None,
        place="Kebun karet di Air Putih",
        chronology="Tangan kanan terkena pisau sadap ketika menyadap karet.",
        result="injured",
        region_code="13.03.99.2002",
        jorong="Air Putih",
        notifier_role="nagari",
        notifier_name="Wali jorong",
        notifier_phone="+6281267002002",
        consented=True,
    ),
    event=EventRecord(
        kind="accident",
        happened_on=date(2026, 10, 20),
        happened_at=None,
        place_kind="workplace",
        place="Kebun karet di Air Putih",
        activity="Menyadap karet",
        chronology="Pisau sadap terlepas dan mengenai ibu jari tangan kanan.",
        injured_part="Ibu jari tangan kanan",
        first_aid="Puskesmas Latihan",
        first_aid_network="not_plkk",
        witnesses=("Anto", "Budi"),
        police_report="",
        reported_income_idr=WAGE_IDR,
        work_days="Setiap hari, 05.00-10.00",
    ),
    certificate=Certificate(
        condition="partial_anatomical",
        condition_on=date(2026, 11, 16),
        certified_on=date(2026, 11, 18),
        doctor_name="dr. Latihan",
        facility="RSUD Latihan",
        dominant_hand="right",
        losses=(Loss(row_code="thumb", kind="anatomical", side="right"),),
    ),
    periods=(
        Period(
            kind="inpatient",
            starts_on=date(2026, 10, 20),
            ends_on=date(2026, 10, 24),
            facility="RSUD Latihan",
            source="Resume medis RSUD Latihan",
        ),
    ),
    payee="Syafril",
    account=("118", "71000300012", "Syafril"),
)
SYAFRIL_IDR = 12_000_000  # 15 per cent of eighty months

# died on the way home from teaching
ERMAWATI = Injured(
    report=AccidentReport(
        worker_name="Ermawati",
        national_id="1303995708740005",
        kind="accident",
        happened_on=date(2026, 11, 10),
        happened_at=time(17, 30),
        place="Jalan Koto Latihan",
        chronology="Ditabrak motor di jalan pulang dari mengajar mengaji.",
        result="died",
        died_on=date(2026, 11, 10),
        region_code="13.03.99.2001",
        jorong="Pasar",
        notifier_role="family",
        notifier_name="Hendri",
        notifier_phone="+6281267002003",
        relation="suami",
        consented=True,
    ),
    event=EventRecord(
        kind="accident",
        happened_on=date(2026, 11, 10),
        happened_at=time(17, 30),
        place_kind="commute",
        place="Jalan Koto Latihan",
        activity="Pulang dari mengajar mengaji",
        chronology="Ditabrak motor dari belakang, meninggal di tempat.",
        injured_part="Kepala",
        first_aid="",
        first_aid_network="none",
        witnesses=("Anto", "Budi"),
        police_report="LP/12/XI/2026",
        reported_income_idr=WAGE_IDR,
        work_days="Senin sampai Jumat, 15.00-17.00",
        died_on=date(2026, 11, 10),
    ),
    certificate=Certificate(
        condition="died",
        condition_on=date(2026, 11, 10),
        certified_on=date(2026, 11, 11),
        doctor_name="dr. Latihan",
        facility="RSUD Latihan",
    ),
    periods=(
        Period(
            kind="inpatient",
            starts_on=date(2026, 11, 10),
            ends_on=date(2026, 11, 10),
            facility="RSUD Latihan",
            source="Visum RSUD Latihan",
        ),
    ),
    relatives=(
        Relative("Hendri", "widower", date(1972, 3, 4), "1303990403720031"),
        Relative("Salma", "child", date(2009, 8, 14), "1303995408090032", "Hendri", "other"),
        Relative("Fajar", "child", date(2014, 1, 9), "1303990901140033", "Hendri", "other"),
        Relative("Ilham", "child", date(2018, 6, 2), "1303990206180034", "Hendri", "other"),
    ),
    payee="Hendri",
    agreement="signed_agreement",
    account=("118", "71000300013", "Hendri"),
)
ERMAWATI_IDR = 70_000_000  # grant, periodic benefit paid at once, funeral
