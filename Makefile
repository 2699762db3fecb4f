# Everything is set up by the targets themselves; nothing needs to be installed by hand.
PYTHON ?= python3
PY     := .venv/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check

.PHONY: run test check bench e2e wheel lock clean help browser train

help: ## Show this list
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/.ready ## Set up and serve the workbench with a sample article
	@$(PY) app.py

test: .venv/.ready-dev browser ## Set up and run every test
	@$(PY) -m pytest -m "not bench" -n 2 --dist loadfile --ignore tests/e2e
	@$(PY) -m pytest -m "not bench" -n 2 --dist loadfile tests/e2e

check: .venv/.ready-dev ## Format, lint, types, import contracts
	@$(PY) -m ruff format --check workbench tests app.py
	@$(PY) -m ruff check workbench tests app.py
	@$(PY) -m mypy
	@.venv/bin/lint-imports

e2e: .venv/.ready-dev browser ## The browser tests, with fresh screenshots for the guide
	@WORKBENCH_SCREENSHOTS=docs/images $(PY) -m pytest tests/e2e -m "not bench"

bench: .venv/.ready-dev browser ## Measure speed and quality; figures go to docs/
	@$(PY) -m pytest -m bench -s

train: .venv/.ready-dev ## Train the shipped model again (docs/training.md)
	@$(PY) -m workbench.training $(ARGS)

wheel: .venv/.ready-dev ## Build the wheel with model, glossary and corpora
	@$(PY) -m build --wheel --no-isolation

lock: .venv/.ready-dev ## Freeze the versions of a green run into constraints.txt
	@$(PIP) freeze --exclude-editable | sed -E 's/\+cpu$$//' > constraints.txt

clean: ## Remove what the targets made, the virtual environment included
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# Debian's chromium drives the browser tests; where it cannot be installed they are skipped
# and say so.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { echo "Installing Debian's chromium for the browser tests."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-noto-cjk >/dev/null; }; } || echo "No chromium: the browser tests will be skipped."

# A Debian python3 has no ensurepip: the environment is made without pip, and pip from outside
# installs a newer pip into it (for --group), also into an environment that was there before.
$(PY):
	@echo "Setting up; the first time this takes some minutes."
	@$(PYTHON) -m venv --without-pip .venv

.venv/.ready: pyproject.toml constraints.txt | $(PY)
	@$(PYTHON) -m pip --disable-pip-version-check --python $(PY) install --quiet "pip>=25.1"
	@$(PIP) install --quiet --editable . -c constraints.txt
	@touch $@

.venv/.ready-dev: pyproject.toml constraints.txt | $(PY)
	@$(PYTHON) -m pip --disable-pip-version-check --python $(PY) install --quiet "pip>=25.1"
	@$(PIP) install --quiet --editable . --group dev -c constraints.txt
	@touch $@ .venv/.ready
