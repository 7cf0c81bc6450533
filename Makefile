# Everything starts here. Needs python3 (3.11) and pip; nothing else has to be installed by hand.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
TIMED := tools/timed.sh

.PHONY: help
help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/run.stamp  ## serve the example county on 127.0.0.1:8000 (PORT= to change) and print its accounts
	@JUNHENG_DEMONSTRATION=1 $(BIN)/junheng-web migrate --verbosity 0
	@JUNHENG_DEMONSTRATION=1 $(BIN)/junheng-web demo examples
	@JUNHENG_DEMONSTRATION=1 $(BIN)/junheng-web serve --port $(or $(PORT),8000)

.PHONY: setup
setup: .venv/dev.stamp  ## the environment with developer tools, in .venv

.PHONY: test
test: .venv/dev.stamp  ## the whole test suite
	@$(TIMED) core $(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not java" tests/junheng
	@$(TIMED) planner $(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/planner
	@$(TIMED) spark $(BIN)/python -m pytest -q -m java tests/junheng
	@$(TIMED) web $(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/junheng_web
	@$(TIMED) postgres $(BIN)/python tools/postgres.py $(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/junheng_web
	@$(TIMED) upgrades $(MAKE) --no-print-directory upgrade-test
	@$(TIMED) browser $(BIN)/python -m pytest -q -n 2 --dist loadfile tests/journeys

.PHONY: upgrade-test
upgrade-test: .venv/dev.stamp  ## a stored database of each schema that has landed becomes today's, on both databases
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/upgrades
	@$(BIN)/python tools/postgres.py $(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/upgrades

.PHONY: upgrade-store
upgrade-store: .venv/dev.stamp  ## store a database of today's schema for upgrade-test, as NAME=0002-what-is-new
	@$(BIN)/python tests/upgrades/storing.py $(NAME)
	@JUNHENG_NO_SKIPS=1 $(BIN)/python tools/postgres.py $(BIN)/python tests/upgrades/storing.py $(NAME)

.PHONY: check
check:  ## the definition of done: format, lint, types, import contracts, docs, tests
	@$(TIMED) install $(MAKE) --no-print-directory .venv/dev.stamp
	@$(TIMED) format $(BIN)/ruff format --check --quiet .
	@$(TIMED) lint $(BIN)/ruff check --quiet .
	@$(TIMED) types $(BIN)/mypy --no-error-summary
	@$(TIMED) contracts $(BIN)/lint-imports --no-cache
	@$(TIMED) docs $(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory test
	@cat build/times.txt

.PHONY: docs
docs: .venv/dev.stamp  ## the manual, into build/docs
	@$(BIN)/python tools/reference.py
	@$(BIN)/sphinx-build -W -q docs build/docs

.PHONY: pictures
pictures: .venv/dev.stamp  ## look at every page everywhere (build/pictures), and take the manual's pictures anew
	@JUNHENG_PICTURES=1 $(BIN)/python -m pytest -q tests/journeys

.PHONY: bench
bench: .venv/dev.stamp  ## whole processes side by side with their peers, as ratios
	@$(BIN)/python bench/run.py
	@$(BIN)/python bench/plan.py
	@$(BIN)/python bench/web.py
	@$(BIN)/python bench/binder.py
	@$(BIN)/python bench/nation.py

.PHONY: mutants
mutants: .venv/dev.stamp  ## does a test notice each small damage? to build/mutants.json
	@$(BIN)/python tools/mutants/run.py

.PHONY: thorough
thorough: .venv/dev.stamp  ## thousands of examples, mutants and benchmarks; before an issue is resolved
	@$(BIN)/python tools/thorough.py --write

# A stamp is as new as the lock that it was made from; pip checks every hash.
.venv/pip.stamp:
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: requirements.lock pyproject.toml .venv/pip.stamp
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
