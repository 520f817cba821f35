"""Every malformed file is refused with a sentence that names file, entry and value."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from caseflow.workflow.definition import Reason
from caseflow.workflow.loader import Vocabulary, WorkflowRefused, load_book, load_workflow
from tests.workflow.world import jkm_book

HERE = Path(__file__).parent
SMALL = (HERE / "small.yaml").read_text(encoding="utf-8")
VOCABULARY = Vocabulary(
    rules=["filed_in_time"],
    notices=["stopped"],
    placeholders=["due_date", "reason"],
    roles=["officer", "family", "system"],
    duties=["verify", "approve"],
)


@dataclass(frozen=True)
class Malformed:
    """One change of the small file, and the sentences it is refused with."""

    what: str
    change: str
    into: str
    refused: list[str]


MALFORMED = [
    Malformed(**case) for case in yaml.safe_load((HERE / "malformed.yaml").read_text(encoding="utf-8"))
]


def written(folder: Path, content: str, name: str = "small.yaml") -> Path:
    path = folder / "workflows" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    try:
        load_workflow(path, VOCABULARY)
    except WorkflowRefused as refused:
        return refused.problems
    return []


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case.what)
def test_a_malformed_file_is_refused_in_words(case: Malformed, tmp_path: Path) -> None:
    assert case.change in SMALL
    path = written(tmp_path, SMALL.replace(case.change, case.into, 1))
    assert problems(path) == [f"workflows/small.yaml{sentence}" for sentence in case.refused]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    keys = "name, title, law, version, initial, reason_lists, states, actions"
    sentence = f"workflows/small.yaml: harus dimulai dengan kunci-kunci {keys}."
    assert problems(written(tmp_path, "- small\n")) == [sentence]


def test_the_small_file_is_read_as_it_stands(tmp_path: Path) -> None:
    definition = load_workflow(written(tmp_path, SMALL), VOCABULARY)
    stop = definition.actions["stop"]
    assert (definition.title, definition.version, definition.initial) == ("Alur kecil", 1, "asked")
    assert (stop.sources, stop.target, stop.by) == (("asked",), "stopped", frozenset({"officer"}))
    assert stop.reasons == (
        Reason("missing", "Kurang", "ada yang kurang"),
        Reason("other", "Lain", needs_text=True),
    )
    assert (stop.law, stop.notice, stop.duty, stop.when) == (
        "Art. 5.10",
        "stopped",
        "verify",
        ("filed_in_time",),
    )
    assert definition.states["asked"].deadline_from == "complete"


def test_all_problems_of_a_file_are_told_together(tmp_path: Path) -> None:
    wrong = SMALL.replace("stage: examination", "stage: waiting").replace("by: [officer, system]", "by: []")
    assert len(problems(written(tmp_path, wrong))) == 2


def test_a_shared_list_of_reasons_is_one_list(tmp_path: Path) -> None:
    start, end = SMALL.index("    reasons:"), SMALL.index('    law: "Art')
    shared = SMALL[:start] + "    reasons: usual\n" + SMALL[end:]
    lists = (
        "reason_lists:\n  usual:\n    - {code: missing, label: Kurang, family: ada yang kurang}\n\nstates:"
    )
    definition = load_workflow(written(tmp_path, shared.replace("states:", lists, 1)), VOCABULARY)
    assert definition.actions["stop"].reasons == (Reason("missing", "Kurang", "ada yang kurang"),)


def test_the_archive_holds_older_versions_under_their_own_names(tmp_path: Path) -> None:
    folder = tmp_path / "workflows"
    written(tmp_path, SMALL.replace("version: 1", "version: 2"))
    written(tmp_path, SMALL, "archive/small-1.yaml")
    written(tmp_path, "anything: at all\n", "numbers.yaml")
    book = load_book(folder, VOCABULARY)
    assert [(each.name, each.version) for each in book] == [("small", 1), ("small", 2)]
    assert book.latest("small").version == 2
    written(tmp_path, SMALL.replace("version: 1", "version: 2"), "archive/small-2.yaml")
    written(tmp_path, SMALL, "archive/small-old.yaml")
    with pytest.raises(WorkflowRefused) as refusal:
        load_book(folder, VOCABULARY)
    assert refusal.value.problems == [
        'archive/small-old.yaml, name: berkas berisi "small", jadi namanya small-1.yaml.',
        "archive/small-2.yaml, version: versi 2 harus lebih lama daripada versi di small.yaml (2).",
    ]


def test_an_empty_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(WorkflowRefused, match="tidak ada berkas alur kerja"):
        load_book(tmp_path, VOCABULARY)


def test_an_unknown_version_is_told_to_whoever_runs_the_server() -> None:
    from caseflow.errors import Unavailable

    book = jkm_book()
    with pytest.raises(Unavailable, match=r"jkm versi 7 tidak ada di server ini.*workflows/archive/"):
        book.get("jkm", 7)
    with pytest.raises(Unavailable):
        book.latest("pension")


def test_what_the_family_reads_begins_with_a_capital() -> None:
    definition = jkm_book().latest("jkm")
    refuse = definition.actions["refuse"]
    clause = refuse.family_reason("not_active", None)
    told = definition.states["refused"].tell_family({"reason": clause})
    assert told == (
        "Kepesertaan tidak aktif pada tanggal meninggal karena iuran belum dibayar. "
        "Ibu/Bapak dapat mengajukan keberatan."
    )
    assert (
        refuse.family_reason("other", "namanya tertukar dengan orang lain.")
        == "namanya tertukar dengan orang lain"
    )
    assert refuse.family_reason(None, None) is None


def test_every_reason_for_the_family_is_a_clause() -> None:
    for definition in jkm_book():
        for action in definition.actions.values():
            for reason in action.reasons:
                if reason.family is not None:
                    assert not reason.family.endswith("."), reason
                    assert reason.family[0].islower(), reason


def test_vocabulary_takes_roles_and_duties_from_where_they_live() -> None:
    given = replace(VOCABULARY, roles=Vocabulary((), (), ()).roles, duties=Vocabulary((), (), ()).duties)
    assert "branch_head" in given.roles
    assert "reconcile" in given.duties
