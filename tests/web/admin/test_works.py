"""Works are announced by an admin, read by everybody, and taken back."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.conftest import csrf_of

SignIn = Callable[[FlaskClient, str], None]
_WORDS = "Formulir laporan tidak dapat dibuka sebentar."


def _send(client: FlaskClient, **changes: str) -> tuple[int, str]:
    page = client.get("/admin/pekerjaan").get_data(as_text=True)
    key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert key is not None
    form = {
        "csrf_token": csrf_of(page), "request_key": key.group(1), "words": _WORDS,
        "starts_on-day": "22", "starts_on-month": "11", "starts_on-year": "2026", "starts_time": "19.30",
        "ends_on-day": "22", "ends_on-month": "11", "ends_on-year": "2026", "ends_time": "21.00", **changes,
    }  # fmt: skip
    answer = client.post("/admin/pekerjaan", data=form, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_announced_read_and_taken_back(client: FlaskClient, sign_in: SignIn) -> None:
    """Everybody reads it with both hours; taken back, nobody does."""
    sign_in(client, "admin")
    status, page = _send(client)
    assert status == 200
    assert "Pengumuman disimpan" in page
    public = client.get("/layanan").get_data(as_text=True)
    assert f"22 Nov 2026 pukul 19.30 WIB sampai 22 Nov 2026 pukul 21.00 WIB: {_WORDS}" in public
    action = re.search(r'action="(/admin/pekerjaan/[^"]+/cabut)"', page)
    key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert action is not None
    assert key is not None
    client.post(action.group(1), data={"csrf_token": csrf_of(page), "request_key": key.group(1)})
    assert _WORDS not in client.get("/layanan").get_data(as_text=True)


def test_what_cannot_be_is_refused_in_words(client: FlaskClient, sign_in: SignIn) -> None:
    """An end before the beginning, an hour that is none, too few words."""
    sign_in(client, "admin")
    for changes, sentence in (
        ({"ends_time": "18.00"}, "Selesai harus sesudah mulai"),
        ({"starts_time": "25.00"}, "Tulis jam seperti 19.30"),
        ({"words": "putus"}, "10 sampai 300 huruf"),
    ):
        status, page = _send(client, **changes)
        assert status == 422
        assert sentence in page
