"""Doors for who keeps the programme above the nagari: Disnakertrans, DPMN, and the branch where it enrols and confirms.

Not here: the nagari's own pages (``nagari``), figures for leaders (``oversight``).
"""

from flask import Blueprint

programme = Blueprint("programme", __name__, url_prefix="/program")

from caseflow.web.programme import (
    arrears,
    changes,
    dues,
    home,
    life,
    nominations,
    numbers,
    quotas,
    reminder,
    unclaimed,
)
