# What can be done with a checkout; `make` alone lists it. Needed are Python 3.11 or
# newer, make and a package index. Everything made lies in .venv, build and caches.
#
# Written for any GNU make from 3.81 on (macOS), and for paths with spaces: no path here
# is absolute.

# The Python that .venv is made with: the one named (make PYTHON=python3.12), else the
# first of these that is new enough and complete.
PYTHON ?=
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Only what is installed counts, not what happens to lie on somebody's path.
unexport PYTHONPATH PYTHONHOME

RUN := .venv/bin/python
# Twice quiet: errors only.
INSTALL := -m pip install --quiet --quiet
LOCKED := $(INSTALL) --require-hashes --requirement

.PHONY: help demo cases test test-uncovered test-engine check lint types imports wheel format bench lock clean

help: ## list what there is to do (the default)
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r name text; do printf 'make %-9s%s\n' "$$name" "$$text"; done

demo: .venv/core ## show decisions of the shipped policy, in a scratch database
	@$(RUN) examples/demo.py

cases: .venv/dev ## run the cases of policies/tests, in seconds
	@.venv/bin/oikeus test policies/

# Measuring coverage makes tests three times as slow. So it is measured where the engine
# itself is tested: what chance, thousands of cases or a whole command may cover does not
# count.
test: test-uncovered test-engine .venv/dev ## run all tests; the engine must be covered whole
	@echo "running the tests of whole commands"
	@$(RUN) -m pytest --numprocesses 2 --quiet tests/e2e

# Tests of whole commands that reach what no other test does: processes that serve, keys.
REACHING := apply connections invariants proofs restoring serve serve_client serve_observing \
    serve_terms

test-uncovered: .venv/dev
	@echo "running the tests that try many cases: properties, kills, tampering"
	@$(RUN) -m pytest --numprocesses 2 --quiet -m uncovered tests

test-engine: .venv/dev
	@echo "running the tests of the engine, PostgreSQL included"
	@$(RUN) -m pytest --numprocesses 2 --quiet -m 'not uncovered' engine \
	    $(filter-out %.py %__pycache__ tests/e2e tests/property,$(wildcard tests/*)) \
	    $(patsubst %,tests/e2e/test_%.py,$(REACHING)) --cov

# The tests of whole commands run once, against the wheel.
check: lint types imports test-uncovered test-engine wheel ## everything that must hold before a commit is pushed
	@echo "everything holds"

lint: .venv/dev ## read the code for mistakes and form (part of check)
	@echo "reading the code for mistakes (ruff)"
	@$(RUN) -m ruff check --quiet
	@echo "checking the form of the code (ruff)"
	@$(RUN) -m ruff format --check --quiet || \
	    { echo "some files are not in form, expected: make format" >&2; exit 1; }

types: .venv/dev ## check the types (part of check)
	@echo "checking the types (mypy)"
	@$(RUN) -m mypy --no-error-summary

imports: .venv/dev ## check which room imports which (part of check)
	@echo "checking the order of the rooms (import-linter)"
	@mkdir -p build
	@.venv/bin/lint-imports > build/imports.log || { cat build/imports.log >&2; exit 1; }

# The environment is made anew each time, so that a dependency that only a developer
# has shows here: first with what the wheel says it needs, then with the test tools too.
wheel: .venv/dev ## test the wheel as a user gets it (part of check)
	@echo "building the wheel from the source distribution"
	@rm -rf build/dist build/clean && mkdir -p build
	@$(RUN) -m build --no-isolation --outdir build/dist . > build/build.log 2>&1 || \
	    { cat build/build.log >&2; exit 1; }
	@echo "installing the wheel in a clean environment"
	@$(RUN) -m venv build/clean
	@build/clean/bin/python $(LOCKED) requirements.lock
	@build/clean/bin/python $(INSTALL) --no-deps build/dist/*.whl
	@build/clean/bin/python -m pip --quiet check
	@build/clean/bin/oikeus --help > build/help.log
	@build/clean/bin/python $(LOCKED) requirements-dev.lock
	@echo "running tests/e2e against the wheel, where no source can be imported"
	@cd build && PATH="$(CURDIR)/build/clean/bin:$$PATH" \
	    clean/bin/python -P -m pytest --numprocesses 2 --quiet ../tests/e2e

format: .venv/dev ## put the code into form, with the safe corrections
	@$(RUN) -m ruff check --fix --quiet --exit-zero
	@$(RUN) -m ruff format

# Nothing here is a test: figures depend on the machine, so people read them. QUICK=1 takes
# a minute; ONLY= one of decisions, enforcer, database, reverse, difference, memory, versions,
# administration, service, assurance; HUGE=1 adds decisions at 10 M grants, for which some 20 GB are needed.
bench: .venv/dev .venv/bench build/cerbos/made ## measure against what else decides (QUICK=1, ONLY=decisions, HUGE=1)
	@$(RUN) -m benchmarks $(if $(QUICK),--run quick) $(if $(ONLY),--only $(ONLY)) \
	    $(if $(HUGE),--huge)

# The lowest Python that is supported makes the locks: what only older ones need shows
# there, and tests/unit/test_locks.py says so if a newer one or macOS needs more.
LOCK := build/lock/bin/python -m piptools compile --quiet --generate-hashes --no-strip-extras \
    --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links \
    --no-emit-trusted-host --pip-args=--quiet $(if $(UPGRADE),--upgrade)
GROUP := import sys, tomllib; \
    print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"][sys.argv[1]], sep="\n")

lock: .venv/made ## pin the dependencies again (UPGRADE=1: to the newest allowed)
	@$(RUN) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	    { echo "locks are made with Python 3.11: make clean, make lock PYTHON=python3.11" >&2; exit 1; }
	@echo "pinning the dependencies, which takes a minute"
	@rm -rf build/lock && $(RUN) -m venv build/lock
	@build/lock/bin/python $(INSTALL) 'pip-tools>=7.5,<8'
	@$(LOCK) --build-deps-for editable --output-file requirements.lock pyproject.toml
	@for group in dev bench; do \
	    $(RUN) -c '$(GROUP)' $$group | \
	        $(LOCK) --output-file requirements-$$group.lock requirements.lock - || exit 1; \
	done
	@$(LOCK) --extra service --extra postgres --constraint requirements-dev.lock \
	    --output-file requirements-service.lock pyproject.toml
	@for lock in requirements.lock requirements-dev.lock requirements-bench.lock \
	    requirements-service.lock; do \
	    { echo "# Made by \`make lock\` from pyproject.toml, not by hand. Each version is pinned with"; \
	      echo "# the hashes of all its files, so that one lock serves every platform."; echo; \
	      cat $$lock; } > build/header && mv build/header $$lock; \
	done

clean: ## remove everything that make made
	@rm -rf .venv build .coverage .coverage.* .hypothesis
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments; a stamp is written last, so what was interrupted is done again ---

# An environment cannot be moved, and dies with the Python that it was made with.
ifneq ($(shell .venv/bin/python -c '' 2>/dev/null && cat .venv/made 2>/dev/null),$(CURDIR))
.PHONY: .venv/made
endif

.venv/made:
	@for python in $(PYTHONS); do \
	    "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
	        2>/dev/null || continue; \
	    echo "making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv --clear .venv && printf '%s\n' "$(CURDIR)" > $@ && exit; \
	    exit 1; \
	done; \
	echo "no Python 3.11 or newer with venv and ensurepip among:" $(PYTHONS) >&2; \
	echo "name one with make PYTHON=…; Debian and Ubuntu have venv in the package python3-venv" >&2; \
	exit 1

.venv/core: .venv/made requirements.lock pyproject.toml
	@echo "installing what oikeus runs on"
	@$(RUN) $(LOCKED) requirements.lock
	@$(RUN) $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/core requirements-dev.lock
	@echo "installing what the tests and checks need"
	@$(RUN) $(LOCKED) requirements-dev.lock
	@touch $@

.venv/bench: .venv/core requirements-bench.lock
	@echo "installing what benchmarks compare with"
	@$(RUN) $(LOCKED) requirements-bench.lock
	@touch $@

# A server in Go, which its npm package carries; without it, its rows say so.
build/cerbos/made: benchmarks/npm/package.json benchmarks/npm/package-lock.json
	@rm -rf build/cerbos && mkdir -p build/cerbos && cp benchmarks/npm/*.json build/cerbos
	@if command -v npm > /dev/null; then \
	    echo "installing Cerbos, which benchmarks compare with"; \
	    npm install --prefix build/cerbos --no-save --ignore-scripts --no-audit --no-fund \
	        --loglevel error > build/cerbos/npm.log 2>&1 || \
	        echo "npm could not install Cerbos: it takes no part (build/cerbos/npm.log)" >&2; \
	else echo "npm is not here: Cerbos takes no part" >&2; fi
	@touch $@
