"""Addresses that only take forms, opened by hand or reloaded after a refusal: they lead back to their page."""

from collections.abc import Callable

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from caseflow.web.casework import casework
from caseflow.web.casework.paper_forms import ACCEPT, REOPEN, RETURN, UPLOAD, WAIVE
from caseflow.web.security import requires

_CASE = "/kasus/<number>"
# address, permission, page, anchor
_PLACES = (
    ("/tugaskan", "worklist.read", "casework.worklist", None),
    (f"{_CASE}/nik", "claim.read", "casework.case", None),
    (f"{_CASE}/penerima", "claim.read", "casework.heirs_page", None),
    (f"{_CASE}/kelayakan/<code>", "claim.read", "casework.eligibility_page", None),
    (f"{_CASE}/ahli-waris/<int:member_id>/keluarkan", "claim.read", "casework.heirs_page", None),
    (f"{_CASE}/kecelakaan/masa/<int:period_id>/keluarkan", "claim.read", "casework.accident_page", "masa"),
    (f"{_CASE}/kecelakaan/biaya/<int:cost_id>/keluarkan", "claim.read", "casework.accident_page", "biaya"),
    (
        f"{_CASE}/perhitungan/penyesuaian/<int:adjustment_id>/tarik",
        "claim.read",
        "casework.benefit_page",
        "penyesuaian",
    ),
    (f"{_CASE}/slip-keluarga/cabut", "slip.revoke", "casework.slip_page", None),
    (f"{_CASE}/slip-keluarga/cabut-hp", "slip.revoke", "casework.slip_page", None),
    (f"{_CASE}/dokumen/minta", "claim.read", "casework.papers_page", None),
    (f"{_CASE}/dokumen/usul/<int:proposal_id>/tarik", "claim.read", "casework.papers_page", None),
    *(
        (f"{_CASE}/dokumen/<code>/{verb}", "claim.read", "casework.papers_page", None)
        for verb in (ACCEPT, RETURN, WAIVE, REOPEN, UPLOAD)
    ),
)


def _to(page: str, anchor: str | None) -> Callable[..., ResponseReturnValue]:
    def view(number: str | None = None, code: str | None = None, **_keys: int) -> ResponseReturnValue:
        """Go to the page of the form."""
        if number is None:
            return redirect(url_for(page))
        if page == "casework.papers_page":
            return redirect(url_for(page, number=number, d=code))
        return redirect(url_for(page, number=number, _anchor=anchor or code))

    return view


for _place, (_address, _permission, _page, _anchor) in enumerate(_PLACES):
    casework.add_url_rule(
        _address,
        endpoint=f"back_to_form_{_place}",
        view_func=requires(_permission)(_to(_page, _anchor)),
        methods=["GET"],
    )
