# Gongzhi 共治. `make help` lists what there is; CONTRIBUTING.md says when to use it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys; print("$(name)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile
FOREIGN := /usr/lib/postgresql/15/bin

FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
TEXTS := $(shell find src -name django.po 2>/dev/null)
PACKAGES := chromium fonts-noto-cjk
BUILT := $(if $(wildcard frontend/package.json),frontend/node_modules/.built) $(VENV)/.translated

.PHONY: help run test test-all crash check bench lock clean system system-all

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 16

run: $(VENV)/.installed $(BUILT) ## start everything with the demo district on http://localhost:8000/ (PORT, GONGZHI_HOME)
	@exec $(BIN)/gongzhi up --demo

test: $(VENV)/.installed-dev $(BUILT) system ## every test of the ordinary suite, on the embedded database
	@$(PYTEST) -m "not slow"

test-all: $(VENV)/.installed-dev $(BUILT) system system-all ## the slow ones too, then the suite again on PostgreSQL 15
	@$(PYTEST) -m "slow or not slow"
	@$(BIN)/python tests/foreign_postgres.py $(FOREIGN) $(PYTEST) -m "not slow and not embedded"

crash: $(VENV)/.installed-dev $(BUILT) ## kill database, lane, web and worker under load, KILLS=500 times (half an hour or more)
	@KILLS=$${KILLS:-500} $(BIN)/python -m pytest -s tests/crash

check: $(VENV)/.installed-dev $(BUILT) ## format, lint, types, bands, missing migrations, missing translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/gongzhi manage makemigrations --check --dry-run
	$(BIN)/gongzhi translations check

bench: $(VENV)/.installed-dev $(BUILT) ## measure, with the baseline in the same run; rows in var/bench/
	@$(BIN)/gongzhi bench

lock: $(VENV)/.installed-dev ## resolve dependencies again: exact versions, hashes, no registry address
	for name in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header $$name.in --output-file $$name.lock; done
	if [ -f frontend/package.json ]; then cd frontend && npm install --package-lock-only --silent; fi

clean: ## remove what make made; data in var/ stays
	rm -rf $(VENV) frontend/node_modules src/gongzhi/web/static/dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the targets above stand on; every stamp makes a second run start at once ---

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "需要 Python 3.11 或更新版本 · Python 3.11 or newer is needed" >&2; exit 1; fi
	@$(PYTHON) -m venv $(VENV) || { echo "无法创建虚拟环境：Debian/Ubuntu 请安装 python3-venv · cannot create .venv: on Debian or Ubuntu install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "安装依赖 · installing dependencies"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json
	@command -v npm >/dev/null || { echo "需要 Node 20 或更新版本 · Node 20 or newer is needed" >&2; exit 1; }
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

frontend/node_modules/.built: frontend/node_modules/.installed $(FRONTEND)
	@echo "构建前端 · building the front end"
	@cd frontend && npm run --silent build
	@touch $@

$(VENV)/.translated: $(TEXTS) $(VENV)/.installed
	@$(BIN)/python -m gongzhi.cli.main translations compile
	@touch $@

# Browser and fonts for the page tests, where this machine lets us install them; without them those tests are skipped.
system:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "安装浏览器 · installing $(PACKAGES)"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES); } >/dev/null 2>&1 \
	    || echo "未能安装，浏览器测试将跳过 · could not install, browser tests will be skipped" >&2; fi

system-all:
	@if [ ! -x $(FOREIGN)/postgres ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15; } >/dev/null; fi
