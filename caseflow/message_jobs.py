"""Background work for messages: plan them, send what is due, remind, and hear where nobody has been told anything.

Jobs may run twice and on two workers at once; every message is planned, owed and taken once by the database.
"""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

import structlog
from procrastinate import App
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import paper_reminders, silence
from caseflow.config import Settings
from caseflow.errors import CaseflowError
from caseflow.notices import planning, sending
from caseflow.notices.adapters import Adapter, adapters_of
from caseflow.notices.adapters.mail import mail_of
from caseflow.notices.alarm import send_alarm
from caseflow.notices.times import may_leave
from caseflow.notices.words import Office, office_of
from caseflow.registry.queries import calendar

_log = structlog.get_logger("caseflow.messages")
_MOST_A_RUN = 500
_LONGEST_RUN = 30.0  # seconds; the next minute goes on
Sessions = Callable[[], Session]


def add_message_tasks(app: App, sessions: Sessions, settings: Settings) -> None:
    """Register the tasks; what is sent outside, and to whom, is said once in the log."""
    _log.info("outgoing_hosts", hosts=settings.messages.outgoing_hosts)
    _add_delivery(app, sessions, settings)
    _add_reminders(app, sessions)
    _add_silence(app, sessions, settings)


def _add_delivery(app: App, sessions: Sessions, settings: Settings) -> None:
    adapters, office = adapters_of(settings.messages), office_of(settings)

    @app.periodic(cron="* * * * *")
    @app.task(name="messages.deliver", queueing_lock="messages.deliver")
    def deliver(timestamp: int) -> None:
        """Plan new messages and send what is due."""
        planned = _each(
            sessions,
            planning.unplanned,
            lambda session, key: planning.plan(session, key, settings.messages, now=clock.now()),
        )
        with sessions() as session, session.begin():
            lost = sending.give_up_lost(session, now=clock.now())
        sent = _send_due(sessions, adapters, office)
        if planned or sent or lost:
            _log.info("messages", at=timestamp, planned=planned, taken=sent, lost=lost)


def _send_due(sessions: Sessions, adapters: Mapping[str, Adapter], office: Office) -> int:
    """Send what is due, until a gateway hangs or takes nothing: it must not keep the worker from other work."""
    taken, until = 0, monotonic() + _LONGEST_RUN
    while taken < _MOST_A_RUN and monotonic() < until:
        became = sending.send_next(sessions, adapters, office, now=clock.now())
        if not became:
            break
        taken += 1
        if became in ("unknown", "again"):
            break
    return taken


def _add_reminders(app: App, sessions: Sessions) -> None:
    @app.periodic(cron="*/15 * * * *")
    @app.task(name="messages.remind", queueing_lock="messages.remind")
    def remind(timestamp: int) -> None:
        """Owe the reminders of the day in its good hours, and drop those whose papers have come."""
        now = clock.now()
        owed = 0
        with sessions() as session, session.begin():
            good = may_leave(now, "reminder", calendar=calendar(session, clock.local(now).date()))
        if good:
            owed = _each(
                sessions,
                paper_reminders.waiting_cases,
                lambda session, key: paper_reminders.remind(session, key, now=now),
            )
        with sessions() as session, session.begin():
            dropped = sending.drop_overtaken(session)
        if owed or dropped:
            _log.info("papers_reminded", at=timestamp, owed=owed, dropped=dropped)


def _add_silence(app: App, sessions: Sessions, settings: Settings) -> None:
    def listen(session: Session, key: int) -> bool:
        return silence.listen(session, key, now=clock.now())

    @app.periodic(cron="*/15 * * * *")
    @app.task(name="messages.listen", queueing_lock="messages.listen")
    def listen_to_moved(timestamp: int) -> None:
        """Work out the silence of cases that moved."""
        _each(sessions, silence.stale_cases, listen)

    @app.periodic(cron="50 17 * * *")
    @app.task(name="messages.listen_all", queueing_lock="messages.listen_all")
    def listen_to_all(timestamp: int) -> None:
        """Work out every silence again after midnight: holidays may have been added."""
        silent = _each(sessions, silence.open_cases, listen)
        _log.info("families_silent", at=timestamp, count=silent)

    @app.periodic(cron="30 1 * * 1-5")
    @app.task(name="messages.alarm", queueing_lock="messages.alarm")
    def write_to_the_head(timestamp: int) -> None:
        """Tell the branch by e-mail, at half past eight, which silences have become its head's."""
        mail, to = mail_of(settings.messages), settings.messages.alarm_to
        if mail is None or not to:
            return
        with sessions() as session, session.begin():
            silent = silence.silent_families(session, settings.branch_code, today=clock.today())
        outcome = send_alarm(mail, silent, to=to, base_url=settings.base_url)
        if outcome is not None:
            _log.info("alarm_sent", at=timestamp, became=outcome.became, count=len(silent))


def _each(
    sessions: Sessions, keys_of: Callable[[Session], Sequence[int]], work: Callable[[Session, int], bool]
) -> int:
    """Do the work one by one, each in its transaction; one that cannot be done now leaves the others alone."""
    with sessions() as session, session.begin():
        keys = keys_of(session)
    done = 0
    for key in keys:
        try:
            with sessions() as session, session.begin():
                done += work(session, key)
        except (CaseflowError, DBAPIError) as refusal:
            _log.info("left_for_another_time", key=key, because=type(refusal).__name__)
    return done
