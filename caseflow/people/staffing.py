"""Accounts as they come and go: made with a passphrase on paper, roles proposed and granted, keys that stay with somebody.

Nobody here sees a passphrase that its owner chose. Not here: signing in (``sessions``), and the work that somebody has
in hand when an account closes (``claims.handover``).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.identifiers import public_id
from caseflow.people import accounts, hashing, passphrases, policy, sessions, words
from caseflow.people.accounts import Scope
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant, StaffUser
from caseflow.people.proposal_models import StaffProposal

TEMPORARY = timedelta(days=3)  # a passphrase on paper
SHORTEST_REASON = 10
_WORDS = 5
_LONGEST_TITLE = 120
# without one of each nobody could give a role, or set anything right
_KEPT = ("branch_head", "admin")


@dataclass(frozen=True)
class NewAccount:
    """Who gets an account, as told. ``national_id``: with it two accounts of one human being are one person."""

    username: str
    full_name: str
    title: str
    national_id: str | None


@dataclass(frozen=True)
class Invited:
    """An account with the passphrase of its first sign-in: shown once, kept nowhere."""

    user_id: int
    username: str
    passphrase: str
    until: datetime


def invite(
    session: Session, told: NewAccount, role: str, scope: Scope, *, by: Actor, now: datetime
) -> Invited:
    """Make an account with one role; its owner must choose a passphrase of their own at the first sign-in.

    :raises NotPermitted: not the actor's to do alone. :raises Invalid: name, user name or role.
    :raises NotPossible: the person holds a role that may not meet this one (SoD-3).
    """
    passphrase = _new_passphrase(told.username, told.full_name)
    user = accounts.create_user(
        session,
        told.username,
        told.full_name,
        passphrase,
        by=by,
        now=now,
        title=told.title[:_LONGEST_TITLE],
        national_id=told.national_id,
    )
    user.temporary_until = now + TEMPORARY
    session.flush()
    accounts.grant_role(session, user.person_id, role, scope, by=by, now=now)
    return Invited(user.id, user.username, passphrase, now + TEMPORARY)


def renew_passphrase(session: Session, user_id: int, *, by: Actor, now: datetime) -> Invited:
    """Give somebody who forgot theirs a passphrase on paper, and end their sessions; the second factor stays.

    :raises NotPermitted: not the actor's, or their own. :raises NotFound: no such open account.
    """
    _require_second_person(by)
    user = get_open(session, user_id)
    if by.user_id == user_id:
        raise NotPermitted("Frasa sandi sendiri diganti di Akun saya. Tidak ada yang berubah.")
    name = session.scalar(select(Person.full_name).where(Person.id == user.person_id)) or ""
    passphrase = _new_passphrase(user.username, name)
    accounts.store_passphrase(session, user_id, passphrase)
    user.temporary_until = now + TEMPORARY
    session.flush()
    sessions.revoke_all(session, user_id, now=now)
    record(session, "staff.passphrase_renewed", by=by, subject=f"user:{user_id}")
    return Invited(user_id, user.username, passphrase, now + TEMPORARY)


def propose_account(
    session: Session, told: NewAccount, role: str, scope: Scope, *, reason: str, by: Actor, now: datetime
) -> StaffProposal:
    """Propose an account with a role; a branch head answers.

    :raises Invalid: user name taken, names or reason missing, no such role.
    """
    policy.require(by, "staff.grant")
    username = accounts.normal_username(told.username)
    taken = session.scalar(select(StaffUser.id).where(StaffUser.username == username))
    problems = {}
    if not username or taken:
        problems["username"] = "Nama pengguna ini kosong atau sudah dipakai. Usul belum tersimpan."
    if not told.full_name.strip():
        problems["full_name"] = "Tulis nama lengkapnya. Usul belum tersimpan."
    _check_proposal(problems, role, scope, reason)
    return _proposed(
        session,
        StaffProposal(
            public_id=public_id(),
            role=role,
            scope_kind=scope.kind,
            scope_code=scope.code,
            reason=reason.strip(),
            proposed_at=now,
            proposed_by_user_id=by.user_id or 0,
            username=username,
            full_name=told.full_name.strip(),
            title=told.title[:_LONGEST_TITLE],
            national_id=told.national_id,
        ),
        by=by,
    )


def propose_role(
    session: Session, user_id: int, role: str, scope: Scope, *, reason: str, by: Actor, now: datetime
) -> StaffProposal:
    """Propose a role for somebody who has an account; a branch head answers.

    :raises Invalid: no such role, or the reason is missing. :raises NotFound: no such open account.
    """
    policy.require(by, "staff.grant")
    get_open(session, user_id)
    _check_proposal({}, role, scope, reason)
    return _proposed(
        session,
        StaffProposal(
            public_id=public_id(),
            role=role,
            scope_kind=scope.kind,
            scope_code=scope.code,
            reason=reason.strip(),
            proposed_at=now,
            proposed_by_user_id=by.user_id or 0,
            user_id=user_id,
        ),
        by=by,
    )


def accept(session: Session, proposal_id: str, *, by: Actor, now: datetime) -> Invited | None:
    """Do what was proposed; for a new account return the passphrase of its first sign-in.

    :raises NotPermitted: the actor proposed it, or only proposes. :raises NotFound: no such open proposal.
    """
    found = _answered(session, proposal_id, accepted=True, by=by, now=now)
    scope = Scope(found.scope_kind, found.scope_code)
    if found.user_id is not None:
        person_id = get_open(session, found.user_id).person_id
        accounts.grant_role(session, person_id, found.role, scope, by=by, now=now)
        return None
    told = NewAccount(found.username or "", found.full_name or "", found.title, found.national_id)
    return invite(session, told, found.role, scope, by=by, now=now)


def decline(session: Session, proposal_id: str, *, by: Actor, now: datetime) -> None:
    """Say no to a proposal. :raises NotPermitted, NotFound: as :func:`accept`."""
    _answered(session, proposal_id, accepted=False, by=by, now=now)


def revoke_role(session: Session, grant_id: int, *, by: Actor, now: datetime) -> None:
    """Take a role back, unless nobody would be left to hold the keys.

    :raises NotPermitted: not the actor's to do. :raises NotFound: no such living grant.
    :raises NotPossible: the last branch head or the last administrator of a branch.
    """
    policy.require(by, "staff.close")
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.revoked_at is not None:
        raise NotFound("Peran ini sudah tidak berlaku.")
    _refuse_last_keeper(session, grant.person_id, grant)
    accounts.revoke_role(session, grant_id, by=by, now=now)


def close(session: Session, user_id: int, *, by: Actor, now: datetime) -> None:
    """Close an account: its sessions end now, its roles are taken back where no other account of the person is open.

    The caller has handed over the work (``claims.handover.close_account``).

    :raises NotPossible: the last branch head or administrator, or the own account. :raises NotFound: closed already.
    """
    policy.require(by, "staff.close")
    user = get_open(session, user_id, lock=True)
    if by.user_id == user_id:
        raise NotPossible("Akun sendiri ditutup oleh orang lain. Tidak ada yang berubah.")
    others = session.scalar(
        select(StaffUser.id).where(
            StaffUser.person_id == user.person_id, StaffUser.id != user_id, StaffUser.active
        )
    )
    if others is None:
        for grant in _living_grants(session, user.person_id):
            revoke_role(session, grant.id, by=by, now=now)
    user.active = False
    session.flush()
    sessions.revoke_all(session, user_id, now=now)
    record(session, "staff.closed", by=by, subject=f"user:{user_id}")


def end_sessions(session: Session, user_id: int, *, by: Actor, now: datetime) -> int:
    """End every session of somebody else at once; return how many."""
    policy.require(by, "staff.close")
    ended = sessions.revoke_all(session, user_id, now=now)
    record(session, "staff.session_revoked", by=by, subject=f"user:{user_id}", details={"sessions": ended})
    return ended


def choose_passphrase(session: Session, user_id: int, new: str, *, by: Actor, now: datetime) -> None:
    """Put the owner's own passphrase in the place of the one on paper.

    :raises Invalid: ``passphrase``: too easy, or the one on paper again.
    """
    facts = accounts.get_facts(session, user_id)
    if hashing.passphrase_matches(facts.password_hash, passphrases.normal(new)):
        raise Invalid({"passphrase": "Frasa sandi ini yang tertulis di kertas. Pilih yang lain."})
    accounts.change_passphrase(session, facts, new, by=by, now=now)


def get_open(session: Session, user_id: int, *, lock: bool = False) -> StaffUser:
    """Return an open account. :raises NotFound: closed, or never there."""
    user = session.get(StaffUser, user_id, with_for_update=lock or None, populate_existing=lock)
    if user is None or not user.active:
        raise NotFound("Akun ini tidak ditemukan, atau sudah ditutup.")
    return user


def _new_passphrase(username: str, full_name: str) -> str:
    """Return five easy words, to be typed once from paper."""
    draw = secrets.SystemRandom()
    while True:
        offered = " ".join(draw.sample(words.WORDS, _WORDS))
        if passphrases.problem(offered, about=(username, full_name)) is None:
            return offered


def _check_proposal(problems: dict[str, str], role: str, scope: Scope, reason: str) -> None:
    known = policy.policy().roles.get(role)
    if known is None or known.scope is None:
        problems["role"] = "Pilih perannya. Usul belum tersimpan."
    elif known.scope != scope.kind or not scope.code:
        problems["scope"] = "Pilih wilayah yang cocok dengan peran ini. Usul belum tersimpan."
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = "Tulis alasannya, paling sedikit 10 huruf. Usul belum tersimpan."
    if problems:
        raise Invalid(problems)


def _proposed(session: Session, proposal: StaffProposal, *, by: Actor) -> StaffProposal:
    session.add(proposal)
    session.flush()
    details = {"role": proposal.role}
    record(session, "staff.proposed", by=by, subject=f"proposal:{proposal.public_id}", details=details)
    return proposal


def _answered(
    session: Session, proposal_id: str, *, accepted: bool, by: Actor, now: datetime
) -> StaffProposal:
    _require_second_person(by)
    found = session.scalar(
        select(StaffProposal)
        .where(StaffProposal.public_id == proposal_id, StaffProposal.answered_at.is_(None))
        .with_for_update()
    )
    if found is None:
        raise NotFound("Usul ini tidak ditemukan, atau sudah dijawab.")
    if found.proposed_by_user_id == by.user_id:
        raise NotPermitted("Usul dijawab oleh orang lain, bukan pengusulnya. Tidak ada yang berubah.")
    found.answered_at, found.answered_by_user_id, found.accepted = now, by.user_id, accepted
    session.flush()
    what = "staff.proposal_accepted" if accepted else "staff.proposal_declined"
    record(session, what, by=by, subject=f"proposal:{found.public_id}", details={"role": found.role})
    return found


def _require_second_person(by: Actor) -> None:
    policy.require(by, "staff.grant")
    if policy.mark(by, "staff.grant") != "full":
        raise NotPermitted("Ini bagian kepala cabang. Anda bisa mengusulkannya. Tidak ada yang berubah.")


def _living_grants(session: Session, person_id: int) -> list[RoleGrant]:
    return list(
        session.scalars(
            select(RoleGrant)
            .where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
            .order_by(RoleGrant.id)
        )
    )


def _refuse_last_keeper(session: Session, person_id: int, grant: RoleGrant) -> None:
    """Hold all living grants of the role, so that two who go at once do not both find the other still there."""
    if grant.role not in _KEPT:
        return
    holders = session.scalars(
        select(RoleGrant.person_id)
        .join(StaffUser, StaffUser.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == grant.role,
            RoleGrant.scope_code == grant.scope_code,
            RoleGrant.revoked_at.is_(None),
            StaffUser.active,
        )
        .order_by(RoleGrant.id)
        .with_for_update(of=RoleGrant)
    ).all()
    if set(holders) - {person_id}:
        return
    label = policy.policy().roles[grant.role].label.lower()
    raise NotPossible(
        f"Ini {label} yang terakhir, dan tanpa dia tidak ada yang bisa memberi atau mencabut akses. "
        f"Tunjuk {label} lain dulu. Tidak ada yang berubah."
    )
