# Everything that people and CI run. `make` alone lists it. Each target makes the environment that it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first of these that runs and is new enough; `make PYTHON=/path/to/python sandbox` chooses another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
VENV := .venv
# Two steps, so that trying Steward out waits for nothing that only its tests need.
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet

.PHONY: help run sandbox test faults lint type bench eval docs clean
help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed"; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "建不了虚拟环境；在 Debian/Ubuntu 上先执行 / no environment; on Debian, Ubuntu first: sudo apt-get install python3-venv"; \
		exit 1; }

$(RUNTIME): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "正在安装运行所需的包… / installing what is needed to run…"
	@$(PIP) install --editable . --constraint constraints.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo "正在安装测试所需的包… / installing what is needed to test…"
	@$(PIP) install --editable '.[test]' --constraint constraints.txt
	@touch $@

run: $(RUNTIME) ## run the bot with config.toml
	@$(VENV)/bin/steward run

sandbox: $(RUNTIME) ## try it: a local DingTalk, a sample college, the bot and a page to chat in
	@$(VENV)/bin/steward sandbox

test: $(DEVELOPMENT) ## all tests, those in a browser included
	@tests/browser/install-chromium
	@tests/sandbox/install-node
	$(VENV)/bin/python -m pytest

faults: $(DEVELOPMENT) ## all faults, storms and kills (minutes); FAULT_SEED=… repeats a run
	$(VENV)/bin/python -m pytest tests/faults -m faults -s

lint: $(DEVELOPMENT) ## ruff: rules and form
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

type: $(DEVELOPMENT) ## mypy, strict
	$(VENV)/bin/mypy

bench: $(RUNTIME) ## figures of speed, memory and endurance; about half an hour
	@$(VENV)/bin/python -m bench

eval: $(RUNTIME) ## how often questions get the right article, and an honest refusal; minutes
	@$(VENV)/bin/python -m bench.evaluation

docs: $(RUNTIME) ## write the generated parts of the docs anew
	@$(VENV)/bin/python -m docs.generate

clean: ## remove the environment and everything that can be made again
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
