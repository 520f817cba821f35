"""Roles, databases and their addresses on a PostgreSQL server, private or given.

The application connects as ``caseflow_app``, which owns nothing; migrations as ``caseflow_owner``.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

ADMIN = "postgres"
OWNER = "caseflow_owner"
APP = "caseflow_app"
DATABASE = "caseflow"
DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class DatabaseUrls:
    """SQLAlchemy addresses of one database for its three kinds of user."""

    admin: str
    owner: str
    app: str

    def named(self, database: str) -> "DatabaseUrls":
        """The same server and users, another database."""
        return DatabaseUrls(
            *(
                urlsplit(url)._replace(path=f"/{database}").geturl()
                for url in (self.admin, self.owner, self.app)
            )
        )


def urls_of_socket(folder: Path) -> DatabaseUrls:
    """Addresses of a private server whose Unix socket lies in ``folder``."""
    form = f"{DRIVER}://{{}}@/{{}}?host={folder}"
    return DatabaseUrls(
        admin=form.format(ADMIN, ADMIN), owner=form.format(OWNER, DATABASE), app=form.format(APP, DATABASE)
    )


def urls_of_server(admin_url: str, password: str) -> DatabaseUrls:
    """Addresses of a given server, from the address of its superuser; both roles share ``password``."""
    admin = urlsplit(admin_url)._replace(scheme=DRIVER)
    host = admin.netloc.rpartition("@")[2]
    owner, app = (
        admin._replace(netloc=f"{role}:{quote(password)}@{host}", path=f"/{DATABASE}")
        for role in (OWNER, APP)
    )
    return DatabaseUrls(admin=admin.geturl(), owner=owner.geturl(), app=app.geturl())


def libpq(url: str) -> str:
    """The address as psycopg alone understands it."""
    return urlsplit(url)._replace(scheme="postgresql").geturl()


def prepare_server(urls: DatabaseUrls, *, password: str | None = None) -> None:
    """Create the two roles and the database ``caseflow`` where they are missing."""
    with psycopg.connect(libpq(urls.admin), autocommit=True) as admin:
        for role in (OWNER, APP):
            if admin.execute("select from pg_roles where rolname = %s", [role]).fetchone() is None:
                create = sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole")
                admin.execute(create.format(sql.Identifier(role)))
            if password is not None:
                change = sql.SQL("alter role {} password {}")
                admin.execute(change.format(sql.Identifier(role), sql.Literal(password)))
        if admin.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            create = sql.SQL("create database {} owner {}")
            admin.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def create_from_template(admin_url: str, template: str, name: str) -> None:
    """Make database ``name`` a copy of ``template`` (25 ms in memory, ten times that on a disk), replacing what an earlier run left.

    Nobody may be connected to ``template``.
    """
    new, model = sql.Identifier(name), sql.Identifier(template)
    create = sql.SQL("create database {} template {} owner {} strategy file_copy")
    with psycopg.connect(libpq(admin_url), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(new))
        admin.execute(create.format(new, model, sql.Identifier(OWNER)))
