"""A browser of twenty lines for the real service: cookies, forms, nothing else."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping

from caseflow.training.people import PASSPHRASE
from tests.conftest import csrf_of


class PlainBrowser:
    """Keeps cookies and follows redirects, as a phone does."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page."""
        return self._open(urllib.request.Request(self.base + path))  # noqa: S310 - loopback

    def post(self, path: str, fields: Mapping[str, str], form_at: str | None = None) -> tuple[int, str]:
        """Send a form with the token of the page it stands on."""
        _, page = self.get(form_at or path)
        body = urllib.parse.urlencode({**fields, "csrf_token": csrf_of(page)}).encode()
        return self._open(urllib.request.Request(self.base + path, data=body))  # noqa: S310 - loopback

    def post_raw(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Send a form as it was read before, with its own token."""
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self.base + path, data=body))  # noqa: S310 - loopback

    def upload(self, path: str, name: str, content: bytes, *, key: str | None = None) -> tuple[int, str]:
        """Send one file as the plain form does."""
        _, page = self.get(path)
        head, body = multipart(
            {"csrf_token": csrf_of(page), "request_key": key or uuid.uuid4().hex}, "gallery", name, content
        )
        return self._open(urllib.request.Request(self.base + path, data=body, headers=head))  # noqa: S310

    def set_cookie(self, name: str, value: str) -> None:
        """Put a cookie into the jar, as if the service had given it."""
        self.jar.set_cookie(
            http.cookiejar.Cookie(
                0,
                name,
                value,
                None,
                False,
                "127.0.0.1",
                False,
                False,
                "/",
                True,
                False,
                None,
                True,
                None,
                None,
                {},
            )
        )

    def cookie_header(self) -> str:
        """Return the cookies as one header, for requests written by hand."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def sign_in(self, username: str) -> "PlainBrowser":
        """Sign in as one of the training staff."""
        status, page = self.post("/masuk", {"username": username, "passphrase": PASSPHRASE})
        assert status == 200, page
        return self

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")


def multipart(
    fields: Mapping[str, str], field: str, name: str, content: bytes
) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a form with one file."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
    )
    parts += [content, f"\r\n--{boundary}--\r\n".encode()]
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, b"".join(parts)
