"""Consent to the use of data: the texts that were ever shown, who agreed to which, and taking it back.

Not here: what the law lets us keep without consent; taking back deletes nothing by itself, an officer answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock, yaml_strict
from caseflow.audit.operations import record
from caseflow.claims.family_models import Consent, FamilyRequest
from caseflow.claims.models import Claim, Report
from caseflow.claims.states import lock
from caseflow.config import ROOT
from caseflow.errors import CaseflowError, NotFound, NotPossible
from caseflow.people import mandates
from caseflow.people.actor import Actor
from caseflow.workflow.entries import Entry

FILE = ROOT / "workflows" / "consent.yaml"
_KEYS = ("version", "since", "agree", "text")
_MOST_WORDS = 15
_GIVEN_AGAIN = "Persetujuan sudah diberikan lagi. Pengurusan berjalan seperti biasa."


class ConsentRefused(CaseflowError):
    """``consent.yaml`` cannot be used; one sentence for each problem."""


@dataclass(frozen=True)
class ConsentText:
    """One version of what people agree to.

    :ivar since: first day on which it is shown; :ivar agree: words of the tick; :ivar text: its sentences.
    """

    version: str
    since: date
    agree: str
    text: tuple[str, ...]


@cache
def texts() -> Sequence[ConsentText]:
    """Return every version that was ever shown, oldest first."""
    return read(FILE)


def text_on(day: date) -> ConsentText:
    """Return the version shown on a day; before the first one, the first."""
    return next((one for one in reversed(texts()) if one.since <= day), texts()[0])


def get_text(version: str) -> ConsentText:
    """Return a version by name.

    :raises NotFound: no such version was ever shown.
    """
    found = next((one for one in texts() if one.version == version), None)
    if found is None:
        raise NotFound("Tulisan persetujuan versi ini tidak ditemukan.")
    return found


def give_with_report(
    session: Session, casefile_id: int, said_by: str, *, by: Actor, now: datetime, note: str = ""
) -> str:
    """Write down the consent that came with a report; return the version of the text that was read."""
    version = text_on(clock.local(now).date()).version
    _write(
        session,
        Consent(casefile_id=casefile_id, version=version, given=True, said_by=said_by, at=now, note=note),
        by=by,
    )
    return version


def carry_over(session: Session, origin: Claim, report: Report, *, by: Actor) -> None:
    """Write down for a case that grew out of another what was last said of consent there, and by whom."""
    said = next(iter(history(session, origin.id)), None)
    consent = Consent(
        casefile_id=report.casefile_id,
        version=said.version if said else report.consent_version,
        given=said.given if said else True,
        said_by=said.said_by if said else report.reporter_name,
        at=said.at if said else report.reported_at,
        note="dari kasus asal",
    )
    _write(session, consent, by=by)


def history(session: Session, casefile_id: int) -> Sequence[Consent]:
    """Return what was said about consent, newest first."""
    return session.scalars(
        select(Consent).where(Consent.casefile_id == casefile_id).order_by(Consent.id.desc())
    ).all()


def taken_back(session: Session, casefile_id: int) -> Consent | None:
    """Return the word by which consent was taken back, if that is the last one."""
    last = session.scalar(
        select(Consent).where(Consent.casefile_id == casefile_id).order_by(Consent.id.desc()).limit(1)
    )
    return last if last is not None and not last.given else None


def take_back(session: Session, claim: Claim, *, by: Actor, now: datetime) -> None:
    """Take consent back and ask an officer to call. Nothing is deleted, and the case stays where it is.

    :raises NotPermitted: a helper. :raises NotPossible: it was taken back before.
    """
    mandates.require_family(by)
    lock(session, claim)
    if taken_back(session, claim.id) is not None:
        raise NotPossible("Persetujuan sudah ditarik. Tidak ada yang berubah; petugas menelepon Ibu/Bapak.")
    version = text_on(clock.local(now).date()).version
    _write(
        session, Consent(casefile_id=claim.id, version=version, given=False, said_by=by.name, at=now), by=by
    )
    session.add(
        FamilyRequest(
            casefile_id=claim.id,
            kind="withdraw",
            asked_by=by.name,
            asked_at=now,
            words="Persetujuan pemakaian data ditarik.",
            device_id=by.device_id,
        )
    )
    record(session, "consent.taken_back", by=by, casefile_id=claim.id, subject=claim.number)


def give_again(session: Session, claim: Claim, *, by: Actor, now: datetime) -> None:
    """Give consent again, to today's text; what was asked of an officer is answered with it.

    :raises NotPermitted: a helper. :raises NotPossible: it was not taken back.
    """
    mandates.require_family(by)
    lock(session, claim)
    if taken_back(session, claim.id) is None:
        raise NotPossible("Persetujuan masih berlaku. Tidak ada yang berubah.")
    version = text_on(clock.local(now).date()).version
    _write(
        session, Consent(casefile_id=claim.id, version=version, given=True, said_by=by.name, at=now), by=by
    )
    session.execute(
        update(FamilyRequest)
        .where(
            FamilyRequest.casefile_id == claim.id,
            FamilyRequest.kind == "withdraw",
            FamilyRequest.answered_at.is_(None),
        )
        .values(answered_at=now, answer=_GIVEN_AGAIN)
        .execution_options(synchronize_session=False)
    )
    record(session, "consent.given_again", by=by, casefile_id=claim.id, subject=claim.number)


def read(path: Path) -> Sequence[ConsentText]:
    """Read and check a file of consent texts.

    :raises ConsentRefused: naming every entry that is wrong. :raises YamlRefused: not strict YAML.
    """
    problems: list[str] = []
    top = yaml_strict.load(path)
    listed = top.get("versions") if isinstance(top, dict) and set(top) == {"versions"} else None
    if not isinstance(listed, list) or not listed:
        raise ConsentRefused(
            f"{path.name}: harus berisi satu kunci 'versions' dengan paling sedikit satu versi."
        )
    found = [
        _text(content, f"{path.name}, versi ke-{place}", problems)
        for place, content in enumerate(listed, start=1)
    ]
    names = [one.version for one in found]
    problems += [
        f"{path.name}: versi '{name}' tertulis dua kali." for name in {*names} if names.count(name) > 1
    ]
    days = [one.since for one in found]
    if days != sorted(set(days)):
        problems.append(f"{path.name}: setiap versi harus mulai sesudah versi di atasnya.")
    if problems:
        raise ConsentRefused("\n".join(problems))
    return tuple(found)


def _text(content: object, where: str, problems: list[str]) -> ConsentText:
    entry = Entry(content if isinstance(content, dict) else {}, where, problems)
    entry.only(_KEYS, _KEYS)
    since, sentences = entry.content.get("since"), entry.content.get("text")
    if not isinstance(since, date):
        entry.problem("harus hari seperti 2026-11-20.", "since")
    if not isinstance(sentences, list) or not sentences or not all(isinstance(one, str) for one in sentences):
        entry.problem("harus daftar kalimat di antara tanda kutip.", "text")
        sentences = []
    for sentence in sentences:
        if len(str(sentence).split()) > _MOST_WORDS:
            entry.problem(f'"{sentence}" lebih panjang dari {_MOST_WORDS} kata.', "text")
    return ConsentText(
        version=entry.text("version"),
        since=since if isinstance(since, date) else date.max,
        agree=entry.text("agree"),
        text=tuple(str(one) for one in sentences),
    )


def _write(session: Session, consent: Consent, *, by: Actor) -> None:
    consent.device_id, consent.user_id = by.device_id, by.user_id
    session.add(consent)
