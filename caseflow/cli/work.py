"""Background work, and documents drawn from the running definitions."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from caseflow import jobs
from caseflow.claims import workflows
from caseflow.config import ROOT
from caseflow.people.policy_page import write_page
from caseflow.workflow.diagram import write_diagrams


@click.command("run-worker")
@with_appcontext
def run_worker_command() -> None:
    """Run background jobs until stopped."""
    jobs.run_worker(current_app.extensions["caseflow_settings"], current_app.extensions["caseflow_store"])


@click.command("write-docs")
@click.option("--into", type=click.Path(path_type=Path), default=ROOT / "docs")
@with_appcontext
def write_docs_command(into: Path) -> None:
    """Draw the workflow pictures and write the table of permissions into docs/."""
    write_diagrams(workflows.book(), into / "workflows")
    write_page(into / "permissions.md")
    click.echo(f"Ditulis ke {into}.")
