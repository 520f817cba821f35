"""What trust.md d.1 can send through the form of a family's phone: what is read there, and what is left behind."""

import pytest
from sqlalchemy.orm import Session

from caseflow.documents.models import Document
from caseflow.documents.preview import preview_key, run_preview
from tests.files import samples
from tests.web.bad.door import House, Sender, digest, words_of
from tests.web.bad.rows import NAMES, REFUSED, TAKEN, Refused, Taken


def nothing_was_kept(house: House, sender: Sender, before: set[str]) -> bool:
    """No row, no object, no event of a paper that came."""
    left = house.left(sender)
    return (list(left.files), left.paper, list(left.events)) == (
        [],
        "missing",
        [],
    ) and house.objects() == before


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row.id} {row.what}")
def test_it_is_refused_at_both_doors(house: House, row: Refused) -> None:
    """The same words for the family and at the counter, the form again, and nothing kept."""
    for sender in (house.family(), house.counter()):
        before = house.objects()
        answer = sender.send(row.make(), row.name)
        assert (answer.status_code, row.says in words_of(answer)) == (row.status, True), words_of(answer)
        assert f'name="{sender.field}"' in answer.get_data(as_text=True)
        assert nothing_was_kept(house, sender, before)


@pytest.mark.parametrize("row", TAKEN, ids=lambda row: f"{row.id} {row.what}")
def test_it_is_taken(house: House, row: Taken) -> None:
    """The receipt names it, the original lies there byte for byte, and the officer gets a plain picture."""
    sender, content = house.family(), row.make()
    answer = sender.send(content, row.name, row.declared)
    said = words_of(answer)
    assert answer.status_code == 200
    assert f"Sudah diterima: {row.shown}" in said
    assert digest(content)[:8] in said
    assert row.hint in said
    (file,) = house.left(sender).files
    assert (file.status, file.media_type, file.sha256) == ("stored", row.media_type, digest(content))
    assert file.display_name == row.shown
    assert file.flags.replace("seen_elsewhere", "").strip() == row.flags  # the same sample lies in many cases
    with house.store.open(file.object_key) as body:
        assert body.read() == content
    picture = plain_picture(house, file)
    assert picture.startswith(b"\xff\xd8\xff")
    assert [hidden for hidden in row.gone if hidden in picture] == []


@pytest.mark.parametrize(("number", "raw", "shown"), NAMES, ids=[f"{row[0]} {row[2][:20]}" for row in NAMES])
def test_names_are_shown_clean_and_split_nothing(house: House, number: str, raw: bytes, shown: str) -> None:
    """The name goes where people read it, never into a key, and its header carries nothing else."""
    sender = house.family()
    answer = sender.send(samples.jpeg(), raw)
    assert answer.status_code == 200, words_of(answer)
    (file,) = house.left(sender).files
    assert file.display_name == shown
    assert len(file.object_key) == 32
    assert int(file.object_key, 16) >= 0
    with house.opened(sender, file) as opened:
        assert opened.headers["Content-Disposition"].isascii()
        assert "Set-Cookie" not in opened.headers
        assert opened.mimetype == "image/jpeg"


def plain_picture(house: House, file: Document) -> bytes:
    """Return the picture that an officer looks at."""
    with Session(house.engine) as session, session.begin():
        run_preview(session, house.store, file.id)
    with house.store.open(preview_key(file.object_key, 1)) as body:
        return body.read()
