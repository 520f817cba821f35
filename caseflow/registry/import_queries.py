"""What the screens of the import read: columns only, within one's own reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from caseflow.formats import masked_nik, short_date
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import reach
from caseflow.registry.import_found import written
from caseflow.registry.import_models import ImportFile, ImportProgress, ImportRow
from caseflow.registry.imports import PERMISSIONS
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import Nominee, Quota, RegistryFile
from caseflow.workflow.models import CaseFile

SHOWN_ROWS = 100
_LIST = 30
_FAULTY = ("error", "warning")
_NUMBERS = ("nik", "nomor_kk")
_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Offer:
    """A quota that a list can be imported into.

    :ivar key: as forms name it; :ivar free: places neither taken nor wanted by drafts.
    """

    id: int
    key: str
    region_code: str
    nagari: str
    funding_source: str
    starts_on: date
    ends_on: date
    slots: int
    free: int

    @property
    def period(self) -> str:
        """The months it covers, in words."""
        first, last = short_date(self.starts_on)[2:].strip(), short_date(self.ends_on)[2:].strip()
        if self.starts_on.year == self.ends_on.year:
            return f"{first.split()[0]}–{last}"
        return f"{first} – {last}"


@dataclass(frozen=True)
class FaultyRow:
    """A row with problems as it is shown: the number of the person is masked."""

    line: int
    verdict: str
    name: str
    nik: str
    problems: Sequence[Mapping[str, str]]
    written: Mapping[str, str]  # what stands in the faulty cells; never numbers of people


def offers(session: Session, *, by: Actor, today: date) -> list[Offer]:
    """Return the quotas in somebody's reach whose period is not over, the next one first."""
    drafts = (
        select(func.count())
        .where(Nominee.quota_id == Quota.id, Nominee.state.in_(("draft", "returned")))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Quota.id, Quota.region_code, Region.name, Quota.funding_source, Quota.starts_on, Quota.ends_on,
            Quota.slots, (Quota.slots - Quota.taken - drafts).label("free"),
        )
        .join(Region, Region.code == Quota.region_code)
        .where(reach.within(Quota.region_code, by, PERMISSIONS["workers"]), Quota.ends_on >= today)
        .order_by(Quota.starts_on.desc(), Region.name, Quota.id)
        .limit(500)
    )  # fmt: skip
    return [
        Offer(
            row.id, f"{row.region_code}/{row.funding_source}/{row.starts_on.isoformat()}", row.region_code, row.name,
            row.funding_source, row.starts_on, row.ends_on, row.slots, max(0, row.free),
        )
        for row in rows
    ]  # fmt: skip


def province(session: Session) -> str:
    """Return the code under which lists for the whole branch are kept: the widest region there is."""
    return (
        session.scalars(select(Region.code).where(Region.level == "provinsi").order_by(Region.code)).first()
        or ""
    )


def earlier(session: Session, kinds: Sequence[str], *, by: Actor) -> Sequence[Any]:
    """Return the lists sent before, the newest first: file, who, when, what became of them."""
    importer = aliased(Person)
    account = aliased(StaffUser)
    return session.execute(
        select(
            ImportFile.public_id, ImportFile.kind, ImportFile.state, ImportFile.uploaded_at, ImportFile.imported,
            ImportFile.imported_at, RegistryFile.display_name, Person.full_name.label("uploaded_by"),
            importer.full_name.label("imported_by"), Region.name.label("nagari"),
        )
        .join(RegistryFile, RegistryFile.id == ImportFile.file_id)
        .join(Region, Region.code == ImportFile.region_code)
        .join(StaffUser, StaffUser.id == ImportFile.uploaded_by_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .outerjoin(account, account.id == ImportFile.imported_by_user_id)
        .outerjoin(importer, importer.id == account.person_id)
        .where(
            ImportFile.kind.in_(kinds), reach.within(ImportFile.region_code, by, PERMISSIONS[kinds[0]])
        )
        .order_by(ImportFile.uploaded_at.desc())
        .limit(_LIST)
    ).all()  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What stands around a list: its file, its quota, who did what, how many rows of which verdict."""

    file_name: str
    uploaded_by: str
    imported_by: str | None
    undone_by: str | None
    counts: Mapping[str, int]
    done: int
    total: int | None
    quota: Quota | None
    nomination: str | None

    @property
    def rows(self) -> int:
        """All rows of the list."""
        return sum(self.counts.values())


def facts(session: Session, file: ImportFile) -> Facts:
    """Return what stands around a list that somebody may see."""
    counts = session.execute(
        select(ImportRow.verdict, func.count())
        .where(ImportRow.import_file_id == file.id)
        .group_by(ImportRow.verdict)
    )
    progress = session.get(ImportProgress, file.id, populate_existing=True)
    return Facts(
        file_name=session.execute(
            select(RegistryFile.display_name).where(RegistryFile.id == file.file_id)
        ).scalar_one(),
        uploaded_by=_name(session, file.uploaded_by_user_id) or "",
        imported_by=_name(session, file.imported_by_user_id),
        undone_by=_name(session, file.undone_by_user_id),
        counts={"ready": 0, "warning": 0, "error": 0, "same": 0, **{row[0]: row[1] for row in counts}},
        done=progress.done if progress else 0,
        total=progress.total if progress else None,
        quota=None if file.quota_id is None else session.get_one(Quota, file.quota_id),
        nomination=session.scalar(select(CaseFile.number).where(CaseFile.id == file.nomination_id)),
    )


def _name(session: Session, user_id: int | None) -> str | None:
    return session.scalar(
        select(Person.full_name)
        .join(StaffUser, StaffUser.person_id == Person.id)
        .where(StaffUser.id == user_id)
    )


def faulty_rows(session: Session, file: ImportFile, *, after: int = 0) -> list[FaultyRow]:
    """Return rows with problems after a line, in the order of the file; one more than ``SHOWN_ROWS`` at most."""
    rows = session.execute(
        select(ImportRow.line, ImportRow.verdict, ImportRow.content, ImportRow.problems)
        .where(ImportRow.import_file_id == file.id, ImportRow.verdict.in_(_FAULTY), ImportRow.line > after)
        .order_by(ImportRow.line)
        .limit(SHOWN_ROWS + 1)
    )
    found = []
    for row in rows:
        texts = written(row.content)
        nik = texts.get("nik", "").strip()
        shown = {
            one["column"]: texts[one["column"]].strip()[:_LONGEST_SHOWN]
            for one in row.problems
            if one["column"] in texts and one["column"] not in _NUMBERS
        }
        name = " ".join(texts.get("nama_lengkap", "").split())[:_LONGEST_SHOWN]
        found.append(
            FaultyRow(row.line, row.verdict, name, masked_nik(nik) if nik else "", row.problems, shown)
        )
    return found


def rows_to_correct(session: Session, file: ImportFile) -> Iterator[Mapping[str, Any]]:
    """Give the rows with errors as they were sent, page by page."""
    last = 0
    while True:
        page = session.execute(
            select(ImportRow.line, ImportRow.content, ImportRow.problems)
            .where(ImportRow.import_file_id == file.id, ImportRow.verdict == "error", ImportRow.line > last)
            .order_by(ImportRow.line)
            .limit(500)
        ).all()
        if not page:
            return
        yield from ({"content": row.content, "problems": row.problems} for row in page)
        last = page[-1].line
