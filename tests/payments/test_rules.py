"""What a booking may do to an instruction, in every state."""

from datetime import date

import pytest

from caseflow.errors import NotPermitted
from caseflow.payments.rules import Booking, Standing, effect_of, only
from caseflow.people.actor import SYSTEM, Actor

DAY = date(2026, 11, 20)
NONE: frozenset[str] = frozenset()
DEBIT, CREDIT = frozenset({"debit"}), frozenset({"credit"})


@pytest.mark.parametrize(
    ("kind", "state", "explained", "effect"),
    [
        ("debit", "sent", NONE, "settled"),
        ("debit", "unknown", NONE, "settled"),
        ("debit", "settled", NONE, "noted"),  # a letter came first
        ("debit", "failed", CREDIT, "noted"),  # the return was matched first
        ("debit", "failed", NONE, None),  # a letter said failed, yet money left
        ("debit", "settled", DEBIT, None),  # money left twice
        ("debit", "cancelled", NONE, None),
        ("credit", "sent", NONE, "failed"),
        ("credit", "unknown", NONE, "failed"),
        ("credit", "settled", DEBIT, "failed"),  # returned after it was paid
        ("credit", "failed", NONE, "noted"),
        ("credit", "failed", CREDIT, None),
        ("credit", "cancelled", NONE, None),
    ],
)
def test_effect(kind: str, state: str, explained: frozenset[str], effect: str | None) -> None:
    found, sentence = effect_of(Booking(kind, 5, DAY), Standing(state, 5, DAY, explained))
    assert found == effect
    assert sentence


@pytest.mark.parametrize(
    ("booking", "standing"),
    [
        (Booking("debit", 4, DAY), Standing("sent", 5, DAY, NONE)),
        (Booking("credit", 6, DAY), Standing("settled", 5, DAY, DEBIT)),
        (Booking("debit", 5, date(2026, 11, 19)), Standing("sent", 5, DAY, NONE)),
        (Booking("debit", 5, DAY), Standing("batched", 5, None, NONE)),
        (Booking("debit", 5, DAY), Standing("queued", 5, None, NONE)),
    ],
)
def test_a_booking_that_does_not_fit_does_nothing(booking: Booking, standing: Standing) -> None:
    assert effect_of(booking, standing)[0] is None


@pytest.mark.parametrize(
    "by",
    [
        SYSTEM,
        Actor(kind="system", name="Sistem", roles=frozenset({"finance"}), person_id=1),
        Actor(kind="family", name="Rani", roles=frozenset({"family"})),
        Actor(kind="staff", name="Dedi", roles=frozenset({"officer"}), person_id=1),
        Actor(kind="staff", name="Tanpa orang", roles=frozenset({"finance"})),
    ],
)
def test_only_people_of_finance_touch_money(by: Actor) -> None:
    with pytest.raises(NotPermitted):
        only(by, "finance")
