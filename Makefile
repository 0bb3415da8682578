# Entry point for all tasks: `make` lists the targets. They run in .venv, which is created on first use and updated when
# pyproject.toml changes. Only python3 (3.11 or newer) and make are required.
#
#   make test ARGS="tests/model -k host"     passes arguments to the program of a target
#   make demo PYTHON=/opt/python3.13/bin/python3

PYTHON ?= python3
ARGS ?=
FUZZ_SECONDS ?= 60
# With any value, versions that pyproject.toml permits are installed, and not those of requirements/.
UNLOCKED ?=
# Many tests wait for a program, so more workers than cores are useful; but each collects all tests. `make test WORKERS=0`
# runs in one process, for a debugger.
WORKERS ?= 3

# Tests start thousands of processes, which would compile every module again each time.
unexport PYTHONDONTWRITEBYTECODE

# Only relative paths, so that the path of the project may contain spaces.
BIN := .venv/bin
BOOTSTRAP := pyproject.toml tasks/bootstrap.py tasks/pip_wheel.py $(wildcard requirements/*.lock)
INSTALL = $(PYTHON) tasks/bootstrap.py $(if $(UNLOCKED),--unlocked)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo serve test wide slow floors system lint types contracts bench docs goldens fuzz torture wheel lock clean

help: ## list the targets
	@echo 'perimeter365: Microsoft 365 network requirements as plans and device configurations'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-20s %s\n' "$$name" "$$text"; done

demo: .venv/.run ## plan and render examples/contoso.toml into out/ (start here)
	$(BIN)/perimeter365 demo -o out $(ARGS)
	@echo 'Next: make serve, for http://127.0.0.1:8365'

serve: .venv/.run ## serve the lists on http://127.0.0.1:8365, as Microsoft's web service does
	$(BIN)/perimeter365 serve $(ARGS)

test: .venv/.test ## the tests; those whose real consumer is not installed are skipped and listed
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

wide: .venv/.test ## the rest of the long sweeps, of which `make test` runs the sharp cases
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "wide and not torture" $(ARGS)

slow: .venv/.test ## all tests, then the seconds of each folder and of the slowest files and functions
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q -p tests.times $(ARGS)

floors: ## some tests with the oldest library versions that pyproject.toml allows
	$(PYTHON) tasks/floors.py $(ARGS)

system: ## install Debian packages of the real consumers (as root); ARGS=system-wine for Wine, 1.4 GB
	$(PYTHON) tasks/system.py $(or $(ARGS),system)

lint: .venv/.dev ## style, likely errors, and permissions of the GitHub workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --quiet --offline .github

types: .venv/.dev ## mypy --strict on src, tests and tasks
	$(BIN)/mypy

contracts: .venv/.dev ## import contracts between modules
	$(BIN)/lint-imports

bench: .venv/.test ## benchmarks with their goals
	$(BIN)/python -m bench $(ARGS)

docs: .venv/.dev ## regenerate the generated pages of docs/
	$(BIN)/python -m tasks.docs $(ARGS)

goldens: .venv/.test ## regenerate the golden files; review the diff before you commit
	$(BIN)/python -m pytest -q -m golden --update-goldens $(ARGS)
	@git status --short -- tests || true

fuzz: .venv/.fuzz ## property tests with 20,000 examples each, then every parser for FUZZ_SECONDS (60); ARGS=page_html for one
	$(if $(ARGS),,$(BIN)/python -m pytest -q -m hypothesis --hypothesis-profile=fuzz --timeout=0)
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(ARGS)

torture: .venv/.test ## fault and soak tests (hours); results in out/torture.json
	$(BIN)/python -m pytest -m torture --timeout=0 $(ARGS)

wheel: .venv/.dev ## build and check the wheel and source archive in dist/, with an SBOM
	rm -rf dist build
	$(BIN)/python -m build --no-isolation $(ARGS)
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python -m tasks.sbom dist/*.whl

lock: ## pin newest versions with hashes in requirements/; ARGS="--upgrade-package NAME" moves one
	$(PYTHON) tasks/lock.py $(ARGS)

clean: ## remove all build output except .venv
	rm -rf out build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -path ./.venv -prune -o -type d \( -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +

# The environment, in steps; each stamp file records a step and its time. All extras are installed, because the demo and the
# tests render all targets.
.venv/.run: $(BOOTSTRAP)
	$(INSTALL)
	@touch $@

.venv/.test: $(BOOTSTRAP)
	$(INSTALL) --group test --tools tools
	@touch .venv/.run $@

.venv/.fuzz: $(BOOTSTRAP)
	$(INSTALL) --group fuzz --tools tools
	@touch .venv/.run .venv/.test $@

.venv/.dev: $(BOOTSTRAP)
	$(INSTALL) --group dev --tools tools
	@touch .venv/.run .venv/.test $@
