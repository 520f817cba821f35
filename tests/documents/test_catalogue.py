"""The catalogue: what each family is asked for, words that a family can read, and a loader that forgives nothing."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents import catalogue as catalogue_module
from caseflow.documents.catalogue import PROGRAMS, CatalogueRefused, Facts, catalogue, freeze, load_catalogue
from caseflow.documents.models import Requirement
from tests.documents.cases import make_case

SIX = [
    "worker_id_card",
    "claimant_id_card",
    "family_card",
    "death_letter",
    "heir_statement",
    "marriage_book",
]


def asked(need: str, facts: Facts) -> list[str]:
    return [plan.code for plan in catalogue().derive(facts) if plan.need == need]


def test_a_widow_is_asked_for_six_papers_and_two_may_follow() -> None:
    facts = Facts(claimant_is_spouse=True)
    assert asked("required", facts) == SIX
    assert asked("before_payment", facts) == ["bank_book", "civil_death_certificate"]
    assert asked("optional", facts) == ["participant_card"]


@pytest.mark.parametrize(
    ("fact", "code", "need"),
    [
        ("claimant_is_spouse", "marriage_book", "required"),
        ("claimant_is_child", "birth_certificate", "required"),
        ("claimant_is_parent", "birth_certificate", "required"),
        ("has_child_heir", "birth_certificate", "required"),
        ("has_minor_heir", "guardianship_letter", "required"),
        ("represented", "power_of_attorney", "required"),
        ("heir_by_will", "will_deed", "required"),
        ("heir_not_listed", "court_heir_determination", "required"),
        ("several_heirs", "heirs_agreement", "before_payment"),
    ],
)
def test_each_fact_adds_its_paper(fact: str, code: str, need: str) -> None:
    plain = {plan.code for plan in catalogue().derive(Facts())}
    with_fact = {plan.code for plan in catalogue().derive(Facts(**{fact: True}))}
    assert code not in plain
    assert with_fact - plain == {code}
    assert catalogue().papers[code].need == need


def test_what_only_an_officer_asks_for_is_never_derived() -> None:
    everything = Facts(**dict.fromkeys(catalogue_module.FACTS, True))
    derived = {plan.code for program in PROGRAMS for plan in catalogue().derive(everything, program)}
    on_request = {paper.code for paper in catalogue().papers.values() if paper.on_request}
    assert on_request == {"same_person_letter", "medical_letter"}
    assert derived == set(catalogue().papers) - on_request


def test_the_akta_may_be_waived_and_the_account_may_not() -> None:
    papers = catalogue().papers
    assert papers["civil_death_certificate"].waivable
    assert not papers["bank_book"].waivable
    assert not papers["heir_statement"].waivable


def test_the_list_is_frozen_with_its_version(session: Session) -> None:
    case = make_case(session, ())
    freeze(session, case.id, catalogue().derive(Facts(claimant_is_spouse=True)), now=clock.now())
    session.flush()
    rows = session.scalars(
        select(Requirement).where(Requirement.casefile_id == case.id).order_by(Requirement.position)
    ).all()
    assert [row.code for row in rows if row.need == "required"] == SIX
    assert {row.catalogue_version for row in rows} == {catalogue().version}
    assert {row.status for row in rows} == {"missing"}


def test_the_dead_person_is_named_with_the_honorific_of_the_case() -> None:
    paper = catalogue().papers["worker_id_card"]
    assert [paper.words(word)["name"] for word in ("almarhum", "almarhumah", "mendiang", "")] == [
        "KTP almarhum",
        "KTP almarhumah",
        "KTP mendiang",
        "KTP pekerja",
    ]


def test_families_read_short_sentences_without_hard_words() -> None:
    texts = [text for paper in catalogue().papers.values() for text in paper.words().values()]
    texts += [reason.family or "" for reason in catalogue().return_reasons.values()]
    for text in texts:
        assert not re.search(r"\b(upload|submit|file|dokumentasi|verifikasi|Anda)\b", text), text
        for sentence in re.split(r"[.?!:] ", text):
            assert len(sentence.split()) <= 15, sentence


def test_the_return_reasons_are_those_of_the_officers() -> None:
    reasons = catalogue().return_reasons
    assert list(reasons) == [
        "blurry",
        "cropped",
        "glare",
        "wrong_document",
        "page_missing",
        "name_differs",
        "id_differs",
        "unsigned",
        "expired",
        "other",
    ]
    assert reasons["blurry"].family == "Tulisan tidak terbaca. Foto ulang di tempat terang, HP jangan goyang."
    assert set(reasons["name_differs"].asks) == {"name_here", "name_on_id"}
    assert reasons["other"].family is None


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("need: sometimes", "need: optional", "need: harus salah satu dari required"),
        ("when: [is_rich]", "when: [represented]", 'fakta "is_rich" tidak dikenal'),
        ("name: KTP {nobody}", "name: KTP {deceased}", "isian {nobody} tidak dikenal"),
        ("code: worker_id_card\n    colour: red", "code: worker_id_card", 'kunci "colour" tidak dikenal'),
        ("- code: family_card", "- code: claimant_id_card", "dokumen family_card: tertulis dua kali"),
        ('version: "2026-11-22"', "version: 2026-11-22", None),
        ("", "    why: Untuk memastikan hari dan sebab meninggal.\n", None),
        ("waivable: maybe", "waivable: true", "harus true atau false"),
        ("family: Halaman {page} belum ada.", "family: Halaman itu belum ada.", None),
        ("text: required", "text: required\n    family: Lain.", None),
        ("on_request: true", "on_request: true\n    when: [represented]", None),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_a_sentence(
    tmp_path: Path, wrong: str, right: str, says: str | None
) -> None:
    """Where ``says`` is given the good text is replaced by the wrong one, else the other way round."""
    good = catalogue_module._PATH.read_text(encoding="utf-8")
    if says is None:
        wrong, right = right, wrong
    if not right:
        right, wrong = wrong, ""
    assert right in good
    path = tmp_path / "documents.yaml"
    path.write_text(good.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(CatalogueRefused) as caught:
        load_catalogue(path)
    assert "documents.yaml" in caught.value.sentence
    assert says is None or says in caught.value.sentence


@pytest.mark.parametrize("text", ["- a\n- b\n", "", "papers: 3\n", "a: 1\na: 2\n"])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "documents.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueRefused, match=r"documents\.yaml"):
        load_catalogue(path)
