"""Money that left for a case and that nobody has explained yet: while there is any, nothing leaves again."""

from sqlalchemy import ColumnElement, Text, literal_column, or_, select
from sqlalchemy.orm import Session

from caseflow.formats import rupiah, short_date
from caseflow.payments.models import Instruction, StatementLine, StatementMatch
from caseflow.payments.references import references_in

# what references_in does to a description before it looks
_WRITTEN: ColumnElement[str] = literal_column(
    "upper(normalize(statement_line.description || ' ' || statement_line.bank_reference, NFKC))", Text()
)


def open_debits(session: Session, claim_id: int) -> list[str]:
    """Return one sentence for every unmatched debit that carries the reference of any order of the claim.

    A letter read wrongly must not outweigh the bank's own booking: the money may have arrived. A reference
    glued to other letters counts too; a person matches such a line with a note.
    """
    ours = session.scalars(select(Instruction.reference).where(Instruction.casefile_id == claim_id)).all()
    if not ours:
        return []
    matched = select(StatementMatch.statement_line_id).where(
        StatementMatch.statement_line_id == StatementLine.id
    )
    rows = session.execute(
        select(
            StatementLine.value_on,
            StatementLine.amount_idr,
            StatementLine.bank_reference,
            StatementLine.description,
        )
        .where(
            StatementLine.kind == "debit",
            ~matched.exists(),
            or_(*[_WRITTEN.contains(reference, autoescape=True) for reference in ours]),
        )
        .order_by(StatementLine.id)
    )
    return [
        f"Rekening koran memuat uang keluar {rupiah(row.amount_idr)} pada {short_date(row.value_on)} "
        f"({f'nomor bank {row.bank_reference}' if row.bank_reference else row.description[:60]}) dengan "
        "referensi kasus ini, dan baris itu belum dicocokkan. Cocokkan dulu baris itu; bila tidak bisa "
        "dicocokkan, tanyakan ke bank. Tidak ada uang yang dikirim."
        for row in rows
        if _is_ours(f"{row.description} {row.bank_reference}", frozenset(ours))
    ]


def _is_ours(written: str, ours: frozenset[str]) -> bool:
    """A longer reference of another case may begin with one of ours."""
    carried = references_in(written)
    return not carried or not ours.isdisjoint(carried)
