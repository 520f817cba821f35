"""A form that comes twice moves something once (c.3)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from caseflow.audit.requests import Answer, RequestKey, actor_key, begin, digest, finish
from caseflow.errors import Invalid
from caseflow.people.actor import REPORTER, SYSTEM, Actor
from tests.conftest import FreshDatabase

KEY = RequestKey("staff:1", "/petugas/SJJ-26-0042-7/approve", "k1")
CONTENT = digest([("action", "approve")])


def test_the_first_is_done_the_second_gets_its_answer(session: Session) -> None:
    assert begin(session, KEY, CONTENT) is None
    finish(session, KEY, Answer(303, "/petugas/SJJ-26-0042-7"))
    assert begin(session, KEY, CONTENT) == Answer(303, "/petugas/SJJ-26-0042-7")


def test_another_content_under_the_same_key_is_refused(session: Session) -> None:
    begin(session, KEY, CONTENT)
    with pytest.raises(Invalid, match="isi lain"):
        begin(session, KEY, digest([("action", "reject")]))


def test_people_routes_and_keys_do_not_meet(session: Session) -> None:
    begin(session, KEY, CONTENT)
    for other in (
        RequestKey("staff:2", KEY.route, KEY.key),
        RequestKey(KEY.actor_key, "/lain", KEY.key),
        RequestKey(KEY.actor_key, KEY.route, "k2"),
    ):
        assert begin(session, other, CONTENT) is None


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_form_without_a_key_moves_nothing(session: Session, key: str) -> None:
    with pytest.raises(Invalid, match="tidak lengkap"):
        begin(session, RequestKey("staff:1", "/", key), CONTENT)


def test_work_that_failed_may_be_tried_again(session: Session) -> None:
    with session.begin_nested() as point:
        begin(session, KEY, CONTENT)
        point.rollback()
    assert begin(session, KEY, CONTENT) is None


def test_the_digest_knows_names_values_and_borders() -> None:
    assert digest([("a", "1"), ("b", "2")]) == digest([("b", "2"), ("a", "1")])
    assert digest([("a", "1b"), ("c", "")]) != digest([("a", "1"), ("bc", "")])
    assert digest([("a", "1"), ("a", "2")]) != digest([("a", "12")])


def test_keys_belong_to_somebody() -> None:
    device = Actor(kind="family", name="Rani", roles=frozenset({"family"}), device_id=7)
    assert [actor_key(by) for by in (None, SYSTEM, REPORTER, device)] == [
        "public",
        "system",
        "family",
        "device:7",
    ]


def test_sixteen_at_once_do_the_work_once(fresh_database: FreshDatabase) -> None:
    def one(number: int) -> tuple[bool, str]:
        with Session(fresh_database.engine) as session:
            answer = begin(session, KEY, CONTENT)
            if answer is None:
                finish(session, KEY, Answer(303, f"/{number}"))
                session.commit()
                return True, f"/{number}"
            return False, answer.location

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(16)))
    assert sum(done for done, _ in answers) == 1
    assert len({location for _, location in answers}) == 1
