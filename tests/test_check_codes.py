"""Codes of letters: readable, unguessable, and no single slip or swap goes unseen."""

import itertools
import math

from caseflow.identifiers import _CODE_LETTERS, check_code, grouped_code, read_check_code


def test_a_code_has_more_than_sixty_bits() -> None:
    assert 15 * math.log2(len(_CODE_LETTERS)) > 60
    assert len({check_code() for _ in range(1000)}) == 1000


def test_a_code_is_read_as_it_is_written() -> None:
    code = check_code()
    for typed in (
        code,
        code.lower(),
        grouped_code(code),
        f" {' '.join(code)} ",
        grouped_code(code).replace("-", "–"),
    ):
        assert read_check_code(typed) == code


def test_every_wrong_letter_and_every_swap_is_seen() -> None:
    code = check_code()
    for place, other in itertools.product(range(16), _CODE_LETTERS):
        if other != code[place]:
            assert read_check_code(code[:place] + other + code[place + 1 :]) is None
    for one, two in itertools.combinations(range(16), 2):
        swapped = list(code)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        if swapped != list(code):
            assert read_check_code("".join(swapped)) is None
