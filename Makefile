# Every target works on a machine that has only Python 3.11 (or newer) with venv, and make.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
PYTHON ?= python3
PY := .venv/bin/python
PYTEST := $(PY) -m pytest

help: ## list what can be made
	@sed -n 's/^\([a-z.-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | while IFS='	' read -r name what; do printf '%-12s %s\n' "$$name" "$$what"; done

.venv: .venv/ready ## set up the environment: everything that is used, from the lock file, by hash
.venv/ready: requirements-dev.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "planner needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv ## run the bot: on Telegram with BOT_TOKEN, else on a local chat
	$(PY) planner.py

test: check dist ## everything that is checked and tested, on all cores
	$(PYTEST) --numprocesses auto --dist loadfile --no-loadscope-reorder

check: .venv ## lint, format, types, layers, links, rules and what is generated
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	MYPYPATH=stack .venv/bin/mypy --strict -p planner -p tools -p demo
	.venv/bin/mypy --strict --follow-imports=silent planner.py
	$(PYTEST) --quiet tests/test_layers.py
	$(PY) planner.py slo generate --check
	$(MAKE) --no-print-directory stack-check
	.venv/bin/lychee --offline --include-fragments --no-progress --root-dir "$(CURDIR)" -- *.md docs

stack-check: .venv tools/node/node_modules/ready ## check all of stack/ as those who are to take it would
	$(PY) -m tools.stackcheck

# Debian has npm; where there is none, or it cannot fetch anything, what needs it is left out, and said.
NPM_CI = npm ci --prefix tools/node --ignore-scripts --no-audit --no-fund
tools/node/node_modules/ready: tools/node/package-lock.json
	@if command -v npm >/dev/null; then $(NPM_CI) --fetch-retries=1 --fetch-timeout=30000 --loglevel=silent && touch $@ \
	|| echo "npm could not install tools/node: going on without what needs node; '$(NPM_CI)' says why."; fi

format: .venv ## write the code as ruff format does
	.venv/bin/ruff check --select I,RUF022 --fix --quiet .
	.venv/bin/ruff format .

messages: .venv ## collect the sentences to translate, compile the catalogues
	$(PY) -m tools.messages

metrics-page: .venv ## write docs/metrics.md from the catalogue of metrics
	$(PY) -m tools.metrics_page

log-page: .venv ## write docs/logs.md from what the code logs and the catalogue of events
	$(PY) -m tools.log_page

generated: .venv ## write stack/generated from slo.toml
	$(PY) planner.py slo generate

boards: ## draw the dashboards without Grafana: build/boards/index.html; PROMETHEUS=http://127.0.0.1:9090, RANGE=15m
	@$(PYTHON) -m tools.boards $(if $(PROMETHEUS),--prometheus $(PROMETHEUS)) $(if $(RANGE),--range $(RANGE)) \
		$(if $(SLO),--slo $(SLO))

stack: ## bring up the stack in Docker, and wait until all is well; BOT=1: with the bot
	@$(PYTHON) -m tools.stack up $(if $(filter-out 0,$(BOT)),--bot)

stack-demo: ## the stack with a day of life to look at, and no token
	@$(PYTHON) -m tools.stack demo

stack-native: ## Prometheus and Alertmanager from Debian's packages instead, without Docker
	@$(PYTHON) -m tools.stack native

stack-down: ## end the stack; what it has kept stays
	@$(PYTHON) -m tools.stack down

stack-reset: ## end the stack and delete what it has kept; YES=1: without asking
	@$(PYTHON) -m tools.stack reset $(if $(filter-out 0,$(YES)),--yes)

dashboards: generated ## the same: Grafana's dashboards are among it

pictures: .venv ## play a day of the demo, and draw README's picture of the promises: docs/promises.png
	$(PY) -m tests.stack.pictures

mutants: .venv ## break rules and their arithmetic in many ways: each time a test must fail; FULL=1 takes every promise
	$(PY) -m tools.mutants $(if $(FULL),--full)

bench: .venv ## measure, beside the peers
	$(PY) -m bench

crash: .venv ## kill -9 at 200 random moments under load; KILLS=20 and SEED=1 replay
	$(PY) -m tests.crash.harness --kills $(or $(KILLS),200) $(if $(SEED),--seed $(SEED))

fuzz: .venv ## read calendars broken at random, for MINUTES=20; what fails is kept in build/fuzz
	$(PY) -m tests.feeds.fuzz --minutes $(or $(MINUTES),20) $(if $(SEED),--seed $(SEED))

LOCK := .venv/bin/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-header --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
# What is tested is what runs: the runtime takes the versions that fit everything else, too.
lock: .venv ## resolve the dependencies anew; UPGRADE=1 takes the latest
	$(LOCK) $(if $(UPGRADE),--upgrade) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --upgrade --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml

# The dependencies are unpacked anew only when their lock changes; the archive names no time and no folder.
dist: dist/planner.pyz ## one file that runs wherever this Python version does: dist/planner.pyz
SOURCES = $(shell find planner ! -path '*__pycache__*')
build/site/ready: requirements.lock | .venv
	rm -rf build/site
	$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --target build/site -r requirements.lock
	rm -rf build/site/bin
	sed -i.with-bin '/^\.\.\/\.\.\/bin\//d' build/site/*.dist-info/RECORD && rm build/site/*.dist-info/RECORD.with-bin
	@touch $@
dist/planner.pyz: build/site/ready $(SOURCES) slo.toml LICENSE
	rm -rf build/pyz
	mkdir -p build/pyz dist
	cp -R build/site/. build/pyz
	cp -RL planner build/pyz/planner
	cp LICENSE build/pyz/planner/LICENSE
	find build/pyz -name __pycache__ -prune -exec rm -rf {} +
	rm build/pyz/ready
	chmod -R u=rwX,go=rX build/pyz
	.venv/bin/shiv --compressed --reproducible --site-packages build/pyz --entry-point planner.cli:main \
		--python '/usr/bin/env python3' --output-file $@

.PHONY: stack stack-demo stack-native stack-down stack-reset dashboards
.PHONY: help .venv run test check stack-check format messages metrics-page log-page generated boards pictures mutants bench crash fuzz lock dist
