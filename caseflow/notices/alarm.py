"""The morning letter to the branch: which families have heard nothing for eight working days. Case numbers only."""

from collections.abc import Sequence
from datetime import date

from caseflow.formats import long_date
from caseflow.notices.adapters import Outcome
from caseflow.notices.adapters.mail import Mail

_MOST = 50


def send_alarm(mail: Mail, silent: Sequence[tuple[str, date]], *, to: str, base_url: str) -> Outcome | None:
    """Send the list, if there is anything on it; never a name, a telephone or a reason.

    :param silent: case number and the day of the last word, the longest silence first.
    """
    if not silent:
        return None
    lines = [f"- {number}: sejak {long_date(since)}" for number, since in silent[:_MOST]]
    if len(silent) > _MOST:
        lines.append(f"- dan {len(silent) - _MOST} kasus lain")
    body = "\n".join(
        [
            f"{len(silent)} keluarga belum mendengar kabar selama delapan hari kerja atau lebih.",
            "",
            *lines,
            "",
            f"Daftarnya di {base_url}/petugas/?antrean=kabar (perlu masuk).",
        ]
    )
    return mail.send(to, f"{len(silent)} keluarga menunggu kabar", body)
