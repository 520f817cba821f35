"""L3, the decision: the approved statement line by line, who is paid where, on which law, and what to do if it is wrong.

Nothing is computed here: the lines are those that were approved.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.decided import approved_statement
from caseflow.claims.family import current_account, current_heirs
from caseflow.claims.models import Claim, Decision, FamilyMember
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_plan import school_calendar
from caseflow.claims.workflows import definition_of
from caseflow.errors import NotPossible
from caseflow.formats import in_words, instant_wib, long_date, rupiah, weekday_date
from caseflow.law.pupil import school_year_words
from caseflow.law.scholarship_calendar import CalendarYear
from caseflow.law.statement import Line, Statement
from caseflow.notices.letters.frame import (
    SHORT_NAMES,
    Block,
    Said,
    Sender,
    amount,
    annex_heading,
    facts,
    heading,
    items,
    paragraph,
    small,
    steps,
    table,
)
from caseflow.notices.letters.people import about, kind_of_case, name_of, signature, to_family
from caseflow.payments.queries import paid_on
from caseflow.registry.models import Bank

_SHOWN_OF_DIGEST = 12  # letters: enough to compare paper and screen
_LEVELS = {
    "tk": "TK", "sd": "SD", "smp": "SMP", "sma": "SMA", "higher": "Perguruan tinggi", "training": "Pelatihan",
}  # fmt: skip
_YEARS = {
    "awarded": "sudah dibayar",
    "open": "dapat diajukan",
    "arrears": "masih dapat diajukan",
    "upcoming": "akan datang",
    "not_yet_school": "belum sekolah",
    "lost": "sudah lewat",
    "ended": "tidak lagi",
}


def decision_letter(session: Session, claim: Claim, sender: Sender) -> tuple[Said, Decision]:
    """Return what the letter says, and the decision that it states.

    :raises NotPossible: nothing is approved, or no longer.
    """
    found = approved_statement(session, claim)
    if found is None:
        raise NotPossible(
            "Surat keputusan ada setelah santunan disetujui. Kasus ini belum, atau tidak lagi, disetujui."
        )
    decision, statement = found
    payee, guardian = _payee(session, claim)
    annex = _schedule(session, claim)
    approved = clock.local(decision.decided_at).date()
    said = Said(
        title="Surat keputusan dan perincian santunan",
        about=about(claim),
        to=to_family(session, claim, guardian or payee),
        blocks=[
            paragraph(
                f"{kind_of_case(claim)} untuk {name_of(claim)} sudah diperiksa dua petugas. "
                f"Pada {long_date(approved)} diputuskan: santunan dibayarkan sebesar"
            ),
            amount(rupiah(statement.total_idr), f"({in_words(statement.total_idr)})"),
            _lines(statement),
            *_notes(statement),
            heading("Penerima dan pembayaran"),
            facts([("Penerima", payee or ""), ("Wali", guardian or ""), *_payment(session, claim)]),
            paragraph(
                "Uang dikirim utuh. Tidak ada potongan, biaya, atau imbalan untuk siapa pun, termasuk petugas."
            ),
            heading("Dasar aturan"),
            items(_articles(claim, statement)),
            small(SHORT_NAMES),
        ],
        closing=[
            heading("Bila ada yang tidak sesuai"),
            steps(
                [
                    f"Tanyakan lebih dahulu: telepon {sender.phone} dan sebutkan nomor laporan.",
                    "Tidak setuju dengan hitungannya? Ajukan keberatan di kantor cabang. Petugas membantu.",
                    "Ada yang meminta bagian? Telepon 175. Nama Ibu/Bapak dijaga.",
                ]
            ),
        ],
        signed=signature(
            session,
            decision.person_id,
            sender,
            f"Disetujui {instant_wib(decision.decided_at)}",
            f"Tanda isi keputusan {decision.content_sha256[:_SHOWN_OF_DIGEST]}",
        ),
        annex=annex,
        attached="jadwal beasiswa" if annex else "–",
    )
    return said, decision


def _lines(statement: Statement) -> Block:
    return table(
        "Yang dibayarkan, bagaimana dihitung, dan dasar aturannya",
        [
            {"label": "Santunan", "part": True},
            {"label": "Hitungan dan dasar", "wide": True},
            {"label": "Jumlah", "number": True},
        ],
        [[line.label, _sum_of(line), rupiah(line.amount_idr)] for line in statement.lines],
        ["Jumlah", rupiah(statement.total_idr)],
    )


def _sum_of(line: Line) -> str:
    said = [f"{line.formula[:1].upper()}{line.formula[1:]}.", line.article]
    if line.original_idr is not None and line.adjustment is not None:
        said.append(f"Menurut hitungan {rupiah(line.original_idr)}. Disesuaikan: {line.adjustment}")
    return "\n".join(said)


def _notes(statement: Statement) -> list[Block]:
    told = tuple(f"{line.label}: menurut hitungan" for line in statement.lines if line.adjustment)
    notes = [note for note in statement.notes if not told or not note.startswith(told)]
    return [items(notes)] if notes else []


def _articles(claim: Claim, statement: Statement) -> list[str]:
    """Return every provision once: those of the lines, then what the whole procedure rests on."""
    return list(dict.fromkeys([*(line.article for line in statement.lines), definition_of(claim).law]))


def _payee(session: Session, claim: Claim) -> tuple[str | None, str | None]:
    """Return who is paid, and the guardian who receives it for them."""
    heirs = current_heirs(session, claim.id)
    member = session.get(FamilyMember, heirs.payee_member_id) if heirs else None
    if heirs is None or member is None:
        return None, None
    return member.full_name, member.guardian_name if heirs.agreement == "guardian" else None


def _payment(session: Session, claim: Claim) -> list[tuple[str, str]]:
    account = current_account(session, claim.id)
    if account is None:
        return []
    bank = session.scalar(select(Bank.name).where(Bank.code == account.bank_code)) or account.bank_code
    sent_on = paid_on(session, claim.id)
    rows = [
        ("Rekening", f"{bank}, berakhiran {account.account_number[-4:]}, atas nama {account.holder_name}")
    ]
    if sent_on is not None:
        return [*rows, ("Dikirim", weekday_date(sent_on))]
    if claim.state == "approved" and claim.due_on is not None:
        return [*rows, ("Dikirim paling lambat", weekday_date(claim.due_on))]
    return [*rows, ("Dikirim", "sedang diproses")]


def _schedule(session: Session, claim: Claim) -> list[Block]:
    """Return the school years of each child, where the claim carries a scholarship."""
    blocks: list[Block] = []
    for case, name in _children(session, claim):
        years = school_calendar(session, case, today=clock.today())
        if years:
            blocks += [*([] if blocks else [annex_heading("Lampiran: jadwal beasiswa")]), _years(name, years)]
    if not blocks:
        return []
    return [
        *blocks,
        paragraph(
            "Beasiswa diajukan setiap tahun ajaran dengan surat keterangan sekolah dan rapor. Jenjang yang akan "
            "datang ditulis menurut umur yang biasa; yang dibayar menurut sekolahnya. Kami mengingatkan Ibu/Bapak."
        ),
    ]


def _children(session: Session, claim: Claim) -> list[tuple[Claim, str]]:
    about = (
        ScholarshipChild.casefile_id == claim.id
        if claim.program == "scholarship"
        else ScholarshipChild.origin_casefile_id == claim.id
    )
    keys = session.scalars(
        select(ScholarshipChild.casefile_id)
        .where(about, ScholarshipChild.place.is_not(None))
        .order_by(ScholarshipChild.place)
    )
    cases = [session.get_one(Claim, key) for key in keys]
    return [(case, case.subject) for case in cases]


def _years(name: str, years: tuple[CalendarYear, ...]) -> Block:
    return table(
        f"Tahun ajaran {name}",
        [
            {"label": "Tahun ajaran"},
            {"label": "Jenjang", "wide": True},
            {"label": "Diajukan mulai"},
            {"label": "Keadaan"},
        ],
        [
            [
                school_year_words(year.school_year),
                _LEVELS.get(year.level or "", "–"),
                long_date(year.opens_on),
                _YEARS[year.status],
            ]
            for year in years
        ],
    )
