"""The family's slip: printed once, used once, void when printed again, useless to guessers (f.5)."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPermitted, NotPossible, TooMany
from caseflow.identifiers import check_digit
from caseflow.people import devices, mandates, slip_codes, slips
from caseflow.people.actor import REPORTER, Actor
from caseflow.people.models import FamilyDevice, SignInTry, Slip, SlipCode
from caseflow.workflow.models import CaseFile
from tests.conftest import FreshDatabase
from tests.people.test_mandates import ZUL

from .conftest import PEPPER, new_casefile


def issued(
    session: Session, casefile: CaseFile, by: Actor, holder: str = "Yusra", child: str | None = None
) -> slips.PrintedSlip:
    proof = slips.Proof("istri", "ktp", guardian_of=child)
    return slips.issue_slip(session, casefile.id, holder, by=by, now=clock.now(), pepper=PEPPER, proof=proof)


def opened(session: Session, number: str, code: str, address: str = "10.0.0.1") -> str:
    """What the door does, in one transaction."""
    number, code = slip_codes.read_typed(number, code)
    try_id = slip_codes.begin_try(session, number, address, now=clock.now())
    found = slip_codes.match(slip_codes.codes_of(session, number), code, now=clock.now(), pepper=PEPPER)
    return slip_codes.spend(session, found, try_id=try_id, label="HP Android", now=clock.now())


def other_code(code: str) -> str:
    """A code with a right check digit that is not this one."""
    body = f"{(int(code[:11]) + 1) % 10**11:011d}"
    return body + check_digit(body)


def test_a_slip_has_three_codes_and_two_words(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    assert len(set(paper.codes)) == 3
    assert all(len(code) == 12 and code.isdigit() for code in paper.codes)
    assert len(paper.phrase.split()) == 2
    stored = session.scalars(select(SlipCode.code_hash).where(SlipCode.slip_id == paper.slip_id)).all()
    assert all(hashed.startswith("$argon2id$") for hashed in stored)
    assert not any(code in hashed for code in paper.codes for hashed in stored)


@pytest.mark.parametrize("username", ["mega", "nina", "admin", "aulia", "bupati"])
def test_only_some_print_slips(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor], username: str
) -> None:
    with pytest.raises(NotPermitted):
        issued(session, casefile, staff[username])


def test_a_code_opens_one_phone_for_one_case(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    token = opened(session, casefile.number, paper.codes[0])
    device = devices.find_device(session, token, now=clock.now())
    assert device is not None
    assert device.actor.casefile_id == casefile.id
    assert device.actor.roles == {"family"}
    assert (device.actor.name, device.label) == ("Yusra", "HP Android")


@pytest.mark.parametrize("how", ["{0} {1} {2}", "{0}-{1}-{2}", " {0}.{1}.{2} ", "{0}{1}{2}\n"])
def test_spacing_is_forgiven(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor], how: str
) -> None:
    code = issued(session, casefile, staff["dedi"]).codes[1]
    plain_number = casefile.number.removeprefix("SJJ-").replace("-", " ")
    assert opened(session, plain_number, how.format(code[:4], code[4:8], code[8:]))


def test_a_used_code_says_when_it_was_used(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    opened(session, casefile.number, paper.codes[0])
    with pytest.raises(NotPossible, match=r"Kode HP 1 sudah dipakai 20 Nov 2026 pukul 10\.00 WIB"):
        opened(session, casefile.number, paper.codes[0])
    assert opened(session, casefile.number, paper.codes[1])
    assert opened(session, casefile.number, paper.codes[2])


def test_unknown_case_wrong_code_and_foreign_code_read_the_same(
    session: Session, casefile: CaseFile, other_casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    issued(session, other_casefile, staff["dedi"])
    said = set()
    for number, code in (
        ("SJJ-26-9999-" + check_digit("269999"), paper.codes[0]),
        (casefile.number, other_code(paper.codes[0])),
        (other_casefile.number, paper.codes[0]),
    ):
        with pytest.raises(Invalid) as refused:
            opened(session, number, code)
        said.add(refused.value.sentence)
    assert said == {slip_codes.UNKNOWN}


def test_a_slip_of_the_finger_is_free(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    code = issued(session, casefile, staff["dedi"]).codes[0]
    typo = code[:5] + str((int(code[5]) + 1) % 10) + code[6:]
    swapped = next(
        code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(11) if code[i] != code[i + 1]
    )
    for wrong in (typo, swapped, code[:11], "O" + code[1:]):
        with pytest.raises(Invalid, match="salah ketik") as refused:
            opened(session, casefile.number, wrong)
        assert set(refused.value.fields) == {"code"}
    with pytest.raises(Invalid) as refused:
        opened(session, casefile.number[:-1] + str((int(casefile.number[-1]) + 1) % 10), code)
    assert set(refused.value.fields) == {"number"}
    assert (
        session.scalar(select(func.count()).select_from(SignInTry).where(SignInTry.key == casefile.number))
        == 0
    )


def test_guessing_waits_but_an_open_phone_does_not_notice(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    token = opened(session, casefile.number, paper.codes[0])
    clock.set_start(clock.now() + timedelta(seconds=1))
    for _ in range(5):
        with pytest.raises(Invalid):
            opened(session, casefile.number, other_code(paper.codes[1]), "203.0.113.9")
    with pytest.raises(TooMany) as refused:
        opened(session, casefile.number, paper.codes[1], "203.0.113.9")
    assert refused.value.retry_after == 60
    assert devices.find_device(session, token, now=clock.now()) is not None


def test_a_hundred_wrong_in_a_row_void_the_slip(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    now = clock.now()
    for number in range(slip_codes.MOST_WRONG):
        session.add(
            SignInTry(
                kind="slip",
                key=casefile.number,
                address=f"10.1.{number}.1",
                at=now - timedelta(days=2),
                succeeded=False,
            )
        )
    session.flush()
    with pytest.raises(Invalid, match="slip baru"):
        opened(session, casefile.number, paper.codes[0])
    assert slips.live_slips(session, casefile.id) == []


def test_printing_again_voids_the_first_but_not_its_open_phone(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    first = issued(session, casefile, staff["dedi"])
    token = opened(session, casefile.number, first.codes[0])
    second = issued(session, casefile, staff["dedi"])
    with pytest.raises(Invalid):
        opened(session, casefile.number, first.codes[1])
    assert devices.find_device(session, token, now=clock.now()) is not None
    assert opened(session, casefile.number, second.codes[0])
    live = slips.live_slips(session, casefile.id)
    assert [(one.slip_id, one.codes_used, one.phrase) for one in live] == [(second.slip_id, 1, second.phrase)]


def test_each_heir_has_an_own_slip(session: Session, casefile: CaseFile, staff: Mapping[str, Actor]) -> None:
    mother, daughter = (
        issued(session, casefile, staff["dedi"]),
        issued(session, casefile, staff["dedi"], "Rani"),
    )
    for paper, holder in ((mother, "Yusra"), (daughter, "Rani")):
        device = devices.find_device(
            session, opened(session, casefile.number, paper.codes[0]), now=clock.now()
        )
        assert device is not None
        assert device.holder_name == holder


def test_a_guardian_holds_a_slip_for_each_child_beside_an_own_one(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    """None of them voids another or holds the account; a reprint voids only the one for the same child."""
    dedi = staff["dedi"]
    own, rani, budi = (issued(session, casefile, dedi, child=child) for child in (None, "Rani", "Budi"))
    assert own.phrase == rani.phrase == budi.phrase  # a person knows us by the same two words
    assert slips.held_until(session, casefile.id, now=clock.now()) is None
    for paper in (own, rani, budi):
        assert opened(session, casefile.number, paper.codes[0])

    again = issued(session, casefile, dedi, child="Rani")
    live = {one.guardian_of: one.slip_id for one in slips.live_slips(session, casefile.id)}
    assert live == {None: own.slip_id, "Rani": again.slip_id, "Budi": budi.slip_id}
    assert slips.held_until(session, casefile.id, now=clock.now()) is not None


def test_a_lost_slip_closes_everything_opened_with_it(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    paper = issued(session, casefile, staff["dedi"])
    token = opened(session, casefile.number, paper.codes[0])
    slips.revoke_slip(session, paper.slip_id, by=staff["dedi"], why="hilang", now=clock.now())
    assert devices.find_device(session, token, now=clock.now()) is None
    with pytest.raises(Invalid):
        opened(session, casefile.number, paper.codes[1])
    with pytest.raises(NotFound):
        slips.revoke_slip(session, paper.slip_id, by=staff["dedi"], why="hilang", now=clock.now())
    with pytest.raises(NotPermitted):
        slips.revoke_slip(session, paper.slip_id, by=staff["nina"], why="hilang", now=clock.now())


def test_codes_grow_old(session: Session, casefile: CaseFile, staff: Mapping[str, Actor]) -> None:
    paper = issued(session, casefile, staff["dedi"])
    clock.set_start(paper.codes_expire_at)
    with pytest.raises(NotPossible, match="30 hari"):
        opened(session, casefile.number, paper.codes[0])


def test_no_trace_holds_a_code(session: Session, casefile: CaseFile, staff: Mapping[str, Actor]) -> None:
    paper = issued(session, casefile, staff["dedi"])
    opened(session, casefile.number, paper.codes[0])
    events = session.scalars(select(AuditEvent).where(AuditEvent.casefile_id == casefile.id)).all()
    assert {event.action for event in events} == {"slip.issued", "slip.code_spent"}
    assert not any(code in str(vars(event)) for event in events for code in paper.codes)


def test_one_code_in_sixty_four_hands_opens_one_phone(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    with Session(fresh_database.engine) as session:
        casefile = new_casefile(session)
        number, casefile_id = casefile.number, casefile.id
        paper = issued(session, casefile, staff["dedi"])
        session.commit()
        try_id = slip_codes.begin_try(session, number, "10.0.0.1", now=clock.now())
        session.commit()
        found = slip_codes.match(
            slip_codes.codes_of(session, number), paper.codes[0], now=clock.now(), pepper=PEPPER
        )

    def one(_: int) -> bool:
        with Session(fresh_database.engine) as session:
            try:
                slip_codes.spend(session, found, try_id=try_id, label="", now=clock.now())
            except CaseflowError:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(64) as pool:
        assert sum(pool.map(one, range(64))) == 1
    with Session(fresh_database.engine) as session:
        count = select(func.count()).select_from(FamilyDevice).where(FamilyDevice.casefile_id == casefile_id)
        assert session.scalar(count) == 1


def test_two_printers_at_once_leave_one_live_slip(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    with Session(fresh_database.engine) as session:
        casefile_id = new_casefile(session).id
        session.commit()

    def one(_: int) -> None:
        with Session(fresh_database.engine) as session:
            try:
                slips.issue_slip(
                    session,
                    casefile_id,
                    "Yusra",
                    by=staff["dedi"],
                    now=clock.now(),
                    pepper=PEPPER,
                    proof=slips.Proof("istri", "ktp"),
                )
                session.commit()
            except Exception:
                session.rollback()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))
    with Session(fresh_database.engine) as session:
        live = (
            select(func.count())
            .select_from(Slip)
            .where(Slip.casefile_id == casefile_id, Slip.revoked_at.is_(None))
        )
        assert session.scalar(live) == 1


def test_a_slip_in_a_helpers_name_opens_a_helpers_phone(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    """It stands and falls with the mandate; the family's own slip does not."""
    mandate = mandates.give(session, casefile.id, ZUL, by=REPORTER, now=clock.now())
    for holder, expected in (("Zul Efendi", mandate.id), ("Yusra", None)):
        token = opened(session, casefile.number, issued(session, casefile, staff["dedi"], holder).codes[0])
        device = devices.find_device(session, token, now=clock.now())
        assert device is not None
        assert device.mandate_id == expected
        assert device.actor.is_helper is (expected is not None)
