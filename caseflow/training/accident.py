"""The invented accident for practice: Marzuki fell from a scaffold two days ago and is in hospital."""

from datetime import date, time

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident, intake, operations
from caseflow.claims.accident_reporting import AccidentReport, report_accident
from caseflow.claims.models import Claim
from caseflow.claims.opening import Branch
from caseflow.people.actor import REPORTER, Actor
from caseflow.registry.queries import find_worker

_NATIONAL_ID = "1303990304880002"
_HAPPENED_ON = date(2026, 11, 18)
_HAPPENED_AT = time(9, 30)
_PLACE = "Bangunan balai nagari, Jorong Pasar"
_CHRONOLOGY = "Jatuh dari perancah setinggi dua meter saat memasang bata. Kaki kanan patah."
_HOSPITAL = "RSUD Latihan (PLKK)"


def load_accident(session: Session, *, branch: Branch, by: Actor) -> Claim:
    """Carry the accident from the family's call to the treatment that goes on.

    :raises LookupError: the practice workers are not there.
    """
    worker = find_worker(session, _NATIONAL_ID)
    if worker is None:
        raise LookupError(_NATIONAL_ID)
    now = clock.now()
    report = AccidentReport(
        worker_name=worker.full_name,
        national_id=worker.national_id,
        kind="accident",
        happened_on=_HAPPENED_ON,
        happened_at=_HAPPENED_AT,
        place=_PLACE,
        chronology=_CHRONOLOGY,
        result="injured",
        region_code=worker.region_code,
        jorong=worker.jorong,
        notifier_role="family",
        notifier_name="Desmawati",
        relation="istri",
        notifier_phone="+6281267003005",
        consented=True,
        injury="kaki kanan",
        facility=_HOSPITAL,
    )
    claim = report_accident(session, report, branch=branch, by=REPORTER, now=now)
    intake.assign(session, claim, by.user_id, by=by)
    intake.link_worker(session, claim, worker.id, by=by)
    accident.record_event(session, claim, _event(), by=by, now=now)
    operations.act(session, claim, "report_stage_one", by=by, expected_version=claim.version, now=now)
    for kind, source in (
        ("inpatient", "surat rawat RSUD"),
        ("unable_to_work", "surat istirahat dokter"),
    ):
        period = accident.Period(
            kind=kind, starts_on=_HAPPENED_ON, ends_on=None, facility=_HOSPITAL, source=source
        )
        accident.add_period(session, claim, period, by=by, now=now)
    operations.act(session, claim, "start_treatment", by=by, expected_version=claim.version, now=now)
    return claim


def _event() -> accident.EventRecord:
    return accident.EventRecord(
        kind="accident",
        happened_on=_HAPPENED_ON,
        happened_at=_HAPPENED_AT,
        place_kind="workplace",
        place=_PLACE,
        activity="memasang bata dinding",
        chronology=_CHRONOLOGY,
        injured_part="kaki kanan",
        first_aid="dibawa ke RSUD dengan mobil nagari",
        first_aid_network="plkk",
        witnesses=("Zulkifli, kepala tukang", "Hendra, rekan kerja"),
        police_report="",
        reported_income_idr=1_800_000,
        work_days="Senin sampai Sabtu",
    )
