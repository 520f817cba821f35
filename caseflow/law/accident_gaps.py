"""What keeps an accident from being computed: facts nobody has established, and facts that contradict each other."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from caseflow.formats import long_date, rupiah
from caseflow.law.accident import (
    COST_LABELS,
    SIDE_LABELS,
    AccidentFacts,
    Cost,
    Incapacity,
    Injury,
)
from caseflow.law.care import costs_of, home_care_last_day
from caseflow.law.disability import label_of
from caseflow.law.numbers import NumberBook
from caseflow.law.shown import percent
from caseflow.law.tables import DisabilityRow

_PARTIAL = ("partial_anatomical", "partial_functional")
_PERMILLE = 1000


def missing(facts: AccidentFacts, book: NumberBook) -> list[str]:
    """Return every fact that is asked for and not established, as an officer would call it, each once.

    :raises NotPossible: an injury names a row that is not in the table.
    """
    return list(
        dict.fromkeys((*_missing_basics(facts), *_missing_of_parts(facts, book), *_missing_death(facts)))
    )


def contradictions(facts: AccidentFacts, book: NumberBook) -> list[str]:
    """Return one sentence for every fact that cannot be true beside the others."""
    return list(
        dict.fromkeys(
            (
                *_wrong_days(facts),
                *_wrong_periods(facts),
                *_wrong_injuries(facts, book),
                *_wrong_costs(facts, book),
            )
        )
    )


def _missing_basics(facts: AccidentFacts) -> Iterator[str]:
    if facts.verdict == "unknown":
        yield "kesimpulan: kecelakaan kerja (atau penyakit akibat kerja) atau bukan"
    if facts.active == "unknown":
        yield "kepesertaan pada hari kecelakaan: aktif atau tidak"
    if facts.condition is None:
        yield "keadaan akhir menurut dokter (formulir 3b KK 3)"
    if facts.condition not in (None, "still_treated", "died") and facts.condition_on is None:
        yield "tanggal keadaan akhir menurut dokter"
    needs_wage = facts.incapacity or facts.condition in (*_PARTIAL, "total_permanent", "died")
    if needs_wage and facts.reported_income_idr is None:
        yield "penghasilan sebulan yang dilaporkan"
    if facts.condition in _PARTIAL and not facts.injuries:
        yield "cacat menurut dokter: baris tabel dan bagian tubuhnya"


def _missing_of_parts(facts: AccidentFacts, book: NumberBook) -> Iterator[str]:
    for period in facts.incapacity:
        if period.ends_on is None:
            yield f"hari terakhir tidak mampu bekerja (masa yang mulai {long_date(period.starts_on)})"
    if facts.condition in _PARTIAL:
        for injury in facts.injuries:
            yield from _missing_of_injury(injury, book.tables.row(injury.row_code), facts)
    for cost in facts.costs:
        yield from _missing_of_cost(cost)


def _missing_of_injury(injury: Injury, row: DisabilityRow, facts: AccidentFacts) -> Iterator[str]:
    if row.measure == "handed":
        if injury.side is None:
            yield f"sisi tubuh: kanan atau kiri ({row.label})"
        if facts.dominant_hand is None:
            yield "tangan yang dominan: kanan atau kiri (kidal)"
    if row.measure == "range" and injury.set_permille is None:
        yield f"persentase yang ditetapkan dokter ({row.label})"
    if row.measure == "per_unit" and injury.units is None:
        yield f"berapa kali {row.unit} berkurang ({row.label})"
    whole_row = row.measure not in ("range", "per_unit")
    if whole_row and injury.kind == "functional" and injury.loss_permille is None:
        yield f"persentase fungsi yang hilang ({row.label})"


def _missing_of_cost(cost: Cost) -> Iterator[str]:
    what = f"{COST_LABELS[cost.kind]} {rupiah(cost.amount_idr)}"
    if cost.spent_on is None:
        yield f"tanggal kuitansi ({what})"
    if cost.kind == "transport" and cost.mode is None:
        yield f"jenis angkutan: darat, laut, atau udara ({what})"
    if cost.kind in ("prosthesis", "orthosis") and cost.reference_price_idr is None:
        yield f"harga patokan rumah sakit rujukan pemerintah ({what})"
    if cost.kind == "home_care" and (cost.starts_on is None or cost.ends_on is None):
        yield f"hari pertama dan terakhir perawatan di rumah ({what})"


def _missing_death(facts: AccidentFacts) -> Iterator[str]:
    if facts.condition != "died":
        return
    if facts.died_on is None:
        yield "tanggal meninggal"
    if facts.other_membership_funeral_paid is None:
        yield "apakah biaya pemakaman sudah dibayar dari kepesertaan lain"
    if facts.heirs is None:
        yield "keluarga dan ahli waris"
        return
    yield from facts.heirs.missing
    if facts.heirs.no_heir and not facts.heirs.missing and not (facts.burial_arranged_by or "").strip():
        yield "siapa yang mengurus pemakaman"


def _wrong_days(facts: AccidentFacts) -> Iterator[str]:
    if facts.reported_income_idr is not None and facts.reported_income_idr < 1:
        yield "Penghasilan yang dilaporkan harus lebih dari nol."
    for label, day in (("keadaan akhir", facts.condition_on), ("meninggal", facts.died_on)):
        if day is not None and day < facts.happened_on:
            yield f"Tanggal {label} ({long_date(day)}) mendahului hari kecelakaan ({long_date(facts.happened_on)})."


def _wrong_periods(facts: AccidentFacts) -> Iterator[str]:
    periods = sorted(facts.incapacity, key=lambda one: one.starts_on)
    for period in periods:
        if period.ends_on is None:
            continue
        if period.ends_on < period.starts_on:
            yield f"Masa tidak mampu bekerja {_words(period)}: hari terakhirnya mendahului hari pertama."
        if facts.ended_on is not None and period.ends_on > facts.ended_on:
            yield (
                f"Masa tidak mampu bekerja {_words(period)} melewati tanggal keadaan akhir ({long_date(facts.ended_on)})."
            )
    for earlier, later in pairwise(periods):
        if earlier.ends_on is not None and later.starts_on <= earlier.ends_on:
            yield f"Masa tidak mampu bekerja {_words(earlier)} dan {_words(later)} bertindihan."


def _words(period: Incapacity) -> str:
    until = long_date(period.ends_on) if period.ends_on else "belum berakhir"
    return f"{long_date(period.starts_on)} s.d. {until}"


def _wrong_injuries(facts: AccidentFacts, book: NumberBook) -> Iterator[str]:
    if facts.injuries and facts.condition in ("recovered", "still_treated"):
        yield "Cacat tercatat, padahal keadaan akhirnya bukan cacat."
    if facts.condition not in _PARTIAL:
        return
    counted: Counter[tuple[str, str]] = Counter()
    for injury in facts.injuries:
        row = book.tables.row(injury.row_code)
        counted[row.code, injury.side or ""] += 1
        yield from _wrong_injury(injury, row, facts)
    for (code, side), found in counted.items():
        row = book.tables.row(code)
        allowed = row.times * 2 if row.measure == "paired" and not side else row.times
        if found > allowed:
            where = f" {SIDE_LABELS['right' if side == 'right' else 'left']}" if side else ""
            yield f"{row.label}{where} tercatat {found} kali; paling banyak {allowed} kali."


def _wrong_injury(injury: Injury, row: DisabilityRow, facts: AccidentFacts) -> Iterator[str]:
    label = label_of(row, injury)
    whole_row = row.measure not in ("range", "per_unit")
    if injury.side is not None and row.measure in ("single", "range"):
        yield f"{label}: baris ini tidak mengenal sisi kanan atau kiri."
    if injury.loss_permille is not None:
        if injury.kind == "anatomical" or not whole_row:
            yield f"{label}: persentase fungsi yang hilang hanya untuk cacat fungsi pada baris dengan persentase tetap."
        elif not 1 <= injury.loss_permille <= _PERMILLE:
            yield f"{label}: fungsi yang hilang harus antara 0,1 dan 100 persen."
    if injury.set_permille is not None:
        yield from _wrong_set(injury, row, facts)
    if injury.units is not None:
        if row.measure != "per_unit":
            yield f"{label}: baris ini tidak dihitung per satuan."
        elif injury.units < 1 or (row.most_units is not None and injury.units > row.most_units):
            most = f" dan {row.most_units}" if row.most_units is not None else " dan seterusnya"
            yield f"{label}: banyaknya {row.unit} harus antara 1{most}."


def _wrong_set(injury: Injury, row: DisabilityRow, facts: AccidentFacts) -> Iterator[str]:
    label, set_permille = label_of(row, injury), injury.set_permille or 0
    if row.measure != "range":
        yield f"{label}: persentasenya tetap menurut tabel, tidak ditetapkan dokter."
        return
    least, most = row.cell("least", facts.happened_on), row.cell("most", facts.happened_on)
    if not least.value <= set_permille <= most.value:
        yield (
            f"{label}: {percent(set_permille * _PERMILLE)} di luar batas tabel "
            f"({percent(least.value * _PERMILLE)} sampai {percent(most.value * _PERMILLE)})."
        )


def _wrong_costs(facts: AccidentFacts, book: NumberBook) -> Iterator[str]:
    for cost in facts.costs:
        what = f"{COST_LABELS[cost.kind]} {rupiah(cost.amount_idr)} ({cost.source})"
        if cost.amount_idr < 1:
            yield f"{what}: jumlahnya harus lebih dari nol."
        if cost.reference_price_idr is not None and cost.reference_price_idr < 1:
            yield f"{what}: harga patokan harus lebih dari nol."
        if cost.starts_on is not None and cost.ends_on is not None and cost.ends_on < cost.starts_on:
            yield f"{what}: hari terakhirnya mendahului hari pertama."
    care = costs_of(facts, "home_care")
    years = book.on("jkk_home_care_years", facts.happened_on)
    last_day = home_care_last_day(care, years.value)
    for cost in care:
        if last_day and cost.starts_on and cost.ends_on and cost.starts_on <= last_day < cost.ends_on:
            yield (
                f"Perawatan di rumah ({cost.source}) melewati batas {years.value} tahun, yaitu {long_date(last_day)}. "
                "Pisahkan biaya sampai hari itu dan sesudahnya."
            )
