"""The people who were accepted, in the columns in which BPJS Ketenagakerjaan registers participants (formulir 1a family).

The present layout for BPU is not verified: page and sheet say so. Not here: the numbers that come back (``imports``).
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from caseflow.audit.operations import record
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import Nominee
from caseflow.sheets import Cell, write_xlsx

UNVERIFIED = (
    "[verify] tata letak BPU terbaru: cocokkan kolomnya dengan formulir BPJS Ketenagakerjaan yang berlaku."
)
_PERMISSION = "worker.enrol"
_PAGE = 500
_COLUMNS = (
    "No", "NIK", "Nama lengkap", "Tempat lahir", "Tanggal lahir", "Jenis kelamin", "Nomor KK", "Nama ibu kandung",
    "Alamat", "Jorong", "Nagari", "Kecamatan", "Nomor HP", "Pekerjaan", "Program", "Mulai", "Sampai",
)  # fmt: skip
_NOTES = (
    UNVERIFIED,
    "Isi: orang yang usulannya sudah diterima dan belum mempunyai nomor peserta.",
    "Program: JKK dan JKM. Mulai dan Sampai: masa kuota yang membayar iurannya.",
    "Sesudah terdaftar, isi format Nomor peserta (NIK, nomor peserta, tanggal daftar), lalu unggah kembali.",
)


def waiting_for_number(session: Session, *, by: Actor) -> int:
    """Return how many accepted people in somebody's reach have no participant number yet."""
    found = select(func.count()).where(
        Nominee.state == "accepted", reach.within(Nominee.region_code, by, _PERMISSION)
    )
    return int(session.execute(found).scalar_one())


def write_registration(session: Session, target: BinaryIO, *, by: Actor) -> None:
    """Write everybody who was accepted and waits for a number, and put down that the list was taken."""
    write_xlsx(target, _COLUMNS, _rows(session, by), sheet="Pendaftaran", notes=_NOTES)
    record(
        session, "registry.registration_exported", by=by, details={"rows": waiting_for_number(session, by=by)}
    )


def _rows(session: Session, by: Actor) -> Iterator[Sequence[Cell]]:
    district = aliased(Region)
    last = number = 0
    while page := session.execute(
        select(Nominee, Region.name, district.name)
        .join(Region, Region.code == Nominee.region_code)
        .outerjoin(district, district.code == Region.parent_code)
        .where(
            Nominee.state == "accepted", reach.within(Nominee.region_code, by, _PERMISSION), Nominee.id > last
        )
        .order_by(Nominee.id)
        .limit(_PAGE)
    ).all():  # fmt: skip
        for who, nagari, kecamatan in page:
            number += 1
            yield (
                number, who.national_id, who.full_name, who.birth_place, who.born_on,
                "P" if who.sex == "f" else "L", who.family_card_number or "", who.mothers_name, who.address,
                who.jorong, nagari, kecamatan or "", who.phone or "", who.occupation, "JKK, JKM", who.starts_on,
                who.ends_on,
            )  # fmt: skip
            last = who.id
