"""Every door goes as far as it should and no further: wrong doors, other people's cases, numbers that stay hidden."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim, Decision, FamilyMember
from caseflow.documents.models import Document
from caseflow.people import accounts, devices, slips
from caseflow.people.actor import SYSTEM
from caseflow.training.people import PASSPHRASE
from caseflow.workflow.models import CaseFile
from tests import story
from tests.conftest import START
from tests.story import NURBAITI
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send


def stamp(office: Office, username: str, path: str, action: str) -> dict[str, list[str]]:
    """What a form of a page carries unseen, to be sent elsewhere."""
    return form_of(office.read(username, path), action).fields


@pytest.mark.parametrize("decision", ["approve", "refuse", "return_to_officer"])
def test_nobody_decides_by_the_door_of_small_steps(office: Office, decision: str) -> None:
    """There the second factor, the digest of what was read and the flagged papers would not be asked."""
    number = office.carry(story.submitted)
    typed = stamp(office, "mega", f"/petugas/kasus/{number}", "/keluar")
    answer = office.browser("mega").post(f"/petugas/kasus/{number}/{decision}", data=typed)
    assert answer.status_code == 404
    assert office.claim(number).state == "awaiting_approval"
    with Session(office.database.engine) as session:
        assert session.scalars(select(Decision)).all() == []


def test_paying_again_asks_for_the_second_factor(office: Office) -> None:
    """Ten minutes after signing in, it must be certain who sends money out again."""
    number = office.carry(story.submitted)
    typed = stamp(office, "mega", f"/petugas/kasus/{number}", "/keluar")
    clock.set_start(START + timedelta(minutes=10))
    answer = office.browser("mega").post(f"/petugas/kasus/{number}/reissue_payment", data=typed)
    assert answer.status_code == 401
    assert "kepastian" in answer.get_data(as_text=True)


def adviser(office: Office) -> int:
    """A medical adviser of the branch; the key of the account."""
    with Session(office.database.engine) as session:
        user = accounts.create_user(session, "medis", "Dokter", PASSPHRASE, by=SYSTEM, now=clock.now())
        scope = accounts.Scope("branch", "solok")
        accounts.grant_role(session, user.person_id, "medical_adviser", scope, by=SYSTEM, now=clock.now())
        session.commit()
        return user.id


def test_an_adviser_opens_only_cases_given_to_them(office: Office) -> None:
    number = office.carry(story.with_papers)
    user_id = adviser(office)
    office.read("medis", f"/petugas/kasus/{number}", 404)
    with Session(office.database.engine) as session:
        session.execute(update(CaseFile).values(assignee_user_id=user_id))
        session.commit()
    office.read("medis", f"/petugas/kasus/{number}")


def test_papers_open_for_approvers_when_the_case_comes_to_them(office: Office) -> None:
    """The auditor may look at any time; whoever decides, from the moment the case waits for it."""
    number = office.carry(story.with_papers)
    with Session(office.database.engine) as session:
        case_id = session.scalars(select(Claim.id)).one()
        public_id = _paper(session, case_id)
    path = f"/petugas/kasus/{number}/dokumen/{public_id}/asli"
    office.read("mega", path, 403)
    with office.browser("aulia").get(path) as opened:
        assert opened.status_code == 200
    with Session(office.database.engine) as session:
        number = office.carry(story.submitted, NURBAITI)
        case_id = session.scalars(select(Claim.id).where(Claim.number == number)).one()
        path = f"/petugas/kasus/{number}/dokumen/{_paper(session, case_id)}/asli"
    with office.browser("mega").get(path) as opened:
        assert opened.status_code == 200


def _paper(session: Session, case_id: int) -> str:
    found = select(Document.public_id).where(Document.casefile_id == case_id, Document.status == "stored")
    return session.scalars(found.limit(1)).one()


def test_an_admin_closes_phones_without_reading_the_case(office: Office) -> None:
    """No name of the dead, of holders, no secret words: only what is needed to close something."""
    number = office.carry(story.with_papers)
    with Session(office.database.engine) as session:
        case_id = session.scalars(select(Claim.id)).one()
        printed = slips.issue_slip(
            session, case_id, "Yusra Rahasia", by=SYSTEM, now=clock.now(), pepper="p" * 40
        )
        token = devices.device_for_reporter(session, case_id, "Yusra Rahasia", now=clock.now())
        session.commit()
    path = f"/petugas/kasus/{number}/slip-keluarga"
    page = office.read("admin", path)
    assert not any(word in page for word in ("Samsir", "Yusra", printed.phrase))
    with Session(office.database.engine) as session:
        device = devices.find_device(session, token, now=clock.now())
    assert device is not None
    form = form_of(page, "/cabut-hp")
    assert send(office.browser("admin"), form, device_id=str(device.device_id)).status_code == 303
    answer = office.fill("admin", path, "/cabut", why="Slip hilang di pasar, dilaporkan keluarga.")
    assert answer.status_code == 303
    with Session(office.database.engine) as session:
        assert devices.find_device(session, token, now=clock.now()) is None
        assert slips.live_slips(session, case_id) == []


def test_an_officer_closes_the_phone_that_reported(office: Office) -> None:
    number = office.carry(story.with_papers)
    with Session(office.database.engine) as session:
        case_id = session.scalars(select(Claim.id)).one()
        token = devices.device_for_reporter(session, case_id, "Yusra", now=clock.now())
        session.commit()
        device = devices.find_device(session, token, now=clock.now())
    assert device is not None
    path = f"/petugas/kasus/{number}/slip-keluarga"
    answer = office.fill("dedi", path, "/cabut-hp", device_id=str(device.device_id))
    assert answer.status_code == 303
    with Session(office.database.engine) as session:
        assert devices.find_device(session, token, now=clock.now()) is None


def test_a_relative_is_put_right_without_showing_the_whole_number(office: Office) -> None:
    """The number stands masked; left empty it stays what it was."""
    number = office.carry(story.decided_heirs)
    with Session(office.database.engine) as session:
        member = session.scalars(select(FamilyMember).where(FamilyMember.full_name == "Yusra")).one()
        nik = member.national_id
    assert nik is not None
    path = f"/petugas/kasus/{number}/ahli-waris/tambah?dari={member.id}"
    page = office.read("dedi", path)
    assert nik not in page.replace(" ", "")
    assert nik[-4:] in page
    answer = office.fill(
        "dedi",
        path,
        "/tambah",
        full_name="Yusra Binti Ali",
        relation="widow",
        other_parent_id="",
        guardian_basis="",
    )
    assert answer.status_code == 303
    with Session(office.database.engine) as session:
        changed = session.get_one(FamilyMember, member.id)
        assert (changed.full_name, changed.national_id) == ("Yusra Binti Ali", nik)


@pytest.mark.parametrize(
    ("path", "action", "name"),
    [("ahli-waris", "/ahli-waris", "payee"), ("slip-keluarga", "/cabut", "slip_id")],
)
def test_a_key_of_five_thousand_digits_is_no_key(office: Office, path: str, action: str, name: str) -> None:
    number = office.carry(story.decided_heirs)
    with Session(office.database.engine) as session:
        case_id = session.scalars(select(Claim.id)).one()
        slips.issue_slip(session, case_id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
        session.commit()
    answer = office.fill(
        "dedi", f"/petugas/kasus/{number}/{path}", action, **{name: "9" * 5000, "why": "hilang"}
    )
    assert answer.status_code in {409, 422}
