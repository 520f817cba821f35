"""All tables in one import, for migrations, grants and checks."""

from caseflow.audit import models as audit_models
from caseflow.claims import (
    accident_models,
    complaint_models,
    family_models,
    handover_models,
    later_paper_models,
    letter_check_models,
    letter_models,
    scholarship_models,
    silence_models,
)
from caseflow.claims import models as claims_models
from caseflow.documents import models as documents_models
from caseflow.documents import upload_models
from caseflow.monitoring import models as monitoring_models
from caseflow.monitoring import referral_models, visit_models
from caseflow.notices import models as notices_models
from caseflow.payments import models as payments_models
from caseflow.people import models as people_models
from caseflow.people import proposal_models
from caseflow.registry import cover_models, import_models, nomination_models, payment_models, rate_models
from caseflow.registry import letter_models as registry_letter_models
from caseflow.registry import models as registry_models
from caseflow.registry import people_models as registry_people_models
from caseflow.reports import result_models
from caseflow.workflow import models as workflow_models

__all__ = [
    "accident_models",
    "audit_models",
    "claims_models",
    "complaint_models",
    "cover_models",
    "documents_models",
    "family_models",
    "handover_models",
    "import_models",
    "later_paper_models",
    "letter_check_models",
    "letter_models",
    "monitoring_models",
    "nomination_models",
    "notices_models",
    "payment_models",
    "payments_models",
    "people_models",
    "proposal_models",
    "rate_models",
    "referral_models",
    "registry_letter_models",
    "registry_models",
    "registry_people_models",
    "result_models",
    "scholarship_models",
    "silence_models",
    "upload_models",
    "visit_models",
    "workflow_models",
]
