"""What stands around the answers of a visit is read strictly, and put on our clock."""

from datetime import timedelta
from typing import Any

import pytest

from caseflow import clock
from caseflow.errors import Invalid
from caseflow.monitoring import wire
from caseflow.monitoring.envelope import corrected, read_envelope
from tests.monitoring.visiting import made, photo

_VISIT = "bcdfghjkmnpq"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "gone"}, "outcome"),
        ({"outcome": ["met"]}, "outcome"),
        ({"consent": None}, "consent"),
        ({"consent": {"version": "x", "agreed": "yes", "said_by": "E"}}, "consent"),
        ({"answers": {"respondents": {"value": [], "base": 0}}}, "respondents"),
        ({"answers": {}}, "respondents"),
        ({"answers": []}, "answers"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": "2026-13-45T10:00:00+07:00"}, "started_at"),
        ({"started_at": "2026-11-20T10:00:00"}, "started_at"),
        ({"started_at": 1}, "started_at"),
        ({"finished_at": "2020-01-01T00:00:00+00:00"}, "finished_at"),
        ({"phone_now": None}, "phone_now"),
        ({"another_day_on": "2027-03-01"}, "another_day_on"),
        ({"visit": "../etc"}, "visit"),
        ({"extra": 1}, "visit"),
        ({"after": "x"}, "after"),
        ({"photos": {}}, "photos"),
        ({"photos": [photo(b"x", latitude=0, longitude=0)]}, "photos"),
        ({"photos": [photo(b"x", latitude=999, longitude=101.0)]}, "photos"),
        ({"photos": [photo(b"x", latitude=51.5, longitude=-0.1)]}, "photos"),
        ({"photos": [photo(b"x", latitude="-0.7", longitude="101")]}, "photos"),
        ({"photos": [photo(b"x", latitude=-0.7)]}, "photos"),
        ({"photos": [photo(b"x", size=2_000_001)]}, "photos"),
        ({"photos": [photo(b"x", size=0)]}, "photos"),
        ({"photos": [photo(b"x", sha256="0")]}, "photos"),
        ({"photos": [photo(b"x", shows="neighbour")]}, "photos"),
        ({"first": "ya"}, "first"),
        ({"photos": [photo(b"x"), photo(b"y")]}, "photos"),
        ({"photos": [photo(b"x", position) for position in range(1, 7)]}, "photos"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_part(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_envelope(made(_VISIT) | changes)
    assert field in refused.value.fields


@pytest.mark.parametrize("sequence", [None, 0, -1, "1", 1.0, True, 10**12])
def test_a_visit_of_a_phone_is_numbered(sequence: object) -> None:
    with pytest.raises(Invalid) as refused:
        read_envelope(made(_VISIT) | {"sequence": sequence})
    assert set(refused.value.fields) == {"sequence"}


def test_sending_again_is_the_same_visit() -> None:
    said = made(_VISIT)
    later = said | {"phone_now": "2026-12-01T00:00:00+00:00", "sequence": 9, "first": True, "after": None}
    assert read_envelope(said).digest == read_envelope(later).digest
    assert read_envelope(said).digest != read_envelope(said | {"outcome": "moved", "answers": {}}).digest


@pytest.mark.parametrize(
    "ahead", [timedelta(), timedelta(days=1), timedelta(days=-1), timedelta(days=-20_000)]
)
def test_a_wrong_clock_is_put_right(ahead: timedelta) -> None:
    now = clock.now()
    envelope = read_envelope(made(_VISIT, at=now - timedelta(hours=3), clock_ahead=ahead))
    times = corrected(envelope, now=now, earliest=now - timedelta(days=90))
    assert abs(times.started_at - (now - timedelta(hours=3))) < timedelta(seconds=5)
    assert times.finished_at - times.started_at == timedelta(minutes=9)
    assert times.not_before == times.started_at


@pytest.mark.parametrize("shift", [timedelta(days=2), timedelta(days=-200)])
def test_a_clock_that_contradicts_itself_proves_no_day(shift: timedelta) -> None:
    now, begin = clock.now(), clock.now() - timedelta(days=90)
    times = corrected(read_envelope(made(_VISIT, at=now + shift)), now=now, earliest=begin)
    assert begin <= times.started_at <= times.finished_at <= now
    assert times.not_before == begin


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'"x"', b"{", b'{"a": 1, "a": 2}', b'{"a": {"b": 1, "b": 1}}', b'{"a": 1e999}',
        b'{"a": -1e999}', b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe{}", b'{"a": "\xed\xa0\x80"}',
        b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}", b"[" * 200_000, b'{"a":' * 20_000, b'{"a": ' + b"9" * 6000 + b"}",
    ],
)  # fmt: skip
def test_json_that_could_be_read_in_two_ways_is_refused_whole(body: bytes) -> None:
    with pytest.raises(Invalid, match="rusak di jalan"):
        wire.read_object(body)


def test_the_digest_is_of_the_content_however_it_is_written() -> None:
    assert wire.digest_of({"a": 1, "b": ["x"]}) == wire.digest_of({"b": ["x"], "a": 1})
    assert wire.digest_of({"a": 1}) != wire.digest_of({"a": "1"})
