"""A case carried step by step through its workflow by the real verbs; after each step its family's phone is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident, benefit, eligibility, family, intake, medical, operations, scholarship
from caseflow.claims.accident import EventRecord, Period, Receipt
from caseflow.claims.accident_reporting import AccidentReport, report_accident
from caseflow.claims.content import content_of
from caseflow.claims.medical import Certificate, Loss
from caseflow.claims.models import Claim
from caseflow.claims.questions import questions_of
from caseflow.claims.worker_payee import decide_worker
from caseflow.people import accounts
from caseflow.people.actor import REPORTER, SYSTEM, Actor
from caseflow.people.devices import device_for_reporter
from caseflow.people.models import FamilyDevice
from caseflow.registry.queries import find_worker
from caseflow.training.people import PASSPHRASE
from tests import story
from tests.story import BRANCH, Stage

ACCIDENT_ON = date(2026, 11, 18)
MARZUKI = "1303990304880002"
_DECISIONS = frozenset({"approve", "return_to_officer", "refuse"})


@dataclass
class Walk:
    """One case, the people who work on it, and what its family read in each state."""

    stage: Stage
    claim: Claim
    phone: FlaskClient
    read: dict[str, str] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        """The session of the story."""
        return self.stage.session

    @property
    def officer(self) -> Actor:
        """Who prepares the case."""
        return self.stage.verifier

    def go(
        self, action: str, by: str = "dedi", *, reason: str | None = None, words: str | None = None
    ) -> "Walk":
        """Press a button of the workflow, and look at the phone."""
        seen = content_of(self.session, self.claim).sha256 if action in _DECISIONS else None
        operations.act(
            self.session,
            self.claim,
            action,
            by=self.stage.staff[by],
            expected_version=self.claim.version,
            now=clock.now(),
            reason_code=reason,
            reason_text=words,
            seen_sha256=seen,
        )
        return self.look()

    def look(self) -> "Walk":
        """Read status, papers and receipt as they stand now."""
        self.session.commit()
        for path in ("/berkas/dokumen", "/berkas/tanda-terima"):
            assert self.phone.get(path).status_code == 200, (self.claim.state, path)
        answer = self.phone.get("/berkas")
        page = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 200, (self.claim.state, page)
        self.read[self.claim.state] = page
        return self

    def page(self, state: str | None = None) -> str:
        """What was read last, or last in a state."""
        return self.read[state or self.claim.state]

    # ------------------------------------------------------------ what an officer establishes

    def link(self) -> "Walk":
        """Take the case and say which participant it is about."""
        worker = find_worker(self.session, MARZUKI)
        assert worker is not None
        intake.assign(self.session, self.claim, self.officer.user_id, by=self.officer)
        intake.link_worker(self.session, self.claim, worker.id, by=self.officer)
        return self

    def event(self, died_on: date | None = None) -> "Walk":
        """Write down form 3 KK 1."""
        accident.record_event(
            self.session, self.claim, event_record(died_on), by=self.officer, now=clock.now()
        )
        return self

    def concluded(self, verdict: str, *grounds: str) -> "Walk":
        """Write down whether work caused it."""
        words = "Bu Mega sudah menelepon mandor, keterangannya sama."
        accident.conclude(self.session, self.claim, verdict, grounds, words, by=self.officer, now=clock.now())
        return self

    def certified(self, condition: str = "recovered", *losses: Loss) -> "Walk":
        """Write down the doctor's certificate."""
        today = clock.today()
        paper = Certificate(
            condition=condition,
            condition_on=today,
            certified_on=today,
            doctor_name="dr. Latihan",
            facility="RSUD Latihan",
            dominant_hand="right",
            losses=losses,
        )
        medical.record_certificate(self.session, self.claim, paper, by=self.officer, now=clock.now())
        return self

    def care(self) -> "Walk":
        """Two days in hospital and unable to work, one receipt."""
        by, now = self.officer, clock.now()
        for kind in ("inpatient", "unable_to_work"):
            period = Period(
                kind=kind,
                starts_on=ACCIDENT_ON,
                ends_on=date(2026, 11, 19),
                facility="RSUD Latihan",
                source="surat rawat",
            )
            accident.add_period(self.session, self.claim, period, by=by, now=now)
        receipt = Receipt(
            kind="transport", amount_idr=350_000, spent_on=ACCIDENT_ON, source="kuitansi sopir", mode="land"
        )
        accident.add_cost(self.session, self.claim, receipt, by=by, now=now)
        return self

    def papers(self) -> "Walk":
        """The phone sends everything that is asked for."""
        story.with_papers(self.stage, claim=self.claim)
        return self.look()

    def checked(self, against: Mapping[str, str] | None = None) -> "Walk":
        """Accept every paper and answer every question."""
        story.accept_papers(self.stage, self.claim)
        for question in questions_of(self.claim):
            eligibility.answer_check(
                self.session,
                self.claim,
                question.code,
                (against or {}).get(question.code, question.good),
                source="dokumen",
                note="Ditanyakan kepada keluarga dan wali jorong.",
                by=self.officer,
                now=clock.now(),
            )
        return self

    def payee(self, holder: str) -> "Walk":
        """Decide who is paid, and write down the account."""
        by, now = self.officer, clock.now()
        if self.claim.program == "scholarship":
            scholarship.decide_payee(self.session, self.claim, by=by, now=now)
        else:
            decide_worker(self.session, self.claim, by=by, now=now)
        family.enter_account(
            self.session,
            self.claim,
            bank_code="118",
            account_number="71000998800",
            holder_name=holder,
            name_note="",
            by=by,
            now=now,
        )
        return self

    def computed(self) -> "Walk":
        """Compute the benefit."""
        benefit.compute_benefit(self.session, self.claim, by=self.officer, now=clock.now())
        return self

    def until_approved(self) -> "Walk":
        """From the calculation to the second person's word."""
        return self.computed().go("submit").go("approve", "mega")

    def later(self, weeks: int) -> "Walk":
        """Let weeks pass; the phone stays open because somebody looks at it now and then."""
        for _ in range(weeks):
            clock.set_start(clock.now() + timedelta(weeks=1))
            self.look()
        return self

    def found_not_work(self) -> "Walk":
        """The officer finds that work did not cause it, and answers the questions before proposing a refusal."""
        self.concluded("not_work", "outside_work").go("conclude_not_work").go(
            "reconsider", words="Syarat dijawab dulu."
        )
        return self.checked().go("conclude_not_work")


def unlock(session: Session, casefile_id: int) -> None:
    """Open the phones of a case for what level 2 allows, as its PIN would."""
    until = clock.now() + timedelta(minutes=15)
    session.execute(
        update(FamilyDevice).where(FamilyDevice.casefile_id == casefile_id).values(unlocked_until=until)
    )
    session.commit()


def begin(stage: Stage, client: FlaskClient, claim: Claim, holder: str = "Yulia") -> Walk:
    """Open the phone of a case and look at it for the first time."""
    token = device_for_reporter(stage.session, claim.id, holder, now=clock.now())
    stage.session.commit()
    phone = client.application.test_client()
    phone.set_cookie("kel", token)
    return Walk(stage, claim, phone).look()


def notice(**changes: object) -> AccidentReport:
    """The first word about Marzuki, who fell from a scaffold."""
    values: dict[str, object] = {
        "worker_name": "Marzuki",
        "national_id": MARZUKI,
        "kind": "accident",
        "happened_on": ACCIDENT_ON,
        "happened_at": None,
        "place": "Bangunan ruko di pasar",
        "chronology": "Jatuh dari perancah saat memasang bata.",
        "result": "injured",
        "region_code": "13.03.99.2001",
        "jorong": "Pasar",
        "notifier_role": "family",
        "relation": "istri",
        "notifier_name": "Yulia",
        "notifier_phone": "+6281267001235",
        "consented": True,
    }
    return AccidentReport(**{**values, **changes})  # type: ignore[arg-type]


def notified(stage: Stage, client: FlaskClient, **changes: object) -> Walk:
    """A first notice by its notifier's phone."""
    report = notice(**changes)
    claim = report_accident(stage.session, report, branch=BRANCH, by=REPORTER, now=clock.now())
    return begin(stage, client, claim, report.notifier_name)


def event_record(died_on: date | None = None) -> EventRecord:
    """Form 3 KK 1 of Marzuki's fall."""
    return EventRecord(
        kind="accident",
        happened_on=ACCIDENT_ON,
        happened_at=None,
        place_kind="workplace",
        place="Bangunan ruko di pasar",
        activity="Memasang bata",
        chronology="Jatuh dari perancah saat memasang bata.",
        injured_part="Kaki kanan",
        first_aid="RSUD Latihan",
        first_aid_network="plkk",
        witnesses=("Zul",),
        police_report="",
        reported_income_idr=1_500_000,
        work_days="Senin sampai Sabtu",
        died_on=died_on,
    )


def medical_adviser(session: Session) -> Actor:
    """The one role that no practice account holds."""
    user = accounts.create_user(session, "vera", "Vera", PASSPHRASE, by=SYSTEM, now=clock.now())
    scope = accounts.Scope("branch", "solok")
    accounts.grant_role(session, user.person_id, "medical_adviser", scope, by=SYSTEM, now=clock.now())
    session.commit()
    actor = accounts.actor_of(session, user.id)
    assert actor is not None
    return actor
