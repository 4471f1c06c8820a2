# Each target does its own set-up: a virtual environment, the hashed lock, the package itself; again when a lock changes.
#   make PYTHON=python3.12 run      another Python for a fresh .venv
#   make VENV=/elsewhere run        another place for it

PYTHON ?= python3
VENV = .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The lock is its own constraint, because pip before 23.3 takes `x[extra]` for another package than the pinned `x`.
INSTALL = $(PIP) install --require-hashes -r $(1) -c $(1)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
LOCKS := requirements.txt requirements-dev.txt requirements-cluster.txt

# From the command line only, so that a DATA or PORT of your shell goes unnoticed: options of `make run`, `make up` and `make test`.
DAY =
SOURCES =
DATA =
PORT =
SIZE =
TESTS = tests
WHERE = $(if $(SOURCES),--sources "$(SOURCES)") $(if $(DATA),--data "$(DATA)")

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run up dashboard test lint lock clean chaos bench-extraction bench-fuzz bench-fetch bench-day bench-rules bench-quality bench-search \
	bench-warehouse bench-warehouse-faults bench-dashboard

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(INSTALLED) ## one day through the whole corridor under Airflow  [DAY=YYYY-MM-DD] [SOURCES=folder] [DATA=folder]
	@$(BIN)/newshouse airflow run $(if $(DAY),--day "$(DAY)") $(WHERE)

up: $(INSTALLED) ## Airflow with its UI, on loopback only; Ctrl-C stops it  [PORT=8080] [SOURCES=folder] [DATA=folder]
	@$(BIN)/newshouse airflow up $(if $(PORT),--port "$(PORT)") $(WHERE)

dashboard: $(INSTALLED) ## the dashboard alone, on loopback only; Ctrl-C stops it  [PORT=8090] [DATA=folder]
	@$(BIN)/newshouse dashboard $(if $(PORT),--port "$(PORT)") $(if $(DATA),--data "$(DATA)")

test: $(INSTALLED_DEV) ## all tests, or some  [TESTS="tests/parse -x"]
	@$(BIN)/python -m pytest $(TESTS)

bench-day: $(INSTALLED) ## a simulated day of 5,000 publishers against the politeness lower bound  [SIZE=5000]
	@$(BIN)/python benchmarks/simulated_day.py $(SIZE) --write

bench-dashboard: $(INSTALLED) ## what the server of the dashboard takes for each page  [SIZE=1000000]
	@$(BIN)/python benchmarks/dashboard.py $(or $(SIZE),1000000) --write

lint: $(INSTALLED_DEV) ## ruff, mypy --strict, import contracts, licences
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/licences.py

lock: $(INSTALLED_DEV) ## resolve and hash requirements*.in again  [UPGRADE=--upgrade]
	@for name in $(LOCKS:.txt=); do $(COMPILE) $(UPGRADE) $$name.in -o $$name.txt || exit; done

# Fills every empty KEY= with 32 random bytes; base64 without '/' and '+', so that it fits into a URL and into Fernet.
.env: | .env.example
	@umask 077; $(PYTHON) -c 'import base64, re, secrets, sys; fresh = lambda m: m[0] + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(); sys.stdout.write(re.sub(r"(?m)^[A-Z_]+=$$", fresh, sys.stdin.read()))' < .env.example > $@
	@echo "Wrote $@ (only you can read it). Now set NEWSHOUSE_DATA, NEWSHOUSE_UID and NEWSHOUSE_CONTACT in it."

clean: ## remove the virtual environment and caches; your data/ stays
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -not -path './.git/*' -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Newshouse needs Python 3.11 or newer, and $(PYTHON) is older or not there: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV): about three minutes and 1.2 GB, once."
	@$(call INSTALL,requirements.txt)
	@$(PIP) install --no-deps -e .
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@echo "Installing the developer tools."
	@$(call INSTALL,requirements-dev.txt)
	@touch $@

chaos: $(INSTALLED_DEV) ## 10,000 URLs over 200 hostile hosts, also killed 20 times: three minutes  [ARGS="--urls 1000 --kills 3"]
	@$(BIN)/python benchmarks/chaos.py $(ARGS)

bench-fetch: $(INSTALLED) ## pages a second and core, beside requests and Scrapy  [ARGS="--rounds 1"]
	@$(BIN)/python benchmarks/fetch.py $(ARGS)

bench-extraction: $(INSTALLED_DEV) ## accuracy and speed of the parser beside trafilatura  [ARGS="--every 5"]
	@$(BIN)/python benchmarks/extraction.py $(ARGS)

bench-search: $(INSTALLED_DEV) ## full text: index build, updates and answers beside a scan  [SIZE=100000]
	@$(BIN)/python benchmarks/search.py $(SIZE) --write

bench-quality: $(INSTALLED_DEV) ## sixty days of forty publishers with 200 faults: recall and precision of incidents  [ARGS="--seed 7"]
	@$(BIN)/python benchmarks/quality.py $(ARGS)

bench-rules: $(INSTALLED_DEV) ## row rules: sound pages kept out, planted defects found, cost and memory  [ARGS="--every 5"]
	@$(BIN)/python benchmarks/row_rules.py $(ARGS)

bench-fuzz: $(INSTALLED_DEV) ## mutated pages: no exception, none over two seconds  [ARGS="--count 500"]
	@$(BIN)/python benchmarks/fuzz.py $(ARGS)

bench-warehouse: $(INSTALLED) ## loads, daily loads, publish, queries beside Polars and chdb; 40 GB, an hour  [SIZE=20000]
	@$(PIP) install -r requirements-bench.in
	@$(BIN)/python benchmarks/warehouse.py $(if $(SIZE),--size $(SIZE),--write) $(ARGS)

bench-warehouse-faults: $(INSTALLED) ## kill -9 in loads, publishes, compactions and vacuums, readers watching  [ARGS="--kills 5"]
	@$(BIN)/python benchmarks/warehouse_faults.py $(ARGS)
