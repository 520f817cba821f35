"""Background work: what was found good in a list becomes part of the registry, all of it or nothing.

One transaction, under the lock of the list, in the name of who pressed the button and with the rights they have now.
What others wrote between check and import is passed over as the same, never written twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from caseflow import identifiers, sealing
from caseflow.audit.operations import record
from caseflow.errors import CaseflowError, NotPermitted
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.registry import enrolment, import_found, import_progress, life, nominations, nominees, reach
from caseflow.registry.import_models import ImportFile, ImportRow
from caseflow.registry.imports import IMPORTABLE, PERMISSIONS
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import GONE, Nomination, Nominee, Quota
from caseflow.registry.nominee_checks import Candidate

Sessions = Callable[[], Session]
_PAGE = 500
# field of a person → column of the list
_FIELDS = {
    "national_id": "nik", "full_name": "nama_lengkap", "born_on": "tanggal_lahir", "sex": "jenis_kelamin",
    "jorong": "jorong", "occupation": "pekerjaan", "family_card_number": "nomor_kk", "birth_place": "tempat_lahir",
    "address": "alamat", "hazard": "risiko", "phone": "no_hp", "mothers_name": "nama_ibu_kandung",
    "welfare_decile": "desil", "remark": "keterangan",
}  # fmt: skip
_NOTHING = "Tidak ada yang diimpor."


def run_write(sessions: Sessions, import_file_id: int, *, branch_code: str, now: datetime) -> None:
    """Import a list. Does nothing when it is not waiting for it; a refusal is kept for who asked."""
    try:
        with sessions() as session, session.begin():
            file = _locked(session, import_file_id)
            if file is None:
                return
            by = actor_of(session, file.imported_by_user_id or 0)
            if by is None:
                raise NotPermitted(f"Akun yang mengimpor sudah ditutup. {_NOTHING}")
            reach.require(file.region_code, by, PERMISSIONS[file.kind])
            file.imported = _write(sessions, session, file, branch_code=branch_code, by=by, now=now)
            file.state, file.version = "done", file.version + 1
            record(
                session,
                "registry.imported",
                by=by,
                casefile_id=file.nomination_id,
                subject=f"import_file:{file.public_id}",
                details={"rows": file.imported, "digest": file.sha256},
            )
    except CaseflowError as refused:
        with sessions() as session, session.begin():
            file = _locked(session, import_file_id)
            if file is not None:
                file.state, file.problem, file.version = "failed", refused.sentence, file.version + 1


def _locked(session: Session, import_file_id: int) -> ImportFile | None:
    return session.scalar(
        select(ImportFile)
        .where(ImportFile.id == import_file_id, ImportFile.state == "importing")
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _write(
    sessions: Sessions, session: Session, file: ImportFile, *, branch_code: str, by: Actor, now: datetime
) -> int:
    write_page = _PageWriter(session, file, branch_code=branch_code, by=by, now=now)
    waiting = (
        ImportRow.import_file_id == file.id,
        ImportRow.verdict.in_(IMPORTABLE),
        ImportRow.done_at.is_(None),
    )
    total = int(session.execute(select(func.count()).select_from(ImportRow).where(*waiting)).scalar_one())
    seen = written = last = 0
    while rows := session.execute(
        select(
            ImportRow.line,
            ImportRow.content,
            ImportRow.national_id_index,
            ImportRow.nominee_id,
            ImportRow.worker_id,
        )
        .where(*waiting, ImportRow.line > last)
        .order_by(ImportRow.line)
        .limit(_PAGE)
    ).all():
        written += write_page.write(rows)
        last, seen = rows[-1].line, seen + len(rows)
        import_progress.report(sessions, file.id, seen, total)
    return written


class _PageWriter:
    """Writes page after page of one list."""

    def __init__(
        self, session: Session, file: ImportFile, *, branch_code: str, by: Actor, now: datetime
    ) -> None:
        self.session, self.file, self.by, self.now = session, file, by, now
        if file.kind == "workers":
            self._begin_workers(branch_code)

    def _begin_workers(self, branch_code: str) -> None:
        """Lock the quota: lists for the same places come one after the other. Take its draft, or open one."""
        quota = self.session.get(Quota, self.file.quota_id, with_for_update=True, populate_existing=True)
        assert quota is not None  # noqa: S101 (constraint workers_have_a_quota)
        self.quota = quota
        nomination = self.session.scalar(
            select(Nomination)
            .where(Nomination.quota_id == quota.id, Nomination.state == "draft")
            .order_by(Nomination.id.desc())
            .limit(1)
        ) or nominations.open_nomination(
            self.session, quota, branch_code=branch_code, by=self.by, now=self.now
        )
        nominees.writable(self.session, nomination, by=self.by)
        self.file.nomination_id = self.nomination_id = nomination.id
        self.operators = nominees.operators_of(self.session, self.file.region_code)

    def write(self, rows: Sequence[Any]) -> int:
        """Write one page; return how many rows of it were new."""
        write = {"workers": self._workers, "numbers": self._numbers, "deaths": self._deaths}[self.file.kind]
        new = write(rows)
        lines = [row.line for row in rows]
        self._mark([line for line in lines if line not in new], verdict="same")
        self._mark(new, done_at=self.now)
        return len(new)

    def _mark(self, lines: Sequence[int], **values: Any) -> None:
        if lines:
            self.session.execute(
                update(ImportRow)
                .where(ImportRow.import_file_id == self.file.id, ImportRow.line.in_(lines))
                .values(**values)
                .execution_options(synchronize_session=False)
            )

    def _workers(self, rows: Sequence[Any]) -> list[int]:
        known = set(
            self.session.scalars(
                select(Nominee.national_id_index).where(
                    Nominee.national_id_index.in_([row.national_id_index for row in rows]),
                    Nominee.state.not_in(GONE),
                    Nominee.starts_on <= self.quota.ends_on,
                    Nominee.ends_on >= self.quota.starts_on,
                )
            )
        )
        new = [row for row in rows if row.national_id_index not in known]
        if not new:
            return []
        ids = self.session.scalars(
            insert(Nominee).returning(Nominee.id, sort_by_parameter_order=True),
            [self._nominee(import_found.values(row.content), row.national_id_index) for row in new],
        ).all()
        pairs = [
            {"import_file_id": self.file.id, "line": row.line, "nominee_id": nominee_id}
            for row, nominee_id in zip(new, ids, strict=True)
        ]
        self.session.execute(update(ImportRow), pairs)
        return [row.line for row in new]

    def _nominee(self, values: dict[str, Any], index: str) -> dict[str, Any]:
        who = Candidate(**{field: values[column] for field, column in _FIELDS.items()})
        card = who.family_card_number
        return {
            **asdict(who),
            "public_id": identifiers.public_id(),
            "nomination_id": self.nomination_id,
            "quota_id": self.quota.id,
            "starts_on": self.quota.starts_on,
            "ends_on": self.quota.ends_on,
            "region_code": self.file.region_code,
            "state": "draft",
            "national_id_index": index,
            "family_card_index": None if card is None else sealing.blind(card),
            "own_household": nominees.is_own_household(who, self.operators),
            "submitted_before": False,
            "version": 0,
            "added_at": self.now,
            "added_by_user_id": self.by.user_id,
        }

    def _numbers(self, rows: Sequence[Any]) -> list[int]:
        for row in rows:
            values = import_found.values(row.content)
            enrolment.enrol(
                self.session,
                self.session.get_one(Nominee, row.nominee_id),
                participant_number=values["nomor_peserta"],
                registered_on=values["tanggal_daftar"],
                by=self.by,
                now=self.now,
            )
        self.session.flush()
        return [row.line for row in rows]

    def _deaths(self, rows: Sequence[Any]) -> list[int]:
        new = []
        for row in rows:
            worker = self.session.get_one(Worker, row.worker_id, with_for_update=True, populate_existing=True)
            if worker.died_on is not None:  # somebody told it since the check
                continue
            life.mark_deceased(
                self.session,
                worker,
                died_on=import_found.values(row.content)["tanggal_meninggal"],
                told_by="Daftar kematian nagari",
                by=self.by,
                now=self.now,
            )
            new.append(row.line)
        return new
