# Négatoscope. Two commands do all the set-up: `make run` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
DATA ?= data
WORKERS ?= auto
BIN := .venv/bin
SOURCES := pyproject.toml hatch_build.py $(wildcard src/negatoscope/locale/*/LC_MESSAGES/django.po)
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 19

.PHONY: help setup run demo test test-postgresql torture lint fix bench lock screens clean

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Install it: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed, found $$($(PYTHON) -V). Install it: sudo apt-get install python3.11 python3.11-venv, then make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing. Install it: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run-ready: .venv/bin/python requirements.lock $(SOURCES)
	@echo "Installing Négatoscope into .venv …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/test-ready: .venv/run-ready requirements-dev.lock
	@echo "Installing the development tools into .venv …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/test-ready ## everything into .venv

run: .venv/run-ready ## start the console on http://localhost:8000 (DATA=folder for another place)
	@exec $(BIN)/negatoscope --data $(DATA) run

# A processor, a worker, six at most; tests that share a costly server stay with one worker (tests/conftest.py).
PYTEST := pytest --numprocesses $(WORKERS) --maxprocesses 6 --dist loadgroup

demo: .venv/run-ready ## explore a fictional practice on http://localhost:8010, apart from your own
	@exec $(BIN)/negatoscope --data $(DATA)/demonstration demo

test: .venv/test-ready lint ## every check and test that this machine can run (WORKERS=1: one after the other)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m $(PYTEST)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/python tests/coverage_floors.py

test-postgresql: .venv/test-ready ## the tests once more, with every row in a throw-away PostgreSQL
	@$(BIN)/python -m tests.postgresql $(BIN)/$(PYTEST) -m 'not browser'

torture: .venv/test-ready ## the long runs: many kills, much fuzz
	@HYPOTHESIS_PROFILE=torture $(BIN)/pytest -m "torture or not torture" tests

lint: .venv/test-ready ## style, types, layers, templates, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >/tmp/negatoscope-imports.$$$$ 2>&1 || { cat /tmp/negatoscope-imports.$$$$; exit 1; }
	@$(BIN)/djlint --quiet --check --lint src/negatoscope/web/templates || { echo "djlint: the templates are not as it would lay them out; make fix does"; exit 1; }
	@NEGATOSCOPE_DATA=$$(mktemp -d) $(BIN)/negatoscope makemigrations --check --dry-run

fix: .venv/test-ready ## mend what tools can mend
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat src/negatoscope/web/templates || true

bench: .venv/test-ready ## figures and growth
	@$(BIN)/python bench/judge.py
	@$(BIN)/python bench/lightbox.py
	@$(BIN)/python bench/register.py

lock: ## renew the lock files (needs uv: make setup)
	$(BIN)/uv pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements-dev.lock

audit: .venv/test-ready ## known flaws in our dependencies (needs the network)
	$(BIN)/pip-audit --require-hashes -r requirements.lock

screens: .venv/test-ready ## the README's pictures, from a real run
	$(BIN)/python docs/take_screens.py

clean: ## forget .venv and caches, never data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
