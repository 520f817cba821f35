"""Every address × every role: the door answers what the permission file says, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.extensions import db
from caseflow.people import accounts, devices, pins, policy
from caseflow.people.actor import SYSTEM
from caseflow.people.models import StaffUser
from caseflow.training.people import ACCOUNTS, PASSPHRASE
from caseflow.web.security import permission_of
from caseflow.workflow.models import CaseFile
from tests.conftest import START, FreshDatabase, copy_of, make_settings
from tests.story import reported

NOBODY = "public"
MEDICAL = "medical_adviser"
UNLOCKED = "family, unlocked"
ROLES = (NOBODY, "family", UNLOCKED, MEDICAL, *dict.fromkeys(account.role for account in ACCOUNTS))
_WRITES = ("POST", "PUT", "PATCH", "DELETE")


class House:
    """One application with a browser for every role."""

    def __init__(self, app: CaseflowApp, database: FreshDatabase) -> None:
        self.app = app
        with Session(database.engine) as session:
            claim = reported(session)
            self.number = claim.number
            self.devices = {
                role: devices.device_for_reporter(session, claim.id, "Yusra", now=clock.now())
                for role in ("family", UNLOCKED)
            }
            _unlock(session, self.devices[UNLOCKED])
            _medical_adviser(session)
            claim.assignee_user_id = session.scalars(
                select(StaffUser.id).where(StaffUser.username == "dedi")
            ).one()
            session.commit()
        self.browsers = {role: self._browser(role) for role in ROLES}

    def _browser(self, role: str) -> FlaskClient:
        browser = self.app.test_client()
        if role in self.devices:
            browser.set_cookie("kel", self.devices[role])
        elif role != NOBODY:
            usernames = {account.role: account.username for account in reversed(ACCOUNTS)} | {MEDICAL: "vera"}
            answer = browser.post("/masuk", data={"username": usernames[role], "passphrase": PASSPHRASE})
            assert answer.status_code in {302, 303}
        return browser


def _medical_adviser(session: Session) -> None:
    """The one role that no practice account holds."""
    user = accounts.create_user(session, "vera", "Vera", PASSPHRASE, by=SYSTEM, now=clock.now())
    accounts.grant_role(
        session, user.person_id, MEDICAL, accounts.Scope("branch", "solok"), by=SYSTEM, now=clock.now()
    )


def _unlock(session: Session, token: str) -> None:
    """Level 2 for the length of this test."""
    device = devices.find_device(session, token, now=clock.now())
    assert device is not None
    pins.unlock(session, device, by=device.actor, now=clock.now())


@pytest.fixture(scope="module")
def house(cluster: object, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Sign everybody in once."""
    clock.set_start(START)
    for database in copy_of(cluster, template):  # type: ignore[arg-type]
        folder: Path = tmp_path_factory.mktemp("objects")
        app = create_app(make_settings(database.app_url, folder), TESTING=True, WTF_CSRF_ENABLED=False)
        yield House(app, database)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_every_address_carries_a_permission(house: House) -> None:
    """A view without a mark answers nobody; none may be left that way by mistake."""
    unmarked = {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if not permission_of(house.app, rule.endpoint)
    }
    assert unmarked == set()


def test_every_permission_opens_some_address(house: House) -> None:
    """A line of the file that guards nothing would be a promise nobody keeps."""
    used = {permission_of(house.app, rule.endpoint) for rule in house.app.url_map.iter_rules()}
    assert set(policy.policy().permissions) - used == set()


@pytest.mark.parametrize("role", ROLES)
def test_door_answers_as_the_file_says(house: House, role: str) -> None:
    """403 for the wrong role, sign-in for strangers, and never a closed door for the right one."""
    wrong: list[str] = []
    for rule in house.app.url_map.iter_rules():
        permission = permission_of(house.app, rule.endpoint)
        assert permission is not None
        expected = policy.expected_access(permission, _role(role), unlocked=role == UNLOCKED)
        for method in sorted((rule.methods or set()) & {"GET", *_WRITES}):
            if _ends_the_visit(rule, method):
                continue
            status = _ask(house, rule, method, role)
            narrower = _mark(permission, role) in _NARROWER and role not in _WHOSE_CASE_IT_IS
            # a program is never led to a page: it is told that nobody is signed in, whatever it asked
            asked = "PUT" if rule.rule.startswith("/pendamping/api/") else method
            if not (_fits(expected, status, asked) or (narrower and status in {403, 404})):
                wrong.append(f"{role} {method} {rule.rule}: {status}, file says {expected}")
    assert wrong == []


# such a right ends at cases that are not this person's: given to another, or not at their step
_NARROWER = {"assigned", "own"}
_WHOSE_CASE_IT_IS = {"officer", "family", UNLOCKED}


def _role(role: str) -> str:
    """The role of the file; an unlocked phone is a family's, which has proved more."""
    return "family" if role == UNLOCKED else role


def _mark(permission: str, role: str) -> str | None:
    """How far a role may go."""
    return policy.policy().permission(permission).marks.get(_role(role))


def _ends_the_visit(rule: Rule, method: str) -> bool:
    """Signing out or closing the phone would end the test; their doors are tested on their own pages."""
    return method == "POST" and rule.rule in {
        "/keluar",
        "/berkas/tutup",
        "/berkas/kunci/tutup",
        "/masuk",
        "/masuk-keluarga",
    }


def _ask(house: House, rule: Rule, method: str, role: str) -> int:
    values: dict[str, object] = {}
    for argument in rule.arguments:
        converter = rule._converters[argument]
        values[argument] = (
            house.number if argument == "number" else (1 if "Integer" in type(converter).__name__ else "x")
        )
    path = house.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
    return house.browsers[role].open(path, method=method, follow_redirects=False).status_code


def _fits(expected: policy.Access, status: int, method: str) -> bool:
    assert status < 500 or status == 503, status
    if expected == "refused":
        return status == 403
    if expected == "sign_in":
        return status in {302, 303} if method == "GET" else status == 401
    return status not in {401, 403} or (status == 401 and method != "GET")


def test_a_stranger_sees_no_difference_between_foreign_and_missing(house: House) -> None:
    """Fetching is the access check: a case of another branch and no case at all look the same."""
    officer = house.browsers["officer"]
    missing = officer.get("/petugas/kasus/SJJ-26-9999-6")
    with house.app.app_context():
        db.session.execute(
            update(CaseFile).where(CaseFile.number == house.number).values(branch_code="padang")
        )
        db.session.commit()
    foreign = officer.get(f"/petugas/kasus/{house.number}")
    assert foreign.status_code == missing.status_code == 404
    assert house.number not in foreign.get_data(as_text=True).replace(f"/kasus/{house.number}", "")
