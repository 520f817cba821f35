"""What the law and a decision read of a relative, and who may be paid. Asks the database nothing."""

from collections.abc import Sequence
from typing import Any, cast

from caseflow.claims.models import FamilyMember
from caseflow.errors import Invalid
from caseflow.law.heirs import HeirRanking
from caseflow.law.relatives import Relation, Relative
from caseflow.registry import names

SHORTEST_REASON = 10


def check_payee(
    found: HeirRanking, payee: FamilyMember, agreement: str, note: str, listed: Sequence[FamilyMember]
) -> None:
    """Refuse a payee whom the regulation, or the family's agreement, does not allow.

    :param listed: the whole recorded family.
    :raises Invalid: with what is missing; nothing is saved.
    """
    entitled = set(found.entitled)
    unsettled = [flag.sentence for flag in found.flags if flag.must_resolve]
    if unsettled and agreement != "court":
        raise Invalid(
            {
                "payee": f"{' '.join(unsettled)} Selesaikan dulu, atau pakai penetapan pengadilan. Belum tersimpan."
            }
        )
    if found.missing:
        raise Invalid({"payee": f"Belum bisa ditetapkan. Yang belum ada: {'; '.join(found.missing)}."})
    if found.no_heir:
        _check_burial(payee, agreement)
        return
    if str(payee.id) not in entitled:
        raise Invalid({"payee": f"{payee.full_name} tidak termasuk yang berhak. {found.sentence}"})
    if any(minor.ref == str(payee.id) for minor in found.minors) and (
        payee.guardian_name is None or agreement not in {"guardian", "court"}
    ):
        raise Invalid({"payee": f"{payee.full_name} belum dewasa. Catat walinya dan pilih “melalui wali”."})
    if agreement == "guardian":
        check_guardian(found, payee, listed)
    if len(entitled) > 1 and agreement == "sole_heir":
        raise Invalid(
            {"agreement": "Ada lebih dari satu ahli waris sekelompok; perlu persetujuan tertulis mereka."}
        )
    if agreement != "sole_heir" and len(note.strip()) < SHORTEST_REASON:
        raise Invalid({"note": "Tulis surat atau bukti persetujuannya, paling sedikit 10 huruf."})


def _check_burial(payee: FamilyMember, agreement: str) -> None:
    if not payee.arranged_burial:
        raise Invalid({"payee": "Tanpa ahli waris, hanya yang mengurus pemakaman dapat dibayar."})
    if agreement != "burial":
        raise Invalid({"agreement": "Pilih “mengurus pemakaman”; tidak ada ahli waris lain."})


def check_guardian(found: HeirRanking, payee: FamilyMember, listed: Sequence[FamilyMember]) -> None:
    """Refuse a guardian of somebody of age, and a surviving parent who is not the one on the list.

    :param listed: the whole recorded family.
    :raises Invalid: with what is wrong; nothing is saved.
    """
    minor = next((one for one in found.minors if one.ref == str(payee.id)), None)
    if minor is None:
        raise Invalid(
            {
                "agreement": f"{payee.full_name} sudah dewasa, jadi tidak dibayar melalui wali. Belum tersimpan."
            }
        )
    if payee.guardian_basis != "surviving_parent":
        return
    parent = next((one for one in listed if str(one.id) == minor.parent_ref), None)
    if parent is None:
        raise Invalid(
            {
                "payee": f"Orang tua {payee.full_name} yang masih hidup belum tercatat. Catat dulu, atau ubah dasar "
                "perwaliannya. Belum tersimpan."
            }
        )
    match = names.compare(payee.guardian_name or "", parent.full_name)
    if match.kind == "different":
        raise Invalid(
            {
                "payee": f"Wali sebagai orang tua yang masih hidup haruslah {parent.full_name}. {match.because} "
                "Belum tersimpan."
            }
        )


def account_owner(payee: FamilyMember, agreement: str) -> str:
    """Return in whose name the account has to be: the payee's, or the guardian's of a minor."""
    return payee.guardian_name if agreement == "guardian" and payee.guardian_name else payee.full_name


def relative_of(member: FamilyMember) -> Relative:
    """Return a relative in the law's own words."""
    return Relative(
        ref=str(member.id),
        name=member.full_name,
        relation=cast(Relation, member.relation),  # the table holds no other
        born_on=member.born_on,
        alive=member.alive,
        died_on=member.died_on,
        documented=member.documented,
        other_parent_ref=str(member.other_parent_id) if member.other_parent_id else None,
    )


def document_of(member: FamilyMember) -> dict[str, Any]:
    """Return what of a relative a decision rests on, as plain data."""
    return {
        "id": member.id,
        "full_name": member.full_name,
        "relation": member.relation,
        "born_on": member.born_on.isoformat() if member.born_on else None,
        "national_id_index": member.national_id_index,
        "alive": member.alive,
        "died_on": member.died_on.isoformat() if member.died_on else None,
        "documented": member.documented,
        "other_parent_id": member.other_parent_id,
        "guardian_name": member.guardian_name,
        "guardian_basis": member.guardian_basis,
        "arranged_burial": member.arranged_burial,
        "source": member.source,
    }
