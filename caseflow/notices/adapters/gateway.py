"""Posts a message to the one gateway that the settings name. No redirect is followed, no other host is spoken to.

``POST <CASEFLOW_GATEWAY_URL>`` with ``Authorization: Bearer …`` and ``Idempotency-Key``; the body is JSON with ``id``
(the same key), ``to`` (E.164), ``channel`` (``whatsapp`` or ``sms``) and ``text``. An answer of 2xx takes the message
over (``{"id": …}`` is its own number, if it has one); 429 and 5xx say that it was not taken; any other refuses it.
"""

import http.client
import json
from contextlib import suppress
from urllib.parse import urlsplit

from caseflow.notices.adapters.outcome import Letter, Outcome

_MOST_BYTES = 64 * 1024
_LONGEST_REFERENCE = 100
_TOO_MANY = 429
_GOOD = range(200, 300)
_ITS_FAULT = range(500, 600)


class Gateway:
    """One gateway for WhatsApp and SMS."""

    def __init__(self, url: str, token: str, seconds: int) -> None:
        self._url = urlsplit(url)
        self._token = token
        self._seconds = seconds

    def send(self, letter: Letter) -> Outcome:
        """Post a message. Once its bytes may have left, silence is ``unknown`` and never a reason to try again."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError:
            return Outcome("again", "Gateway tidak bisa dihubungi.")
        try:
            connection.request("POST", self._path(), self._body(letter), self._headers(letter))
            answer = connection.getresponse()
            body = answer.read(_MOST_BYTES)
        except (OSError, http.client.HTTPException):
            return Outcome("unknown", "Sambungan ke gateway terputus sebelum ada jawaban.")
        finally:
            connection.close()
        return _read(answer.status, body)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._seconds)
        return http.client.HTTPConnection(host, port, timeout=self._seconds)

    def _path(self) -> str:
        return (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")

    def _headers(self, letter: Letter) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": letter.key,
            "Accept": "application/json",
        }

    def _body(self, letter: Letter) -> bytes:
        content = {"id": letter.key, "to": letter.address, "channel": letter.channel, "text": letter.text}
        return json.dumps(content, ensure_ascii=False).encode()


def _read(status: int, body: bytes) -> Outcome:
    if status in _GOOD:
        return Outcome("sent", reference=_reference(body))
    if status == _TOO_MANY or status in _ITS_FAULT:
        return Outcome("again", f"Gateway sedang tidak menerima pesan (jawaban {status}).")
    return Outcome("refused", f"Gateway menolak pesan ini (jawaban {status}).")


def _reference(body: bytes) -> str | None:
    """Return the gateway's own number; it took the message over, whatever its answer looks like."""
    with suppress(ValueError, RecursionError):
        content = json.loads(body)
        if isinstance(content, dict) and isinstance(content.get("id"), str | int):
            return str(content["id"])[:_LONGEST_REFERENCE]
    return None
