"""The worklist: queues, one statement for the counts and one for the rows; unchanged lists answer 304."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, get_flashed_messages, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import intake, queries
from caseflow.claims.queries import WorklistRow
from caseflow.claims.workflows import book
from caseflow.errors import Invalid
from caseflow.web import here
from caseflow.web.casework import casework, words
from caseflow.web.casework.due import Due, age_words, due_words
from caseflow.web.casework.frame import calendar, may
from caseflow.web.once import once
from caseflow.web.security import requires

MOST_AT_ONCE = queries.PAGE
# name in addresses, name in queries, label, what an empty one says
_QUEUES = (
    (
        "saya",
        "mine",
        "Giliran saya",
        "Tidak ada kasus yang menunggu langkah Anda. Yang menunggu keluarga, pejabat, atau bank ada di Semua.",
    ),
    ("bebas", "unassigned", "Belum ditugaskan", "Semua kasus sudah punya petugas."),
    ("telepon", "to_call", "Perlu ditelepon", "Tidak ada keluarga yang perlu ditelepon sekarang."),
    ("kabar", "silent", "Menunggu kabar", "Semua keluarga mendengar kabar dalam enam hari kerja terakhir."),
    ("persetujuan", "approval", "Menunggu persetujuan", "Tidak ada kasus yang menunggu persetujuan."),
    ("lewat", "overdue", "Lewat batas", "Tidak ada kasus yang lewat batas."),
    ("semua", "all", "Semua", "Belum ada kasus yang terbuka."),
)
_CASE = "casework.case"
# where the next thing to do is, when it is not the case as a whole
_CALLED_FROM = {"silent": "casework.messages_page"}


@dataclass(frozen=True)
class Line:
    """One row as it is read: names, words and colours ready."""

    number: str
    name: str
    program: str
    region: str
    due: Due
    state: str
    sentiment: str
    papers: str
    papers_note: str
    assignee: str | None
    href: str


@casework.get("/")
@requires("worklist.read")
def worklist() -> ResponseReturnValue:
    """Show one queue."""
    by, today = here.actor(), clock.today()
    name = request.args.get("antrean", _first_queue())
    chosen = next((queue for queue in _QUEUES if queue[0] == name), _QUEUES[-1])
    counts = queries.queue_counts(here.session(), by=by, today=today)
    page = queries.worklist(here.session(), chosen[1], by=by, today=today, after=request.args.get("setelah"))
    etag = _etag(chosen[0], counts, page)
    if etag is not None and request.if_none_match.contains_weak(etag):
        response = make_response("", 304)
    else:
        response = make_response(
            render_template(
                "casework/worklist.html",
                queues=_queue_items(chosen[0], counts),
                queue=chosen,
                lines=_lines(page.rows, to=_CALLED_FROM.get(chosen[1], _CASE)),
                counts=counts,
                next_href=_page_href(chosen[0], page.after),
                first_page="setelah" not in request.args,
                may_assign=_may_take(),
            )
        )
    if etag is not None:
        response.set_etag(etag, weak=True)
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@casework.post("/tugaskan")
@requires("claim.assign")
def take_cases() -> ResponseReturnValue:
    """Give the ticked cases to whoever asks."""
    numbers = request.form.getlist("case")[:MOST_AT_ONCE]
    if not numbers:
        raise Invalid("Belum ada kasus yang dipilih, jadi tidak ada yang berubah. Pilih dulu, lalu tugaskan.")

    def taken() -> str:
        by = here.actor()
        for number in numbers:
            claim = queries.get_claim(here.session(), number, by=by)
            intake.assign(here.session(), claim, by.user_id, by=by)
        flash(f"{len(numbers)} kasus sekarang tugas Anda.")
        return url_for("casework.worklist", antrean="saya")

    return once(taken)


@casework.get("/cari")
@requires("claim.search")
def search() -> ResponseReturnValue:
    """Show cases that fit what was typed, also closed ones."""
    text = request.args.get("q", "")
    rows = queries.search(here.session(), text, by=here.actor())
    return render_template("casework/search.html", search_text=text.strip(), lines=_lines(rows))


def _lines(rows: Sequence[WorklistRow], *, to: str = _CASE) -> list[Line]:
    today, days = clock.today(), calendar()
    now = here.now()
    lines = []
    for row in rows:
        definition = book().get(row.workflow, row.workflow_version)
        age = age_words((now - row.entered_at).days)
        state = definition.states.get(row.state)
        lines.append(
            Line(
                number=row.number,
                name=words.deceased(row.subject, row.honorific),
                program=words.PROGRAMS[row.program],
                region=row.region,
                due=due_words(
                    row.due_on,
                    today=today,
                    calendar=days,
                    waiting="kasus selesai" if state and state.final else age,
                    unit=state.deadline_unit if state else "working_days",
                ),
                state=definition.label_of(row.state),
                sentiment=words.sentiment(definition, row.state),
                papers=_papers(row),
                papers_note=_papers_note(row),
                assignee=row.assignee,
                href=url_for(to, number=row.number),
            )
        )
    return lines


def _papers(row: WorklistRow) -> str:
    if row.papers and row.papers_accepted == row.papers:
        return f"{row.papers_accepted}/{row.papers} diterima"
    return f"{row.papers_sent}/{row.papers} terkirim"


def _papers_note(row: WorklistRow) -> str:
    waiting = row.papers_sent - row.papers_accepted
    parts = []
    if waiting:
        parts.append(f"{waiting} perlu diperiksa")
    if row.papers_returned:
        parts.append(f"{row.papers_returned} minta ganti")
    return ", ".join(parts)


def _queue_items(current: str, counts: dict[str, int]) -> list[dict[str, object]]:
    items: list[dict[str, object]] = [
        {
            "label": label,
            "href": url_for("casework.worklist", antrean=name),
            "count": counts[key],
            "current": name == current,
            "sentiment": "danger" if key in {"overdue", "silent"} else None,
        }
        for name, key, label, _ in _QUEUES
    ]
    asked = {
        "label": "Permintaan keluarga",
        "href": url_for("casework.requests_page"),
        "count": counts["requests"],
    }
    return [*items, asked] if may("request.read") else items


def _page_href(queue: str, after: str | None) -> str | None:
    return url_for("casework.worklist", antrean=queue, setelah=after) if after else None


def _first_queue() -> str:
    """Begin with what the person is here for."""
    return "saya" if "officer" in here.actor().roles else "semua"


def _may_take() -> bool:
    """Only whoever works on cases takes them; others hand them out on the case itself."""
    return may("claim.assign") and "officer" in here.actor().roles


def _etag(queue: str, counts: dict[str, int], page: queries.Page) -> str | None:
    """Return a mark of everything the page is made of; none while it says something only once."""
    if "_flashes" in session or get_flashed_messages():
        return None
    by, now = here.actor(), here.now()
    viewer = (by.user_id, sorted(by.roles), clock.today(), calendar().fingerprint)
    ages = [(now - row.entered_at).days for row in page.rows]
    shown = (viewer, queue, sorted(counts.items()), page.after, ages, page.rows)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
