# Every recipe runs in the folder of this file and names nothing by its full path, so the checkout
# may stand anywhere, also in a path with spaces. `exec` lets a signal to make reach the program.

.DEFAULT_GOAL := help
.PHONY: help run test lint check lock
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PY := .venv/bin/python
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 12

run: ## serve at http://127.0.0.1:8000/ (PORT=, HOST=, DATABASE_URL=, PYTHON=)
	@.ci/install run
	@exec $(PY) manage.py run

test: ## run every test (ARGS= goes to pytest)
	@.ci/install dev
	@exec $(PY) -m pytest -n auto $(ARGS)

lint: ## style, templates, types, and which package may import which
	@.ci/install dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --quiet --check templates
	$(PY) -m djlint --quiet --lint templates
	$(PY) -m mypy manage.py coe tests bench prove
	.venv/bin/lint-imports

check: ## migrations are complete, and a deployment has no warnings
	@.ci/install dev
	$(PY) manage.py makemigrations --check --dry-run
	COE_URL=https://coe.example.com $(PY) manage.py check --deploy --fail-level WARNING

.PHONY: holes
holes: ## take out one permission check at a time; the tests have to notice (ARGS= chooses some)
	@.ci/install dev
	@exec $(PY) -m tests.permissions.holes $(ARGS)

.PHONY: inversions
inversions: ## invert one condition of the checks at a time; the tests have to notice (ARGS= chooses)
	@.ci/install dev
	@exec $(PY) -m tests.guidance.mutations $(ARGS)

.PHONY: bench
bench: ## measure what a PDF and a page cost, side by side (ARGS=--runs=3 for a quick look)
	@.ci/install dev
	@exec $(PY) -m bench $(ARGS)

.PHONY: prove
prove: ## write while servers are killed, and look for every word (ARGS=--seconds=10 is a quick look)
	@.ci/install dev
	@exec $(PY) -m prove $(ARGS)

lock: ## pin the requirements anew, with uv
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt
