"""What stands around the answers of a visit: when it was, how it ended, who agreed, which photos follow.

Pure. Times are as the phone told them; ``corrected`` puts them on our clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from caseflow import clock
from caseflow.errors import Invalid
from caseflow.monitoring import answers
from caseflow.monitoring.answers import Answers, Wrong, read_answers
from caseflow.monitoring.envelope_parts import (
    PUBLIC_ID,
    UUID,
    Agreed,
    Announced,
    matching,
    read_consent,
    read_instant,
    read_outcome,
    read_photos,
    read_why,
    read_yes_or_no,
)
from caseflow.monitoring.questions import LIVELIHOOD_FIELDS, WITHOUT_MEETING
from caseflow.monitoring.visit_models import MOST_MINUTES
from caseflow.monitoring.wire import digest_of

MOST_SEQUENCE = 1_000_000_000
_SKEW_THAT_COUNTS = timedelta(minutes=2)
_LONGEST_AHEAD = timedelta(days=366)
_LONGEST_VISIT = timedelta(minutes=MOST_MINUTES)
_KEYS = frozenset(
    {
        "visit", "sequence", "first", "after", "why", "started_at", "finished_at", "phone_now", "outcome", "another_day_on", "consent",
        "answers", "photos",
    }
)  # fmt: skip
# of the sending, not of the visit: they differ when the same visit is sent again
_OF_THE_SENDING = frozenset({"sequence", "first", "after", "phone_now"})
_UNKNOWN = "Ada isian yang tidak dikenal. Perbarui aplikasi, lalu kirim lagi."


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One visit as it was sent.

    :ivar first: nothing that its phone finished earlier waits there any more: numbers that are missing never come.
    :ivar why: why something is added to the visit ``after``; empty: a visit of its own.
    :ivar digest: of everything that is the visit's own; :ivar kept: what is stored of it, without words for the
        inspector.
    """

    visit: str
    sequence: int | None
    first: bool
    after: str | None
    why: str
    started_at: datetime
    finished_at: datetime
    phone_now: datetime | None
    outcome: str
    another_day_on: date | None
    consent: Agreed | None
    answers: Answers
    photos: tuple[Announced, ...]
    digest: str
    kept: Mapping[str, Any]


@dataclass(frozen=True)
class Times:
    """When a visit was, on our clock.

    :ivar skew_seconds: what was added to the phone's time. :ivar not_before: the earliest it can have been: the
        start, or the beginning of the plan where the clock contradicts itself. :ivar not_after: the latest: the start,
        or now.
    """

    started_at: datetime
    finished_at: datetime
    skew_seconds: int
    not_before: datetime
    not_after: datetime


def read_envelope(said: Mapping[str, Any], *, from_paper: bool = False) -> Envelope:
    """Read what a phone or the paper form says.

    :raises Invalid: a sentence for each part that cannot be used; nothing is kept.
    """
    problems: dict[str, str] = {}

    def part(name: str, reader: Callable[[Any], Any]) -> Any:
        try:
            return reader(said.get(name))
        except Wrong as wrong:
            problems[name] = str(wrong)
        except Invalid as refused:
            problems.update(refused.fields)
        return None

    if not set(said) <= _KEYS:
        problems["visit"] = _UNKNOWN
    found = {
        "visit": part("visit", lambda value: matching(value, PUBLIC_ID)),
        "sequence": None if from_paper else part("sequence", lambda n: answers.whole(n, 1, MOST_SEQUENCE)),
        "first": part("first", lambda value: False if value is None else read_yes_or_no(value)),
        "after": part("after", lambda value: None if value is None else matching(value, UUID)),
        "why": part("why", lambda value: "" if value is None else read_why(value)),
        "started_at": part("started_at", read_instant),
        "finished_at": part("finished_at", read_instant),
        "phone_now": None if from_paper else part("phone_now", read_instant),
        "outcome": part("outcome", read_outcome),
        "another_day_on": part("another_day_on", lambda value: None if value is None else answers.day(value)),
        "consent": part("consent", read_consent),
        "answers": part("answers", lambda value: read_answers({} if value is None else value)),
        "photos": part("photos", read_photos),
    }
    if problems:
        raise Invalid(problems)
    envelope = Envelope(
        **found,
        digest=digest_of({key: value for key, value in said.items() if key not in _OF_THE_SENDING}),
        kept=_without_levy_words(said),
    )
    _check_whole(envelope)
    return envelope


def corrected(envelope: Envelope, *, now: datetime, earliest: datetime) -> Times:
    """Put a visit on our clock: a phone that is wrong by a day shifts what it told by that day.

    :param earliest: before this nobody can have visited the family: when its plan began.
    """
    told = envelope.finished_at - envelope.started_at
    length = min(told, _LONGEST_VISIT)  # a form that was left open over night says nothing of the visit
    skew = timedelta() if envelope.phone_now is None else now - envelope.phone_now
    if abs(skew) <= _SKEW_THAT_COUNTS:
        skew = timedelta()
    started = envelope.started_at + skew
    finished = started + length
    sure = earliest <= started and started + told <= now + _SKEW_THAT_COUNTS
    if not sure:  # the clock was set in between: the visit lies between the plan's beginning and now
        started = min(max(started, earliest), now)
        finished = min(max(finished, started), now)
    finished = min(finished, now)
    started = min(started, finished)
    shift = round((started - envelope.started_at).total_seconds())
    if sure:
        return Times(started, finished, shift, started, started)
    return Times(started, finished, shift, min(earliest, started), now)


def require_in_time(envelope: Envelope, times: Times, livelihood_from_on: date) -> None:
    """Refuse days that cannot be: a next visit in the past, and livelihood before it may be asked about.

    :raises Invalid: with a sentence at each field.
    """
    made_on = clock.local(times.started_at).date()
    problems: dict[str, str] = {}
    fields = envelope.answers.fields
    if made_on < livelihood_from_on:
        problems.update(
            dict.fromkeys(
                [field for field in LIVELIHOOD_FIELDS if field in fields and fields[field].value is not None],
                "Soal usaha dan pemakaian uang baru boleh ditanyakan mulai hari ke-41. Kosongkan jawaban ini.",
            )
        )
    proposed = fields["next_due"].value if "next_due" in fields else None
    days = {
        "next_due": date.fromisoformat(proposed) if proposed else None,
        "another_day_on": envelope.another_day_on,
    }
    for field, on in days.items():
        if on is not None and not made_on < on <= made_on + _LONGEST_AHEAD:
            problems[field] = "Pilih hari sesudah kunjungan ini, paling lama setahun lagi."
    if problems:
        raise Invalid(problems)


def _check_whole(envelope: Envelope) -> None:
    """What holds a visit back: its outcome, who was met, and whether they agreed."""
    problems: dict[str, str] = {}
    if envelope.finished_at < envelope.started_at:
        problems["finished_at"] = "Kunjungan selesai sebelum mulai. Periksa jam HP, lalu isi lagi."
    fields = envelope.answers.fields
    if envelope.outcome == "met":
        was_told = bool(envelope.why) and "respondents" not in fields  # at the visit that is added to
        if not was_told and ("respondents" not in fields or not fields["respondents"].value):
            problems["respondents"] = "Tulis siapa yang ditemui, paling sedikit satu orang."
        if envelope.consent is None or not envelope.consent.agreed:
            problems["consent"] = "Bacakan persetujuan, lalu centang bila keluarga setuju."
        elif not envelope.consent.said_by:
            problems["consent"] = "Tulis siapa yang menyatakan setuju."
    else:
        said = [field for field in fields if field not in WITHOUT_MEETING]
        problems.update(
            dict.fromkeys(said, "Keluarga tidak dikunjungi, jadi jawaban ini tidak bisa disimpan. Kosongkan.")
        )
        if envelope.answers.levy_words or envelope.answers.received_in_full:
            problems["answers"] = "Keluarga tidak dikunjungi, jadi jawaban tidak bisa disimpan. Kosongkan."
        if any(photo.shows != "paper" for photo in envelope.photos):
            problems["photos"] = "Tanpa izin keluarga tidak ada foto. Hapus fotonya."
    if envelope.another_day_on is not None and envelope.outcome != "another_day":
        problems["another_day_on"] = "Hari lain hanya diisi bila keluarga minta lain waktu. Kosongkan."
    if problems:
        raise Invalid(problems)


def _without_levy_words(said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in said.items() if key != "photos"}
    if isinstance(said.get("answers"), dict):
        kept["answers"] = {key: value for key, value in said["answers"].items() if key != answers.LEVY_WORDS}
    return kept
