"""E-mail to the branch and to the leaders named in the settings, over the one server that the settings name; always encrypted, unless it is this machine."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

from caseflow.config import MessageSettings
from caseflow.notices.adapters.outcome import Outcome

_SECONDS = 20
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_FOR_EVER = range(500, 600)


class Mail:
    """One mail server."""

    def __init__(self, url: str, password: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._password = password
        self._sender = sender

    def send(self, to: str, subject: str, body: str, *, pdf: tuple[str, bytes] | None = None) -> Outcome:
        """Send one letter. Once it is under way, a cut line is ``unknown`` and never a reason to send it again.

        :param pdf: name and bytes of what is attached.
        """
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._sender, to, subject
        letter["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        letter.set_content(body)
        if pdf is not None:
            name, content = pdf
            letter.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException):
            return Outcome("again", "Server surat tidak bisa dihubungi.")
        try:
            with server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            return _refusal(max(code for code, _ in refused.recipients.values()))
        except smtplib.SMTPResponseException as refused:
            return _refusal(refused.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Outcome("unknown", "Sambungan ke server surat terputus sebelum ada jawaban.")
        return Outcome("sent", reference=letter["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or 0
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=_SECONDS)
            if host not in _LOOPBACK:
                server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), self._password)
        return server


def mail_of(settings: MessageSettings) -> Mail | None:
    """Return the mail server of these settings, if there is one."""
    return Mail(settings.mail_url, settings.mail_password, settings.mail_from) if settings.mail_url else None


def _refusal(code: int) -> Outcome:
    if code in _FOR_EVER:
        return Outcome("refused", f"Server surat menolak surat ini (jawaban {code}).")
    return Outcome("again", f"Server surat sedang tidak menerima surat (jawaban {code}).")
