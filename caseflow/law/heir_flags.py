"""What about the entitled heirs a person has to look at: minors, and what the order of heirs leaves open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseflow.formats import long_date
from caseflow.law.relatives import CHILDREN, RELATION_LABELS, SPOUSES, Relative, is_minor, living

FlagCode = Literal[
    "several_spouses",
    "widow_and_widower",
    "spouse_without_proof",
    "adopted_child_document",
    "will_not_notarial",
    "degrees_mixed",
    "agreement_needed",
    "minor_spouse",
    "died_after_worker",
    "death_date_unknown",
]


@dataclass(frozen=True, slots=True)
class Minor:
    """An entitled person too young to receive alone.

    :ivar acting: who acts: the surviving parent (by law, not yet verified [M]), or a guardian still to be appointed.
    :ivar parent_ref: that parent.
    """

    ref: str
    acting: Literal["surviving_parent", "guardian_needed"]
    parent_ref: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person has to look at.

    :ivar must_resolve: the law gives no answer or a decisive paper is missing; payment should wait.
    """

    code: FlagCode
    sentence: str
    must_resolve: bool
    refs: tuple[str, ...]


def find_minors(
    entitled: Sequence[Relative], people: Sequence[Relative], decided_on: date, minor_age: int
) -> Iterator[Minor]:
    """Yield the entitled who are too young to receive alone; a minor spouse is a flag instead."""
    for person in entitled:
        if person.relation in SPOUSES or not _is_young(person, decided_on, minor_age):
            continue
        parent = _acting_parent(person, people, decided_on, minor_age)
        if parent:
            sentence = (
                f"{person.name} belum {minor_age} tahun. {parent.name}, orang tua yang masih hidup, bertindak "
                "untuknya (belum terverifikasi)."
            )
            yield Minor(person.ref, "surviving_parent", parent.ref, sentence)
        else:
            sentence = (
                f"{person.name} belum {minor_age} tahun dan tidak tercatat orang tua yang dapat bertindak. "
                "Perlu wali dengan penetapan pengadilan."
            )
            yield Minor(person.ref, "guardian_needed", None, sentence)


def find_flags(
    entitled: Sequence[Relative],
    candidates: Sequence[Relative],
    *,
    died_on: date,
    decided_on: date,
    minor_age: int,
) -> Iterator[Flag]:
    """Yield what has to be looked at.

    :param candidates: everybody of the entitled group and of the groups before it, also the dead.
    """
    yield from _spouse_flags(living(entitled, SPOUSES), decided_on, minor_age)
    yield from _paper_flags(entitled)
    yield from _group_flags(entitled)
    yield from _late_death_flags(candidates, died_on)


def _spouse_flags(spouses: Sequence[Relative], decided_on: date, minor_age: int) -> Iterator[Flag]:
    refs = tuple(person.ref for person in spouses)
    if len({person.relation for person in spouses}) > 1:
        yield Flag(
            "widow_and_widower", "Tercatat istri dan juga suami. Periksa hubungan keluarganya.", True, refs
        )
    elif len(spouses) > 1:
        sentence = (
            f"Tercatat {len(spouses)} {RELATION_LABELS[spouses[0].relation]}. Aturan tidak menyebut siapa yang menerima. "
            "Perlu kesepakatan tertulis semua ahli waris, atau penetapan ahli waris dari pengadilan."
        )
        yield Flag("several_spouses", sentence, True, refs)
    for person in spouses:
        if person.documented is False:
            sentence = (
                f"Pernikahan {person.name} tidak terbukti dari buku nikah atau kartu keluarga. Aturan tentang nikah "
                "yang tidak tercatat belum ditemukan; tanpa bukti perlu penetapan pengadilan."
            )
            yield Flag("spouse_without_proof", sentence, True, (person.ref,))
        if _is_young(person, decided_on, minor_age):
            sentence = f"{person.name} belum {minor_age} tahun. Apakah ia menerima sendiri belum ditemukan aturannya."
            yield Flag("minor_spouse", sentence, True, (person.ref,))


def _paper_flags(entitled: Sequence[Relative]) -> Iterator[Flag]:
    for person in entitled:
        if person.documented is True:
            continue
        if person.relation == "adopted_child":
            sentence = f"{person.name} anak angkat. Perlu penetapan pengadilan atas pengangkatannya."
            yield Flag("adopted_child_document", sentence, True, (person.ref,))
        if person.relation == "appointee":
            sentence = f"Wasiat yang menunjuk {person.name} harus dibuat dengan akta notaris; akta itu belum diperiksa."
            yield Flag("will_not_notarial", sentence, True, (person.ref,))


def _group_flags(entitled: Sequence[Relative]) -> Iterator[Flag]:
    refs = tuple(person.ref for person in entitled)
    relations = {person.relation for person in entitled}
    if "parent" in relations and relations & {"grandparent", "grandchild"}:
        sentence = (
            "Aturan menyebut garis lurus sampai derajat kedua sebagai satu kelompok; orang tua tidak disebut lebih "
            "dahulu daripada kakek, nenek, atau cucu."
        )
        yield Flag("degrees_mixed", sentence, True, refs)
    if len(entitled) > 1:
        sentence = (
            f"Ada {len(entitled)} ahli waris dalam satu kelompok. Semua perlu menandatangani persetujuan yang menyebut "
            "satu penerima."
        )
        yield Flag("agreement_needed", sentence, False, refs)


def _late_death_flags(candidates: Sequence[Relative], died_on: date) -> Iterator[Flag]:
    for person in candidates:
        if person.alive is not False:
            continue
        label = RELATION_LABELS[person.relation]
        if person.died_on is None:
            sentence = f"Tanggal meninggal {person.name} ({label}) belum dicatat, sehingga belum jelas siapa lebih dahulu."
            yield Flag("death_date_unknown", sentence, False, (person.ref,))
        elif person.died_on >= died_on:
            sentence = (
                f"{person.name} ({label}) meninggal {long_date(person.died_on)}, tidak lebih dahulu daripada pekerja. "
                "Apakah haknya berpindah belum ditemukan aturannya, jadi petugas yang memutuskan."
            )
            yield Flag("died_after_worker", sentence, True, (person.ref,))


def _acting_parent(
    person: Relative, people: Sequence[Relative], decided_on: date, minor_age: int
) -> Relative | None:
    """Return the grown-up parent who is alive: the one recorded, or for a child of the worker the only spouse."""
    if person.other_parent_ref is not None:
        parents = [other for other in people if other.ref == person.other_parent_ref and other.alive is True]
    elif person.relation in CHILDREN:
        spouses = living(people, SPOUSES)
        parents = spouses if len(spouses) == 1 else []
    else:
        parents = []
    return next((parent for parent in parents if not _is_young(parent, decided_on, minor_age)), None)


def _is_young(person: Relative, on: date, minor_age: int) -> bool:
    return person.born_on is not None and is_minor(person.born_on, on, minor_age)
