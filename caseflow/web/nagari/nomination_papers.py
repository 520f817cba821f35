"""What leaves with a list: the recap as a letter of the nagari (L8), and the list as CSV or Excel."""

from collections.abc import Iterator

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from caseflow.errors import NotFound
from caseflow.formats import masked_nik
from caseflow.notices import registry_letters
from caseflow.notices.letters.frame import Sender
from caseflow.notices.nomination_recap import nomination_recap
from caseflow.notices.registry_letters import About
from caseflow.registry import nomination_queries as reads
from caseflow.registry import queries
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import Nomination
from caseflow.sheets import Cell
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.letters import send_draft, send_letter
from caseflow.web.lists_out import List, send_list
from caseflow.web.nagari import nagari
from caseflow.web.nagari.nominations import fetch, show_list
from caseflow.web.security import requires

RECAP = "nomination_recap"
_COLUMNS = (
    "No",
    "Nama",
    "NIK",
    "Jenis kelamin",
    "Tanggal lahir",
    "Jorong",
    "Pekerjaan",
    "Desil",
    "Keadaan",
    "Alasan",
)
_OFFICE = "WN"


@nagari.get("/usulan/<number>/unduh.<kind>")
@requires("nomination.read")
def nomination_list(number: str, kind: str) -> Response:
    """Send the list as a file; numbers of people stay masked."""
    nomination = fetch(number)
    table = List(
        name=f"usulan-{nomination.number}",
        permission="nomination.read",
        columns=_COLUMNS,
        rows=_rows(nomination),
        area=queries.region_name(here.session(), nomination.region_code),
        notes=(f"Usulan {nomination.number}.", "NIK disamarkan: hanya empat angka terakhir."),
    )
    return send_list(table, kind)


@nagari.get("/usulan/<number>/rekap/pratinjau")
@requires("nomination.edit")
def recap_draft(number: str) -> Response:
    """Show the recap as it would be issued now."""
    nomination, region = _of(number)
    said = nomination_recap(here.session(), nomination, region)
    return send_draft(registry_letters.preview_registry_letter(said, _sender(region), now=here.now()))


@nagari.post("/usulan/<number>/rekap")
@requires("nomination.edit")
def recap_post(number: str) -> ResponseReturnValue:
    """Issue the recap; what says the same is the same letter."""

    def work() -> str:
        nomination, region = _of(number)
        said = nomination_recap(here.session(), nomination, region)
        about = About(region.code, RECAP, nomination.number, _OFFICE, "nomination.edit")
        letter = registry_letters.issue_registry_letter(
            here.session(), here.store(), about, said, _sender(region), by=here.actor(), now=here.now()
        )
        flash(f"Rekap nomor {letter.number} terbit.")
        return url_for("nagari.nomination_page", number=nomination.number)

    return attempt(work, lambda refused: show_list(number, refused))


@nagari.get("/usulan/rekap/<letter>")
@requires("nomination.read")
def recap(letter: str) -> Response:
    """Open an issued recap."""
    found = registry_letters.get_registry_letter(
        here.session(), letter, permission="nomination.read", by=here.actor()
    )
    if found.kind != RECAP:
        raise NotFound("Surat ini tidak ditemukan. Periksa nomornya.")
    body = registry_letters.open_registry_letter(here.session(), here.store(), found, by=here.actor())
    return send_letter(found, body, save=False)


def _of(number: str) -> tuple[Nomination, Region]:
    nomination = fetch(number, "nomination.edit")
    return nomination, here.session().get_one(Region, nomination.region_code)


def _sender(region: Region) -> Sender:
    """The nagari writes; whoever has a question calls the number of the programme."""
    settings = here.settings()
    district = queries.region_name(here.session(), region.parent_code or "")
    return Sender(
        name=f"Pemerintah Nagari {region.name}",
        address=f"Kecamatan {district}, Kabupaten Sijunjung",
        phone=settings.programme_phone,
        place=region.name,
        base_url=settings.base_url,
        training=settings.training,
    )


def _rows(nomination: Nomination) -> Iterator[tuple[Cell, ...]]:
    place, after = 0, 0
    while page := reads.people(here.session(), nomination, after=after):
        for row in page:
            place += 1
            yield (
                place,
                row.full_name,
                masked_nik(row.national_id),
                "Perempuan" if row.sex == "f" else "Laki-laki",
                row.born_on,
                row.jorong,
                row.occupation,
                row.welfare_decile,
                reads.ROW_STATES[row.state][0],
                row.reason,
            )
        after = page[-1].id
