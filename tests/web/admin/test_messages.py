"""All messages as a phone shows them: for whoever answers for them, and read only."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from caseflow.notices.texts import texts

SignIn = Callable[[FlaskClient, str], None]


@pytest.mark.parametrize("username", ["dedi", "bram", "admin"])
def test_every_message_is_shown_both_ways(client: FlaskClient, sign_in: SignIn, username: str) -> None:
    sign_in(client, username)
    page = html.unescape(client.get("/admin/pesan").get_data(as_text=True))
    for text in texts().values():
        assert text.title in page
    counts = [int(found) for found in re.findall(r"SMS: ([0-9]+) dari 160", page)]
    assert len(counts) == len(texts())
    assert all(60 < count <= 160 for count in counts)
    assert page.count("Kata pengenal: gonjong padi.") == 2 * len(texts())
    assert "{" not in page.partition("<main")[2].partition("</main>")[0]


def test_nothing_there_can_be_changed(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "bram")
    main = client.get("/admin/pesan").get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    assert client.post("/admin/pesan").status_code == 405


def test_finance_has_no_need_of_it(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "nina")
    assert client.get("/admin/pesan").status_code == 403
