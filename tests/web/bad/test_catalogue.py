"""No line of the catalogue of bad input is without its test."""

import ast
from functools import cache
from pathlib import Path

from caseflow.config import ROOT
from tests.web.bad.catalogue import ANSWERED, HTTP_IDS, UPLOAD_IDS, UPLOADS
from tests.web.bad.form_catalogue import FORM_IDS, FORMS_ANSWERED, FORMS_WITHOUT
from tests.web.bad.form_rows import REFUSED as REFUSED_FORMS
from tests.web.bad.form_rows import TAKEN as TAKEN_FORMS
from tests.web.bad.rows import NAMES, REFUSED, TAKEN


@cache
def names_in(path: str) -> frozenset[str]:
    """Names of the tests that a file has."""
    tree = ast.parse(Path(ROOT, path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_line_is_answered() -> None:
    listed = {f"U{number:02}" for number in UPLOAD_IDS} | {f"H{number:02}" for number in HTTP_IDS}
    assert set(ANSWERED) == listed
    assert set(FORMS_ANSWERED) | set(FORMS_WITHOUT) == {f"F{number:02}" for number in FORM_IDS}
    assert not set(FORMS_ANSWERED) & set(FORMS_WITHOUT)


def test_every_answer_exists() -> None:
    missing = [
        (number, test)
        for number, tests in (ANSWERED | FORMS_ANSWERED).items()
        for test in tests
        if test.partition("::")[2] not in names_in(test.partition("::")[0])
    ]
    assert missing == []


def test_every_row_stands_where_the_catalogue_says() -> None:
    rows = {row.id for row in REFUSED} | {row.id for row in TAKEN} | {row[0] for row in NAMES}
    told = {number for number, tests in ANSWERED.items() if any(test.startswith(UPLOADS) for test in tests)}
    assert rows == told


def test_every_row_of_a_form_stands_where_the_catalogue_says() -> None:
    for rows, test in (
        (REFUSED_FORMS, "test_it_is_refused_in_a_sentence"),
        (TAKEN_FORMS, "test_it_is_taken"),
    ):
        told = {
            number
            for number, tests in FORMS_ANSWERED.items()
            if any(one.endswith(f"::{test}") for one in tests)
        }
        assert {row.id for row in rows} == told
