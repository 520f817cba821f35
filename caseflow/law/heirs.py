"""Who may receive: the order of heirs of PP 44/2015 Pasal 40 ayat (2) and 37 ayat (5), and what has to be settled by people.

The order is that of social security. Shares under adat, faraid or civil law are another matter and are not judged here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from caseflow.formats import long_date
from caseflow.law.heir_flags import Flag, Minor, find_flags, find_minors
from caseflow.law.lateness import Program
from caseflow.law.numbers import NumberBook
from caseflow.law.relatives import CHILDREN, RELATION_LABELS, Relation, living
from caseflow.law.relatives import Relative as Relative

Rank = Literal["spouse_or_child", "blood_line", "sibling", "parent_in_law", "appointee", "none"]


class _Group(NamedTuple):
    rank: Rank
    relations: frozenset[Relation]
    clause: str
    words: str


_ORDER: tuple[_Group, ...] = (
    _Group(
        "spouse_or_child",
        frozenset({"widow", "widower", "child", "adopted_child"}),
        "huruf a",
        "janda, duda, atau anak",
    ),
    _Group(
        "blood_line",
        frozenset({"parent", "grandparent", "grandchild"}),
        "huruf b angka 1",
        "orang tua, kakek/nenek, atau cucu",
    ),
    _Group("sibling", frozenset({"sibling"}), "huruf b angka 2", "saudara kandung"),
    _Group("parent_in_law", frozenset({"parent_in_law"}), "huruf b angka 3", "mertua"),
    _Group("appointee", frozenset({"appointee"}), "huruf b angka 4", "orang yang ditunjuk dalam wasiat"),
)

_AGE_MATTERS: frozenset[Relation] = frozenset({"child", "adopted_child", "grandchild", "sibling"})
_ARTICLES: Mapping[Program, str] = MappingProxyType(
    {"jkm": "PP 44/2015 Pasal 40 ayat (2)", "jkk": "PP 44/2015 Pasal 37 ayat (5)"}
)


@dataclass(frozen=True, slots=True)
class NotEntitled:
    """A recorded person who does not receive, with the reason in kind words."""

    ref: str
    sentence: str


@dataclass(frozen=True, slots=True)
class HeirRanking:
    """The group that receives, and what is still open about it.

    :ivar entitled: refs of everybody in that group, living; all are recorded, they agree on the payee in writing.
    :ivar sentence: the rule in one sentence, without names.
    :ivar missing: facts without which the ranking may not be used, as an officer would call them.
    :ivar children: living children of the worker (for the scholarship outlook).
    :ivar no_heir: nobody in any group; funeral cost to whoever arranged the burial, the rest to Dana Jaminan Sosial.
    """

    died_on: date
    rank: Rank
    entitled: tuple[str, ...]
    sentence: str
    minors: tuple[Minor, ...]
    flags: tuple[Flag, ...]
    others: tuple[NotEntitled, ...]
    missing: tuple[str, ...]
    children: tuple[Relative, ...]
    no_heir: bool
    article: str = _ARTICLES["jkm"]


def rank_heirs(
    relatives: Iterable[Relative],
    *,
    died_on: date,
    decided_on: date,
    list_is_complete: bool,
    book: NumberBook,
    program: Program = "jkm",
) -> HeirRanking:
    """Find the entitled group for a worker who died on ``died_on``.

    :param decided_on: day of the decision; who is a minor is judged on it.
    :param list_is_complete: the officer has established (heir certificate) that nobody nearer exists. Without it any
        group but the first is only provisional, and the ranking names it as missing.
    :param program: whose article the sentences cite; the order is the same.
    :raises ValueError: two relatives share a ref.
    :raises NoNumber: no age of majority is recorded for ``decided_on``.
    """
    people = sorted(
        relatives, key=lambda person: (_position(person.relation), person.born_on or date.max, person.ref)
    )
    if len({person.ref for person in people}) != len(people):
        raise ValueError("two relatives share a ref")
    group = next((group for group in _ORDER if living(people, group.relations)), None)
    entitled = living(people, group.relations) if group else []
    place = _ORDER.index(group) if group else len(_ORDER) - 1
    candidates = [person for person in people if _position(person.relation) <= place]
    minor_age = book.on("minor_age", decided_on).value
    return HeirRanking(
        died_on=died_on,
        rank=group.rank if group else "none",
        entitled=tuple(person.ref for person in entitled),
        sentence=_sentence(group, entitled, program),
        minors=tuple(find_minors(entitled, people, decided_on, minor_age)),
        flags=tuple(
            find_flags(entitled, candidates, died_on=died_on, decided_on=decided_on, minor_age=minor_age)
        ),
        others=tuple(
            NotEntitled(person.ref, _why_not(person, group)) for person in people if person not in entitled
        ),
        missing=tuple(_missing(candidates, entitled, decided_on, sure=place == 0 or list_is_complete)),
        children=tuple(living(people, CHILDREN)),
        no_heir=group is None,
        article=_ARTICLES[program],
    )


def _position(relation: Relation) -> int:
    return next((place for place, group in enumerate(_ORDER) if relation in group.relations), len(_ORDER))


def _clause(clause: str, program: Program) -> str:
    """Return the article with its clause; for JKK the letters of the clauses were not read, so only the article."""
    return f"{_ARTICLES[program]} {clause}" if program == "jkm" else _ARTICLES[program]


def _sentence(group: _Group | None, entitled: Sequence[Relative], program: Program) -> str:
    if group is None:
        return (
            "Tidak ada ahli waris dan tidak ada wasiat: biaya pemakaman dibayarkan kepada yang mengurus pemakaman, "
            f"santunan lainnya diserahkan ke Dana Jaminan Sosial ({_clause('huruf b angka 5', program)})."
        )
    counts: dict[str, int] = {}
    for person in entitled:
        label = RELATION_LABELS[person.relation]
        counts[label] = counts.get(label, 0) + 1
    found = [
        label if number == 1 and label in ("istri", "suami") else f"{number} {label}"
        for label, number in counts.items()
    ]
    listed = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} dan {found[-1]}"
    cited = _clause(group.clause, program)
    return f"Ada {listed}: yang berhak ialah {group.words} ({cited}). Kelompok lain tidak dibayar."


def _missing(
    candidates: Sequence[Relative], entitled: Sequence[Relative], decided_on: date, *, sure: bool
) -> Iterator[str]:
    for person in candidates:
        if person.alive is None:
            yield f"apakah {person.name} ({RELATION_LABELS[person.relation]}) masih hidup"
    for person in entitled:
        if person.born_on is None and person.relation in _AGE_MATTERS:
            yield f"tanggal lahir {person.name}"
        elif person.born_on is not None and person.born_on > decided_on:
            yield f"tanggal lahir {person.name} yang benar (tercatat {long_date(person.born_on)})"
    if not sure:
        yield "kepastian bahwa daftar keluarga sudah lengkap (surat keterangan ahli waris)"


def _why_not(person: Relative, group: _Group | None) -> str:
    label = RELATION_LABELS[person.relation]
    if person.alive is False:
        return f"{person.name} sudah meninggal."
    if person.relation in ("mamak", "kemenakan"):
        return (
            f"{label.capitalize()} dekat dengan keluarga dan boleh mendampingi pengurusan. Aturan jaminan sosial tidak "
            f"memasukkan {label} ke dalam urutan ahli waris, kecuali ditunjuk dalam wasiat dan tidak ada kerabat "
            f"yang lebih dahulu. Bila {label} yang mengurus pemakaman dan tidak ada ahli waris, biaya pemakaman "
            "dibayarkan kepadanya."
        )
    if _position(person.relation) == len(_ORDER):
        return (
            f"Aturan jaminan sosial tidak memasukkan {label} ke dalam urutan ahli waris. Bila merasa berhak, "
            "penetapan ahli waris dapat dimintakan ke pengadilan."
        )
    if group is not None and person.relation not in group.relations:
        return f"{label.capitalize()} baru berhak bila tidak ada {group.words}."
    return f"Belum diketahui apakah {person.name} masih hidup."
