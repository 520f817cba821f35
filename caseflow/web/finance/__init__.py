"""The doors of money: orders to pay, batches for the bank, statements back. Views fetch, call one verb and answer.

Not here: who may hold which duty, what settles a transfer, the form of the bank's files.
"""

from flask import Blueprint

from caseflow.web.casework.words import deceased

finance = Blueprint("finance", __name__, url_prefix="/keuangan")
finance.add_app_template_filter(deceased)


__all__ = [
    "batch_steps",
    "batches",
    "finance",
    "matching",
    "orders",
    "outcomes",
    "overview",
    "passbook",
    "statements",
]

from caseflow.web.finance import (
    batch_steps,
    batches,
    matching,
    orders,
    outcomes,
    overview,
    passbook,
    statements,
)
