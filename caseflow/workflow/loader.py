"""Workflow files become frozen definitions, or are refused with every problem in words.

A vocabulary, not a language: the file names states, roles, rules, duties, notices; Python decides.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from caseflow import yaml_strict
from caseflow.errors import CaseflowError
from caseflow.people.policy import WITHOUT_ACCOUNT, policy
from caseflow.workflow.definition import (
    DEADLINE_UNITS,
    DEADLINES_FROM,
    PARTIES,
    REASON_RULES,
    STAGES,
    Action,
    Reason,
    State,
    Workflow,
    WorkflowBook,
)
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.entries import Entry
from caseflow.workflow.graph import problems_of_graph
from caseflow.workflow.machine import disagreements

__all__ = ["Vocabulary", "WorkflowBook", "WorkflowRefused", "load_book", "load_workflow"]

# Data files that live beside the workflows and are read elsewhere.
NOT_WORKFLOWS = frozenset(
    {
        "consent.yaml",
        "documents.yaml",
        "messages.yaml",
        "numbers.yaml",
        "tables.yaml",
        "visit_consent.yaml",
    }
)
ARCHIVE = "archive"

FILE_KEYS = ("name", "title", "law", "version", "initial", "reason_lists", "states", "actions")
STATE_KEYS = (
    "name", "label", "family_label", "family_sentence", "stage", "deadline", "deadline_from", "deadline_unit",
    "follow_up", "waits_for", "final",
)  # fmt: skip
ACTION_KEYS = (
    "name", "label", "done", "from", "to", "by", "when", "duty", "reason", "reasons", "law", "notice", "button",
    "into", "reopens",
)  # fmt: skip
REASON_KEYS = ("code", "label", "family", "text")


@dataclass(frozen=True)
class Vocabulary:
    """Every name that workflow files may use, gathered from where each is at home.

    :ivar rules: names of registered rules; :ivar notices: codes of messages.
    :ivar placeholders: what a family sentence may hold in braces.
    """

    rules: Collection[str]
    notices: Collection[str]
    placeholders: Collection[str]
    roles: Collection[str] = field(default_factory=lambda: frozenset(policy().roles))
    duties: Collection[str] = field(default_factory=lambda: frozenset(DUTIES))


class WorkflowRefused(CaseflowError):
    """Workflow files cannot be used.

    :ivar problems: one sentence for each, naming file, entry and value.
    """

    def __init__(self, problems: Collection[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def load_book(directory: Path, vocabulary: Vocabulary) -> WorkflowBook:
    """Read every workflow file of a folder and of its archive.

    :raises WorkflowRefused: with the problems of all files together.
    """
    present = [path for path in sorted(directory.glob("*.yaml")) if path.name not in NOT_WORKFLOWS]
    archived = sorted((directory / ARCHIVE).glob("*.yaml"))
    problems: list[str] = []
    loaded: list[tuple[Path, Workflow]] = []
    for path in [*present, *archived]:
        try:
            loaded.append((path, load_workflow(path, vocabulary)))
        except WorkflowRefused as refused:
            problems.extend(refused.problems)
    problems.extend(_problems_of_archive(loaded))
    problems.extend(_problems_of_departures(loaded))
    if not present:
        problems.append(f"{directory.name}: tidak ada berkas alur kerja (*.yaml) di sini.")
    if problems:
        raise WorkflowRefused(problems)
    return WorkflowBook(definition for _, definition in loaded)


def load_workflow(path: Path, vocabulary: Vocabulary) -> Workflow:
    """Read one workflow file.

    :raises WorkflowRefused: with every problem of the file.
    """
    try:
        content = yaml_strict.load(path)
    except yaml_strict.YamlRefused as refused:
        raise WorkflowRefused([refused.sentence]) from refused
    return _definition(content, path, vocabulary)


def parse_workflow(text: str, vocabulary: Vocabulary, *, name: str, others: WorkflowBook) -> Workflow:
    """Read the text of a file that is not kept: a draft of the workflow ``name``.

    :param others: the files in use, for actions that lead into another workflow.
    :raises WorkflowRefused: with every problem of the text.
    """
    path = Path("workflows") / f"{name}.yaml"
    try:
        content = yaml_strict.loads(text, file=path.as_posix())
    except yaml_strict.YamlRefused as refused:
        raise WorkflowRefused([refused.sentence]) from refused
    draft = _definition(content, path, vocabulary)
    beside = [each for each in others if each is others.latest(each.name) and each.name != name]
    files = [(path, draft), *((path.with_stem(each.name), each) for each in beside)]
    problems = [problem for problem in _problems_of_departures(files) if problem.startswith(path.as_posix())]
    if problems:
        raise WorkflowRefused(problems)
    return draft


def _definition(content: object, path: Path, vocabulary: Vocabulary) -> Workflow:
    place = "/".join(path.parts[-2:])
    if not isinstance(content, dict):
        raise WorkflowRefused([f"{place}: harus dimulai dengan kunci-kunci {', '.join(FILE_KEYS)}."])
    problems: list[str] = []
    definition = _read_file(Entry(content, place, problems), vocabulary)
    _check_file_name(path, place, definition, problems)
    if not problems:
        problems.extend(problems_of_graph(definition, place))
    if not problems:
        problems.extend(f"{place}: {found}" for found in disagreements(definition))
    if problems:
        raise WorkflowRefused(problems)
    return definition


def _read_file(page: Entry, vocabulary: Vocabulary) -> Workflow:
    page.only(FILE_KEYS, [key for key in FILE_KEYS if key != "reason_lists"])
    states = [_read_state(entry, vocabulary) for entry in page.entries("states", "keadaan", "name")]
    known = [state.name for state in states if state.name]
    lists = _read_reason_lists(page)
    entries = page.entries("actions", "tindakan", "name")
    # without states every action would be wrong too, and the one real problem would drown
    actions = [_read_action(entry, vocabulary, known, lists) for entry in entries] if known else []
    return Workflow(
        name=page.name("name"),
        title=page.text("title"),
        law=page.text("law"),
        version=page.find_positive("version") or 0,
        initial=(page.known_name("initial", "keadaan", known) if known else page.find_text("initial")) or "",
        states={state.name: state for state in states},
        # a source that is no state was noted above; it must not break the look-ups
        actions={action.name: action for action in actions if set(action.sources) <= set(known)},
    )


def _read_state(entry: Entry, vocabulary: Vocabulary) -> State:
    entry.only(STATE_KEYS, ("name", "label", "family_label", "family_sentence", "stage"))
    state = State(
        name=entry.name("name"),
        label=entry.text("label"),
        family_label=entry.text("family_label"),
        family_sentence=entry.sentence("family_sentence", vocabulary.placeholders),
        stage=entry.choice("stage", STAGES, STAGES[0]),
        deadline=entry.find_positive("deadline"),
        deadline_from=entry.choice("deadline_from", DEADLINES_FROM, DEADLINES_FROM[0]),
        deadline_unit=entry.choice("deadline_unit", DEADLINE_UNITS, DEADLINE_UNITS[0]),
        follow_up=entry.find_positive("follow_up"),
        waits_for=entry.choice("waits_for", PARTIES, "branch"),
        final=entry.flag("final"),
    )
    _check_times(entry, state)
    return state


def _check_times(entry: Entry, state: State) -> None:
    """No open case without a day on which somebody looks at it; no such day after the end."""
    for key in ("deadline_from", "deadline_unit"):
        if key in entry.content and "deadline" not in entry.content:
            entry.problem("tidak ada artinya tanpa deadline.", key)
    for key in ("deadline", "follow_up", "waits_for"):
        if state.final and key in entry.content:
            entry.problem("keadaan akhir tidak punya batas waktu dan tidak menunggu siapa pun.", key)
    needs_follow_up = "deadline" not in entry.content or state.deadline_from == "complete"
    if not state.final and needs_follow_up and "follow_up" not in entry.content:
        entry.problem(
            "belum ada; tulis sesudah berapa hari kasus dilihat lagi selama tidak ada batas waktu yang berjalan.",
            "follow_up",
        )


def _read_action(
    entry: Entry, vocabulary: Vocabulary, states: list[str], lists: dict[str, tuple[Reason, ...]]
) -> Action:
    entry.only(ACTION_KEYS, ("name", "label", "done", "from", "to", "by"))
    into = entry.find_text("into")
    if isinstance(entry.content.get("to"), list):
        entry.problem("satu tindakan menuju satu keadaan; buat tindakan lain untuk tujuan lain.", "to")
        target = ""
    elif into is not None:
        target = entry.text("to")  # a state of the other file: judged when all are read
    else:
        target = entry.known_name("to", "keadaan", states) or ""
    action = Action(
        name=entry.name("name"),
        label=entry.text("label"),
        done=entry.text("done"),
        sources=entry.names("from", "keadaan", states),
        target=target,
        by=frozenset(entry.names("by", "peran", vocabulary.roles)),
        when=entry.names("when", "aturan", vocabulary.rules),
        duty=entry.known_name("duty", "tugas", vocabulary.duties),
        reason=entry.choice("reason", REASON_RULES, REASON_RULES[0]),
        reasons=_reasons_of_action(entry, lists),
        law=entry.find_text("law"),
        notice=entry.known_name("notice", "pesan", vocabulary.notices),
        button=entry.flag("button", default=True),
        into=into,
        reopens=entry.flag("reopens"),
    )
    _check_action(entry, action)
    return action


def _check_action(entry: Entry, action: Action) -> None:
    """Note what each key allows but both together do not."""
    if action.target in action.sources and action.into is None:
        entry.problem(f'"{action.target}" juga ada di from, jadi kasus tidak pindah ke mana-mana.', "to")
    if "reasons" in entry.content and action.reason == "none":
        entry.problem("ada daftar alasan, tetapi reason bukan optional atau required.", "reasons")
    faceless = sorted(action.by & WITHOUT_ACCOUNT)
    if action.reopens and action.reason != "required":
        entry.problem("membuka kembali kasus yang sudah selesai perlu reason: required.", "reopens")
    if action.duty is not None and faceless:
        entry.problem(f"tugas dipegang oleh orang, jadi by tidak boleh berisi {', '.join(faceless)}.", "duty")


def _reasons_of_action(entry: Entry, lists: dict[str, tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """Return the reasons written in the action, or those of the shared list that it names."""
    if isinstance(entry.content.get("reasons"), str):
        name = entry.known_name("reasons", "daftar alasan", lists)
        return lists.get(name or "", ())
    return _read_reasons(entry, "reasons")


def _read_reason_lists(page: Entry) -> dict[str, tuple[Reason, ...]]:
    content = page.content.get("reason_lists", {})
    if not isinstance(content, dict):
        page.problem("harus nama daftar dengan isinya.", "reason_lists")
        return {}
    entry = Entry(content, f"{page.place}, reason_lists", page.problems)
    return {name: _read_reasons(entry, name) for name in content}


def _read_reasons(parent: Entry, key: str) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    for entry in parent.entries(key, "alasan", "code"):
        entry.only(REASON_KEYS, ("code", "label"))
        reason = Reason(
            code=entry.name("code"),
            label=entry.text("label"),
            family=entry.sentence("family", ()) if "family" in entry.content else None,
            needs_text=entry.choice("text", ("optional", "required"), "optional") == "required",
        )
        reasons.append(reason)
    return tuple(reasons)


def _check_file_name(path: Path, place: str, definition: Workflow, problems: list[str]) -> None:
    """A file is called what it holds; an archived one also says which version."""
    expected = definition.name
    if path.parent.name == ARCHIVE:
        expected = f"{definition.name}-{definition.version}"
    if definition.name and path.stem != expected:
        problems.append(f'{place}, name: berkas berisi "{definition.name}", jadi namanya {expected}.yaml.')


def _problems_of_archive(loaded: list[tuple[Path, Workflow]]) -> list[str]:
    """The file in use has the highest version; the archive holds older ones."""
    current = {each.name: each.version for path, each in loaded if path.parent.name != ARCHIVE}
    return [
        f"{ARCHIVE}/{path.name}, version: versi {each.version} harus lebih lama daripada versi di {each.name}.yaml"
        f" ({current.get(each.name, 'berkasnya tidak ada')})."
        for path, each in loaded
        if path.parent.name == ARCHIVE and each.version >= current.get(each.name, 0)
    ]


def _problems_of_departures(loaded: list[tuple[Path, Workflow]]) -> list[str]:
    """An action that goes on in another workflow reaches a state of the file in use of that one."""
    current = {each.name: each for path, each in loaded if path.parent.name != ARCHIVE}
    problems = []
    for path, each in loaded:
        for action in {action.name: action for action, _, _ in each.departures()}.values():
            place = f"{'/'.join(path.parts[-2:])}, tindakan {action.name}"
            there = current.get(action.into or "")
            if action.into == each.name or there is None:
                problems.append(f'{place}, into: tidak ada alur lain bernama "{action.into}".')
            elif action.target not in there.states:
                problems.append(f'{place}, to: alur {action.into} tidak punya keadaan "{action.target}".')
            elif there.states[action.target].final:
                problems.append(f'{place}, to: "{action.target}" keadaan akhir di alur {action.into}.')
    return problems
