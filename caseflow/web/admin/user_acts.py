"""Accounts that come and go: a new one, a role taken back, an account closed with everything it had in hand."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import handover
from caseflow.claims.handover import Given
from caseflow.claims.handover_models import Handover
from caseflow.errors import Invalid, NotPossible
from caseflow.notices import visit_order
from caseflow.people import policy, staffing
from caseflow.people.staff_queries import StaffRow
from caseflow.people.staffing import NewAccount
from caseflow.web import here
from caseflow.web.admin import admin
from caseflow.web.admin.staff_forms import (
    AccountForm,
    HandForm,
    RevokeForm,
    prepare_hand,
    prepare_role,
    scope_of,
)
from caseflow.web.admin.users import fetch, paper, places
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import choices
from caseflow.web.once import shown_once
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up


@admin.get("/pengguna/baru")
@requires("staff.grant")
def new_user_page() -> ResponseReturnValue:
    """Ask for whom the account is."""
    return _new_page(AccountForm(formdata=None), [])


@admin.post("/pengguna/baru")
@requires("staff.grant")
def new_user_post() -> ResponseReturnValue:
    """Make the account and show its paper once; an administrator proposes it."""
    require_step_up()
    form = AccountForm()
    prepare_role(form)
    if policy.mark(here.actor(), "staff.grant") != "full":
        return attempt(lambda: _propose(form), lambda refused: _new_page(form, refused), form)
    if not form.validate():
        return _new_page(form, []), 422
    try:
        return shown_once(lambda: _made(form), afterwards=url_for("admin.users_page"))
    except (Invalid, NotPossible) as refusal:
        here.session().rollback()
        return _new_page(form, _at_fields(refusal, form)), refusal.status


@admin.get("/pengguna/<username>/cabut")
@requires("staff.close")
def revoke_page(username: str) -> ResponseReturnValue:
    """Ask which role is taken back, and who goes on with the work."""
    found = fetch(username)
    return _revoke_page(found, _revoke_form(found, empty=True), [])


@admin.post("/pengguna/<username>/cabut")
@requires("staff.close")
def revoke_post(username: str) -> ResponseReturnValue:
    """Take the role back; whoever works for the branch no longer hands over what they have."""
    require_step_up()
    found = fetch(username)
    form = _revoke_form(found)

    def work() -> str:
        moved = handover.take_role(
            here.session(), whole_number(form.grant_id.data), _given(form), by=here.actor(), now=here.now()
        )
        given = visit_order.give_all_from_gone(here.session(), now=here.now())
        flash(f"Peran dicabut.{_moved_words(moved)}{_given_words(given)}")
        return url_for("admin.user_page", username=found.username)

    return attempt(work, lambda refused: _revoke_page(found, form, refused), form)


@admin.get("/pengguna/<username>/tutup")
@requires("staff.close")
def close_page(username: str) -> ResponseReturnValue:
    """Say what closing does, and ask who goes on with the work."""
    found = fetch(username)
    return _close_page(found, prepare_hand(HandForm(formdata=None), found.user_id), [])


@admin.post("/pengguna/<username>/tutup")
@requires("staff.close")
def close_post(username: str) -> ResponseReturnValue:
    """Close the account and hand over its work, both or neither."""
    require_step_up()
    found = fetch(username)
    form = prepare_hand(HandForm(), found.user_id)

    def work() -> str:
        moved = handover.close_account(
            here.session(), found.user_id, _given(form), by=here.actor(), now=here.now()
        )
        given = visit_order.give_all_from_gone(here.session(), now=here.now())
        flash(
            f"Akun {found.full_name} ditutup dan semua sesinya dihentikan."
            f"{_moved_words(moved)}{_given_words(given)}"
        )
        return url_for("admin.users_page")

    return attempt(work, lambda refused: _close_page(found, form, refused), form)


def _made(form: AccountForm) -> str:
    invited = staffing.invite(
        here.session(), _told(form), form.role.data or "", scope_of(form), by=here.actor(), now=here.now()
    )
    return paper(invited, form.full_name.data or "")


def _propose(form: AccountForm) -> str:
    staffing.propose_account(
        here.session(),
        _told(form),
        form.role.data or "",
        scope_of(form),
        reason=form.reason.data or "",
        by=here.actor(),
        now=here.now(),
    )
    flash("Usul tersimpan. Akun dibuat setelah kepala cabang menyetujuinya.")
    return url_for("admin.users_page")


def _told(form: AccountForm) -> NewAccount:
    if not form.national_id.data and not here.settings().training:
        raise Invalid(
            {"national_id": "Tulis NIK: dengan NIK, dua akun dari satu orang dikenali. Belum tersimpan."}
        )
    return NewAccount(
        username=form.username.data or "",
        full_name=form.full_name.data or "",
        title=form.title.data or "",
        national_id=form.national_id.data or None,
    )


def _given(form: HandForm) -> Given:
    return Given(whole_number(form.to.data) if form.to.data else None, form.note.data or "")


def _moved_words(moved: Handover | None) -> str:
    return f" {moved.cases} kasus diserahkan dengan catatan Anda." if moved is not None else ""


def _given_words(families: int) -> str:
    return f" {families} keluarga dampingan mendapat petugas lain atau menunggu penyelia." if families else ""


def _at_fields(refusal: Invalid | NotPossible, form: AccountForm) -> list[str]:
    """Put each sentence beside its field; return those that have none."""
    if isinstance(refusal, NotPossible):
        return refusal.sentences
    rest = []
    for name, sentence in refusal.fields.items():
        if name in form:
            form[name].errors = [sentence]
        else:
            rest.append(sentence)
    return rest


def _new_page(form: AccountForm, refused: Sequence[str]) -> str:
    prepare_role(form)
    only_proposes = policy.mark(here.actor(), "staff.grant") != "full"
    return render_template(
        "admin/user_new.html", form=form, refused=refused, only_proposes=only_proposes,
        needs_nik=not here.settings().training,
    )  # fmt: skip


def _revoke_form(found: StaffRow, *, empty: bool = False) -> RevokeForm:
    form = prepare_hand(RevokeForm(formdata=None) if empty else RevokeForm(), found.user_id)
    names = places([found])
    form.grant_id.choices = choices(
        (
            str(role.grant_id),
            f"{role.label}, {names.get(role.scope_code, 'cabang ' + role.scope_code.title())}",
        )
        for role in found.roles
    )
    if empty and len(found.roles) == 1:
        form.grant_id.data = str(found.roles[0].grant_id)
    return form


def _revoke_page(found: StaffRow, form: RevokeForm, refused: Sequence[str]) -> str:
    return _hand_page("admin/user_revoke.html", found, form, refused)


def _close_page(found: StaffRow, form: HandForm, refused: Sequence[str]) -> str:
    return _hand_page("admin/user_close.html", found, form, refused)


def _hand_page(template: str, found: StaffRow, form: HandForm, refused: Sequence[str]) -> str:
    in_hand = handover.in_hand(here.session(), found.user_id)
    return render_template(
        template,
        found=found,
        form=form,
        refused=refused,
        in_hand=in_hand,
        sees_cases=policy.allows(here.actor(), "claim.read"),
    )
