"""Places: nagari by kecamatan, jorong, and how else people write them. A nagari keeps its own; the programme keeps all."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseflow import clock
from caseflow.audit import changes
from caseflow.people import policy
from caseflow.registry import place_queries, places, reach, regions
from caseflow.registry.place_queries import NagariPlace
from caseflow.registry.places import NewNagari
from caseflow.web import here
from caseflow.web.admin import change_words
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm, DayField
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

_NAME, _SOURCE = 60, 200


class NagariForm(BaseForm):
    """A nagari that was newly formed."""

    code = StringField("Kode Kemendagri", [InputRequired("Tulis kodenya."), Length(max=13)])
    name = StringField("Nama resmi", [InputRequired("Tulis namanya."), Length(max=_NAME)])
    level = RadioField(
        "Jenis",
        choices=[("nagari", "Nagari"), ("desa", "Desa")],
        validators=[InputRequired("Pilih jenisnya.")],
    )
    opened_on = DayField("Berdiri sejak", [InputRequired("Isi hari berdirinya.")])
    source = StringField("Peraturan atau SK", [InputRequired("Tulis dasarnya."), Length(max=_SOURCE)])
    note = StringField("Keterangan", [Optional(), Length(max=_SOURCE)])


class RenameForm(BaseForm):
    """Another official name."""

    name = StringField("Nama resmi", [InputRequired("Tulis namanya."), Length(max=_NAME)])
    source = StringField("Peraturan atau SK", [InputRequired("Tulis dasarnya."), Length(max=_SOURCE)])


class CloseForm(BaseForm):
    """A nagari that is no more."""

    on = DayField("Tidak ada lagi sejak", [InputRequired("Isi harinya.")])
    source = StringField("Peraturan atau SK", [InputRequired("Tulis dasarnya."), Length(max=_SOURCE)])
    note = StringField(
        "Menjadi apa", [InputRequired("Tulis digabung atau dipecah menjadi apa."), Length(max=_SOURCE)]
    )


class PlaceForm(BaseForm):
    """One act on a jorong or a spelling: what is done is judged by ``act``."""

    act = HiddenField(validators=[InputRequired()])
    jorong = HiddenField(validators=[Optional()])
    name = StringField("Nama jorong", [Optional(), Length(max=_NAME)])
    alias = StringField("Ejaan lain", [Optional(), Length(max=_NAME)])


@nagari.get("/jorong")
@requires("jorong.edit")
def places_page() -> ResponseReturnValue:
    """List nagari by kecamatan; of one nagari alone, go there at once."""
    by, asked = here.actor(), request.args.get("q", "").strip()
    listed = place_queries.by_district(here.session(), by=by, written=asked, on=clock.today())
    names = {one.code: one.name for _, several in listed for one in several}
    found = [one for _, several in listed for one in several]
    if len(found) == 1 and (not asked or policy.mark(by, "jorong.edit") == "own"):
        return redirect(url_for("nagari.place_page", code=found[0].code), code=303)
    may_edit = policy.allows(by, "region.edit")
    return render_template(
        "nagari/places.html",
        listed=listed,
        asked=asked,
        may_edit=may_edit,
        changes=change_words.lines(changes.changes(here.session(), "region", "jorong"), names)
        if may_edit
        else [],
    )


@nagari.get("/jorong/<code>")
@requires("jorong.edit")
def place_page(code: str) -> ResponseReturnValue:
    """Show a nagari with its jorong and spellings."""
    return _place_page(code, PlaceForm(formdata=None), [])


@nagari.post("/jorong/<code>")
@requires("jorong.edit")
def place_post(code: str) -> ResponseReturnValue:
    """Add, rename or close a jorong; add a spelling or take one back."""
    reach.require(code, here.actor(), "jorong.edit")
    form = PlaceForm()

    def work() -> str:
        flash(_act(code, form))
        return url_for("nagari.place_page", code=code)

    return attempt(work, lambda refused: _place_page(code, form, refused), form)


@nagari.get("/jorong/baru")
@requires("region.edit")
def new_nagari_page() -> ResponseReturnValue:
    """Ask for a nagari that was newly formed."""
    return _new_page(NagariForm(formdata=None, data={"level": "nagari"}), [])


@nagari.post("/jorong/baru")
@requires("region.edit")
def new_nagari_post() -> ResponseReturnValue:
    """Add it."""
    form = NagariForm()

    def work() -> str:
        told = NewNagari(
            code=form.code.data or "",
            name=form.name.data or "",
            level=form.level.data or "",
            opened_on=form.opened_on.data or clock.today(),
            source=form.source.data or "",
            note=form.note.data or "",
        )
        added = places.open_nagari(here.session(), told, by=here.actor(), now=here.now())
        flash(f"{added.name} ditambahkan. Tambahkan jorongnya di bawah.")
        return url_for("nagari.place_page", code=added.code)

    return attempt(work, lambda refused: _new_page(form, refused), form)


@nagari.get("/jorong/<code>/nama")
@requires("region.edit")
def rename_page(code: str) -> ResponseReturnValue:
    """Ask for the new official name."""
    place = _get(code)
    return _rename_page(place, RenameForm(formdata=None, data={"name": place.name}), [])


@nagari.post("/jorong/<code>/nama")
@requires("region.edit")
def rename_post(code: str) -> ResponseReturnValue:
    """Write the new name; the old one is kept as a spelling."""
    place, form = _get(code), RenameForm()

    def work() -> str:
        name, source = form.name.data or "", form.source.data or ""
        places.rename_nagari(here.session(), code, name, source=source, by=here.actor())
        flash(f"Nama {place.name} diganti. Nama lama tetap bisa dicari.")
        return url_for("nagari.place_page", code=code)

    return attempt(work, lambda refused: _rename_page(place, form, refused), form)


@nagari.get("/jorong/<code>/tutup")
@requires("region.edit")
def close_nagari_page(code: str) -> ResponseReturnValue:
    """Say what closing does."""
    return _close_page(_get(code), CloseForm(formdata=None), [])


@nagari.post("/jorong/<code>/tutup")
@requires("region.edit")
def close_nagari_post(code: str) -> ResponseReturnValue:
    """Close it; its workers stay where they are until they are moved."""
    place, form = _get(code), CloseForm()

    def work() -> str:
        places.close_nagari(
            here.session(),
            code,
            form.on.data or clock.today(),
            source=form.source.data or "",
            note=form.note.data or "",
            by=here.actor(),
        )
        flash(f"{place.name} ditutup. Datanya tetap bisa dibaca.")
        return url_for("nagari.place_page", code=code)

    return attempt(work, lambda refused: _close_page(place, form, refused), form)


def _act(code: str, form: PlaceForm) -> str:
    """Do what the pressed form says and return the sentence to say."""
    session, by = here.session(), here.actor()
    key = whole_number(form.jorong.data)
    name, alias = form.name.data or "", form.alias.data or ""

    def close() -> None:
        places.close_jorong(session, code, key, clock.today(), by=by)

    acts: dict[str, tuple[Callable[[], object], str]] = {
        "add": (lambda: places.add_jorong(session, code, name, by=by), f"Jorong {name} ditambahkan."),
        "rename": (
            lambda: places.rename_jorong(session, code, key, name, by=by),
            f"Nama jorong sekarang {name}.",
        ),
        "close": (close, "Jorong ditutup. Data warganya tetap seperti sekarang."),
        "spell": (
            lambda: places.add_jorong_alias(session, code, key, alias, by=by),
            f"Ejaan {alias} dicatat.",
        ),
        "unspell": (lambda: places.remove_jorong_alias(session, code, alias, by=by), "Ejaan dihapus."),
        "spell_nagari": (
            lambda: places.add_nagari_alias(session, code, alias, by=by),
            f"Ejaan {alias} dicatat.",
        ),
        "unspell_nagari": (lambda: places.remove_nagari_alias(session, code, alias, by=by), "Ejaan dihapus."),
    }
    work, done = acts.get(form.act.data or "", (lambda: None, "Tidak ada yang berubah."))
    work()
    return done


def _get(code: str) -> NagariPlace:
    return place_queries.get_place(here.session(), code, by=here.actor())


def _place_page(code: str, form: PlaceForm, refused: Sequence[str]) -> str:
    place = _get(code)
    by = here.actor()
    return render_template(
        "nagari/place.html",
        place=place,
        form=form,
        refused=[*refused, *(error for field in form for error in field.errors)],
        several=policy.mark(by, "jorong.edit") != "own",
        may_edit=policy.allows(by, "region.edit"),
        closed=place.closed_on is not None and not regions.is_open(here.session(), code, on=clock.today()),
        today=clock.today(),
        changes=change_words.lines(changes.changes_of(here.session(), f"region:{code}")),
    )


def _new_page(form: NagariForm, refused: Sequence[str]) -> str:
    return render_template("nagari/place_new.html", form=form, refused=refused)


def _rename_page(place: NagariPlace, form: RenameForm, refused: Sequence[str]) -> str:
    return render_template("nagari/place_rename.html", place=place, form=form, refused=refused)


def _close_page(place: NagariPlace, form: CloseForm, refused: Sequence[str]) -> str:
    return render_template("nagari/place_close.html", place=place, form=form, refused=refused)
