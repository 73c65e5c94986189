# Négatoscope. Two commands do all the set-up: `make run` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
DATA ?= data
WORKERS ?= $(shell expr $$(nproc) + 1)
BIN := .venv/bin
SOURCES := pyproject.toml hatch_build.py package-lock.json .npmrc $(wildcard src/negatoscope/locale/*/LC_MESSAGES/django.po)
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 19

.PHONY: help setup run demo lab lab-score lab-watch lab-intrusion test test-postgresql torture lint fix bench lock screens clean

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

# A worker more than processors (tests wait for servers a quarter of their time), six at most.
# loadgroup: a worker takes one test at a time, so that long ones do not queue behind each other; those of a group
# follow one another on one worker (rsyslogd: one starts it, others look whether
# this machine runs it; demonstration: built once).
PYTEST := pytest --numprocesses $(WORKERS) --maxprocesses 6 --dist loadgroup
# Whole programs: traced outside the room of verbs they would take minutes more, and cover nothing more.
WHOLE := tests/cli tests/journeys tests/demonstration tests/lab tests/observe/ssh tests/web/test_axe.py tests/web/test_walking.py
# Every query of every page and flow, but for what pages do in a browser or with signs.
ROWS := tests/store tests/flows tests/intake tests/prove tests/web/test_every_page.py tests/web/test_tables.py tests/web/test_families.py

demo: .venv/run-ready ## explore a fictional practice on http://localhost:8010, apart from your own
	@exec $(BIN)/negatoscope --data $(DATA)/demonstration demo

LAB ?= tests/lab/sick.toml

lab: .venv/test-ready ## a whole practice in namespaces of this machine, to look around (root; LAB=description.toml)
	@exec $(BIN)/python -m tests.lab.up $(LAB)

lab-score: .venv/test-ready ## build a practice, run the product on it, score its findings (root; LAB=description.toml)
	@$(BIN)/python -m tests.lab.score $(LAB)

lab-watch: .venv/test-ready ## servers that log, real attacks on them, and which of them the console tells (root)
	@$(BIN)/python -m tests.lab.watched

lab-intrusion: .venv/test-ready ## an intrusion on real servers: told, answered, led to its end (root)
	@$(BIN)/python -m tests.lab.intruded

test: .venv/test-ready lint ## every check and test that this machine can run (WORKERS=1: one after the other)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m $(PYTEST) $(WHOLE:%=--ignore=%)
	@$(BIN)/coverage run --source=negatoscope.cli,negatoscope.__main__,negatoscope.settings -m $(PYTEST) $(WHOLE)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/python tests/coverage_floors.py

test-postgresql: .venv/test-ready ## what works with rows once more, with every row in a throw-away PostgreSQL
	@$(BIN)/python -m tests.postgresql $(BIN)/$(PYTEST) -m 'not browser' $(ROWS)

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
	@$(BIN)/python bench/every.py

lock: ## renew the lock files (needs uv: make setup)
	$(BIN)/uv pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements-dev.lock

audit: .venv/test-ready ## known flaws in our dependencies (needs the network)
	$(BIN)/pip-audit --require-hashes -r requirements.lock

screens: .venv/test-ready ## the README's pictures, from a real run
	$(BIN)/python docs/take_screens.py

clean: ## forget .venv and caches, never data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
