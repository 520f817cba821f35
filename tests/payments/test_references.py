"""The reference survives the bank and is never mistaken for another."""

import pytest

from caseflow.errors import NotPossible
from caseflow.payments.references import is_reference, reference_of, references_in


def test_it_is_made_of_the_case_number_and_a_check_digit() -> None:
    first = reference_of("SJJ-26-0042-7", 1)
    assert first.startswith("SJJ2600421")
    assert len(first) == 11
    assert is_reference(first)
    assert reference_of("SJJ-26-0042-7", 1) == first


def test_it_fits_into_sixteen_characters_for_the_largest_serial() -> None:
    assert len(reference_of("SJJ-26-123456789-0", 35)) == 16


def test_each_instruction_of_each_case_has_its_own() -> None:
    made = [reference_of(f"SJJ-26-{serial:04d}-0", n) for serial in range(40, 60) for n in range(1, 36)]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("sequence", [0, 36, -1])
def test_it_refuses_a_sequence_that_cannot_be_written(sequence: int) -> None:
    with pytest.raises(NotPossible):
        reference_of("SJJ-26-0042-7", sequence)


def test_one_wrong_character_or_two_swapped_digits_make_it_unknown() -> None:
    good = reference_of("SJJ-26-0042-7", 1)
    for place, character in enumerate(good[3:], start=3):
        for other in "0123456789":
            if other != character:
                assert not is_reference(good[:place] + other + good[place + 1 :])
        if place + 1 < len(good) and good[place] != good[place + 1]:
            swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
            assert not is_reference(swapped)


def test_it_is_found_in_what_banks_write() -> None:
    good, other = reference_of("SJJ-26-0042-7", 1), reference_of("SJJ-26-0043-1", 2)
    assert references_in(f"TRF KE YUSRA/{good.lower()}/SANTUNAN") == [good]
    assert references_in(f"{good} {good}-{other}") == [good, other]
    assert references_in(f"X{good} {good}9 0071234567 SJJ2600429") == []
