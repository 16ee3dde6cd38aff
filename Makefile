# make demo   the example site on http://127.0.0.1:8000 (PORT=8001 for another port)
# make demo-production   the same as in production: PostgreSQL, Redis, two processes behind nginx
# make test   everything that must pass: style, directions, types, tests, browser, packaging
#
# Needs git, make and Python 3.11 or newer with venv; the rest is installed in $(VENV).

VENV ?= .venv
PORT ?= 8000
PIP = $(VENV)/bin/python -m pip
MANAGE = $(VENV)/bin/python example_site/manage.py

# What an editable install is made from: it also compiles the translations.
BUILT_FROM = pyproject.toml MANIFEST.in build_backend/atencion_build.py \
	$(wildcard wagtail_atencion/locale/*/LC_MESSAGES/*.po)

export ATENCION_DEMO_URL ?= http://127.0.0.1:$(PORT)

.PHONY: help demo demo-production test lint format dev tox durability clean

help:
	@echo "make demo    serve the example site on http://127.0.0.1:$(PORT) (PORT=8001 for another)"
	@echo "make demo-production  the same with the PostgreSQL and Redis at hand, two processes and nginx"
	@echo "make test    run everything that must pass"
	@echo "make lint    only style, directions of imports and types"
	@echo "make format  put the code in the project's format"
	@echo "make dev     install the tools of daily work, with the pre-commit hook"
	@echo "make tox     the tests with each supported version whose Python is on the PATH"
	@echo "make durability  kill servers and break Redis many times, and print what was lost (40 minutes)"
	@echo "make clean   remove what these commands made, the demo's data included"

demo: $(VENV)/.demo
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) load_demo
	@sh scripts/serve_demo.sh $(VENV)/bin/python $(PORT)

demo-production: $(VENV)/.production
	@$(VENV)/bin/python scripts/demo_production.py $(PORT)

test: $(VENV)/.test
	@$(VENV)/bin/python scripts/run_tests.py

lint: $(VENV)/.test
	@$(VENV)/bin/python scripts/run_tests.py style imports types

format: $(VENV)/.test
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

dev: $(VENV)/.dev
	$(VENV)/bin/pre-commit install

tox: $(VENV)/.dev
	$(VENV)/bin/tox

durability: $(VENV)/.test
	@$(VENV)/bin/python benchmarks/durability.py

clean:
	rm -rf $(VENV) .tox build dist *.egg-info example_site/var test-results htmlcov .coverage \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# Dependency groups (PEP 735) need a newer pip than the one that comes with Python 3.11.
$(VENV)/.pip: scripts/find_python.sh
	@python="$$(PYTHON="$(PYTHON)" sh scripts/find_python.sh)" && \
		echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@$(PIP) install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.demo: $(VENV)/.pip $(BUILT_FROM)
	@echo "Installing the app and what the demo needs (a minute or two the first time)"
	@$(PIP) install --quiet --editable . --group demo
	@touch $@

$(VENV)/.production: $(VENV)/.pip $(BUILT_FROM)
	@echo "Installing the app and what serves it in production (a minute or two the first time)"
	@$(PIP) install --quiet --editable '.[postgres,redis]' --group production
	@touch $@

$(VENV)/.test: $(VENV)/.pip $(BUILT_FROM)
	@echo "Installing the app and what the tests need (a minute or two the first time)"
	@$(PIP) install --quiet --editable '.[postgres,redis]' --group test --group lint
	@touch $@

$(VENV)/.dev: $(VENV)/.pip $(BUILT_FROM)
	@echo "Installing the app and the tools of daily work (a minute or two the first time)"
	@$(PIP) install --quiet --editable '.[postgres,redis]' --group dev
	@touch $@ $(VENV)/.demo $(VENV)/.test
