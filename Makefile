.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LOCK := --generate-hashes --no-emit-index-url --allow-unsafe --universal --python-version 3.11 --no-header -q
T ?=
PORT ?=

.PHONY: hostile rolling failover axe audit sbom clients screenshots browser processes soak races recording wheel-smoke help setup mock serve test check fuzz fuzz-ci bench beside memory sandboxes scale compare bundle stubs lock clean

##@ Use
help: ## Print this help.
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## Make .venv with everything in it, and the troth command.

.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Troth needs Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q troth handlers models fixtures
	@touch $@

mock: setup ## Start the mock server on PORT (8080), seeded and ready.
	@$(BIN)/troth mock $(if $(PORT),--port $(PORT))

serve: setup ## Serve for real; needs TROTH_SECRET_KEY, and TROTH_DATABASE_URL for more than a file.
	@$(BIN)/troth serve

##@ Develop
test: setup ## Run the tests but those with targets of their own below, or those of T=path (alone, without parallel workers).
	@if [ -n "$(T)" ]; then $(BIN)/python -m pytest $(T); else $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore tests/recording --ignore tests/package --ignore tests/processes --ignore tests/failover --ignore tests/browser --ignore tests/hostile tests; fi

browser: setup ## Drive the dashboard and pages of other origins in Chromium (skipped where there is none).
	$(BIN)/python -m pytest tests/browser

hostile: setup ## Send hostile texts to every operation and import, and search refusals, logs and tables for every secret.
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/hostile

processes: setup ## Servers, workers and commands as processes: shared ports, renewals, deaths, restarts.
	$(BIN)/python -m pytest -rs tests/processes

soak: setup ## Kill servers and workers under load KILLS (500) times on each database, and look for what is lost or doubled.
	$(BIN)/python -m tests.soak --kills $(or $(KILLS),500)

failover: setup ## Kill a PostgreSQL primary under load, promote its standby, and look for what is lost (needs PostgreSQL's programs).
	$(BIN)/python -m pytest -rs tests/failover

rolling: setup ## Restart installed servers behind nginx under load (needs nginx, redis-server, PostgreSQL; skipped loudly without).
	$(BIN)/python -m pytest -rs -s tests/package/test_behind_nginx.py

recording: setup ## Play a script over every operation, and compare each answer and each table with the committed recording.
	$(BIN)/python -m pytest tests/recording

wheel-smoke: setup ## Build the wheel, install it in a fresh environment (from the package index), and use it.
	$(BIN)/python -m pytest tests/package/test_wheel.py

clients: setup ## Generate Python and TypeScript clients of all APIs, check their types, and play a story with each.
	$(BIN)/python -m tests.clients

axe: ## Install axe-core from npm into var/axe, for the accessibility check of tests/browser.
	@mkdir -p var/axe && cp tests/browser/package.json tests/browser/package-lock.json var/axe
	npm ci --prefix var/axe --silent --no-audit --no-fund

screenshots: setup ## Take pictures of the dashboard's pages (needs chromium), into var/screenshots.
	$(BIN)/python -m tests.browser.screenshots

races: setup ## Send random transfers from 16 threads for 20 seconds on each database, and check the books.
	TROTH_TEST_RACE_SECONDS=20 $(BIN)/python -m pytest tests/api/loyalty_core/test_ledger_races.py

check: setup ## Lint, types, import arrows, contracts up to date.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m troth.contracts --check
	$(BIN)/python -m troth.contracts.catalogue --check
	$(BIN)/troth stubs --check

fuzz: setup ## Fuzz all operations for as long as MINUTES says (30).
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),30)

fuzz-ci: setup ## Fuzz all operations in process and against a live server, at most 20 minutes.
	$(BIN)/python -m tests.fuzz --ci

bench: setup ## Measure the request path beside bare Starlette and stock Connexion.
	$(BIN)/python -m benchmarks.run

beside: setup ## Measure a bystander beside the heaviest work, on a file, in memory, and on an empty POSTGRES=url (10 minutes).
	$(BIN)/python -m benchmarks.beside $(if $(POSTGRES),--postgres $(POSTGRES))

scale: setup ## Fill small and large databases, and measure what growth costs (needs PostgreSQL; 20 minutes).
	$(BIN)/python -m benchmarks.scale

memory: setup ## Measure the memory of a mock over 200,000 requests (some minutes on an idle machine).
	$(BIN)/python -m benchmarks.memory

sandboxes: setup ## Measure creating and resetting sandboxes of a mock over HTTP (some seconds on an idle machine).
	$(BIN)/python -m benchmarks.sandboxes

compare: setup ## Measure the mock beside a plain application and Prism (needs wrk; 5 minutes).
	.ci/compare

bundle: setup ## Bundle, validate and lint the contracts; write the error catalogue.
	$(BIN)/python -m troth.contracts
	$(BIN)/python -m troth.contracts.catalogue

stubs: setup ## Write handler and test skeletons for operations that have none.
	$(BIN)/troth stubs

audit: setup ## Look up known vulnerabilities of what a server installs (says so where the database is out of reach).
	.ci/audit

sbom: setup ## Write the bill of materials of a server, CycloneDX, into var/sbom.json.
	.ci/sbom

lock: setup ## Pin every dependency again, with hashes and without addresses (needs uv).
	uv pip compile pyproject.toml --extra dev $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --constraint requirements.lock $(LOCK) -o requirements.runtime.lock
	uv pip compile .ci/sbom.in $(LOCK) -o .ci/sbom.lock

clean: ## Remove what was built.
	rm -rf .venv build dist *.egg-info var .pytest_cache .mypy_cache .ruff_cache .hypothesis
