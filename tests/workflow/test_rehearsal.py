"""A past case in a draft: steps that are gone, steps that come in between, states it would have come to."""

from dataclasses import replace

from caseflow.claims.workflows import WORKFLOWS_DIR, book, vocabulary
from caseflow.workflow.definition import Workflow
from caseflow.workflow.journey import Step
from caseflow.workflow.loader import parse_workflow
from caseflow.workflow.models import History
from caseflow.workflow.rehearsal import replay, shortest_way
from tests.conftest import START

TEXT = (WORKFLOWS_DIR / "jkm.yaml").read_text(encoding="utf-8")
# the road from the report to the money, as action and the state it reached
ROAD = (
    ("open", "draft"), ("report", "reported"), ("start_intake", "documents_pending"),
    ("complete_documents", "documents_complete"), ("start_verification", "verifying"), ("calculate", "calculating"),
    ("submit", "awaiting_approval"), ("approve", "approved"), ("send_payment", "payment_in_process"),
    ("confirm_payment", "paid"), ("close", "closed"),
)  # fmt: skip
SECOND_LOOK = """
  - name: second_look
    label: Pemeriksaan kedua
    family_label: Sedang diperiksa
    family_sentence: Petugas lain memeriksa sekali lagi.
    stage: examination
    deadline: 2
"""
PASS = """
  - name: pass_second_look
    label: Lolos pemeriksaan kedua
    done: Pemeriksaan kedua selesai
    from: [second_look]
    to: calculating
    by: [approver]
"""


def draft(*changes: tuple[str, str]) -> Workflow:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return parse_workflow(text, vocabulary(), name="jkm", others=book())


def with_a_second_look() -> Workflow:
    return draft(
        ("\n  - name: returned\n", f"{SECOND_LOOK}\n  - name: returned\n"),
        ("    from: [verifying]\n    to: calculating", "    from: [verifying]\n    to: second_look"),
        ("\nactions:\n", f"\nactions:{PASS}"),
    )


def past(*road: tuple[str, str]) -> list[Step]:
    definition = book().latest("jkm")
    steps, before = [], None
    for number, (action, state) in enumerate(road):
        row = History(
            casefile_id=1,
            version=number,
            state=state,
            action=action,
            workflow="jkm",
            workflow_version=2,
            at=START,
            actor_kind="system",
            actor_name="Sistem",
            from_state=before,
        )
        steps.append(Step(row, definition, definition))
        before = state
    return steps


def test_the_same_file_changes_nothing() -> None:
    assert replay(draft(), past(*ROAD), closed=True).same


def test_a_new_state_on_the_road_adds_its_step() -> None:
    walked = replay(with_a_second_look(), past(*ROAD), closed=True)
    assert [(step.action.name, step.source) for step in walked.added] == [("pass_second_look", "second_look")]
    assert (dict(walked.more), dict(walked.fewer)) == ({"second_look": 1}, {})
    assert (walked.lost, walked.broken) == ([], None)


def test_an_open_case_stops_where_the_draft_would_have_stopped_it() -> None:
    walked = replay(with_a_second_look(), past(*ROAD[:6]), closed=False)
    assert walked.added == []
    assert (dict(walked.more), dict(walked.fewer)) == ({"second_look": 1}, {"calculating": 1})


def test_a_step_that_is_gone_is_lost_and_its_end_reached_another_way() -> None:
    """Nobody closes a paid case any more without accompanying the family first."""
    text = TEXT.replace("  - name: close\n", "  - name: shut\n").replace(
        "from: [paid, refused]", "from: [refused]"
    )
    walked = replay(parse_workflow(text, vocabulary(), name="jkm", others=book()), past(*ROAD), closed=True)
    assert [action.name for action in walked.lost] == ["close"]
    assert [step.action.name for step in walked.added] == ["begin_accompaniment", "finish"]
    assert (dict(walked.more), dict(walked.fewer), walked.broken) == ({"accompanying": 1}, {}, None)


def test_a_state_that_is_gone_is_passed_over() -> None:
    """The steps into it and out of it are lost; the case simply stays where it was."""
    detour = (*ROAD[:5], ("start_extra_check", "extra_check"), ("finish_extra_check", "verifying"), *ROAD[5:])
    steps = past(*detour)
    known = book().latest("jkm").actions
    extra = [
        replace(known["start_field_check"], name="start_extra_check", target="extra_check"),
        replace(known["finish_field_check"], name="finish_extra_check", sources=("extra_check",)),
    ]
    old = replace(
        book().latest("jkm"),
        states={
            **book().latest("jkm").states,
            "extra_check": replace(book().latest("jkm").states["field_check"], name="extra_check"),
        },
        actions={**known, **{action.name: action for action in extra}},
    )
    walked = replay(draft(), [Step(step.row, old, old) for step in steps], closed=True)
    assert [action.name for action in walked.lost] == ["start_extra_check", "finish_extra_check"]
    assert (walked.added, dict(walked.more), dict(walked.fewer)) == ([], {}, {"extra_check": 1})
    assert walked.broken is None


def test_an_end_that_no_way_leads_to_is_said() -> None:
    """A case that was withdrawn while it was checked, in a draft that never withdraws."""
    text = TEXT.replace("  - name: withdrawn\n", "  - name: called_off\n").replace(
        "to: withdrawn", "to: called_off"
    )
    never = parse_workflow(text, vocabulary(), name="jkm", others=book())
    walked = replay(never, past(*ROAD[:5], ("withdraw", "withdrawn")), closed=True)
    assert walked.broken == "Dibatalkan"


def test_the_shortest_way_does_not_pass_through_an_end() -> None:
    definition = book().latest("jkm")
    way = shortest_way(definition, "paid", lambda state: state == "verifying")
    assert way is not None
    assert [action.name for action, _ in way] == ["reopen_case"]
    assert shortest_way(definition, "withdrawn", lambda state: state == "paid") is None
