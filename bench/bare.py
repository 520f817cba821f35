"""The least that Flask and SQLAlchemy need, to compare start and memory with."""

import os

from flask import Flask
from sqlalchemy import create_engine, text

app = Flask("bare", static_folder=None)
_engine = create_engine(os.environ["CASEFLOW_DATABASE_URL"])


@app.get("/")
def hello() -> str:
    """One statement, one word."""
    with _engine.connect() as connection:
        return str(connection.execute(text("SELECT 'hello'")).scalar())
