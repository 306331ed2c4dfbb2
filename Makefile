# Everything that people and CI run. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3.14 || command -v python3)
VENV := .venv
STAMP := $(VENV)/.installed

.PHONY: help run sandbox test lint type bench docs clean
help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]' -c constraints.txt
	@touch $@

run: $(STAMP) ## run the bot with config.toml
	$(VENV)/bin/steward run

sandbox: $(STAMP) ## a local DingTalk, a sample college, the bot and a page to chat in
	$(VENV)/bin/steward sandbox

test: $(STAMP) ## all tests, the browser's included where Chromium is or can be installed
	@tests/browser/install-chromium
	$(VENV)/bin/python -m pytest

lint: $(STAMP) ## ruff
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

type: $(STAMP) ## mypy, strict
	$(VENV)/bin/mypy

bench: $(STAMP) ## figures of speed and memory
	$(VENV)/bin/python -m bench

docs: $(STAMP) ## write the generated parts of the docs
	$(VENV)/bin/python -m docs.generate

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
