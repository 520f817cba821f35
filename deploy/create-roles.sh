#!/bin/sh
# Run once by the PostgreSQL image, when the data folder is new: the two roles and their database.
# The application's role owns nothing, so it can neither change a table nor rewrite history.
set -eu
psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set owner_password `cat /run/secrets/database_owner_password`
\set app_password `cat /run/secrets/database_app_password`
create role caseflow_owner login nosuperuser nocreatedb nocreaterole password :'owner_password';
create role caseflow_app login nosuperuser nocreatedb nocreaterole password :'app_password';
create database caseflow owner caseflow_owner;
revoke all on database caseflow from public;
grant connect, temporary on database caseflow to caseflow_app;
SQL
