"""The fifteen questions on paper, for days without a phone; written over at the office later, with a photo of the paper."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from caseflow.formats import long_date
from caseflow.monitoring import consents
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.questions import QUESTIONS, Question
from caseflow.monitoring.titles import VISITS
from caseflow.notices.letters.frame import (
    Block,
    Said,
    Sender,
    facts,
    framed,
    heading,
    items,
    lines,
    paragraph,
    small,
    table,
    ticks,
)
from caseflow.notices.letters.press import PrintedLetter, print_letter
from caseflow.registry import queries as registry

_SPACE = " ." * 30
_BEANS = "0 - 1 - 2 - 3 - 4"


def print_form(
    session: Session, visit: PlannedVisit, plan: Plan, sender: Sender, *, today: date
) -> PrintedLetter:
    """Return the form of one visit as a PDF; questions about livelihood only where they may be asked."""
    said = _said(session, visit, plan)
    words = framed(said, sender, day=today, number=plan.number, check_code=None)
    return print_letter(words, "a4")


def _said(session: Session, visit: PlannedVisit, plan: Plan) -> Said:
    text = consents.text_on(visit.due_on)
    asked = [one for one in QUESTIONS if visit.asks_livelihood or not one.livelihood]
    blocks: list[Block] = [
        facts(
            [
                ("Keluarga", plan.contact_name),
                (
                    "Jorong, nagari",
                    f"{plan.jorong or '-'}, {registry.region_name(session, plan.region_code)}",
                ),
                ("Patokan rumah", plan.landmark),
                ("Direncanakan", long_date(visit.due_on)),
                ("Hari dan jam", ". . . . . . . . . . . . . . . .  mulai . . . . . . selesai . . . . . ."),
            ]
        ),
        heading("Bacakan dulu"),
        items(text.text),
    ]
    for question in asked:
        blocks += _question(question)
    if not visit.asks_livelihood:
        blocks.append(
            small(f"Penghidupan belum ditanyakan sebelum {long_date(plan.livelihood_from_on)} (hari ke-41).")
        )
    return Said(
        title=VISITS[visit.kind],
        about=f"Formulir {VISITS[visit.kind].lower()}",
        to=[
            "Diisi petugas, lalu disalin ke sistem dengan foto kertas ini. Kertas disimpan di kantor, lalu dimusnahkan.",
            f"Persetujuan versi {text.version}.",
        ],
        blocks=[*blocks, paragraph(f"Nama petugas{_SPACE}")],
        signed=[],
        closing=[],
    )


def _question(question: Question) -> Sequence[Block]:
    title = heading(f"{question.number}. {question.label}")
    hint = [small(question.hint)] if question.hint and question.kind != "shown" else []
    return [title, *hint, *_space(question)]


def _space(question: Question) -> Sequence[Block]:
    """Return room for the answer: boxes to tick, beans to ring, lines to write on."""
    boxes = [ticks([one.label for one in question.choices])] if question.choices else []
    match question.kind:
        case "shown":
            return [small("Tidak ditulis di kertas; petugas tidak menanyakan jumlahnya.")]
        case "beans":
            rows = [(one.label, _BEANS) for one in question.choices]
            columns: list[Block] = [{"label": "Dipakai untuk", "wide": True}, {"label": "Butir"}]
            return [table("Lingkari jumlah butir", columns, rows)]
        case "people":
            columns = [{"label": "Nama", "wide": True}, {"label": "Hubungan dengan pekerja", "wide": True}]
            return [table("Yang ditemui", columns, [("", "")] * 2, tall=True)]
        case "children":
            columns = [
                {"label": "Nama depan", "wide": True},
                {"label": "Sekolah"},
                {"label": "Sebab bila tidak", "wide": True},
            ]
            row = ("", "ya  /  tidak", "")
            return [table("Anak usia sekolah; lingkari ya atau tidak", columns, [row] * 3, tall=True)]
        case "consent":
            return [
                ticks([f"Bersedia, nama dan tanda tangan{_SPACE}"]),
                paragraph(f"Saksi{_SPACE}"),
            ]
        case "photos":
            return [ticks(["Keluarga mengizinkan foto", "Tidak"])]
        case "text" | "levy":
            return [*boxes, lines(2)]
        case "day":
            return [paragraph("Tanggal . . . . . . . . . . . . . . . .")]
        case _:
            return boxes
