"""The catalogue of papers (``workflows/documents.yaml``): which are asked for, and every word about them.

YAML names things, Python decides: a paper names the facts that call for it, ``Facts`` says whether they hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from sqlalchemy.orm import Session

from caseflow import yaml_strict
from caseflow.documents.models import Requirement
from caseflow.errors import CaseflowError
from caseflow.workflow.entries import Entry

Need = Literal["required", "before_payment", "optional"]
_FILE_KEYS = ("title", "version", "law", "papers", "methods", "return_reasons")
_PAPER_TEXTS = (
    "name", "why", "example", "issued_by", "bring", "how_long", "photo", "cost", "impossible", "picture",
)  # fmt: skip
IssuerKind = Literal[
    "family", "nagari", "hospital", "civil_registry", "bank", "school", "police", "court", "branch"
]
_ISSUER_KINDS: tuple[IssuerKind, ...] = get_args(IssuerKind)
PROGRAMS = ("jkm", "jkk", "scholarship")
_PAPER_KEYS = (
    "code", "label", *_PAPER_TEXTS, "issuer_kind", "need", "programs", "when", "on_request", "waivable", "yearly", "law",
)  # fmt: skip
_WORDS = ("document", "example", "issuer")
_DECEASED = ("deceased",)
_PATH = Path(__file__).parents[2] / "workflows" / "documents.yaml"


class CatalogueRefused(CaseflowError):
    """The file cannot be used.

    :ivar problems: one sentence for each, naming entry and key.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a case when its list of papers is made; unknown counts as no.

    :ivar has_child_heir: the money goes to a child; :ivar has_minor_heir: to somebody under eighteen.
    :ivar represented: somebody acts for the one who is paid; :ivar several_heirs: more than one shares.
    :ivar heir_not_listed: the one who is paid is not among the relatives that the regulation names.
    :ivar traffic: an accident on the road; :ivar violence: force was used against the worker.
    """

    claimant_is_spouse: bool = False
    claimant_is_child: bool = False
    claimant_is_parent: bool = False
    has_child_heir: bool = False
    has_minor_heir: bool = False
    several_heirs: bool = False
    represented: bool = False
    heir_by_will: bool = False
    heir_not_listed: bool = False
    worker_died: bool = False
    traffic: bool = False
    violence: bool = False
    disabled: bool = False
    has_treatment_costs: bool = False
    has_transport_costs: bool = False
    has_device_costs: bool = False

    def any_of(self, names: Iterable[str]) -> bool:
        """Say whether at least one of the named facts holds."""
        return any(getattr(self, name) for name in names)


FACTS = tuple(field.name for field in fields(Facts))


@dataclass(frozen=True)
class Paper:
    """One entry: words for the family (``name`` … ``picture``), ``label`` for officers, and when it is asked.

    :ivar issuer_kind: who makes the paper; statistics count days by it, nobody's right hangs on it.
    """

    code: str
    label: str
    name: str
    why: str
    example: str
    issued_by: str
    bring: str
    how_long: str
    photo: str
    cost: str
    impossible: str
    picture: str
    issuer_kind: IssuerKind
    need: Need
    law: str
    when: tuple[str, ...]
    on_request: bool
    waivable: bool
    programs: tuple[str, ...] = ("jkm",)
    yearly: bool = False  # asked for anew each school year

    def called_for(self, program: str, facts: Facts) -> bool:
        """Say whether a case of this programme with these facts needs the paper without anybody asking."""
        # a death claim is about a death, whatever else is known
        known = replace(facts, worker_died=True) if program == "jkm" else facts
        wanted = not self.when or known.any_of(self.when)
        return program in self.programs and not self.on_request and wanted

    def words(self, honorific: str = "") -> "dict[str, str]":
        """Return the family's texts with the dead person's honorific put in (``pekerja`` where none is used)."""
        deceased = honorific or "pekerja"
        return {text: str(getattr(self, text)).format(deceased=deceased) for text in _PAPER_TEXTS}


@dataclass(frozen=True)
class ReturnReason:
    """Why a paper goes back. ``asks`` names what the officer fills into the sentence: code → question."""

    code: str
    label: str
    family: str | None
    asks: Mapping[str, str]


@dataclass(frozen=True)
class RequirementPlan:
    """One paper to be asked for in one case."""

    code: str
    need: Need
    position: int
    catalogue_version: str


@dataclass(frozen=True)
class Catalogue:
    """The whole file; ``papers``, ``methods`` and ``return_reasons`` by code, in the order of the file."""

    title: str
    version: str
    law: str
    papers: Mapping[str, Paper]
    methods: Mapping[str, str]
    return_reasons: Mapping[str, ReturnReason]

    def derive(self, facts: Facts, program: str = "jkm") -> list[RequirementPlan]:
        """Return the papers that these facts call for in a programme, in the order of the file."""
        papers = self.papers.values()
        return [self.plan(paper.code) for paper in papers if paper.called_for(program, facts)]

    def plan(self, code: str) -> RequirementPlan:
        """Return the plan of one paper; ``KeyError`` when there is none of that code."""
        return RequirementPlan(code, self.papers[code].need, list(self.papers).index(code) + 1, self.version)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue in force, read once."""
    return load_catalogue(_PATH)


def freeze(session: Session, casefile_id: int, plans: Iterable[RequirementPlan], *, now: datetime) -> None:
    """Write down what this family is asked for; later changes of the catalogue do not touch it."""
    session.add_all(
        Requirement(
            casefile_id=casefile_id,
            code=plan.code,
            catalogue_version=plan.catalogue_version,
            position=plan.position,
            need=plan.need,
            asked_at=now,
        )
        for plan in plans
    )


def load_catalogue(path: Path) -> Catalogue:
    """Read the file.

    :raises CatalogueRefused: with every problem of the file.
    """
    try:
        content = yaml_strict.load(path)
    except yaml_strict.YamlRefused as refused:
        raise CatalogueRefused([refused.sentence]) from refused
    place = "/".join(path.parts[-2:])
    if not isinstance(content, dict):
        raise CatalogueRefused([f"{place}: harus dimulai dengan kunci-kunci {', '.join(_FILE_KEYS)}."])
    problems: list[str] = []
    file = Entry(content, place, problems)
    file.only(_FILE_KEYS, _FILE_KEYS)
    read = Catalogue(
        title=file.text("title"),
        version=file.text("version"),
        law=file.text("law"),
        papers={paper.code: paper for paper in map(_paper, file.entries("papers", "dokumen", "code"))},
        methods=_labels(file, "methods", "cara"),
        return_reasons={
            reason.code: reason for reason in map(_reason, file.entries("return_reasons", "alasan", "code"))
        },
    )
    if problems:
        raise CatalogueRefused(problems)
    return read


def _paper(entry: Entry) -> Paper:
    entry.only(_PAPER_KEYS, ("code", "label", *_PAPER_TEXTS, "issuer_kind", "need", "law"))
    on_request = entry.flag("on_request")
    when = entry.names("when", "fakta", FACTS)
    if on_request and when:
        entry.problem('dengan on_request tidak boleh ada "when".', "on_request")
    texts = {text: entry.sentence(text, _DECEASED) for text in _PAPER_TEXTS}
    needs: tuple[Need, ...] = ("required", "before_payment", "optional")
    return Paper(
        code=entry.name("code"),
        label=entry.text("label"),
        **texts,
        issuer_kind=entry.choice("issuer_kind", _ISSUER_KINDS, "family"),
        need=entry.choice("need", needs, "required"),
        law=entry.text("law"),
        when=when,
        on_request=on_request,
        waivable=entry.flag("waivable"),
        programs=entry.names("programs", "program", PROGRAMS) or ("jkm",),
        yearly=entry.flag("yearly"),
    )


def _reason(entry: Entry) -> ReturnReason:
    """Read one reason: either a sentence for the family, or ``text: required``."""
    entry.only(("code", "label", "family", "asks", "text"), ("code", "label"))
    asks = _labels(entry, "asks", "isian")
    free = entry.find_text("text")
    if free not in (None, "required"):
        entry.problem("hanya boleh required.", "text")
    if (free is None) == ("family" not in entry.content):
        entry.problem('tulis "family", atau "text: required", dan hanya satu di antaranya.')
    family = entry.sentence("family", (*_WORDS, *asks)) if "family" in entry.content else None
    for ask in asks:
        if f"{{{ask}}}" not in (family or ""):
            entry.problem(f'"{ask}" ditanyakan tetapi tidak dipakai dalam kalimat.', "asks")
    return ReturnReason(entry.name("code"), entry.text("label"), family, asks)


def _labels(entry: Entry, key: str, what: str) -> dict[str, str]:
    labels = {}
    for item in entry.entries(key, what, "code"):
        item.only(("code", "label"), ("code", "label"))
        labels[item.name("code")] = item.text("label")
    return labels
