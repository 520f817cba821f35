"""Accounts of staff: who they are, which roles they hold, when they were last here. Nothing about passphrases is shown."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.audit import changes
from caseflow.claims import handover, handover_queries
from caseflow.people import accounts, policy, staff_queries, staffing
from caseflow.people.staff_queries import PAGE, Filter, StaffRow
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.admin import admin, change_words
from caseflow.web.admin.staff_forms import AnswerForm, FilterForm, RoleForm, prepare_role, scope_of
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.once import once, shown_once
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up


@admin.get("/pengguna")
@requires("staff.read")
def users_page() -> ResponseReturnValue:
    """List the accounts, with the proposals that wait on top."""
    form = FilterForm(formdata=request.args)
    given = [(role.name, role.label) for role in policy.policy().roles.values() if role.scope]
    form.peran.choices = [("", "Semua peran"), *given]
    wanted = Filter(
        text=form.q.data or "",
        role=form.peran.data if form.peran.data in dict(given) else "",
        closed=form.status.data == "tutup",
        after=_read_key(request.args.get("setelah")),
    )
    rows = staff_queries.staff(here.session(), wanted, by=here.actor(), now=here.now())
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return render_template(
        "admin/users.html",
        form=form,
        rows=rows[:PAGE],
        places=places(rows),
        proposals=staff_queries.proposals(here.session(), by=here.actor()),
        narrowed=bool(wanted.text or wanted.role or wanted.closed),
        may_grant=policy.allows(here.actor(), "staff.grant"),
        may_answer=policy.mark(here.actor(), "staff.grant") == "full",
        own_user_id=here.actor().user_id,
        changes=_changes(),
        next_href=url_for("admin.users_page", **_narrowed(), setelah=f"{last.user_id}.{last.full_name}")
        if last
        else None,
    )


@admin.get("/pengguna/<username>")
@requires("staff.read")
def user_page(username: str) -> ResponseReturnValue:
    """Show one account: roles, sessions, work in hand, changes."""
    return user_view(fetch(username), _role_form(), [])


@admin.post("/pengguna/<username>/peran")
@requires("staff.grant")
def grant_post(username: str) -> ResponseReturnValue:
    """Give a role; an administrator proposes it."""
    require_step_up()
    found, form = fetch(username), prepare_role(RoleForm())

    def work() -> str:
        session, by, now = here.session(), here.actor(), here.now()
        role, scope = form.role.data or "", scope_of(form)
        if policy.mark(by, "staff.grant") == "full":
            accounts.grant_role(session, found.person_id, role, scope, by=by, now=now)
            flash(f"Peran diberikan kepada {found.full_name}. Berlaku mulai langkah berikutnya.")
        else:
            staffing.propose_role(
                session, found.user_id, role, scope, reason=form.reason.data or "", by=by, now=now
            )
            flash("Usul tersimpan. Peran berlaku setelah kepala cabang menyetujuinya.")
        return url_for("admin.user_page", username=found.username)

    return attempt(work, lambda refused: user_view(found, form, refused), form)


@admin.post("/pengguna/<username>/sesi")
@requires("staff.close")
def end_sessions_post(username: str) -> ResponseReturnValue:
    """End every session of this account at once."""
    found = fetch(username)

    def work() -> str:
        ended = staffing.end_sessions(here.session(), found.user_id, by=here.actor(), now=here.now())
        flash(f"{ended} sesi dihentikan." if ended else "Tidak ada sesi yang terbuka.")
        return url_for("admin.user_page", username=found.username)

    return once(work)


@admin.post("/pengguna/<username>/frasa-sandi")
@requires("staff.grant")
def renew_post(username: str) -> ResponseReturnValue:
    """Give a passphrase on paper to somebody who forgot theirs; it is shown in this one answer only."""
    require_step_up()
    found = fetch(username)

    def work() -> str:
        invited = staffing.renew_passphrase(here.session(), found.user_id, by=here.actor(), now=here.now())
        return paper(invited, found.full_name)

    return shown_once(work, afterwards=url_for("admin.user_page", username=found.username))


@admin.post("/pengguna/usul")
@requires("staff.grant")
def answer_post() -> ResponseReturnValue:
    """Answer a proposal; for a new account the passphrase of the first sign-in is shown once."""
    require_step_up()
    form = AnswerForm()
    back = url_for("admin.users_page")
    proposal_id = form.proposal.data or ""
    if form.answer.data != "ya":

        def declined() -> str:
            staffing.decline(here.session(), proposal_id, by=here.actor(), now=here.now())
            flash("Usul ditolak. Tidak ada akun atau peran yang berubah.")
            return back

        return once(declined)

    def accepted() -> str:
        invited = staffing.accept(here.session(), proposal_id, by=here.actor(), now=here.now())
        if invited is None:
            return render_template("admin/proposal_done.html", back_href=back)
        found = fetch(invited.username)
        return paper(invited, found.full_name)

    return shown_once(accepted, afterwards=back)


def fetch(username: str) -> StaffRow:
    """Return the account of an address. :raises NotFound: not there, or of another branch."""
    return staff_queries.get_staff(here.session(), username, by=here.actor(), now=here.now())


def paper(invited: staffing.Invited, full_name: str) -> str:
    """Return the page to be printed and handed over."""
    return render_template("admin/user_paper.html", invited=invited, full_name=full_name)


def places(rows: Sequence[StaffRow]) -> dict[str, str]:
    """Return names of the areas of these accounts' roles."""
    codes = sorted({role.scope_code for row in rows for role in row.roles if role.scope_kind != "branch"})
    return {code: registry.region_name(here.session(), code) for code in codes}


def user_view(found: StaffRow, form: RoleForm, refused: Sequence[str]) -> str:
    """Return the page of one account."""
    session, by = here.session(), here.actor()
    return render_template(
        "admin/user.html",
        found=found,
        places=places([found]),
        form=form,
        refused=refused,
        in_hand=len(handover.in_hand(session, found.user_id)),
        given=handover_queries.given_by(session, found.user_id),
        is_self=by.user_id == found.user_id,
        may_grant=policy.allows(by, "staff.grant"),
        only_proposes=policy.mark(by, "staff.grant") == "propose",
        may_close=policy.allows(by, "staff.close"),
        changes=change_words.lines(
            changes.changes_of(session, f"user:{found.user_id}", f"person:{found.person_id}")
        ),
    )


def _changes() -> list[change_words.Line]:
    found = changes.changes(here.session(), "staff", "handover", without=change_words.LOOKS)
    return change_words.lines(found, staff_queries.names_of(here.session(), (one.subject for one in found)))


def _role_form() -> RoleForm:
    return prepare_role(RoleForm(formdata=None))


def _narrowed() -> dict[str, Any]:
    return {name: request.args[name] for name in ("q", "peran", "status") if request.args.get(name)}


def _read_key(after: str | None) -> tuple[str, int]:
    """Read the key of a page: row and name; anything else starts at the first."""
    key, _, name = (after or "").partition(".")
    return (name[:120], whole_number(key, 0)) if name else ("", 0)
