"""What a workflow file says, as frozen objects. No database, no person: only names and words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from caseflow.errors import Unavailable

Stage = Literal["report", "documents", "examination", "approval", "payment", "after", "ended"]
ReasonRule = Literal["none", "optional", "required"]
DeadlineFrom = Literal["entry", "complete", "report"]
DeadlineUnit = Literal["working_days", "calendar_days"]
Party = Literal["family", "nagari", "hospital", "branch", "bank", "authority"]

STAGES: tuple[Stage, ...] = get_args(Stage)
REASON_RULES: tuple[ReasonRule, ...] = get_args(ReasonRule)
DEADLINES_FROM: tuple[DeadlineFrom, ...] = get_args(DeadlineFrom)
DEADLINE_UNITS: tuple[DeadlineUnit, ...] = get_args(DeadlineUnit)
PARTIES: tuple[Party, ...] = get_args(Party)

# The first five are the steps that a family sees; the others come after them.
STAGE_LABELS: Mapping[Stage, str] = MappingProxyType(
    {
        "report": "Laporan",
        "documents": "Dokumen",
        "examination": "Pemeriksaan",
        "approval": "Persetujuan",
        "payment": "Pembayaran",
        "after": "Sesudahnya",
        "ended": "Berakhir",
    }
)


UNIT_LABELS: Mapping[DeadlineUnit, str] = MappingProxyType(
    {"working_days": "hari kerja", "calendar_days": "hari kalender"}
)

# Who has the ball; statistics and the autopsy of a case split its days by it.
PARTY_LABELS: Mapping[Party, str] = MappingProxyType(
    {
        "family": "keluarga",
        "nagari": "nagari",
        "hospital": "rumah sakit",
        "branch": "kantor cabang",
        "bank": "bank",
        "authority": "instansi lain",
    }
)


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can be.

    :ivar family_sentence: what the family reads, with ``{placeholders}``.
    :ivar stage: the tracker step it belongs to.
    :ivar deadline: days of ``deadline_unit``, counted as ``deadline_from`` says; ``None``: no deadline.
    :ivar follow_up: calendar days after which somebody looks again while no deadline runs.
    :ivar waits_for: who has the ball in this state.
    :ivar final: the case ends here.
    """

    name: str
    label: str
    family_label: str
    family_sentence: str
    stage: Stage
    deadline: int | None = None
    deadline_from: DeadlineFrom = "entry"
    deadline_unit: DeadlineUnit = "working_days"
    follow_up: int | None = None
    waits_for: Party = "branch"
    final: bool = False

    def tell_family(self, values: Mapping[str, object]) -> str:
        """Return the family sentence with its placeholders filled, beginning with a capital.

        :raises KeyError: a placeholder of the sentence is not in ``values``.
        """
        sentence = self.family_sentence.format_map(values)
        return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that can be chosen from a list.

    :ivar family: a clause for the family, lower case and without a full stop; it fills ``{reason}``.
    :ivar needs_text: whoever acts must add a sentence of their own.
    """

    code: str
    label: str
    family: str | None = None
    needs_text: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A move between states: who may do it, when it is possible, what it leaves behind.

    :ivar sources: the states it leaves (``from``); :ivar target: the one state it reaches (``to``).
    :ivar by: roles that may do it; :ivar when: names of rules that must have no objection.
    :ivar duty: the duty on the case that the person takes with it, for ever.
    :ivar button: a person may press it by itself; ``False``: only another act fires it.
    :ivar into: the workflow in which the case goes on; ``target`` is then a state of that one.
    :ivar reopens: it may leave a final state.
    """

    name: str
    label: str
    done: str
    sources: tuple[str, ...]
    target: str
    by: frozenset[str]
    when: tuple[str, ...] = ()
    duty: str | None = None
    reason: ReasonRule = "none"
    reasons: tuple[Reason, ...] = ()
    law: str | None = None
    notice: str | None = None
    button: bool = True
    into: str | None = None
    reopens: bool = False

    def find_reason(self, code: str | None) -> Reason | None:
        """Return the listed reason of that code, if there is one."""
        return next((reason for reason in self.reasons if reason.code == code), None)

    def family_reason(self, code: str | None, text: str | None) -> str | None:
        """Return what fills ``{reason}``: the clause of the listed reason, else the officer's own words."""
        reason = self.find_reason(code)
        if reason is not None and reason.family is not None:
            return reason.family
        return text.strip().rstrip(".") if text else None


@dataclass(frozen=True, eq=False)
class Workflow:
    """One version of one workflow. Equal only to itself; built by the loader, never changed.

    :ivar law: the provisions the whole of it rests on.
    """

    name: str
    title: str
    law: str
    version: int
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    _targets: Mapping[tuple[str, str], str] = field(init=False, repr=False)
    _moves: Mapping[str, tuple[Action, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the look-ups once; the mappings are closed against change."""
        leaving: dict[str, list[Action]] = {name: [] for name in self.states}
        targets: dict[tuple[str, str], str] = {}
        for action in self.actions.values():
            for source in action.sources:
                targets[source, action.name] = action.target
                leaving[source].append(action)
        built = {
            "states": MappingProxyType(dict(self.states)),
            "actions": MappingProxyType(dict(self.actions)),
            "_targets": MappingProxyType(targets),
            "_moves": MappingProxyType({name: tuple(actions) for name, actions in leaving.items()}),
        }
        for name, value in built.items():
            object.__setattr__(self, name, value)

    def label_of(self, state: str) -> str:
        """Return the staff label of a state; an unknown one is called by its name."""
        return self.states[state].label if state in self.states else state

    def find_action(self, name: str) -> Action | None:
        """Return an action by its name, or ``None``."""
        return self.actions.get(name)

    def target(self, state: str, action: str) -> str | None:
        """Return where ``action`` leads from ``state``; ``None``: it does not leave that state."""
        return self._targets.get((state, action))

    def moves_from(self, state: str) -> tuple[Action, ...]:
        """Return every action that leaves ``state``, in the order of the file; none for an unknown state."""
        return self._moves.get(state, ())

    def steps_from(self, state: str) -> tuple[Action, ...]:
        """Return the actions that leave ``state`` and stay in this workflow."""
        return tuple(action for action in self.moves_from(state) if action.into is None)

    def moves(self) -> Iterator[tuple[Action, str, str]]:
        """Give every move inside this workflow as action, state it leaves, state it reaches."""
        for action in self.actions.values():
            for source in action.sources if action.into is None else ():
                yield action, source, action.target

    def departures(self) -> Iterator[tuple[Action, str, str]]:
        """Give every move into another workflow as action, state it leaves, state it reaches there."""
        for action in self.actions.values():
            for source in action.sources if action.into is not None else ():
                yield action, source, action.target


class WorkflowBook:
    """Every workflow in every version that is kept: the present files and the archive."""

    def __init__(self, definitions: Iterable[Workflow]) -> None:
        self._definitions = {(each.name, each.version): each for each in definitions}
        self._latest: dict[str, Workflow] = {}
        for (name, version), definition in sorted(self._definitions.items()):
            if name not in self._latest or version > self._latest[name].version:
                self._latest[name] = definition

    def __iter__(self) -> Iterator[Workflow]:
        """Give every definition, by name and version."""
        return iter([self._definitions[key] for key in sorted(self._definitions)])

    def find(self, name: str, version: int) -> Workflow | None:
        """Return one version of a workflow, or ``None``."""
        return self._definitions.get((name, version))

    def get(self, name: str, version: int) -> Workflow:
        """Return the version that a case began with.

        :raises Unavailable: no file holds it; ``flask check`` finds such cases beforehand.
        """
        definition = self.find(name, version)
        if definition is None:
            raise Unavailable(
                f"Alur kerja {name} versi {version} tidak ada di server ini, jadi kasusnya belum bisa dibuka. "
                "Tidak ada yang berubah. Beri tahu petugas TI: kembalikan berkasnya ke workflows/archive/."
            )
        return definition

    def latest(self, name: str) -> Workflow:
        """Return the version that new cases begin with.

        :raises Unavailable: there is no workflow of that name.
        """
        definition = self._latest.get(name)
        if definition is None:
            raise Unavailable(f"Alur kerja {name} tidak ada di server ini. Tidak ada yang berubah.")
        return definition
