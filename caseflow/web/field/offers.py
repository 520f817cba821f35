"""Offers of help, kept by the supervisor and the programme: the list, one offer, and where places roughly lie."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from caseflow.errors import Invalid
from caseflow.monitoring import offers, places
from caseflow.monitoring.offers import KIND_LABELS, OfferFacts
from caseflow.monitoring.questions import by_name
from caseflow.monitoring.referral_models import Offer
from caseflow.registry import queries as registry
from caseflow.registry import reach
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.field import field
from caseflow.web.forms import BaseForm, DayField, LongTextField, WholeField, choices
from caseflow.web.security import requires

_TRADES = [(one.code, one.label) for one in by_name()["livelihood_type"].choices]


class OfferForm(BaseForm):
    """What is written of an offer; ``version`` of one that is changed."""

    version = HiddenField()
    kind = SelectField(
        "Jenis bantuan",
        [InputRequired("Pilih jenis bantuannya.")],
        choices=[("", "Pilih jenisnya"), *KIND_LABELS.items()],
        validate_choice=False,
    )
    title = StringField("Nama bantuan", [InputRequired("Tulis nama bantuannya."), Length(max=120)])
    provider = StringField(
        "Siapa yang memberi", [InputRequired("Tulis siapa yang memberi."), Length(max=120)]
    )
    region_code = SelectField("Tempat", [InputRequired("Pilih tempatnya.")], validate_choice=False)
    trades = SelectMultipleField("Cocok untuk usaha", choices=_TRADES, validate_choice=False)
    starts_on = DayField("Hari pertama", [Optional()])
    ends_on = DayField("Hari terakhir", [Optional()])
    places = WholeField("Jumlah tempat", [Optional()])
    contact = StringField("Cara menghubungi", [Length(max=200)])
    about = LongTextField("Keterangan", [Length(max=600, message="Paling banyak 600 huruf.")])


class PlaceForm(BaseForm):
    """Where a nagari or kecamatan roughly lies."""

    region = SelectField(
        "Nagari atau kecamatan", [InputRequired("Pilih nagari atau kecamatannya.")], validate_choice=False
    )
    latitude = StringField("Lintang", [InputRequired("Tulis lintangnya, misalnya -0,66.")])
    longitude = StringField("Bujur", [InputRequired("Tulis bujurnya, misalnya 100,95.")])
    source = StringField("Diketahui dari", [InputRequired("Tulis dari mana."), Length(max=200)])


@field.get("/bantuan")
@requires("offer.edit")
def offers_page() -> ResponseReturnValue:
    """List what families can be sent to, with the places that are left."""
    closed = request.args.get("tahap") == "ditutup"
    rows = {
        which: offers.offer_rows(here.session(), by=here.actor(), closed=which) for which in (False, True)
    }
    return render_template(
        "field/offers.html",
        rows=rows[closed],
        tabs=[
            {
                "label": label,
                "href": url_for("field.offers_page", tahap=name),
                "count": len(rows[which]),
                "current": which == closed,
            }
            for label, name, which in (("Dibuka", None, False), ("Ditutup", "ditutup", True))
        ],
        kinds=KIND_LABELS,
        trades=dict(_TRADES),
        closed=closed,
    )


@field.get("/bantuan/baru")
@requires("offer.edit")
def new_offer_page() -> ResponseReturnValue:
    """Ask what is offered."""
    return _offer_page(None, OfferForm(formdata=None))


@field.post("/bantuan/baru")
@requires("offer.edit")
def new_offer_post() -> ResponseReturnValue:
    """Write it down."""
    form = OfferForm()

    def work() -> str:
        offer = offers.add_offer(here.session(), _facts(form), by=here.actor(), now=here.now())
        flash(f"Bantuan “{offer.title}” tersimpan. Keluarga dapat dirujuk ke sana mulai sekarang.")
        return url_for("field.offers_page")

    return attempt(work, lambda refused: _offer_page(None, form, refused), form)


@field.get("/bantuan/letak")
@requires("offer.edit")
def places_page() -> ResponseReturnValue:
    """Show which places are known, and ask for one."""
    return _places_page(PlaceForm(formdata=None))


@field.post("/bantuan/letak")
@requires("offer.edit")
def places_post() -> ResponseReturnValue:
    """Write down where a place roughly lies."""
    form = PlaceForm()

    def work() -> str:
        place = places.place_region(
            here.session(),
            form.region.data or "",
            (_degrees(form.latitude.data, "latitude"), _degrees(form.longitude.data, "longitude")),
            form.source.data or "",
            by=here.actor(),
            now=here.now(),
        )
        flash(
            f"Letak {registry.region_name(here.session(), place.region_code)} tersimpan, dibulatkan ke kilometer."
        )
        return url_for("field.places_page")

    return attempt(work, lambda refused: _places_page(form, refused), form)


@field.get("/bantuan/<offer_id>")
@requires("offer.edit")
def offer_page(offer_id: str) -> ResponseReturnValue:
    """Show one offer, filled in."""
    offer = _get(offer_id)
    facts = offers.facts_of(offer)
    data = {
        **{name: getattr(facts, name) for name in OfferFacts.__dataclass_fields__},
        "version": offer.version,
    }
    return _offer_page(offer, OfferForm(formdata=None, data=data))


@field.post("/bantuan/<offer_id>")
@requires("offer.edit")
def offer_post(offer_id: str) -> ResponseReturnValue:
    """Write it anew."""
    offer, form = _get(offer_id), OfferForm()

    def work() -> str:
        version = whole_number(form.version.data)
        offers.change_offer(
            here.session(), offer, _facts(form), by=here.actor(), expected_version=version, now=here.now()
        )
        flash("Perubahan tersimpan.")
        return url_for("field.offers_page")

    return attempt(work, lambda refused: _offer_page(_get(offer_id), form, refused), form)


@field.post("/bantuan/<offer_id>/tutup")
@requires("offer.edit")
def close_offer_post(offer_id: str) -> ResponseReturnValue:
    """Offer it to nobody else."""
    offer = _get(offer_id)

    def work() -> str:
        version = whole_number(request.form.get("version"))
        offers.close_offer(here.session(), offer, by=here.actor(), expected_version=version, now=here.now())
        flash("Bantuan ditutup. Keluarga yang sudah dirujuk tetap tercatat.")
        return url_for("field.offers_page")

    data = {name: getattr(offers.facts_of(offer), name) for name in OfferFacts.__dataclass_fields__}
    return attempt(
        work, lambda refused: _offer_page(_get(offer_id), OfferForm(formdata=None, data=data), refused)
    )


def _get(offer_id: str) -> Offer:
    return offers.get_offer(here.session(), offer_id, by=here.actor(), permission="offer.edit")


def _facts(form: OfferForm) -> OfferFacts:
    return OfferFacts(
        kind=form.kind.data or "",
        title=form.title.data or "",
        provider=form.provider.data or "",
        region_code=form.region_code.data or "",
        trades=form.trades.data or (),
        contact=form.contact.data or "",
        about=form.about.data or "",
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        places=form.places.data,
    )


def _degrees(typed: str | None, name: str) -> Decimal:
    """Read degrees as people write them, with a comma or a point.

    :raises Invalid: no number.
    """
    try:
        number = Decimal((typed or "").replace(",", ".").replace("−", "-").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > Decimal(360):
        raise Invalid({name: "Tulis angka derajat, misalnya -0,66. Belum tersimpan."})
    return number


def _regions(*, with_regency: bool) -> list[SelectChoice]:
    """Return the places within reach: the regency, its kecamatan, and the nagari under each."""
    by, session = here.actor(), here.session()
    codes = reach.regions(by, "offer.edit")

    def mine(code: str) -> bool:
        return codes is None or any(code == one or code.startswith(f"{one}.") for one in codes)

    regency = registry.regency_code(session)
    districts = [(code, f"Kecamatan {name}") for code, name in registry.districts(session) if mine(code)]
    whole = [(regency, "Seluruh kabupaten")] if with_regency and mine(regency) else []
    found = [*choices([("", "Pilih tempat"), *whole]), *choices(districts, group="Kecamatan")]
    for district, listed in registry.nagari_by_district(session):
        nagari = [(code, name) for code, name in listed if mine(code)]
        found += choices(nagari, group=f"Nagari di {district}")
    return found


def _offer_page(offer: Offer | None, form: OfferForm, refused: Sequence[str] = ()) -> str:
    form.region_code.choices = _regions(with_regency=True)
    return render_template("field/offer.html", offer=offer, form=form, refused=refused)


def _places_page(form: PlaceForm, refused: Sequence[str] = ()) -> str:
    form.region.choices = _regions(with_regency=False)
    known = places.places_known(here.session(), by=here.actor())
    return render_template("field/places.html", form=form, refused=refused, known=known)
