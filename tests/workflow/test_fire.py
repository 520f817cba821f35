"""One move: who may, when, what it leaves behind, and what a refusal leaves untouched."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Executable, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.people.actor import REPORTER, Actor
from caseflow.workflow.fire import available, blockers, take_duty
from caseflow.workflow.models import FAR_AWAY, CaseFile, Duty, History, Outbox
from tests.workflow.world import ROAD, World


def rows_of(world: World, case: CaseFile) -> list[History]:
    found = world.session.scalars(
        select(History).where(History.casefile_id == case.id).order_by(History.version)
    )
    return list(found)


def stored(world: World, case: CaseFile) -> CaseFile:
    """Read the row again, past the identity map."""
    world.session.expire(case)
    return world.session.get_one(CaseFile, case.id)


def at_once(world: World, statement: Executable) -> None:
    """Do it and ask every constraint now, also those that wait for the commit."""
    with world.session.begin_nested():
        world.session.execute(statement)
        world.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_case_goes_from_the_report_to_its_end_and_history_has_no_gap(world: World) -> None:
    case = world.at("closed")
    rows = rows_of(world, case)
    assert [row.version for row in rows] == list(range(len(ROAD) + 1))
    assert [row.action for row in rows] == ["open", *(action for action, _ in ROAD)]
    assert [row.from_state for row in rows[1:]] == [row.state for row in rows[:-1]]
    assert [row.prev_version for row in rows[1:]] == [row.version for row in rows[:-1]]
    world.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_the_object_in_hand_says_what_the_row_says(world: World) -> None:
    case = world.at("verifying")
    seen = (case.state, case.version, case.entered_at, case.due_on, case.sort_on, case.closed_at)
    assert case not in world.session.dirty
    again = stored(world, case)
    assert seen == (
        again.state,
        again.version,
        again.entered_at,
        again.due_on,
        again.sort_on,
        again.closed_at,
    )


def test_each_move_leaves_an_audit_row_and_the_message_it_owes(world: World) -> None:
    case = world.at("approved")
    events = world.session.scalars(
        select(AuditEvent).where(AuditEvent.casefile_id == case.id).order_by(AuditEvent.id)
    ).all()
    assert [event.action for event in events] == ["case.opened", *["case.moved"] * case.version]
    assert events[-1].details == {
        "action": "approve",
        "from": "awaiting_approval",
        "to": "approved",
        "version": 7,
    }
    notices = world.session.execute(
        select(Outbox.history_version, Outbox.notice).where(Outbox.casefile_id == case.id).order_by(Outbox.id)
    ).all()
    assert [tuple(row) for row in notices] == [
        (1, "reported"),
        (2, "docs_needed"),
        (3, "complete"),
        (7, "approved"),
    ]


def test_a_final_state_closes_the_case_and_takes_it_off_the_list(world: World) -> None:
    case = world.at("reported")
    assert case.due_on == date(2026, 11, 23)  # one working day after Friday
    world.move(case, "withdraw", "dedi", reason_code="duplicate")
    ended = stored(world, case)
    assert (ended.closed_at, ended.due_on, ended.sort_on) == (ended.entered_at, None, FAR_AWAY)


def test_deadlines_count_from_the_day_the_papers_were_complete(world: World) -> None:
    case = world.at("documents_pending")
    assert (case.due_on, case.sort_on) == (None, FAR_AWAY)
    case.clock_started_on = date(2026, 12, 23)
    for action, name in ROAD[2:5]:
        world.move(case, action, name, now=clock.now() + timedelta(days=50))
        assert (
            case.due_on == case.sort_on == date(2026, 12, 30)
        )  # over a holiday, a collective leave, a weekend


def test_without_complete_papers_the_clock_does_not_run(world: World) -> None:
    assert world.at("verifying").due_on is None


def test_the_day_of_a_deadline_is_the_day_in_sijunjung(world: World) -> None:
    case = world.opened()
    # 18.30 UTC on Friday is Saturday 01.30 WIB; Monday is the first working day after either
    history = world.move(case, "report", "fitri", now=clock.now().replace(hour=18, minute=30))
    assert history.due_on == date(2026, 11, 23)
    other = world.opened()
    sunday_night = clock.now().replace(day=22, hour=18)  # Monday 01.00 WIB
    assert world.move(other, "report", "fitri", now=sunday_night).due_on == date(2026, 11, 24)


# ---------------------------------------------------------------- refusals


def test_an_unknown_action_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="Tindakan ini tidak dikenal"):
        world.move(world.at("reported"), "approve_all", "dedi")


def test_nobody_may_do_what_no_role_of_theirs_may(world: World) -> None:
    case = world.at("awaiting_approval")
    with pytest.raises(NotPermitted, match='Anda tidak berwenang untuk "Setujui"') as refusal:
        world.move(case, "approve", "dedi")
    assert refusal.value.status == 403
    assert stored(world, case).state == "awaiting_approval"


def test_a_family_moves_its_own_case_only(world: World) -> None:
    mine, other = world.at("reported"), world.at("reported")
    family = Actor(kind="family", name="Keluarga", roles=frozenset({"family"}), casefile_id=mine.id)
    with pytest.raises(NotPermitted):
        world.move(other, "withdraw", "", by=family, reason_code="family_choice")
    assert world.move(mine, "withdraw", "", by=family, reason_code="family_choice").actor_kind == "family"


def test_an_action_from_the_wrong_state_is_not_possible(world: World) -> None:
    case = world.at("reported")
    with pytest.raises(NotPossible) as refusal:
        world.move(case, "approve", "mega")
    assert refusal.value.status == 409
    assert refusal.value.sentence == (
        'Kasus ini sekarang "Dilaporkan": "Setujui" tidak bisa. Tidak ada yang berubah.'
    )


def test_every_objection_of_every_rule_is_named(world: World) -> None:
    case = world.at("verifying")
    world.objections = {
        "worker_linked": "Pekerja belum dihubungkan.",
        "heirs_decided": "Penerima belum ditetapkan.",
        "benefit_computed": "Bukan aturan tindakan ini.",
    }
    with pytest.raises(NotPossible) as refusal:
        world.move(case, "calculate", "dedi")
    expected = ["Pekerja belum dihubungkan.", "Penerima belum ditetapkan."]
    assert refusal.value.sentences == expected
    assert blockers(world.session, case, world.definition.actions["calculate"], world.rules) == expected
    assert stored(world, case).state == "verifying"


def test_who_comes_second_learns_what_the_first_one_did(world: World) -> None:
    case = world.at("awaiting_approval")
    seen = case.version
    world.move(case, "return_to_officer", "mega", reason_code="account")
    with pytest.raises(Stale) as refusal:
        world.move(case, "approve", "hana", version=seen)
    assert refusal.value.sentence == (
        'Mega Yulia mengubah kasus ini 20 Nov 2026 pukul 10.00 WIB: "Dikembalikan kepada petugas". '
        "Isian Anda belum disimpan. Lihat perubahannya dulu, lalu ulangi bila masih perlu."
    )
    assert (refusal.value.done_by, refusal.value.what) == ("Mega Yulia", "Dikembalikan kepada petugas")


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ({}, {"reason_code": "Pilih alasannya."}),
        ({"reason_code": "  "}, {"reason_code": "Pilih alasannya."}),
        (
            {"reason_code": "bosan"},
            {"reason_code": "Alasan ini tidak ada dalam daftar. Pilih salah satu."},
        ),
        (
            {"reason_code": "other"},
            {"reason_text": "Tulis alasannya dalam satu kalimat, paling sedikit 10 huruf."},
        ),
        (
            {"reason_code": "account", "note": "x" * 2001},
            {"note": "Terlalu panjang; paling banyak 2000 huruf."},
        ),
    ],
)
def test_a_reason_from_the_list_is_required(
    world: World, written: dict[str, str], fields: dict[str, str]
) -> None:
    case = world.at("awaiting_approval")
    with pytest.raises(Invalid) as refusal:
        world.move(case, "return_to_officer", "mega", **written)  # type: ignore[arg-type]
    assert (refusal.value.status, refusal.value.fields) == (422, fields)
    assert stored(world, case).state == "awaiting_approval"


def test_a_required_reason_without_a_list_is_written_out(world: World) -> None:
    case = world.at("awaiting_approval")
    world.move(case, "refuse", "mega", reason_code="not_active")
    with pytest.raises(Invalid):
        world.move(case, "object", "dedi", reason_text="tidak")
    row = world.move(case, "object", "dedi", reason_text=" Iuran sudah dibayar\x00 nagari. ")
    assert (row.reason_code, row.reason_text) == (None, "Iuran sudah dibayar nagari.")


def test_an_action_without_reasons_takes_none(world: World) -> None:
    with pytest.raises(Invalid, match="tidak memakai alasan"):
        world.move(world.at("reported"), "start_intake", "dedi", reason_text="karena saya mau")


# ---------------------------------------------------------------- duties


def test_nobody_approves_what_they_verified(world: World) -> None:
    case = world.at("awaiting_approval")
    dedi = world.staff["dedi"]
    promoted = Actor(kind="staff", name=dedi.name, roles=frozenset({"approver"}), person_id=dedi.person_id)
    with pytest.raises(NotPossible) as refusal:
        world.move(case, "approve", "", by=promoted)
    assert refusal.value.sentence == (
        "Anda sudah memeriksa berkas pada kasus ini, jadi persetujuan harus oleh orang lain. Tidak ada yang berubah."
    )
    assert stored(world, case).state == "awaiting_approval"


def test_the_same_duty_may_be_taken_again_and_by_a_second_person(world: World) -> None:
    case = world.at("verifying")
    world.move(case, "start_field_check", "dedi")
    world.move(case, "finish_field_check", "sari")
    held = world.session.execute(
        select(Duty.duty, func.count()).where(Duty.casefile_id == case.id).group_by(Duty.duty)
    )
    assert [tuple(row) for row in held] == [("verify", 2)]


def test_a_duty_without_a_move_counts_as_much(world: World) -> None:
    case = world.at("approved")
    take_duty(world.session, case, "make_batch", by=world.staff["nina"], now=clock.now())
    with pytest.raises(NotPossible, match="Anda sudah menyusun daftar bayar pada kasus ini"):
        world.move(case, "send_payment", "nina")
    with pytest.raises(NotPermitted):
        take_duty(world.session, case, "release", by=REPORTER, now=clock.now())


# ---------------------------------------------------------------- buttons


def test_buttons_are_those_of_the_role_in_that_state(world: World) -> None:
    def names(case: CaseFile, *roles: str) -> list[str]:
        return [action.name for action in available(world.definition, case, roles)]

    waiting = world.at("awaiting_approval")
    assert names(waiting, "officer") == ["hold", "withdraw_submission"]
    assert names(waiting, "approver") == ["hold", "approve", "return_to_officer", "refuse"]
    assert names(waiting, "auditor") == []
    # money moves by batch and bank statement, never by a button
    assert names(world.at("approved"), "finance") == ["hold"]


# ---------------------------------------------------------------- the database has the last word


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("UPDATE history SET note = 'lain' WHERE casefile_id = :id", "42501"),
        ("DELETE FROM history WHERE casefile_id = :id", "42501"),
        ("DELETE FROM casefile_duty WHERE casefile_id = :id", "42501"),
        ("UPDATE casefile SET state = 'paid' WHERE id = :id", "23503"),
        ("UPDATE casefile SET version = version + 1 WHERE id = :id", "23503"),
    ],
)
def test_history_cannot_be_rewritten_nor_a_state_set_by_hand(
    world: World, statement: str, sqlstate: str
) -> None:
    case = world.at("verifying")
    with pytest.raises(DBAPIError) as refusal:
        at_once(world, text(statement).bindparams(id=case.id))
    assert getattr(refusal.value.orig, "sqlstate", None) == sqlstate


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"version": 9, "prev_version": 8}, "fk_history_follows_the_row_before"),
        ({"prev_version": 3}, "ck_history_no_gap"),
        ({"action": "approve", "state": "paid"}, "fk_history_only_known_edges"),
        ({"duty": "approve"}, "fk_history_duty_is_held"),
        ({"actor_person_id": None, "duty": None}, "ck_history_staff_has_person"),
    ],
)
def test_a_history_row_that_does_not_follow_is_refused(
    world: World, changes: dict[str, object], constraint: str
) -> None:
    case = world.at("verifying")
    dedi = world.staff["dedi"]
    values: dict[str, object] = {
        "casefile_id": case.id, "version": case.version + 1, "prev_version": case.version,
        "from_state": "verifying", "state": "field_check", "action": "start_field_check", "workflow": "jkm",
        "workflow_version": world.definition.version, "at": clock.now(), "actor_kind": "staff",
        "actor_name": dedi.name, "actor_person_id": dedi.person_id, "duty": "verify", "details": {},
    }  # fmt: skip
    with pytest.raises(DBAPIError) as refusal:
        at_once(world, insert(History).values({**values, **changes}))
    assert constraint in str(refusal.value)
