"""Sealed numbers: unreadable without the key, bound to their column, found by an index that needs the pepper."""

from collections.abc import Iterator

import pytest
from sqlalchemy import column, select

from caseflow import sealing
from caseflow.registry.nomination_models import Nominee

NIK = "1303991209760001"


@pytest.fixture(autouse=True)
def _usual_keys() -> Iterator[None]:
    yield
    sealing.configure({"1": "d" * 40}, pepper="p" * 40)


def test_what_is_sealed_opens_again_and_never_looks_the_same() -> None:
    first, second = sealing.seal(NIK, about="a"), sealing.seal(NIK, about="a")
    assert first != second
    assert NIK not in first
    assert sealing.unseal(first, about="a") == sealing.unseal(second, about="a") == NIK


@pytest.mark.parametrize("broken", ["1:", "1:!!!", "1:AAAA", "2:AAAA", "", "tanpa kunci"])
def test_what_is_no_seal_does_not_open(broken: str) -> None:
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(broken, about="a")


def test_a_seal_belongs_to_its_column_and_cannot_be_changed() -> None:
    sealed = sealing.seal(NIK, about="worker.national_id")
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed, about="nominee.national_id")
    swapped = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(swapped, about="worker.national_id")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = sealing.seal(NIK, about="a")
    sealing.configure({"2": "e" * 40, "1": "d" * 40}, pepper="p" * 40)
    new = sealing.seal(NIK, about="a")
    assert new.startswith("2:")
    assert sealing.unseal(old, about="a") == sealing.unseal(new, about="a") == NIK
    sealing.configure({"2": "e" * 40}, pepper="p" * 40)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(old, about="a")


def test_the_index_is_the_same_for_the_same_number_and_pepper_alone() -> None:
    first = sealing.blind(NIK)
    assert sealing.blind(NIK) == first != sealing.blind(NIK[:-1] + "2")
    sealing.configure({"2": "e" * 40}, pepper="p" * 40)
    assert sealing.blind(NIK) == first
    sealing.configure({"1": "d" * 40}, pepper="q" * 40)
    assert sealing.blind(NIK) != first


def test_a_sealed_column_is_never_compared() -> None:
    assert "IS NULL" in str(select(column("x")).where(Nominee.family_card_number.is_(None)))
    for operator in ("__eq__", "__lt__", "like"):
        with pytest.raises(TypeError, match=r"sealing\.blind"):
            getattr(Nominee.national_id, operator)(NIK)


@pytest.mark.parametrize("keys", [{}, {"a:b": "s"}, {"": "s"}])
def test_keys_without_a_usable_name_are_refused(keys: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="data keys"):
        sealing.configure(keys, pepper="p" * 40)
