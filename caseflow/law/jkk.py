"""JKK: what is paid after a work accident or an occupational disease of a participant (BPU)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from caseflow.errors import NotPossible
from caseflow.formats import long_date, rupiah
from caseflow.law.accident import AccidentFacts as AccidentFacts
from caseflow.law.accident import Cost as Cost
from caseflow.law.accident import Incapacity as Incapacity
from caseflow.law.accident import Injury as Injury
from caseflow.law.accident_gaps import contradictions, missing
from caseflow.law.dated import UNCHECKED, Number
from caseflow.law.disability import in_order
from caseflow.law.headings import Heading, lines_of, overpaid_idr
from caseflow.law.jkk_lines import headings, lateness_heading
from caseflow.law.lateness import COUNTED_BECAUSE, Lateness
from caseflow.law.numbers import NumberBook
from caseflow.law.shown import unchecked
from caseflow.law.statement import Line, MissingInput, PayableTo, Statement

_PAID_UP = "Semua yang menjadi hak sudah dibayar; tidak ada lagi yang perlu dibayarkan."
_NOTHING = (
    "Belum ada biaya, masa tidak mampu bekerja, atau cacat yang tercatat, sehingga belum ada yang dibayarkan. "
    "Pengobatan di PLKK ditanggung langsung."
)
_LATE = "late_compensation"
_TO_FUND = frozenset({"death_grant", "periodic_benefit"})


def assess_accident(facts: AccidentFacts, book: NumberBook) -> Statement:
    """Work out every line of JKK for one accident.

    :raises MissingInput: a fact is not established; all missing ones are named at once.
    :raises NotPossible: facts contradict each other; all contradictions are named at once.
    :raises NoNumber: no number is recorded for the day of the accident.
    """
    if facts.verdict == "not_work" or facts.active == "no":
        return _nothing_payable(facts)
    lacking = missing(facts, book)
    if lacking:
        raise MissingInput(lacking)
    wrong = contradictions(facts, book)
    if wrong:
        raise NotPossible([*wrong, "Perhitungan tidak dibuat. Perbaiki catatannya, lalu hitung lagi."])
    entitled = headings(facts, book)
    kept = tuple(
        heading for heading in entitled if not _without_heir(facts) or heading.code == "funeral_cost"
    )
    lines = list(lines_of(kept, facts.already_paid, book, payable_to=_payable_to(facts)))
    due_idr = sum(line.amount_idr for line in lines)
    if facts.late is not None and due_idr:
        kept = (*kept, lateness_heading(facts.late, due_idr, book))
        lines = list(lines_of(kept, facts.already_paid, book, payable_to=_payable_to(facts)))
    numbers = {number for heading in kept for number in heading.numbers}
    return Statement(
        program="jkk",
        event_on=facts.happened_on,
        outcome="payable" if due_idr else "not_payable",
        lines=tuple(lines),
        total_idr=sum(line.amount_idr for line in lines),
        in_force=tuple(sorted(numbers, key=lambda number: number.name)),
        notes=tuple(_notes(facts, entitled, lines)),
        open_questions=(*_open_questions(facts, entitled, book), *_about_money(facts, kept, numbers)),
    )


def late_on_what_is_paid(statement: Statement, late: Lateness, book: NumberBook) -> Statement:
    """Return an adjusted statement whose compensation for lateness counts on what is paid, not on the first sum.

    A compensation that people adjusted themselves stays as they set it.

    :raises NotPossible: nothing but the compensation would be left.
    """
    line = next((line for line in statement.lines if line.code == _LATE), None)
    others = [other for other in statement.lines if other.code != _LATE]
    if line is None or line.original_idr is not None or all(other.original_idr is None for other in others):
        return statement
    due_idr = sum(other.amount_idr for other in others)
    if not due_idr:
        raise NotPossible(
            "Sesudah penyesuaian tidak ada lagi yang dibayarkan. Bila memang begitu, pakai penolakan dengan alasannya."
        )
    (anew,) = lines_of((lateness_heading(late, due_idr, book),), (), book, payable_to=line.payable_to)
    lines = tuple(anew if one.code == _LATE else one for one in statement.lines)
    return replace(statement, lines=lines, total_idr=sum(one.amount_idr for one in lines))


def _nothing_payable(facts: AccidentFacts) -> Statement:
    return Statement(
        program="jkk",
        event_on=facts.happened_on,
        outcome="not_payable",
        lines=(),
        total_idr=0,
        in_force=(),
        notes=tuple(_refusal_notes(facts)),
    )


def _refusal_notes(facts: AccidentFacts) -> Iterator[str]:
    if facts.verdict == "not_work":
        yield (
            "Kejadian ini disimpulkan bukan kecelakaan kerja dan bukan penyakit akibat kerja, sehingga manfaat JKK "
            "tidak dapat dibayarkan."
        )
        if facts.condition == "died":
            yield "Hak keluarga diperiksa sebagai JKM (kematian yang bukan karena kerja)."
        yield "Biaya pengobatan ditanggung BPJS Kesehatan, penjamin lain, atau peserta (PP 49/2023 Pasal 25A)."
        yield (
            "Bila Ibu/Bapak tidak sependapat, penetapan dapat dimintakan kepada pengawas ketenagakerjaan provinsi."
        )
    if facts.active == "no":
        yield "Kepesertaan tidak aktif pada hari kecelakaan, sehingga manfaat JKK tidak dapat dibayarkan."
        if facts.active_because.strip():
            yield facts.active_because
        yield "Ibu/Bapak dapat memperlihatkan bukti bayar iuran, atau mengajukan keberatan."


def _without_heir(facts: AccidentFacts) -> bool:
    return facts.condition == "died" and facts.heirs is not None and facts.heirs.no_heir


def _payable_to(facts: AccidentFacts) -> PayableTo:
    if facts.condition != "died":
        return "participant"
    return "burial_arranger" if _without_heir(facts) else "heirs"


def _notes(facts: AccidentFacts, entitled: Sequence[Heading], lines: Sequence[Line]) -> Iterator[str]:
    """Yield sentences without names of persons: the reason first, then what follows from it."""
    if not any(line.amount_idr for line in lines):
        yield _PAID_UP if lines else _NOTHING
    yield "Kejadian ini disimpulkan kecelakaan kerja atau penyakit akibat kerja, dan peserta dijamin pada hari itu."
    if facts.active_because.strip():
        yield facts.active_because
    if facts.condition == "died" and facts.heirs is not None:
        yield facts.heirs.sentence
    if _without_heir(facts):
        fund_idr = sum(heading.amount_idr for heading in entitled if heading.code in _TO_FUND)
        yield f"{rupiah(fund_idr)} diserahkan ke Dana Jaminan Sosial."
    if facts.condition == "died" and facts.other_membership_funeral_paid:
        yield "Biaya pemakaman hanya dibayar satu kali, dan sudah dibayar dari kepesertaan lain."
    if facts.condition == "total_permanent" or (facts.heirs is not None and facts.heirs.children):
        yield (
            "Beasiswa anak diajukan tersendiri tiap tahun ajaran; untuk kecelakaan kerja tidak ada syarat lama iuran."
        )
    if any(line.code == _LATE for line in lines):
        yield "Pembayaran terlambat, maka ditambah ganti rugi untuk setiap hari keterlambatan."


def _open_questions(facts: AccidentFacts, entitled: Sequence[Heading], book: NumberBook) -> Iterator[str]:
    """Yield what the law leaves open here; for staff, with names."""
    yield from _before_the_accident(facts)
    yield from _about_disability(facts, book)
    if facts.condition == "still_treated" and facts.incapacity:
        yield (
            "Peserta masih dalam pengobatan; apakah santunan tidak mampu bekerja boleh dibayar bertahap sebelum "
            "keadaan akhir belum ditemukan aturannya (belum terverifikasi)."
        )
    if facts.condition == "died" and facts.heirs is not None:
        yield from (flag.sentence for flag in facts.heirs.flags if flag.must_resolve)
        yield from (minor.sentence for minor in facts.heirs.minors)
    if _without_heir(facts):
        yield from _left_without_heir(entitled)


def _about_money(facts: AccidentFacts, kept: Sequence[Heading], numbers: Collection[Number]) -> Iterator[str]:
    surplus_idr = overpaid_idr(kept, facts.already_paid)
    if surplus_idr:
        yield f"Yang sudah dibayar melebihi hitungan ini sebesar {rupiah(surplus_idr)}."
    if facts.late is not None:
        yield COUNTED_BECAUSE
    yield from (
        unchecked(number)
        for number in sorted(numbers, key=lambda number: number.name)
        if number.certainty in UNCHECKED
    )


def _before_the_accident(facts: AccidentFacts) -> Iterator[str]:
    days = [cost.spent_on for cost in facts.costs if cost.spent_on is not None]
    days += [period.starts_on for period in facts.incapacity]
    early = [day for day in days if day < facts.happened_on]
    if early:
        yield (
            f"Ada kuitansi atau masa tidak mampu bekerja sebelum {long_date(facts.happened_on)} (paling awal "
            f"{long_date(min(early))}). Untuk penyakit akibat kerja ini dapat terjadi; untuk kecelakaan periksa tanggalnya."
        )


def _about_disability(facts: AccidentFacts, book: NumberBook) -> Iterator[str]:
    if not facts.injuries:
        return
    if facts.condition in ("died", "total_permanent"):
        yield "Cacat sebagian yang tercatat tidak dihitung, karena keadaan akhirnya meninggal atau cacat total tetap."
        return
    wanted = "anatomical" if facts.condition == "partial_anatomical" else "functional"
    if all(injury.kind != wanted for injury in facts.injuries):
        yield "Jenis cacat yang tercatat (anatomis atau fungsi) tidak sama dengan keadaan akhir menurut dokter."
    found = in_order(facts, book.tables)
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            sides = {one.injury.side, other.injury.side}
            same_side = len(sides) == 1 or None in sides
            if one.row.part == other.row.part and one.row.code != other.row.code and same_side:
                yield (
                    f"{one.row.label} dan {other.row.label} mengenai bagian tubuh yang sama. Pastikan kepada dokter "
                    "bahwa satu cacat tidak terhitung dua kali."
                )


def _left_without_heir(entitled: Sequence[Heading]) -> Iterator[str]:
    left_idr = sum(
        heading.amount_idr for heading in entitled if heading.code not in (*_TO_FUND, "funeral_cost")
    )
    if left_idr:
        yield (
            f"Penggantian biaya dan santunan tidak mampu bekerja sebesar {rupiah(left_idr)} belum dibayarkan: tidak "
            "ada ahli waris, dan siapa yang menerimanya belum ditemukan aturannya (belum terverifikasi)."
        )
