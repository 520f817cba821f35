"""What was changed in the settings, in words: the section "Riwayat perubahan" of their pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from caseflow.audit.changes import Change
from caseflow.people.policy import policy

_DONE: Mapping[str, str] = MappingProxyType(
    {
        "calendar.holiday_added": "menambah hari libur",
        "calendar.holiday_removed": "menghapus hari libur",
        "calendar.due_dates_recomputed": "menghitung ulang batas waktu kasus",
        "region.opened": "menambah nagari",
        "region.renamed": "mengganti nama nagari",
        "region.closed": "menutup nagari",
        "region.alias_added": "menambah ejaan nagari",
        "region.alias_removed": "menghapus ejaan nagari",
        "jorong.added": "menambah jorong",
        "jorong.reopened": "membuka lagi jorong",
        "jorong.renamed": "mengganti nama jorong",
        "jorong.closed": "menutup jorong",
        "jorong.alias_added": "menambah ejaan jorong",
        "jorong.alias_removed": "menghapus ejaan jorong",
        "quota.added": "menetapkan kuota",
        "quota.changed": "mengubah kuota",
        "limit.added": "menambah batas",
        "rate.added": "menambah tarif",
        "staff.created": "membuat akun",
        "staff.closed": "menutup akun",
        "staff.proposed": "mengusulkan akun atau peran",
        "staff.proposal_accepted": "menyetujui usul",
        "staff.proposal_declined": "menolak usul",
        "staff.role_granted": "memberi peran",
        "staff.role_revoked": "mencabut peran",
        "staff.passphrase_renewed": "memberi frasa sandi sementara",
        "staff.passphrase_changed": "mengganti frasa sandi sendiri",
        "staff.second_factor_enrolled": "memasang kode masuk di HP",
        "staff.session_revoked": "menghentikan sesi",
        "staff.signed_in": "masuk",
        "staff.sign_in_refused": "gagal masuk",
        "staff.stepped_up": "memastikan diri sebelum langkah penting",
        "handover.done": "menyerahkan kasus",
    }
)


@dataclass(frozen=True)
class Line:
    """One change as it is read. ``about``: what was changed, and to what."""

    at: datetime
    actor: str
    done: str
    about: str


# put down with accounts, and no change
LOOKS = ("staff.signed_in", "staff.sign_in_refused", "staff.stepped_up")


def lines(changes: Sequence[Change], names: Mapping[str, str] = MappingProxyType({})) -> list[Line]:
    """Return the changes in words. ``names``: of persons by subject, and of regions by code."""
    return [Line(one.at, one.actor, _DONE.get(one.action, one.action), _about(one, names)) for one in changes]


def _about(change: Change, names: Mapping[str, str]) -> str:
    """Return what was changed, of whom or where."""
    said = [names.get(change.subject, ""), _what(change, names)]
    return ", ".join(one for one in said if one)


def _what(change: Change, names: Mapping[str, str]) -> str:
    details = change.details
    kind, _, key = change.subject.partition(":")
    part = change.action.partition(".")[0]
    if part == "quota":
        before = details.get("before") or {}
        was = f"dari {before['slots']} menjadi " if before else ""
        return f"{names.get(details['region'], details['region'])}: {was}{details['slots']} orang, dianggarkan {details['budgeted']}"
    if "role" in details:
        known = policy().roles.get(str(details["role"]))
        return known.label if known else str(details["role"])
    if part == "handover":
        return f"{details['cases']} kasus"
    if kind in {"region", "holiday"}:
        return names.get(key, key)
    if part in {"limit", "rate"}:
        return f"berlaku mulai {details['from']}"
    return ""
