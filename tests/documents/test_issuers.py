"""Who makes each paper: the time of a case is split by it, so every paper says so and the loader insists."""

from pathlib import Path

import pytest

from caseflow.documents.catalogue import CatalogueRefused, catalogue, load_catalogue

FILE = Path(__file__).parents[2] / "workflows" / "documents.yaml"


def test_letters_of_the_nagari_are_the_nagaris() -> None:
    papers = catalogue().papers
    assert {code for code, paper in papers.items() if paper.issuer_kind == "nagari"} == {
        "death_letter",
        "heir_statement",
        "same_person_letter",
    }
    assert papers["family_card"].issuer_kind == "civil_registry"


@pytest.mark.parametrize(
    ("change", "into", "said"),
    [
        ("    issuer_kind: bank\n", "", 'dokumen bank_book: kunci "issuer_kind" belum ada.'),
        (
            "issuer_kind: bank",
            "issuer_kind: shop",
            "dokumen bank_book, issuer_kind: harus salah satu dari family",
        ),
    ],
)
def test_a_paper_of_nobody_is_refused(change: str, into: str, said: str, tmp_path: Path) -> None:
    written = tmp_path / "documents.yaml"
    written.write_text(FILE.read_text(encoding="utf-8").replace(change, into, 1), encoding="utf-8")
    with pytest.raises(CatalogueRefused) as refusal:
        load_catalogue(written)
    (problem,) = refusal.value.problems
    assert said in problem
