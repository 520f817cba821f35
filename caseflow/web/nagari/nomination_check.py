"""Before a list is put forward: counts against quota and budget, what is missing, its papers, who signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.errors import Invalid
from caseflow.registry import meetings, nomination_rules, nominations, queries, waiting
from caseflow.registry import nomination_queries as reads
from caseflow.registry.nomination_models import Nomination, RegistryFile
from caseflow.registry.nominations import Decree, Submitted
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm, DayField, NameField, choices
from caseflow.web.nagari import nagari
from caseflow.web.nagari.nomination_rows import CONSENT
from caseflow.web.nagari.nominations import fetch, may_write, state_of
from caseflow.web.proofs import FORM_BYTES, WITH_PAPER, kept
from caseflow.web.security import requires


class GroundForm(BaseForm):
    """On what a list rests."""

    meeting = SelectField("Musyawarah nagari", validators=[InputRequired("Pilih musyawarahnya.")])
    decree_number = StringField("Nomor SK wali nagari", [InputRequired("Tulis nomor SK."), Length(max=80)])
    decree_on = DayField("Tanggal SK", [InputRequired("Isi tanggal SK.")])
    decree_signed_by = NameField("Ditandatangani oleh", [InputRequired("Tulis nama yang menandatangani.")])
    decree_file = FileField("Foto atau PDF SK")


class SubmitForm(BaseForm):
    """The last look before a list leaves the nagari."""

    version = HiddenField(validators=[InputRequired()])
    overflow = RadioField(
        "Bila kuota tidak cukup untuk semua",
        choices=[
            ("draft", "Yang tidak muat tetap draf di usulan tersendiri"),
            ("waiting", "Yang tidak muat masuk daftar tunggu"),
        ],
        default="draft",
        validators=[InputRequired("Pilih salah satu.")],
    )
    told = BooleanField(
        "Kalimat persetujuan sudah dibacakan kepada semua orang di daftar ini, dan mereka setuju",
        [InputRequired("Bacakan dulu kalimatnya, lalu beri tanda.")],
    )
    signed_by = NameField("Nama yang mengajukan", [InputRequired("Tulis nama Anda.")])


@dataclass(frozen=True)
class Check:
    """One line of the check: good, or what is still to be done."""

    good: bool
    text: str


@nagari.get("/usulan/<number>/periksa")
@requires("nomination.edit")
def nomination_check(number: str) -> ResponseReturnValue:
    """Show what is there and what is missing."""
    return _page(fetch(number, "nomination.edit"), [])


@nagari.post("/usulan/<number>/dasar")
@requires("nomination.edit", max_bytes=FORM_BYTES, body_types=WITH_PAPER)
def ground_post(number: str) -> ResponseReturnValue:
    """Write down musyawarah and SK."""
    form = _ground_form(fetch(number, "nomination.edit"))

    def work() -> str:
        session, by = here.session(), here.actor()
        nomination = fetch(number, "nomination.edit")
        paper = kept("decree_file", "decree", nomination.region_code, permission="nomination.edit")
        meeting = meetings.get_meeting(session, form.meeting.data or "", by=by, permission="nomination.edit")
        nominations.set_meeting(session, nomination, meeting, by=by)
        decree = Decree(
            number=form.decree_number.data or "",
            decided_on=form.decree_on.data or date.max,
            signed_by=form.decree_signed_by.data or "",
        )
        file_id = paper.id if paper is not None else None
        nominations.set_decree(session, nomination, decree, by=by, now=here.now(), file_id=file_id)
        flash("Musyawarah dan SK dicatat.")
        return url_for("nagari.nomination_check", number=nomination.number)

    return attempt(work, lambda refused: _page(fetch(number, "nomination.edit"), refused, ground=form), form)


@nagari.post("/usulan/<number>/ajukan")
@requires("nomination.edit")
def submit_post(number: str) -> ResponseReturnValue:
    """Put the list forward."""
    form = SubmitForm()

    def work() -> str:
        nomination = fetch(number, "nomination.edit")
        done = nominations.submit(
            here.session(),
            nomination,
            overflow="waiting" if form.overflow.data == "waiting" else "draft",
            expected_version=whole_number(form.version.data),
            by=here.actor(),
            now=here.now(),
            consent_told=True,
            signed_by=form.signed_by.data or "",
        )
        flash(_done(done))
        return url_for("nagari.nomination_page", number=nomination.number)

    return attempt(work, lambda refused: _page(fetch(number, "nomination.edit"), refused, submit=form), form)


def _done(done: Submitted) -> str:
    said = f"{done.placed} orang diajukan ke Disnakertrans."
    if done.waiting:
        said += f" {done.waiting} orang tidak muat dan masuk daftar tunggu."
    if done.rest is not None:
        said += f" {done.left} orang tidak muat; mereka tetap draf di usulan {done.rest.number}."
    return said


def _ground_form(nomination: Nomination, *, empty: bool = False) -> GroundForm:
    found = [
        one
        for one in meetings.meetings(here.session(), by=here.actor())
        if one.region_code == nomination.region_code
    ]
    chosen = next((one.public_id for one in found if one.id == nomination.meeting_id), "")
    form = (
        GroundForm(
            formdata=None,
            data={
                "meeting": chosen,
                "decree_number": nomination.decree_number,
                "decree_on": nomination.decree_on,
                "decree_signed_by": nomination.decree_signed_by,
            },
        )
        if empty
        else GroundForm()
    )
    lines = [(one.public_id, f"{one.minutes_number}, {one.held_on:%d-%m-%Y}, {one.place}") for one in found]
    form.meeting.choices = choices([("", "Pilih musyawarah"), *lines])
    return form


def _page(
    nomination: Nomination,
    refused: Sequence[str],
    *,
    ground: GroundForm | None = None,
    submit: SubmitForm | None = None,
) -> str:
    session, by = here.session(), here.actor()
    if not may_write(nomination):
        raise Invalid(
            f"Usulan ini sekarang “{state_of(nomination).label}”. Tidak ada yang perlu diajukan lagi."
        )
    quota = waiting.get_quota(session, nomination.quota_id, by=by)
    counts = nominations.count_by_state(session, nomination.id)
    drafts = counts.get("draft", 0)
    decree = session.get(RegistryFile, nomination.decree_file_id) if nomination.decree_file_id else None
    lacking, incomplete = reads.incomplete(session, nomination)
    meeting = nomination_rules.meeting_recorded(session, nomination)
    paper = nomination_rules.decree_recorded(session, nomination)
    free = quota.slots - quota.taken
    checks = [
        Check(drafts > 0, f"{drafts} orang di draf." if drafts else "Belum ada orang di draf."),
        Check(
            drafts <= free,
            f"Sisa kuota {free} dari {quota.slots}: cukup untuk semua."
            if drafts <= free
            else f"Sisa kuota {free} dari {quota.slots}: {drafts - free} orang tidak muat.",
        ),
        _budget(quota.budgeted, quota.taken + min(drafts, free)),
        Check(
            not lacking,
            "Data semua orang lengkap."
            if not lacking
            else f"Data {lacking} orang belum lengkap (nomor KK atau tempat lahir).",
        ),
        Check(meeting is None, meeting or "Musyawarah dan berita acaranya ada."),
        Check(paper is None, paper or "SK wali nagari ada."),
    ]
    return render_template(
        "nagari/nomination_check.html",
        nomination=nomination,
        nagari_name=queries.region_name(session, nomination.region_code),
        quota=quota,
        drafts=drafts,
        checks=checks,
        incomplete=incomplete,
        more_incomplete=lacking - len(incomplete),
        ready=all(one.good for one in (checks[0], checks[3], checks[4], checks[5])) and free > 0,
        ground=ground or _ground_form(nomination, empty=True),
        decree=decree,
        submit=submit or SubmitForm(formdata=None, data={"signed_by": by.name, "overflow": "draft"}),
        wrong=ground or submit,
        consent=CONSENT,
        refused=refused,
    )


def _budget(budgeted: int, held: int) -> Check:
    """More than the budget pays for is a warning, never a refusal."""
    if held <= budgeted:
        return Check(True, f"Anggaran cukup: {held} dari {budgeted} orang yang dianggarkan.")
    return Check(
        False,
        f"{held - budgeted} orang melebihi anggaran ({budgeted} orang). Boleh diajukan; pengelola program menilai.",
    )
