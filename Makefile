# One door: `make` says what there is. All of it runs in .venv, which is made on first use and renewed when pyproject.toml
# changes. Nothing but python3 (3.11 or newer) and make has to be installed.
#
#   make test ARGS="tests/model -k host"     hands words on to the program behind a target
#   make demo PYTHON=/opt/python3.13/bin/python3

PYTHON ?= python3
ARGS ?=
FUZZ_SECONDS ?= 60
# Many tests wait for a program, so there are more workers than two cores have. `make test WORKERS=0` runs in one process, as
# a debugger needs it.
WORKERS ?= 4

# Relative names only, so that the project may lie under a path with spaces.
BIN := .venv/bin
BOOTSTRAP := pyproject.toml tasks/bootstrap.py tasks/pip_wheel.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test floors system lint types contracts bench docs goldens fuzz torture wheel clean

help: ## what there is
	@echo 'perimeter365: what Microsoft 365 needs from a network, as something a network can act on'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-20s %s\n' "$$name" "$$text"; done

demo: .venv/.run ## plan and render examples/contoso.toml into out/ (start here)
	$(BIN)/perimeter365 demo -o out $(ARGS)

test: .venv/.test ## all tests; what has no real consumer here is skipped and listed
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

floors: ## a part of the tests with the oldest libraries that pyproject.toml admits
	$(PYTHON) tasks/floors.py $(ARGS)

system: ## Debian packages of the real consumers that prove artifacts (as root); ARGS=system-wine for Wine, 1.4 GB
	$(PYTHON) tasks/system.py $(or $(ARGS),system)

lint: .venv/.dev ## style, likely mistakes, and what a workflow of the forge may do
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --quiet --offline .github

types: .venv/.dev ## mypy, strict, on src, tests and tasks
	$(BIN)/mypy

contracts: .venv/.dev ## imports run one way
	$(BIN)/lint-imports

bench: .venv/.test ## speed against the anchors, as ratios
	$(BIN)/python -m bench $(ARGS)

docs: .venv/.dev ## write the generated pages of docs/ anew
	$(BIN)/python -m tasks.docs $(ARGS)

goldens: .venv/.test ## write the golden files anew; read the difference before you keep it
	$(BIN)/python -m pytest -q -m golden --update-goldens $(ARGS)
	@git status --short -- tests || true

fuzz: .venv/.fuzz ## property tests, 20,000 examples each, then every parser for FUZZ_SECONDS (60); ARGS=page_html for one
	$(if $(ARGS),,$(BIN)/python -m pytest -q -m hypothesis --hypothesis-profile=fuzz --timeout=0)
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(ARGS)

torture: .venv/.test ## fault and soak tests that take hours; the figures in out/torture.json
	$(BIN)/python -m pytest -m torture --timeout=0 $(ARGS)

wheel: .venv/.dev ## wheel and source archive in dist/, checked
	rm -rf dist build
	$(BIN)/python -m build $(ARGS)
	$(BIN)/python -m twine check --strict dist/*

clean: ## remove what the other targets made, but for .venv
	rm -rf out build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -path ./.venv -prune -o -type d \( -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +

# The environment, with more in it from line to line. The stamps say what is in it, and since when.
# With every extra: the demo renders all targets, and the tests test them.
.venv/.run: $(BOOTSTRAP)
	$(PYTHON) tasks/bootstrap.py --extra all
	@touch $@

.venv/.test: $(BOOTSTRAP)
	$(PYTHON) tasks/bootstrap.py --extra all --group test
	@touch .venv/.run $@

.venv/.fuzz: $(BOOTSTRAP)
	$(PYTHON) tasks/bootstrap.py --extra all --group fuzz
	@touch .venv/.run .venv/.test $@

.venv/.dev: $(BOOTSTRAP)
	$(PYTHON) tasks/bootstrap.py --extra all --group dev
	@touch .venv/.run .venv/.test $@
