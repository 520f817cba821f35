"""The last look at an account before money: typed again blind, its owner asked from the bank."""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow.claims.models import BankAccount
from caseflow.errors import Invalid, NotFound
from caseflow.identifiers import ascii_digits
from caseflow.payments import steps
from caseflow.payments.models import AccountCheck
from caseflow.payments.rules import only
from caseflow.people.actor import Actor
from caseflow.registry import names

_NOTE_LENGTH = 10


def check_account(
    session: Session,
    account_id: int,
    *,
    by: Actor,
    account_number_again: str,
    holder_name_found: str,
    name_note: str,
    now: datetime,
) -> AccountCheck:
    """Compare and record; the claim is locked by the caller. All refusals come before anything is written.

    The second entry is blind: neither the screen nor the refusal shows the approved number.
    """
    person_id = only(by, "finance")
    account = session.get(BankAccount, account_id)
    if account is None:
        raise NotFound
    found, note = " ".join(holder_name_found.split()), name_note.strip()
    fields = {}
    if ascii_digits(account_number_again) != account.account_number:
        fields["account_number_again"] = (
            "Nomor rekening tidak sama dengan yang disetujui. Belum ada yang tersimpan. "
            "Ketik lagi dari buku tabungan; bila tetap berbeda, minta petugas klaim membatalkan persetujuannya."
        )
    match = names.compare(account.holder_name, found)
    fields |= _name_problems(match, found, note)
    if fields:
        raise Invalid(fields)
    check = AccountCheck(
        account_id=account.id,
        holder_name_found=found,
        name_match=match.kind,
        checked_at=now,
        checked_by_person_id=person_id,
        name_note=note,
    )
    steps.insert(session, check)
    return check


def _name_problems(match: names.NameMatch, found: str, note: str) -> dict[str, str]:
    if not found:
        return {"holder_name_found": "Isi nama pemilik rekening menurut bank."}
    if match.kind == "different":
        return {
            "holder_name_found": "Nama pemilik rekening di bank bukan nama penerima. "
            "Belum ada perintah bayar. Minta petugas klaim membatalkan persetujuannya."
        }
    if match.kind == "similar" and len(note) < _NOTE_LENGTH:
        return {
            "name_note": "Nama ditulis berbeda. Jelaskan mengapa ini orang yang sama, paling sedikit 10 huruf."
        }
    return {}
