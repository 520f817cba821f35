"""For practice: the message is written to the log, without the number that it would have gone to."""

import structlog

from caseflow.notices.adapters.outcome import Letter, Outcome

_log = structlog.get_logger("caseflow.notices")


class LogOnly:
    """Nothing leaves the house."""

    def send(self, letter: Letter) -> Outcome:
        """Write the message to the log."""
        _log.info("message_logged", key=letter.key, channel=letter.channel, text=letter.text)
        return Outcome("sent", reference="latihan")
