"""Whether a definition hangs together: every state can be reached, left, and brought to an end."""

from collections.abc import Iterable, Iterator, Mapping

from caseflow.workflow.definition import Workflow


def problems_of_graph(definition: Workflow, place: str) -> list[str]:
    """Return one sentence for each flaw of the whole; ``place`` is the file in words."""
    problems = [
        *_problems_of_ends(definition),
        *_problems_of_reach(definition),
        *_problems_of_reasons(definition),
    ]
    return [f"{place}, {problem}" for problem in problems]


def _problems_of_ends(definition: Workflow) -> Iterator[str]:
    if definition.states[definition.initial].final:
        yield f'initial: keadaan "{definition.initial}" adalah keadaan akhir, jadi tidak bisa menjadi awal.'
    if not any(state.final for state in definition.states.values()):
        yield "states: belum ada keadaan akhir (final: true)."
    for state in definition.states.values():
        leaving = [action.name for action in definition.moves_from(state.name)]
        ordinary = [name for name in leaving if not definition.actions[name].reopens]
        if state.final and ordinary:
            names = ", ".join(ordinary)
            yield f"keadaan {state.name}: keadaan akhir tidak boleh ditinggalkan, tetapi {names} keluar dari sini."
        if not state.final and not leaving:
            yield f"keadaan {state.name}: bukan keadaan akhir, tetapi tidak ada tindakan yang keluar dari sini."


def _problems_of_reach(definition: Workflow) -> Iterator[str]:
    forward: dict[str, set[str]] = {name: set() for name in definition.states}
    backward: dict[str, set[str]] = {name: set() for name in definition.states}
    for _, source, target in definition.moves():
        forward[source].add(target)
        backward[target].add(source)
    reached = _reach(forward, [definition.initial])
    ends = {state.name for state in definition.states.values() if state.final}
    ending = _reach(backward, ends | {source for _, source, _ in definition.departures()})
    for name in definition.states:
        if name not in reached:
            yield f'keadaan {name}: tidak bisa dicapai dari keadaan awal "{definition.initial}".'
        elif name not in ending and definition.moves_from(name):
            yield f"keadaan {name}: dari sini tidak ada jalan ke keadaan akhir mana pun."


def _problems_of_reasons(definition: Workflow) -> Iterator[str]:
    """A state that tells the family ``{reason}`` must be reached with one, in words for them."""
    for action in definition.actions.values():
        # what another file says of its states is judged with that file
        told = "" if action.into else definition.states[action.target].family_sentence
        if "{reason}" not in told:
            continue
        why = f"keadaan {action.target} menyebut {{reason}} kepada keluarga"
        if action.reason != "required":
            yield f"tindakan {action.name}, reason: {why}, jadi harus required."
        for reason in action.reasons:
            if reason.family is None and not reason.needs_text:
                yield f"tindakan {action.name}, alasan {reason.code}: {why}, jadi perlu family atau text: required."


def _reach(neighbours: Mapping[str, set[str]], start: Iterable[str]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for name in neighbours[waiting.pop()] - reached:
            reached.add(name)
            waiting.append(name)
    return reached
