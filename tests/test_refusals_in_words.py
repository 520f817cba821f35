"""Every constraint that people can meet is named in the database as here, and answers in a sentence."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow.db_refusals import SENTENCES, refusal_of
from caseflow.documents.storage import open_store
from caseflow.errors import NotPossible
from caseflow.people.actor import Actor
from tests.scholarship_story import opened, paid_claim
from tests.story import Stage

_NAMED = (
    "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
    " UNION SELECT tgname FROM pg_trigger"
)
_IN_FUNCTIONS = "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
_COST = (
    "INSERT INTO cost_item (casefile_id, kind, amount_idr, spent_on, source, recorded_at, recorded_by_person_id)"
    " SELECT max(casefile_id), 'glasses', {amount}, '2026-11-18', 'kuitansi 7', now(), min(person.id)"
    " FROM scholarship_child, person"
)
_PERIOD = (
    "INSERT INTO care_period (casefile_id, kind, starts_on, ends_on, facility, source, recorded_at,"
    " recorded_by_person_id) SELECT max(casefile_id), 'unable_to_work', '{first}', '{last}', '', 'surat', now(),"
    " min(person.id) FROM scholarship_child, person"
)
_YEAR = (
    "INSERT INTO school_year (casefile_id, year, level, school, asked_at)"
    " SELECT max(casefile_id), {year}, 'smp', 'SMPN', now() FROM scholarship_child"
)
_CHILD = "UPDATE scholarship_child SET {change}"
# the statements one after another, the last one refused; and a word of the sentence
_MET = {
    "uq_cost_item_receipt_once": ([_COST.format(amount=50_000)] * 2, "sudah dicatat"),
    "ck_cost_item_amount_in_bounds": ([_COST.format(amount=0)], "Jumlah kuitansi"),
    "ex_care_period_no_day_twice": (
        [_PERIOD.format(first="2026-11-18", last="2026-11-20"), _PERIOD.format(first="2026-11-20", last="2026-11-25")],
        "Satu hari dihitung satu kali",
    ),
    "ck_care_period_ends_after_start": (
        [_PERIOD.format(first="2026-11-20", last="2026-11-18")],
        "sebelum hari pertama",
    ),
    "uq_school_year_once": ([_YEAR.format(year=2026)] * 2, "sudah diajukan"),
    "ck_school_year_year_in_bounds": ([_YEAR.format(year=1999)], "tidak ada"),
    "uq_scholarship_child_place": ([_CHILD.format(change="place = 1")], "hanya untuk dua anak"),
    "ck_scholarship_child_at_most_two": ([_CHILD.format(change="place = 3")], "hanya untuk dua anak"),
    "ck_scholarship_child_choice_is_told": ([_CHILD.format(change="chosen_by = ''")], "siapa dari keluarga"),
}  # fmt: skip


@pytest.fixture
def meet(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Callable[[list[str]], NotPossible]:
    """Two rights stand; what a statement meets is answered."""
    stage = Stage(session, open_store(f"folder://{tmp_path}"), staff)
    origin = paid_claim(stage)
    opened(stage, origin, "Nadia")
    opened(stage, origin, "Rafi")
    session.flush()

    def met(statements: list[str]) -> NotPossible:
        with pytest.raises(DBAPIError) as error:
            carry_out(session, statements)
        refusal = refusal_of(error.value)
        assert isinstance(refusal, NotPossible)
        return refusal

    return met


def carry_out(session: Session, statements: list[str]) -> None:
    with session.begin_nested():
        for statement in statements:
            session.execute(text(statement))


def test_every_name_is_one_of_the_database(session: Session) -> None:
    """A constraint that was renamed would fall silent."""
    known = set(session.scalars(text(_NAMED)))
    functions = " ".join(session.scalars(text(_IN_FUNCTIONS)))
    missing = [name for name in SENTENCES if name not in known and f"'{name}'" not in functions]
    assert missing == []


def test_sentences_say_what_became_of_it() -> None:
    """What happened, and that nothing was saved or what is true instead."""
    for name, sentence in SENTENCES.items():
        assert re.search(r"\.$", sentence), name
        assert "constraint" not in sentence, name


@pytest.mark.parametrize("name", _MET)
def test_the_database_answers_in_words(meet: Callable[[list[str]], NotPossible], name: str) -> None:
    """The sentence of this constraint and no general one."""
    statements, word = _MET[name]
    refusal = meet(statements)
    assert refusal.sentence == SENTENCES[name]
    assert word in refusal.sentence
