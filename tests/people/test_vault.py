"""Second-factor secrets are sealed to their row."""

import pytest

from caseflow.people.vault import SealBroken, seal, unseal


def test_what_is_sealed_is_not_readable_and_comes_back() -> None:
    sealed = seal("JBSWY3DP", about="staff_user:1", pepper="p" * 40)
    assert "JBSWY3DP" not in sealed
    assert sealed != seal("JBSWY3DP", about="staff_user:1", pepper="p" * 40)
    assert unseal(sealed, about="staff_user:1", pepper="p" * 40) == "JBSWY3DP"


@pytest.mark.parametrize(("about", "pepper"), [("staff_user:2", "p" * 40), ("staff_user:1", "q" * 40)])
def test_another_row_or_key_does_not_open_it(about: str, pepper: str) -> None:
    with pytest.raises(SealBroken):
        unseal(seal("JBSWY3DP", about="staff_user:1", pepper="p" * 40), about=about, pepper=pepper)


@pytest.mark.parametrize("sealed", ["", "v1:", "v1:!!", "v2:AAAA", "v1:AAAA", "plain"])
def test_damage_is_noticed(sealed: str) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed, about="staff_user:1", pepper="p" * 40)
