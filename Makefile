# Needs only make and Python 3.11 or later with venv. `make` alone lists what can be asked.
-include .env
PORT ?= 8501
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
DATABASE = $(if $(CHM_DATABASE_URL),CHM_DATABASE_URL='$(CHM_DATABASE_URL)')
ARGS ?=
# Each package is held against its digest. `make run DIGESTS=no` is for a source that serves builds of its own.
DIGESTS ?= yes
from = $(if $(filter yes,$(DIGESTS)),--require-hashes -r $(1).lock,-r $(1).txt) || { \
	echo 'The packages could not be installed as $(1).lock has them; where a source serves builds of its own: make DIGESTS=no' >&2; exit 1; }

.PHONY: help run test soak check lint layout types imports framework audit lock bench format clean

help:
	@echo 'make run     set up, load the invented cohort when the database is empty, serve on 127.0.0.1:$(PORT)'
	@echo 'make test    set up what the tests need and run them all; make test ARGS="tests/unit -x" for some'
	@echo 'make soak    the long forms of the tests that have a short one in make test; takes many minutes'
	@echo 'make check   ruff, mypy, import rules, the framework data, known weaknesses of packages'
	@echo 'make format  let ruff put the layout right'
	@echo 'make bench   every benchmark'
	@echo 'make lock    write the lock files anew, once requirements*.txt have changed; asks the package index'
	@echo 'make clean   throw away caches; the database and $(VENV) stay'

$(VENV)/run.stamp: requirements.txt requirements.lock
	@test -n '$(PYTHON)' || { echo 'No Python 3.11 or later was found. Install one, or: make PYTHON=/path/to/python3 run' >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo 'Python could not make a virtual environment. On Debian: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Installing packages'
	@$(PIP) $(call from,requirements)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements-dev.lock $(VENV)/run.stamp
	@echo 'Installing what the tests need'
	@$(PIP) $(call from,requirements-dev)
	@touch $@

# Not echoed: the address may hold a password.
run: $(VENV)/run.stamp
	@$(DATABASE) $(PY) -m chm prepare
	@$(DATABASE) $(PY) -m streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev.stamp
	$(PY) tools/setup_tests.py -m pytest $(ARGS)

soak: $(VENV)/dev.stamp
	$(PY) tools/setup_tests.py -m pytest -m soak $(ARGS)

# Each step is a goal of its own, so that `make -k check` names the faults of all six.
check: lint layout types imports framework audit

lint: $(VENV)/dev.stamp
	$(PY) -m ruff check .

layout: $(VENV)/dev.stamp
	$(PY) -m ruff format --check .

types: $(VENV)/dev.stamp
	$(PY) -m mypy

imports: $(VENV)/dev.stamp
	$(VENV)/bin/lint-imports

framework: $(VENV)/dev.stamp
	$(PY) -m chm check-data

audit: $(VENV)/dev.stamp
	$(PY) tools/audit_packages.py

# By the oldest Python that is served, in an environment of its own, so that it brings nothing to the other.
lock: export CUSTOM_COMPILE_COMMAND := make lock
lock: compile := $(VENV)/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links
lock:
	python3.11 -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet pip-tools==7.6.2
	$(compile) --output-file requirements.lock requirements.txt
	$(compile) --constraint requirements.lock --output-file requirements-dev.lock requirements-dev.txt

format: $(VENV)/dev.stamp
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/dev.stamp
	@set -e; for file in benchmarks/[a-z]*.py; do \
		test -e "$$file" || { echo 'no benchmarks yet'; break; }; \
		echo "== $$file"; $(PY) tools/setup_tests.py "$$file"; done

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
