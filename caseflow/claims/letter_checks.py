"""Whether a letter is the nagari's own: asked by number, answered by the nagari, settled by a second person.

A letter that the nagari does not know stops the payment, never the family's report. Committed by the door.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.claims.letter_check_models import (
    KINDS,
    VERDICTS,
    LetterAnswer,
    LetterCheck,
    LetterProof,
    LetterProofWord,
)
from caseflow.claims.letter_check_queries import Check, checks_of
from caseflow.claims.models import Claim
from caseflow.claims.opening import is_nagari
from caseflow.claims.states import PREPARING, REVIEWING, lock, require_state
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry
from caseflow.registry import reach

ANSWER_DAYS = 3  # working days, our own promise between offices
SHORTEST = 10
_LONGEST_NUMBER = 80
_OPEN = REVIEWING | PREPARING


def ask(
    session: Session,
    claim: Claim,
    *,
    kind: str,
    letter_number: str,
    issued_on: date | None,
    region_code: str,
    by: Actor,
    now: datetime,
) -> LetterCheck:
    """Ask the issuing nagari about a letter; it has three working days.

    :raises Invalid: no such kind or nagari, no number, a day after today.
    :raises NotPossible: the same letter is being asked about.
    """
    policy.require(by, "letter_check.ask")
    today, number = clock.local(now).date(), " ".join(letter_number.split())
    problems = {}
    if kind not in KINDS:
        problems["kind"] = "Pilih jenis suratnya. Belum ada yang terkirim."
    if not 1 <= len(number) <= _LONGEST_NUMBER:
        problems["letter_number"] = "Tulis nomor surat, paling banyak 80 huruf. Belum ada yang terkirim."
    if issued_on is None or issued_on > today:
        problems["issued_on"] = "Tulis tanggal surat, tidak setelah hari ini. Belum ada yang terkirim."
    if not is_nagari(session, region_code):
        problems["region_code"] = "Pilih nagari yang menerbitkan surat. Belum ada yang terkirim."
    if problems or issued_on is None:
        raise Invalid(problems)
    require_state(session, claim, _OPEN)
    same = (kind, number.casefold(), region_code)
    if any(
        one.verdict is None and (one.kind, one.letter_number.casefold(), one.region_code) == same
        for one in checks_of(session, claim.id)
    ):
        raise NotPossible("Surat ini sudah ditanyakan dan menunggu jawaban nagari. Tidak ada yang terkirim.")
    check = LetterCheck(
        public_id=identifiers.public_id(),
        casefile_id=claim.id,
        kind=kind,
        letter_number=number,
        issued_on=issued_on,
        region_code=region_code,
        due_on=registry.calendar(session, today).add(today, ANSWER_DAYS),
        asked_at=now,
        asked_by_person_id=by.person_id or 0,
    )
    session.add(check)
    session.flush()
    _audit(session, check, "claim.letter_asked", by, kind=kind)
    return check


def answer(
    session: Session, public_id: str, verdict: str, note: str, *, by: Actor, now: datetime
) -> LetterAnswer:
    """Say for the nagari whether a letter is its own.

    :raises NotFound: not asked of this nagari. :raises NotPossible: answered already.
    :raises Invalid: no word, or it does not say what differs.
    """
    policy.require(by, "letter_check.answer")
    check = session.scalar(
        select(LetterCheck).where(
            LetterCheck.public_id == public_id,
            reach.within(LetterCheck.region_code, by, "letter_check.answer"),
        )
    )
    if check is None:
        raise NotFound("Pertanyaan ini tidak ditemukan di nagari Anda. Tidak ada yang berubah.")
    lock(session, session.get_one(Claim, check.casefile_id))
    if session.get(LetterAnswer, check.id) is not None:
        raise NotPossible("Pertanyaan ini sudah dijawab nagari. Tidak ada yang berubah.")
    plain = " ".join(note.split())
    problems = {}
    if verdict not in VERDICTS:
        problems["verdict"] = "Pilih jawabannya. Belum ada yang tersimpan."
    elif verdict != "matches" and len(plain) < SHORTEST:
        problems["note"] = "Tulis apa yang berbeda, paling sedikit 10 huruf. Belum ada yang tersimpan."
    if problems:
        raise Invalid(problems)
    word = LetterAnswer(
        check_id=check.id,
        verdict=verdict,
        note=plain,
        answered_at=now,
        answered_by_person_id=by.person_id or 0,
    )
    session.add(word)
    session.flush()
    _audit(session, check, "claim.letter_answered", by, verdict=verdict)
    return word


def propose_proof(
    session: Session, claim: Claim, check_id: int, reason: str, *, by: Actor, now: datetime
) -> LetterProof:
    """Name what proves the same although the nagari's word is against the letter; a second person decides.

    :raises Invalid: no reason. :raises NotPossible: nothing stands against it, or a proof is waiting.
    """
    policy.require(by, "letter_check.ask")
    if len(reason.strip()) < SHORTEST:
        raise Invalid({"reason": "Tulis bukti lain itu, paling sedikit 10 huruf. Belum ada yang tersimpan."})
    require_state(session, claim, _OPEN)
    check = _check(session, claim, check_id)
    if check.verdict in {None, "matches"} or check.proof_verdict == "confirmed":
        raise NotPossible("Surat ini tidak perlu bukti lain. Tidak ada yang berubah.")
    if check.proof_id is not None and check.proof_verdict is None:
        raise NotPossible("Bukti lain sudah diusulkan dan menunggu pejabat kedua. Tidak ada yang berubah.")
    proof = LetterProof(
        check_id=check_id, reason=reason.strip(), proposed_at=now, proposed_by_person_id=by.person_id or 0
    )
    session.add(proof)
    session.flush()
    details = {"check": check_id, "proof": proof.id}
    record(session, "claim.letter_proof_proposed", by=by, casefile_id=claim.id, details=details)
    return proof


def settle_proof(
    session: Session, claim: Claim, proof_id: int, verdict: str, note: str, *, by: Actor, now: datetime
) -> LetterProofWord:
    """Confirm or refuse a proof that somebody else proposed, with a note.

    :raises NotPermitted: one's own. :raises NotPossible: answered already. :raises Invalid: no word, or no note.
    """
    policy.require(by, "letter_check.settle")
    problems = {}
    if verdict not in {"confirmed", "refused"}:
        problems["verdict"] = "Pilih setuju atau tolak. Belum ada yang tersimpan."
    if len(note.strip()) < SHORTEST:
        problems["note"] = "Tulis alasan Anda, paling sedikit 10 huruf. Belum ada yang tersimpan."
    if problems:
        raise Invalid(problems)
    require_state(session, claim, _OPEN)
    proof = session.get(LetterProof, proof_id)
    if proof is None or all(one.id != proof.check_id for one in checks_of(session, claim.id)):
        raise NotFound("Usul bukti ini tidak ada pada kasus ini.")
    if by.person_id in {None, proof.proposed_by_person_id}:
        raise NotPermitted("Bukti lain diputuskan orang lain, bukan pengusulnya. Tidak ada yang berubah.")
    if session.get(LetterProofWord, proof_id) is not None:
        raise NotPossible("Usul bukti ini sudah dijawab. Tidak ada yang berubah.")
    word = LetterProofWord(
        proof_id=proof.id,
        proposed_by_person_id=proof.proposed_by_person_id,
        verdict=verdict,
        note=note.strip(),
        said_at=now,
        said_by_person_id=by.person_id,
    )
    session.add(word)
    session.flush()
    details = {"check": proof.check_id, "proof": proof.id, "verdict": verdict}
    record(session, "claim.letter_proof_settled", by=by, casefile_id=claim.id, details=details)
    return word


def _check(session: Session, claim: Claim, check_id: int) -> Check:
    found = next((one for one in checks_of(session, claim.id) if one.id == check_id), None)
    if found is None:
        raise NotFound("Pertanyaan ini tidak ada pada kasus ini.")
    return found


def _audit(session: Session, check: LetterCheck, action: str, by: Actor, **details: str) -> None:
    record(
        session,
        action,
        by=by,
        casefile_id=check.casefile_id,
        details={"check": check.id, **details},
    )
