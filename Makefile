# Every target works on a machine that has only Python 3.11 with venv, and make.
.DELETE_ON_ERROR:
PYTHON ?= python3
PY := .venv/bin/python

.venv: .venv/ready
.venv/ready: requirements-dev.lock
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
.PHONY: .venv

run: .venv
	$(PY) planner.py
.PHONY: run
