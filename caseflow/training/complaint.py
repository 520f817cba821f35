"""The invented complaint for practice: somebody asked a family for a share. Only Irma, the inspector, finds it."""

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import complaints
from caseflow.claims.complaints import Filed, Told
from caseflow.config import Settings

_WORDS = (
    "Sesudah santunan masuk, seorang laki-laki datang ke rumah dan meminta dua juta rupiah. "
    "Katanya untuk biaya pengurusan. Saya belum memberi."
)


def load_complaint(session: Session, settings: Settings) -> Filed:
    """Tell it as anybody would, without a name and without a claim."""
    told = Told(category="levy", accused="unknown", words=_WORDS, key="practice")
    return complaints.file_complaint(
        session, told, branch_code=settings.branch_code, now=clock.now(), pepper=settings.pepper
    )
