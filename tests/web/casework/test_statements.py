"""No page asks the database in a loop: every page has a ceiling of statements, whatever it holds."""

from dataclasses import replace

import pytest

from tests import story
from tests.story import NURBAITI, SAMSIR, SYAFRIL, ZULBAHRI
from tests.web.casework.conftest import Office

WORKLIST_STATEMENTS = 3
TAB_STATEMENTS = 12
# adjustments and papers that were proposed stand under the queue
APPROVALS_STATEMENTS = 4
# the law is asked for today's facts to tell whether the stored computation still stands; one leaves the trace of
# who looked
COMPUTING_STATEMENTS = 17
# everything a word is about, and the law's rules over it, and the trace
DECISION_STATEMENTS = 37
TABS = ("", "/dokumen", "/kelayakan", "/ahli-waris", "/perhitungan", "/pembayaran", "/riwayat")


def test_the_worklist_asks_three_times_however_long_it_is(office: Office) -> None:
    """Counts, rows, holidays with their policy; seven cases or one."""
    for person in (SAMSIR, NURBAITI, ZULBAHRI, SYAFRIL):
        office.carry(story.with_papers, person)
    office.read("dedi", "/petugas/?antrean=semua")
    with office.counting() as statements:
        page = office.read("dedi", "/petugas/?antrean=semua")
    assert page.count('data-label="Batas"') == 4
    assert len(statements) <= WORKLIST_STATEMENTS, statements


@pytest.mark.parametrize("tab", TABS)
def test_each_section_keeps_below_its_ceiling(office: Office, tab: str) -> None:
    """With papers, a family of six, answers and a history."""
    family = (
        *SAMSIR.relatives,
        *(replace(SAMSIR.relatives[2], full_name=f"Anak {n}", national_id=None) for n in range(3)),
    )
    number = office.carry(story.submitted, replace(SAMSIR, relatives=family))
    path = f"/petugas/kasus/{number}{tab}"
    office.read("dedi", path)
    with office.counting() as statements:
        office.read("dedi", path)
    assert len(statements) <= TAB_STATEMENTS, statements


def test_the_computation_and_the_decision_have_ceilings_of_their_own(office: Office) -> None:
    """They ask the law once more, and gather everything a word is about."""
    computing = office.carry(story.computed, NURBAITI)
    waiting = office.carry(story.submitted)
    office.read("dedi", "/petugas/")
    office.read("mega", "/petugas/persetujuan/")
    with office.counting() as statements:
        office.read("dedi", f"/petugas/kasus/{computing}/perhitungan")
    assert len(statements) <= COMPUTING_STATEMENTS, statements
    with office.counting() as statements:
        office.read("mega", f"/petugas/persetujuan/{waiting}")
    assert len(statements) <= DECISION_STATEMENTS, statements
    with office.counting() as statements:
        office.read("mega", "/petugas/persetujuan/")
    assert len(statements) <= APPROVALS_STATEMENTS, statements
