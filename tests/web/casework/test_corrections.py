"""What officers put right on a case: a relative under the same key, the number in the provider's system."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import FamilyMember
from tests import story
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send


def listed(office: Office) -> list[tuple[int, str, int | None]]:
    """The relatives that count: key, name, other parent."""
    with Session(office.database.engine) as session:
        rows = session.execute(
            select(FamilyMember.id, FamilyMember.full_name, FamilyMember.other_parent_id)
            .where(FamilyMember.removed_at.is_(None))
            .order_by(FamilyMember.id)
        )
        return [(row.id, row.full_name, row.other_parent_id) for row in rows]


def choose(page: str, field: str, label: str) -> str:
    """Return the value of the choice that begins with this name."""
    choices = page.split(f'name="{field}"', 1)[1].split("</select>", 1)[0]
    found = re.search(rf'value="([^"]*)">{label}', choices)
    assert found, choices
    return found[1]


def test_a_relative_put_right_stays_the_same_person(office: Office) -> None:
    """The mother's corrected name leaves the child's other parent where it was."""
    number = office.carry(story.decided_heirs)
    base = f"/petugas/kasus/{number}/ahli-waris"
    (mother, _, _), (child, name, _) = listed(office)[:2]
    path = f"{base}/tambah?dari={child}"
    parent = choose(office.read("dedi", path), "other_parent_id", "Yusra")
    typed = {"relation": "child", "guardian_basis": ""}
    answer = office.fill("dedi", path, "/tambah", other_parent_id=parent, **typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    path = f"{base}/tambah?dari={mother}"
    typed = {"full_name": "Yusra binti Amir", "relation": "widow", "guardian_basis": ""}
    answer = office.fill("dedi", path, "/tambah", other_parent_id="", **typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert listed(office)[:2] == [(mother, "Yusra binti Amir", None), (child, name, mother)]
    page = office.read("dedi", base)
    assert "Catatan Yusra binti Amir sudah dibetulkan." in page
    assert "Daftar keluarga berubah setelah penerima ditetapkan" in page
    history = office.read("dedi", f"/petugas/kasus/{number}/riwayat?saring=semua")
    assert "membetulkan catatan anggota keluarga" in history


def test_a_relative_taken_off_meanwhile_is_not_added_again(office: Office) -> None:
    """The form in the other tab is refused and keeps what was typed."""
    number = office.carry(story.decided_heirs)
    base = f"/petugas/kasus/{number}/ahli-waris"
    before = listed(office)
    key = before[-1][0]
    form = form_of(office.read("dedi", f"{base}/tambah?dari={key}"), "/tambah")
    office.fill("dedi", base, f"/{key}/keluarkan")
    typed = {"full_name": "Nama Baru", "relation": "child", "guardian_basis": "", "other_parent_id": ""}
    answer = send(office.browser("dedi"), form, **typed)
    assert answer.status_code == 409
    assert 'value="Nama Baru"' in answer.get_data(as_text=True)
    assert listed(office) == before[:-1]


def test_the_providers_number_is_noted_on_the_summary(office: Office) -> None:
    """Officers may; what is wrong is said at the field; nothing typed takes it off."""
    number = office.carry(story.verifying)
    base = f"/petugas/kasus/{number}"
    path = base + "/nomor-bpjs"
    assert path in office.read("dedi", base)
    assert path not in office.read("mega", base)
    assert office.browser("mega").get(path).status_code == 403
    wrong = office.fill("dedi", path, "/nomor-bpjs", provider_claim_number="JKM 17?")
    assert wrong.status_code == 422
    assert "paling banyak 40" in wrong.get_data(as_text=True)
    assert 'value="JKM 17?"' in wrong.get_data(as_text=True)
    assert office.fill("dedi", path, "/nomor-bpjs", provider_claim_number="jkm/17").status_code == 303
    assert "JKM/17" in office.read("dedi", base)
    assert office.fill("dedi", path, "/nomor-bpjs", provider_claim_number="").status_code == 303
    assert office.claim(number).provider_claim_number is None
