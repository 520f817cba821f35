"""JKM: what is paid when a participant (BPU) dies and work was not the cause."""

from collections.abc import Collection, Iterator, Sequence

from caseflow.formats import rupiah
from caseflow.law.cover import settle
from caseflow.law.death import DeathFacts as DeathFacts
from caseflow.law.death import PaidBefore as PaidBefore
from caseflow.law.jkm_lines import Entitlement, full_benefit, line, overpaid_idr, payable
from caseflow.law.numbers import CERTAINTY_LABELS, Number, NumberBook
from caseflow.law.relatives import age_on
from caseflow.law.statement import OUTCOME_LABELS, MissingInput, Outcome, Statement

_COVER_NUMBERS = ("jkm_min_consecutive_months", "jkm_min_cover_days", "grace_months")
_PAID_UP = "Semua yang menjadi hak sudah dibayar; tidak ada lagi yang perlu dibayarkan."
_SCHOLARSHIP_NUMBERS = ("jkm_scholarship_min_months", "scholarship_max_children", "scholarship_age_limit")


def assess_death(facts: DeathFacts, book: NumberBook) -> Statement:
    """Work out the three lines of JKM for one death.

    :raises MissingInput: a fact is not established; all missing ones are named at once.
    :raises NotPossible: the officer's choice contradicts the ledger.
    :raises NoNumber: no number is recorded for the day of death.
    """
    if facts.work_caused == "yes":
        return _statement(
            facts,
            "not_payable",
            headings=(),
            book=book,
            rules=(),
            notes=(
                "Kematian ini karena kecelakaan atau penyakit akibat kerja. Haknya ialah JKK, bukan JKM.",
                "Laporan ini diteruskan sebagai klaim JKK; keluarga tidak perlu melapor ulang.",
            ),
        )
    outcome = _settled(facts)
    if outcome == "not_payable":
        judged = "Menurut keputusan petugas kepesertaan" if facts.cover_choice else "Kepesertaan"
        notes = (
            f"{judged} tidak aktif pada hari meninggal, sehingga santunan JKM tidak dapat dibayarkan.",
            facts.cover.active_sentence,
            "Keluarga dapat memperlihatkan bukti bayar iuran, atau mengajukan keberatan.",
        )
        return _statement(facts, outcome, headings=(), book=book, rules=_COVER_NUMBERS, notes=notes)
    headings = payable(facts, outcome, book)
    return _statement(
        facts,
        "funeral_only" if facts.heirs.no_heir else outcome,
        headings=headings,
        book=book,
        rules=(*_COVER_NUMBERS, *_SCHOLARSHIP_NUMBERS),
        notes=tuple(_notes(facts, outcome, book)),
    )


def _settled(facts: DeathFacts) -> Outcome:
    """Return the outcome on cover, or refuse naming every fact that is still missing."""
    missing: list[str] = []
    if facts.work_caused == "unknown":
        missing.append("sebab meninggal: karena kerja atau bukan")
    outcome: Outcome | None = None
    try:
        outcome = settle(facts.cover, facts.cover_choice)
    except MissingInput as refusal:
        missing.extend(refusal.names)
    # without cover nobody receives anything, so the rest need not be known to tell the family
    if outcome != "not_payable":
        missing.extend(facts.heirs.missing)
        if facts.other_membership_funeral_paid is None:
            missing.append("apakah biaya pemakaman sudah dibayar dari kepesertaan lain")
        if facts.heirs.no_heir and not facts.heirs.missing and not (facts.burial_arranged_by or "").strip():
            missing.append("siapa yang mengurus pemakaman")
    if missing or outcome is None:
        raise MissingInput(missing)
    return outcome


def _statement(
    facts: DeathFacts,
    outcome: Outcome,
    *,
    headings: tuple[Entitlement, ...],
    book: NumberBook,
    rules: Sequence[str],
    notes: tuple[str, ...],
) -> Statement:
    lines = tuple(line(heading, facts, book) for heading in headings)
    numbers = {number for heading in headings for number in heading.numbers}
    numbers |= {book.on(name, facts.died_on) for name in rules}
    total_idr = sum(entry.amount_idr for entry in lines)
    return Statement(
        program="jkm",
        event_on=facts.died_on,
        outcome=outcome if total_idr else "not_payable",
        lines=lines,
        total_idr=total_idr,
        in_force=tuple(sorted(numbers, key=lambda number: number.name)),
        notes=(_PAID_UP, *notes) if lines and not total_idr else notes,
        open_questions=tuple(_open_questions(facts, headings, numbers)),
    )


def _notes(facts: DeathFacts, outcome: Outcome, book: NumberBook) -> Iterator[str]:
    """Yield sentences without names of persons: the reason first, then what follows from it."""
    yield _reason(facts, outcome, book)
    yield facts.heirs.sentence
    if facts.heirs.no_heir and outcome == "full":
        to_fund_idr = sum(h.amount_idr for h in full_benefit(facts, book) if h.code != "funeral_cost")
        yield f"{rupiah(to_fund_idr)} diserahkan ke Dana Jaminan Sosial."
    if facts.other_membership_funeral_paid:
        yield "Biaya pemakaman hanya dibayar satu kali, dan sudah dibayar dari kepesertaan lain."
    yield from facts.cover.notes
    yield _scholarship_note(facts, book)


def _reason(facts: DeathFacts, outcome: Outcome, book: NumberBook) -> str:
    needed = book.on("jkm_min_consecutive_months", facts.died_on)
    judged = facts.cover.outcome == "officer_decides"
    if outcome == "full":
        by = "Menurut keputusan petugas peserta" if judged else "Peserta"
        return f"{by} dijamin pada hari meninggal dan syarat iuran terpenuhi."
    if judged:
        return (
            f"Menurut keputusan petugas syarat iuran {needed.value} bulan berturut-turut belum terpenuhi, sehingga "
            "yang dibayar hanya biaya pemakaman."
        )
    return (
        f"Iuran berturut-turut baru {facts.cover.consecutive_months} bulan, kurang dari {needed.value} bulan, sehingga "
        "yang dibayar hanya biaya pemakaman."
    )


def _scholarship_note(facts: DeathFacts, book: NumberBook) -> str:
    sentence = facts.cover.scholarship.sentence
    if facts.cover.scholarship.outlook == "not_yet":
        return sentence
    limit = book.on("scholarship_age_limit", facts.died_on).value
    most = book.on("scholarship_max_children", facts.died_on).value
    young = [
        child
        for child in facts.heirs.children
        if child.born_on is not None and age_on(child.born_on, facts.died_on) < limit
    ]
    return f"{sentence} Anak di bawah {limit} tahun: {len(young)} (paling banyak {most} anak)."


def _open_questions(
    facts: DeathFacts, headings: tuple[Entitlement, ...], numbers: Collection[Number]
) -> Iterator[str]:
    """Yield what the law leaves open here and what was decided about it; for staff, with names."""
    if facts.work_caused != "yes":
        yield from facts.cover.questions
        if facts.cover_choice is not None:
            choice = facts.cover_choice
            yield (
                f"Diputuskan {choice.chosen_by}: {OUTCOME_LABELS[choice.outcome]}. Alasan: {choice.reason.strip()}"
            )
    if headings:
        yield from (flag.sentence for flag in facts.heirs.flags if flag.must_resolve)
        yield from (minor.sentence for minor in facts.heirs.minors)
    surplus_idr = overpaid_idr(facts, headings)
    if surplus_idr:
        yield f"Yang sudah dibayar melebihi hitungan ini sebesar {rupiah(surplus_idr)}."
    for number in sorted(numbers, key=lambda number: number.name):
        if number.certainty in ("M", "verify"):
            yield f"{number.label} ({number.value} {number.unit}): {CERTAINTY_LABELS[number.certainty]}."
