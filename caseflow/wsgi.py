"""What the web server loads."""

from caseflow.app import create_app

app = create_app()
