"""Tables of people: persons, staff accounts, roles by area, sessions, slips and devices of families."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from caseflow import sealing
from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.sealing import NUMBER_FORM, SealedText


class Person(Base):
    """A human being who works with cases. Duties are held by persons, not by accounts."""

    __tablename__ = "person"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    full_name: Mapped[str]
    national_id: Mapped[str | None] = mapped_column(SealedText("person.national_id"), default=None)
    national_id_index: Mapped[sha256_hex | None] = mapped_column(init=False, default=None)

    __table_args__ = (
        UniqueConstraint("national_id_index"),
        CheckConstraint(f"national_id ~ '{NUMBER_FORM}'", name="national_id_sealed"),
    )

    @validates("national_id")
    def _index_national_id(self, _key: str, value: str | None) -> str | None:
        self.national_id_index = None if value is None else sealing.number_index(value)
        return value


class StaffUser(Base):
    """An account to sign in with."""

    __tablename__ = "staff_user"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    username: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(default="")
    totp_secret: Mapped[str | None] = mapped_column(default=None)
    totp_last_step: Mapped[int | None] = mapped_column(default=None)  # a code is never taken twice
    active: Mapped[bool] = mapped_column(default=True)
    password_changed_at: Mapped[datetime | None] = mapped_column(default=None)
    shortcuts_on: Mapped[bool] = mapped_column(default=True)
    temporary_until: Mapped[datetime | None] = mapped_column(
        default=None
    )  # of a passphrase handed over on paper

    __table_args__ = (
        UniqueConstraint("username"),
        CheckConstraint("username = lower(username)", name="username_lower"),
    )


class RoleGrant(Base):
    """A role for an area. Roles of different families never meet in one person (separation of duties)."""

    __tablename__ = "role_grant"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    role_family: Mapped[str]  # branch | finance | admin | audit | nagari | social | overview | programme
    scope_kind: Mapped[str]  # branch | nagari | regency
    scope_code: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        CheckConstraint("scope_kind IN ('branch', 'nagari', 'regency')", name="scope_kind_known"),
        CheckConstraint(
            "(role IN ('officer', 'medical_adviser', 'approver', 'branch_head') AND role_family = 'branch')"
            " OR (role = 'finance' AND role_family = 'finance') OR (role = 'admin' AND role_family = 'admin')"
            " OR (role IN ('auditor', 'inspector') AND role_family = 'audit')"
            " OR (role = 'nagari_operator' AND role_family = 'nagari')"
            " OR (role IN ('social_worker', 'social_supervisor') AND role_family = 'social')"
            " OR (role = 'regency_monitor' AND role_family = 'overview')"
            " OR (role = 'programme_officer' AND role_family = 'programme')",
            name="role_in_its_family",
        ),
        # needs btree_gist; the migration creates it
        ExcludeConstraint(
            ("person_id", "="),
            ("role_family", "<>"),
            name="ex_role_grant_one_family",
            where=text("revoked_at IS NULL"),
            using="gist",
        ),
        Index(
            "uq_role_grant_live",
            "person_id",
            "role",
            "scope_kind",
            "scope_code",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


class StaffSession(Base):
    """A signed-in browser. Revoking the row ends it on every process at the next request."""

    __tablename__ = "staff_session"

    token_sha256: Mapped[sha256_hex] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    address: Mapped[str] = mapped_column(default="")
    browser: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_staff_session_user_id", "user_id"),)


class SignInTry(Base):
    """A try to get in, kept to slow down guessing. ``key`` says what is being guessed at."""

    __tablename__ = "sign_in_try"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    kind: Mapped[str]  # staff | totp | slip | pin | complaint | letter
    key: Mapped[str]  # user name, case number, phone
    address: Mapped[str]
    at: Mapped[datetime]
    succeeded: Mapped[bool]

    __table_args__ = (
        Index("ix_sign_in_try_kind_key_at", "kind", "key", "at"),
        Index("ix_sign_in_try_kind_address_at", "kind", "address", "at"),
    )


class Slip(Base):
    """The family's paper: three one-time codes and two words that only we know. One live slip a person and part.

    It is given to a named person after a card was seen; only the phone that reported prints one without.
    """

    __tablename__ = "slip"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    holder_name: Mapped[str]
    phrase: Mapped[str]
    issued_at: Mapped[datetime]
    issued_where: Mapped[str]  # phone | counter | nagari | visit
    seen: Mapped[str]  # which card was seen: ktp | kk | both; none: the phone that reported
    relation: Mapped[str] = mapped_column(default="")  # to the worker, in words
    member_id: Mapped[int | None] = mapped_column(default=None)  # whose part it is, where recorded
    guardian_of: Mapped[str | None] = mapped_column(
        default=None
    )  # a minor's name; the holder keeps it for them
    issued_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_why: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        ForeignKeyConstraint(["casefile_id", "member_id"], ["family_member.casefile_id", "family_member.id"]),
        CheckConstraint("issued_where IN ('phone', 'counter', 'nagari', 'visit')", name="issued_where_known"),
        CheckConstraint("seen IN ('none', 'ktp', 'kk', 'both')", name="seen_known"),
        CheckConstraint("(issued_where = 'phone') = (seen = 'none')", name="card_seen"),
        Index(
            "uq_slip_one_live_per_holder",
            "casefile_id",
            "holder_name",
            text("coalesce(guardian_of, '')"),
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


class SlipCode(Base):
    """One of three codes, kept as an argon2id hash, spent once."""

    __tablename__ = "slip_code"

    slip_id: Mapped[int] = mapped_column(ForeignKey("slip.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (CheckConstraint("ordinal BETWEEN 1 AND 3", name="three_codes"),)


class HelperMandate(Base):
    """Somebody outside the family acts for it: who said so, to whom, and until when.

    A phone opened under it is marked on everything it does, and closes with it.
    """

    __tablename__ = "helper_mandate"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    helper_name: Mapped[str]
    helper_relation: Mapped[str]  # as in the report: wali_jorong, nagari, kemenakan, …
    helper_phone: Mapped[str]  # E.164; empty for staff who help at a counter
    given_by_name: Mapped[str]
    given_by_relation: Mapped[str]  # to the worker: istri, suami, anak, … or diri_sendiri
    given_how: Mapped[str]  # spoken | written
    given_at: Mapped[datetime]
    ends_on: Mapped[date]  # last day on which the helper may act
    given_by_phone: Mapped[str | None] = mapped_column(default=None)  # E.164; notices go to both
    helped_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_why: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint("given_how IN ('spoken', 'written')", name="given_how_known"),
        CheckConstraint("length(given_by_name) >= 2", name="somebody_gave_it"),
        CheckConstraint("helper_phone = '' OR helper_phone ~ '^[+][0-9]{8,15}$'", name="helper_phone_e164"),
        CheckConstraint(
            "given_by_phone IS NULL OR given_by_phone ~ '^[+][0-9]{8,15}$'", name="given_by_phone_e164"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended_says_why"),
        CheckConstraint("ends_on <= (given_at AT TIME ZONE 'Asia/Jakarta')::date + 180", name="half_a_year"),
    )


class FamilyDevice(Base):
    """A phone that may see the steps of one case and add papers to it (level 1).

    With a PIN or another code of the slip it may do a little more for a short while (level 2):
    ``unlocked_until``. A borrowed phone closes soon after it was last used.
    """

    __tablename__ = "family_device"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    token_sha256: Mapped[sha256_hex]
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    holder_name: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    slip_id: Mapped[int | None] = mapped_column(ForeignKey("slip.id"), default=None)
    slip_ordinal: Mapped[int | None] = mapped_column(default=None)
    label: Mapped[str] = mapped_column(default="")
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    mandate_id: Mapped[int | None] = mapped_column(default=None)  # a helper's phone
    pin_hash: Mapped[str | None] = mapped_column(default=None)  # argon2id of six digits, device and pepper
    unlocked_until: Mapped[datetime | None] = mapped_column(default=None)
    borrowed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        ForeignKeyConstraint(
            ["casefile_id", "mandate_id"], ["helper_mandate.casefile_id", "helper_mandate.id"]
        ),
        UniqueConstraint("token_sha256"),
        Index("ix_family_device_casefile_id", "casefile_id"),
        Index(
            "uq_family_device_one_per_code",
            "slip_id",
            "slip_ordinal",
            unique=True,
            postgresql_where=text("slip_id IS NOT NULL"),
        ),
    )
