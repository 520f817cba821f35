"""L9, the reminder of dues that the regency's office sends a nagari: which months, whom, what follows, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.errors import NotPossible
from caseflow.formats import in_words, long_date, month_year, rupiah
from caseflow.law.dated import NoNumber
from caseflow.law.ledger import first_of, month_number
from caseflow.notices.letters.frame import (
    Said,
    Sender,
    amount,
    annex_heading,
    box,
    facts,
    paragraph,
    small,
    table,
)
from caseflow.notices.letters.people import signature
from caseflow.people.actor import Actor
from caseflow.registry import arrears, rates
from caseflow.registry.arrears import Behind
from caseflow.registry.ledger import grace_months, numbers
from caseflow.registry.models import Region

_LONGEST_ANNEX = 400
_NOBODY = "Tidak ada yang menunggak di nagari ini. Surat tidak dibuat."


@dataclass(frozen=True)
class Due:
    """What a nagari is behind with on a day.

    :ivar people: whom a payment now still keeps; :ivar ended: who has to be registered again.
    :ivar pay_by: at the earliest the end of this month: with it membership of those at the limit ends.
    :ivar owed_idr: whole unpaid months of ``people`` by the rates; ``None`` when a rate is not known.
    """

    people: Sequence[Behind]
    ended: Sequence[Behind]
    months: Sequence[date]
    owed_idr: int | None
    pay_by: date


def due_of(session: Session, region_code: str, *, on: date, by: Actor) -> Due | None:
    """Return what a nagari is behind with; ``None`` when it is not."""
    grace = grace_months(on)
    found = [
        one
        for one in arrears.behind(session, region_code, on=on, by=by, permission="dues.remind")
        if one.last_month is not None
    ]
    people = [one for one in found if one.unpaid <= grace]
    ended = [one for one in found if one.unpaid > grace]
    if not people:
        return None
    months = sorted({month for one in people for month in _months(one)})
    first = min(one.last_month for one in people if one.last_month is not None)
    return Due(
        people, ended, months, _owed(session, people), max(arrears.pay_by(first, on), arrears.month_end(on))
    )


def dues_reminder(
    session: Session, region: Region, sender: Sender, *, copies: Sequence[str], on: date, by: Actor
) -> Said:
    """Return the reminder.

    :param copies: who else receives it, line by line.
    :raises NotPossible: nobody of the nagari is behind in a way that a payment cures.
    """
    due = due_of(session, region.code, on=on, by=by)
    if due is None:
        raise NotPossible(_NOBODY)
    grace = grace_months(on)
    district = session.scalar(select(Region.name).where(Region.code == region.parent_code)) or ""
    return Said(
        title="Teguran iuran pekerja rentan",
        about="Iuran jaminan kecelakaan kerja dan kematian yang belum dibayar",
        to=[
            "Kepada Yth.",
            f"Wali Nagari {region.name}",
            f"Kecamatan {district}" if district else "di tempat",
        ],
        attached="1 daftar nama",
        blocks=[
            paragraph(
                f"Sampai {long_date(on)}, iuran {len(due.people)} orang pekerja rentan di Nagari {region.name} belum "
                "dibayar. Kami minta iuran ini segera dilunasi, supaya mereka dan keluarganya tetap terlindungi."
            ),
            facts(
                [
                    ("Bulan", ", ".join(month_year(month) for month in due.months)),
                    ("Jumlah orang", f"{len(due.people)} orang"),
                    ("Dibayar paling lambat", long_date(due.pay_by)),
                ]
            ),
            *_sum(due),
            box(
                "Yang terjadi bila tidak dibayar",
                f"Sesudah {grace} bulan tidak dibayar, kepesertaan berhenti. Untuk kembali, orangnya didaftarkan lagi "
                "dari awal, dan tiga bulan pertama dihitung lagi. Bila ia meninggal pada masa itu, keluarganya bisa "
                f"tidak menerima santunan {rupiah(_death_benefit(on))}.",
            ),
            *_ended(due),
        ],
        closing=[
            paragraph(
                "Sudah dibayar? Catat pembayarannya dengan bukti transfer di halaman Iuran, atau hubungi kami "
                f"di {sender.phone}."
            )
        ],
        signed=signature(session, by.person_id or 0, sender),
        copies=copies,
        annex=[annex_heading("Daftar nama"), _list(due)],
    )


def _death_benefit(on: date) -> int:
    """What a family receives when everything was paid, by the numbers in force on a day."""
    grant, monthly, months, funeral = (
        numbers().on(name, on).value
        for name in ("jkm_death_grant", "jkm_periodic_monthly", "jkm_periodic_months", "jkm_funeral")
    )
    return grant + monthly * months + funeral


def _months(one: Behind) -> list[date]:
    if one.last_month is None:  # for whom nobody ever paid
        return []
    last = month_number(one.last_month)
    return [first_of(last + ahead) for ahead in range(1, one.unpaid + 1)]


def _owed(session: Session, people: Sequence[Behind]) -> int | None:
    total = 0
    try:
        for payer in sorted({one.funding_source for one in people if one.funding_source}):
            mine = [month for one in people if one.funding_source == payer for month in _months(one)]
            prices = rates.amounts(session, payer, "other", sorted(set(mine)))
            total += sum(prices[month] for month in mine)
    except NoNumber:
        return None
    return total


def _sum(due: Due) -> list[dict[str, object]]:
    if due.owed_idr is None:
        return [small("Tarif untuk sebagian bulan belum ditetapkan, jadi jumlahnya tidak ditulis di sini.")]
    return [
        amount(rupiah(due.owed_idr), in_words(due.owed_idr)),
        small("Menurut tarif yang berlaku untuk tiap bulan. Tarif yang belum terverifikasi dapat berubah."),
    ]


def _ended(due: Due) -> list[dict[str, object]]:
    if not due.ended:
        return []
    return [
        paragraph(
            f"Selain itu kepesertaan {len(due.ended)} orang sudah berhenti karena lebih lama tidak dibayar. "
            "Mereka perlu didaftarkan lagi."
        )
    ]


def _list(due: Due) -> dict[str, object]:
    shown = due.people[:_LONGEST_ANNEX]
    foot = [f"dan {len(due.people) - len(shown)} orang lagi", "", ""] if len(shown) < len(due.people) else []
    return table(
        "Iuran yang belum dibayar",
        [{"label": "Nama", "wide": True}, {"label": "Jorong"}, {"label": "Bulan menunggak", "number": True}],
        [(one.full_name, one.jorong, str(one.unpaid)) for one in shown],
        foot,
    )
