"""Whether the contribution period could open the children's scholarship: an outlook, before anybody applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from caseflow.law.numbers import Number


@dataclass(frozen=True, slots=True)
class Scholarship:
    """Whether the contribution period could open the children's scholarship; an outlook, never a decision.

    :ivar paid_months: months paid up to the death, broken or not; :ivar unbroken_months: the last run of them.
    """

    outlook: Literal["not_yet", "possible"]
    paid_months: int
    unbroken_months: int
    sentence: str


def scholarship_outlook(paid_months: Sequence[int], unbroken_months: int, needed: Number) -> Scholarship:
    """Compare the contribution period with the months the law asks for.

    :param paid_months: numbers of the months paid up to the death; gaps are allowed in this count.
    :param unbroken_months: length of the last run without a gap.
    """
    paid = len(paid_months)
    if paid < needed.value:
        sentence = f"Beasiswa anak: belum berhak. Masa iuran {paid} bulan, syaratnya {needed.value} bulan."
        return Scholarship("not_yet", paid, unbroken_months, sentence)
    doubt = (
        ""
        if unbroken_months >= needed.value
        else f" Iuran pernah terputus; apakah {needed.value} bulan boleh terputus belum ditemukan aturannya."
    )
    sentence = (
        f"Beasiswa anak: kemungkinan berhak. Masa iuran {paid} bulan, syaratnya {needed.value} bulan.{doubt}"
    )
    return Scholarship("possible", paid, unbroken_months, sentence)
