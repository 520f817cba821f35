"""The answers of a visit are read strictly: every value that cannot be used has a sentence at its field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.errors import Invalid
from caseflow.monitoring import models, visit_models
from caseflow.monitoring.answers import read_answers
from caseflow.monitoring.questions import QUESTIONS, by_name, field_label, field_names, told

_DEEP: Any = []
for _ in range(500):
    _DEEP = [_DEEP]


def _asked(field: str, value: object, base: object = 0) -> dict[str, Any]:
    return {field: {"value": value, "base": base}}


def test_there_are_fifteen_questions_and_three_of_them_hold_a_visit_back() -> None:
    assert [question.number for question in QUESTIONS] == list(range(1, 16))
    assert [question.number for question in QUESTIONS if question.blocks] == [1, 2, 14]
    assert [one["label"] for one in told()] == [question.label for question in QUESTIONS]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("outcome", models.OUTCOMES),
        ("uses", visit_models.USES),
        ("livelihood_stage", visit_models.STAGES),
        ("livelihood_type", visit_models.TYPES),
        ("income_band", visit_models.BANDS),
        ("household_change", visit_models.CHANGES),
        ("needs", visit_models.NEEDS),
    ],
)
def test_the_choices_are_those_that_the_database_knows(name: str, codes: tuple[str, ...]) -> None:
    assert tuple(one.code for one in by_name()[name].choices) == codes


def test_every_field_has_words() -> None:
    assert all(len(field_label(field)) > 5 for field in field_names())


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("respondents", [{"name": "  Yusra ", "relation": "istri"}], [{"name": "Yusra", "relation": "istri"}]),
        ("uses", {"school": 3, "daily_needs": 1}, {"daily_needs": 1, "school": 3}),
        ("uses", {}, {}),
        ("livelihood_stage", "growing", "growing"),
        ("livelihood_stage", None, None),
        ("stopped_why", "modal\nhabis", "modal habis"),
        ("levy_reported", False, False),
        ("needs", ["health", "training", "health"], ["training", "health"]),
        ("note", " Warung\r\nbuka  \u200b", "Warung\nbuka"),
        ("note", "ä" * 600, "ä" * 600),
        ("next_due", "2027-02-01", "2027-02-01"),
        ("contact_phone", "0812 3456 7890", "+6281234567890"),
        ("landmark", "Belakang surau", "Belakang surau"),
        (
            "schooling",
            [{"member": 1, "first_name": "Deni", "attends": False, "reason": "sakit"}],
            [{"member": 1, "first_name": "Deni", "attends": False, "reason": "sakit", "scholarship_asked": None}],
        ),
    ],
)  # fmt: skip
def test_what_can_be_used_is_kept(field: str, written: object, kept: object) -> None:
    answer = read_answers(_asked(field, written, 3)).fields[field]
    assert (answer.value, answer.base) == (kept, 3)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("uses", {"school": 5}, "0 sampai 4"),
        ("uses", {"school": -1}, "0 sampai 4"),
        ("uses", {"school": True}, "0 sampai 4"),
        ("uses", {"school": 1.0}, "0 sampai 4"),
        ("uses", {"school": "1"}, "0 sampai 4"),
        ("uses", {"school": 3, "debts": 2}, "paling banyak 4; yang dibagi 5"),
        ("uses", {"casino": 1}, "Pilih"),
        ("uses", {"rather_not_say": 0, "debts": 1}, "Pilih salah satunya"),
        ("uses", ["school"], "tidak terbaca"),
        ("livelihood_stage", "rich", "Pilih"),
        ("livelihood_stage", ["running"], "Pilih"),
        ("livelihood_stage", 1, "Pilih"),
        ("income_band", float("inf"), "Pilih"),
        ("household_change", "", "Pilih"),
        ("levy_reported", "yes", "Pilih"),
        ("levy_reported", 1, "Pilih"),
        ("levy_words", "x" * 1501, "Paling banyak 1500"),
        ("received_in_full", "half", "Pilih"),
        ("needs", ["money"], "Pilih"),
        ("needs", ["none", "health"], "Pilih salah satunya"),
        ("needs", [["health"]], "Pilih"),
        ("needs", "health", "tidak terbaca"),
        ("note", "x" * 601, "Paling banyak 600 huruf; yang tertulis 601"),
        ("note", "x" * 1_000_000, "Paling banyak 600"),
        ("note", "a\x00b", "tidak bisa dibaca"),
        ("note", "a\ud800b", "tidak bisa dibaca"),
        ("note", "a\x1bb", "tidak bisa dibaca"),
        ("note", {"text": "x"}, "tidak terbaca"),
        ("note", 12, "tidak terbaca"),
        ("note", _DEEP, "tidak terbaca"),
        ("next_due", "2027-02-30", "tidak ada di kalender"),
        ("next_due", "20270201", "tidak terbaca"),
        ("next_due", "2027-W01-1", "tidak terbaca"),
        ("next_due", "\u0662\u0660\u0662\u0667-02-01", "tidak terbaca"),
        ("next_due", 20270201, "tidak terbaca"),
        ("contact_phone", "12", "Nomor HP"),
        ("contact_phone", 812_3456_7890, "tidak terbaca"),
        ("landmark", "x" * 201, "Paling banyak 200"),
        ("respondents", [{"name": "Yusra\x00", "relation": "istri"}], "tidak bisa dibaca"),
        ("respondents", [{"name": "Yus\udfffra", "relation": "istri"}], "tidak bisa dibaca"),
        ("respondents", [{"name": "\U0001f600", "relation": "istri"}], "bukan huruf"),
        ("respondents", [{"name": "", "relation": "istri"}], "wajib diisi"),
        ("respondents", [{"name": "Yusra", "relation": "boss"}], "hubungan"),
        ("respondents", [{"name": "Yusra", "relation": ["istri"]}], "hubungan"),
        ("respondents", [{"name": "Yusra", "relation": "istri", "nik": "1"}], "tidak terbaca"),
        ("respondents", [{"name": "A", "relation": "anak"}] * 11, "Paling banyak 10"),
        ("respondents", ["Yusra"], "tidak terbaca"),
        ("respondents", {"0": "Yusra"}, "tidak terbaca"),
        ("schooling", [{"first_name": "Deni"}], "ya atau tidak"),
        ("schooling", [{"member": "1", "first_name": "Deni", "attends": True}], "angka bulat"),
        ("schooling", [{"member": 10**30, "first_name": "Deni", "attends": True}], "angka bulat"),
        ("schooling", [{"first_name": "Deni", "attends": True, "scholarship_asked": 1}], "tidak terbaca"),
        ("schooling", [{"first_name": "Deni", "attends": True, "reason": "x" * 201}], "Paling banyak 200"),
        ("schooling", [{"member": 1, "first_name": "Deni", "attends": True}] * 2, "dua kali"),
        ("schooling", [{"first_name": "D", "attends": True}] * 21, "Paling banyak 20"),
        ("nik", "1303991209760001", "tidak dikenal"),
        ("levy_reported.", True, "tidak dikenal"),
    ],
)
def test_what_cannot_be_used_has_a_sentence(field: str, value: object, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_answers({**_asked("household_change", "same"), **_asked(field, value)})
    assert set(refused.value.fields) <= {field, "answers"}
    assert says in refused.value.sentence


@pytest.mark.parametrize("base", [-1, "0", None, 1.5, True, 10**9, [0]])
def test_a_version_is_a_whole_number(base: object) -> None:
    with pytest.raises(Invalid, match="tidak terbaca"):
        read_answers(_asked("household_change", "same", base))


@pytest.mark.parametrize(
    "raw", [None, [], "x", 1, {"note": "x"}, {"note": {"base": 0}}, {"note": {"value": "x", "at": 1}}]
)
def test_answers_are_pairs_of_value_and_version(raw: object) -> None:
    with pytest.raises(Invalid, match="tidak terbaca"):
        read_answers(raw)


def test_words_about_a_levy_are_never_a_field() -> None:
    found = read_answers(
        {
            **_asked("levy_words", "Diminta Rp2.000.000."),
            **_asked("levy_reported", True),
            **_asked("received_in_full", "full"),
        }
    )
    assert set(found.fields) == {"levy_reported"}
    assert (found.levy_words, found.received_in_full) == ("Diminta Rp2.000.000.", "full")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(field=st.sampled_from((*field_names(), "levy_words", "received_in_full")), value=_JSON)
def test_anything_at_all_is_read_or_refused_in_words(field: str, value: object) -> None:
    try:
        answers = read_answers(_asked(field, value))
    except Invalid:
        return
    # what was accepted reads the same a second time
    again = {name: {"value": one.value, "base": one.base} for name, one in answers.fields.items()}
    assert read_answers(again).fields == answers.fields
