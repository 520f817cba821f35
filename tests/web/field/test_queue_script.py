"""The queue of the field app by itself: what it sends again, in which order, and what it makes of an answer."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import playwright
import pytest

from caseflow.launch.instance import REPOSITORY

# the browser tests bring a node of their own, whatever else the machine has
NODE = Path(playwright.__file__).parent / "driver" / "node"
SCRIPTS = REPOSITORY / "caseflow" / "static" / "field"
# a store that forgets nothing and a server that follows a script; the queue between them is the real one
ASK = """
globalThis.window = { addEventListener() {}, removeEventListener() {} };
Object.defineProperty(globalThis, "navigator", { value: { locks: { request: (name, act) => act() } } });
const { Queue } = await import("./queue.js");
const { NoSignal, Refused } = await import("./server.js");
const { StorageFull } = await import("./troubles.js");
const { visits, answers, full, rounds, late } = JSON.parse(process.argv[2]);
const kept = new Map(visits.map((one) => [one.id, one]));
const said = [];
const firsts = [];
const store = {
  visits: async () => [...kept.values()],
  rows: async () => [...kept.values()],
  visit: async (id) => kept.get(id),
  putVisit: async (one) => {
    if (full) throw new StorageFull();
    kept.set(one.id, structuredClone(one));
  },
  settle: async (line) => { kept.set(line.id, line); },
  number: async (id) => {
    if (full) throw new StorageFull();
    return kept.get(id).sequence;
  },
  nextNumber: async () => 1,
  photo: async (id) => (id === "lost" ? null : new Uint8Array(150).buffer),
};
function next(act, id) {
  const asked = id ? `${act} ${id}` : act;
  said.push(asked);
  const [status, data] = answers[asked].shift();
  if (status >= 500) throw new NoSignal(`status ${status}`, { status });
  if (status >= 400) throw new Refused(status, data);
  return data;
}
const server = {
  begin: async () => ({ user: { name: "Rina" }, skew: 0 }),
  queue: async () => { if (answers.queue?.length) next("queue"); },
  register: async (phone) => { said.push(`register ${phone}`); },
  sendVisit: async (id, body) => {
    if (late && !kept.has(late.id)) { kept.set(late.id, late); queue.send(); }
    firsts.push([id, body.first]);
    return next("visit", id);
  },
  photoOffset: async (id) => next("offset", id),
  sendPiece: async (id, at, bytes) => next(`piece ${at}+${bytes.byteLength}`, id),
};
const queue = new Queue(store, server, { name: "Rina", phone: "HP Rina", forgetAll: async () => {}, heard: async () => {} });
for (let round = 0; round < rounds; round += 1) await queue.send();
queue.stop();
const states = Object.fromEntries([...kept.values()].map((one) => [one.id, one.state]));
console.log(JSON.stringify({ said, firsts, states, phase: queue.phase, full: queue.full, troubles: [...kept.values()].map((one) => one.trouble?.error ?? null) }));
"""
_SAID: dict[str, Any] = {"received_at": "2027-02-24T03:00:00Z", "clashes": [], "photos_wanted": []}
TAKEN = [201, _SAID]
EARLY = "Ada kunjungan lebih awal dari HP ini yang belum terkirim."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The scripts as a browser would find them beside each other."""
    for script in ("queue.js", "server.js", "troubles.js", "visit.js"):
        shutil.copy(SCRIPTS / script, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ask.js").write_text(ASK)
    return tmp_path


def visit(number: str, sequence: int, **said: Any) -> dict[str, Any]:
    """A finished visit, as the phone keeps it."""
    return {
        "id": number, "state": "queued", "sequence": sequence, "planned": number, "at": sequence, "plan": "p",
        "familyName": "Keluarga Firdaus", "title": "Kunjungan bulan ke-3", "outcome": "met", "answers": {}, "bases": {},
        "consent": {}, "photos": [], "clashes": [], "receivedAt": None, "trouble": None, **said,
    }  # fmt: skip


def sent(folder: Path, visits: list[dict[str, Any]], answers: dict[str, Any], **how: Any) -> dict[str, Any]:
    """Let the queue send, and return what it said to the server and what the phone holds then."""
    asked = json.dumps(
        {"visits": visits, "answers": answers, "rounds": 1, "full": False, "late": None, **how}
    )
    done = subprocess.run(
        [str(NODE), str(folder / "ask.js"), asked], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_came_too_early_lets_the_other_go_first(folder: Path) -> None:
    early = [425, {"error": "too_early", "sentence": EARLY, "wait_for": "a"}]
    found = sent(
        folder, [visit("b", 2, after="a"), visit("a", 1)], {"visit b": [early, TAKEN], "visit a": [TAKEN]}
    )
    assert found["said"] == ["visit b", "visit a", "visit b"]
    assert found["firsts"] == [["b", False], ["a", True], ["b", True]]
    assert (found["states"], found["phase"]) == ({"a": "sent", "b": "sent"}, "idle")


def test_what_was_removed_or_failed_is_not_waited_for(folder: Path) -> None:
    """The first number was removed, the second stands there with its reason: the server may take the third."""
    visits = [visit("b", 2, state="failed"), visit("d", 4, state="draft"), visit("e", 5)]
    found = sent(folder, visits, {"visit e": [TAKEN]})
    assert found["firsts"] == [["e", True]]
    assert found["states"] == {"b": "failed", "d": "draft", "e": "sent"}


def test_a_server_that_forgot_the_phone_is_told_of_it_once_more(folder: Path) -> None:
    """Somebody brought an older day of the database back; what waits here is not lost with it."""
    unknown = [404, {"error": "not_found", "sentence": "HP ini belum disiapkan."}]
    found = sent(folder, [visit("a", 1)], {"queue": [unknown], "visit a": [TAKEN]})
    assert found["said"] == ["queue", "register HP Rina", "visit a"]
    assert (found["states"], found["phase"]) == ({"a": "sent"}, "idle")


def test_what_waits_for_something_unknown_stays_with_its_reason(folder: Path) -> None:
    early = [425, {"error": "too_early", "sentence": EARLY, "wait_for": None}]
    found = sent(folder, [visit("b", 2), visit("c", 3)], {"visit b": [early], "visit c": [TAKEN]})
    assert found["said"] == ["visit b", "visit c"]
    assert found["states"] == {"b": "failed", "c": "sent"}
    assert "too_early" in found["troubles"]


def test_two_that_wait_for_each_other_are_not_sent_for_ever(folder: Path) -> None:
    def early(other: str) -> list[Any]:
        return [425, {"error": "too_early", "sentence": EARLY, "wait_for": other}]

    found = sent(
        folder,
        [visit("b", 2), visit("a", 1)],
        {"visit b": [early("a")] * 3, "visit a": [early("b")] * 3},
    )
    assert len(found["said"]) <= 3
    assert found["states"] == {"a": "failed", "b": "failed"}


@pytest.mark.parametrize(("offset", "piece"), [(0, "piece 0+150"), (150, "piece 150+0")])
def test_a_photo_has_gone_only_when_its_last_piece_was_answered(
    folder: Path, offset: int, piece: str
) -> None:
    """Also where the server has every byte: it may have stopped before it put them together."""
    photo = {"uuid": "f", "size": 150}
    wants = [201, {**_SAID, "photos_wanted": ["f"]}]
    found = sent(
        folder,
        [visit("a", 1, photos=[photo])],
        {"visit a": [wants], "offset f": [[200, offset]], f"{piece} f": [[204, 150]]},
    )
    assert found["said"] == ["visit a", "offset f", f"{piece} f"]
    assert found["states"] == {"a": "sent"}


def test_one_that_the_server_fails_over_lets_the_next_ones_go_and_comes_again(folder: Path) -> None:
    """Set aside with its reason, behind the others, not waited for; the next round tries it by itself."""
    answers = {"visit a": [[500, {}], TAKEN], "visit b": [TAKEN]}
    visits = [visit("a", 1), visit("b", 2, after="a")]
    once = sent(folder, visits, answers)
    assert once["said"] == ["visit a", "visit b"]
    assert once["firsts"] == [["a", True], ["b", True]]
    assert (once["states"], once["troubles"]) == ({"a": "failed", "b": "sent"}, ["server", None])
    assert once["phase"] == "idle"
    twice = sent(folder, visits, answers, rounds=2)
    assert twice["states"] == {"a": "sent", "b": "sent"}


def test_a_server_in_trouble_as_a_whole_is_left_in_peace(folder: Path) -> None:
    found = sent(folder, [visit("a", 1), visit("b", 2)], {"visit a": [[503, {}]]})
    assert (found["said"], found["phase"]) == (["visit a"], "trouble")
    assert found["states"] == {"a": "sending", "b": "queued"}


def test_a_visit_that_cannot_be_read_here_holds_up_nobody(folder: Path) -> None:
    """One without its answers, and one that cannot be opened at all: each says so, the third goes."""
    visits = [visit("a", 1, answers=None), visit("b", 2, state="unreadable"), visit("c", 3)]
    found = sent(folder, visits, {"visit c": [TAKEN]})
    assert found["said"] == ["visit c"]
    assert found["firsts"] == [["c", True]]
    assert found["states"] == {"a": "failed", "b": "unreadable", "c": "sent"}
    assert found["troubles"][0] == "broken"


def test_a_photo_that_is_gone_from_the_phone_holds_up_nobody(folder: Path) -> None:
    wants = [201, {**_SAID, "photos_wanted": ["lost"]}]
    visits = [visit("a", 1, photos=[{"uuid": "lost", "size": 150}]), visit("b", 2)]
    found = sent(folder, visits, {"visit a": [wants], "visit b": [TAKEN]})
    assert (found["states"], found["troubles"]) == ({"a": "sent", "b": "sent"}, ["photo_gone", None])


def test_a_full_phone_sends_what_it_holds(folder: Path) -> None:
    """It cannot write down how far it is; what went leaves it, and so makes room."""
    found = sent(folder, [visit("a", 1), visit("b", 2)], {"visit a": [TAKEN], "visit b": [TAKEN]}, full=True)
    assert (found["states"], found["phase"], found["full"]) == ({"a": "sent", "b": "sent"}, "idle", True)


def test_another_person_who_signs_in_meanwhile_spoils_no_visit(folder: Path) -> None:
    """The phone is not theirs: that says nothing about the visits, which wait for their owner."""
    unknown = [404, {"error": "not_found", "sentence": "HP ini belum disiapkan untuk akun ini."}]
    found = sent(folder, [visit("a", 1), visit("b", 2)], {"visit a": [unknown]})
    assert (found["said"], found["phase"]) == (["visit a"], "stuck")
    assert found["states"] == {"a": "sending", "b": "queued"}


def test_a_sign_of_life_that_is_refused_holds_up_nobody(folder: Path) -> None:
    refused = [422, {"error": "invalid", "sentence": "Jumlah tidak terbaca."}]
    found = sent(folder, [visit("a", 1)], {"queue": [refused], "visit a": [TAKEN]})
    assert found["states"] == {"a": "sent"}


def test_what_is_finished_while_others_are_sent_goes_at_once(folder: Path) -> None:
    """Somebody presses the button in the middle of a round: that press counts."""
    found = sent(folder, [visit("a", 1)], {"visit a": [TAKEN], "visit b": [TAKEN]}, late=visit("b", 2))
    assert found["states"] == {"a": "sent", "b": "sent"}


def test_consent_is_to_the_words_that_were_read(folder: Path) -> None:
    """A list fetched while a draft lay there brought other words: the answer is to those, not to the earlier ones."""
    ask = """
const { agree, body } = await import("./visit.js");
const visit = { consent: { version: "1", agreed: null, said_by: "Elmita", witness: "" }, outcome: "met", answers: {}, bases: {}, photos: [] };
agree(visit, true, { version: "2" });
const plain = body(visit, true);
console.log(JSON.stringify({ consent: plain.consent, plain: "why" in plain, why: body({ ...visit, why: "Ada yang kurang." }, true).why }));
"""
    (folder / "ask.js").write_text(ask)
    found = sent(folder, [], {})
    assert found["consent"] == {"version": "2", "agreed": True, "said_by": "Elmita", "witness": ""}
    assert (found["plain"], found["why"]) == (False, "Ada yang kurang.")
