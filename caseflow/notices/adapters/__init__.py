"""The ways in which a message leaves by itself: one small interface, chosen by settings. By hand is no adapter.

An adapter never raises for what a network can do: it says what became of the message, or that nobody can say.
"""

from collections.abc import Mapping
from typing import Protocol

from caseflow.config import MessageSettings
from caseflow.notices.adapters.gateway import Gateway
from caseflow.notices.adapters.log import LogOnly
from caseflow.notices.adapters.outcome import Letter, Outcome

__all__ = ["Adapter", "Letter", "Outcome", "adapters_of"]


class Adapter(Protocol):
    """Something that takes a message off our hands."""

    def send(self, letter: Letter) -> Outcome:
        """Send a message once and say what is known of it."""
        ...


def adapters_of(settings: MessageSettings) -> Mapping[str, Adapter]:
    """Return the adapters that these settings use, by the name that a delivery carries."""
    found: dict[str, Adapter] = {}
    ways = {settings.whatsapp, settings.sms}
    if "gateway" in ways:
        found["gateway"] = Gateway(settings.gateway_url, settings.gateway_token, settings.gateway_seconds)
    if "log" in ways:
        found["log"] = LogOnly()
    return found
