# make demo    everything on the sample articles, into ./demo
# make test    lint, types, tests
# make docs    the documentation, into build/docs (needs nothing from the network but Python packages)
# make quality how well it reads: precision, recall, F1, traps, calibration (ARGS="--errors --against COMMIT")
# make figures wenmai beside other stores and pipelines, into docs/figures.md (ARGS="--quads 100000 --only load")
# make release wheel, source distribution, bill of materials and sums in ./dist, tried in a clean environment (docs/release.md)
# All need Python 3.11 or newer and make, and set up the rest in .venv themselves.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
SOURCES := graph tests benchmarks docs release

# How system packages are put in, where this user may: as root, or by sudo that asks for no password.
APT := $(shell command -v apt-get >/dev/null 2>&1 && \
	if [ "$$(id -u)" = 0 ]; then echo env DEBIAN_FRONTEND=noninteractive apt-get; \
	elif sudo -n true 2>/dev/null; then echo sudo env DEBIAN_FRONTEND=noninteractive apt-get; fi)

.PHONY: demo test docs quality figures release check-style check-types check-tests system clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.installed
	$(BIN)/wenmai demo

test: check-style check-types check-tests

quality: $(VENV)/.installed
	PYTHONPATH=benchmarks $(BIN)/python -m quality $(ARGS)

docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx -b html -W -n --keep-going -q docs build/docs
	@echo "build/docs/index.html"

figures: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	PYTHONPATH=benchmarks $(BIN)/python -m compare $(ARGS)

release: $(VENV)/.installed-dev
	$(BIN)/python -m release $(ARGS)

check-style: $(VENV)/.installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

check-types: $(VENV)/.installed-dev
	$(BIN)/mypy

check-tests: $(VENV)/.installed-dev system
	$(BIN)/pytest -n auto

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "wenmai needs Python 3.11 or newer; none was found. Install it, or: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); test -n "$(APT)" && $(APT) update -qq && $(APT) install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); } \
		|| { rm -rf $(VENV); echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# Browser and reasoner tests are skipped, with the reason, where these are missing and may not be installed.
system:
	@want=; \
	command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || want="$$want chromium"; \
	fc-list :lang=zh 2>/dev/null | grep -q . || want="$$want fontconfig fonts-noto-cjk"; \
	command -v java >/dev/null 2>&1 || want="$$want default-jre-headless"; \
	if [ -z "$$want" ]; then :; \
	elif [ -z "$(APT)" ]; then echo "not installed, and this user may not:$$want; the tests that need them are skipped"; \
	else $(APT) update -qq && $(APT) install -y -qq --no-install-recommends $$want >/dev/null \
		|| echo "could not install:$$want; the tests that need them are skipped"; fi

clean:
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find graph tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +
