# One command each. Needs Python 3.11+ and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check check-types check-django check-pages check-style bench docs soak messages lock clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | sort

$(VENV)/.base: requirements/base.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements/base.txt
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.base
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements/test.txt
	touch $@

demo: $(VENV)/.base  ## install, build the demonstration province, serve the site
	$(BIN)/tdcs demo

# Two processes; which tests go together and which begin first: tests/spreading.py.
SPREAD := -n 2 --dist loadscope --no-loadscope-reorder

test: $(VENV)/.test  ## every test (browser tests need Debian's chromium-headless-shell or chromium)
	$(BIN)/python -m pytest $(SPREAD)

soak: $(VENV)/.test  ## long tests
	TDCS_SOAK=1 $(BIN)/python -m pytest $(SPREAD) -m soak

check: $(VENV)/.test  ## style, pages, types, contracts, Django's own checks
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going $(CHECKS)

# The longest first. mypy keeps what it knows in .mypy_cache: only what a change touches is read again.
CHECKS := check-types check-django check-pages check-style

# mypy reads the settings and no data: it starts no server.
check-types:
	DATABASE_URL=postgresql:///unused TDCS_SECRET_KEY=unused $(BIN)/mypy

check-django:
	$(BIN)/python tools/django_checks.py

check-pages:
	$(BIN)/djlint --lint --quiet $(wildcard src/tdcs/*/templates src/tdcs/*/*/templates)

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

bench: $(VENV)/.test  ## the project's own benchmarks
	$(BIN)/tdcs bench
	$(BIN)/tdcs bench read
	$(BIN)/tdcs bench post
	$(BIN)/tdcs bench day
	$(BIN)/tdcs bench close --loans 10000000
	$(BIN)/tdcs bench indicators
	$(BIN)/tdcs bench forecast
	$(BIN)/tdcs bench scheme
	$(BIN)/tdcs bench session
	$(BIN)/tdcs bench coverage
	$(BIN)/tdcs bench extracts --pandas
	$(BIN)/tdcs bench extracts --every-office
	$(BIN)/tdcs bench audit
	$(BIN)/tdcs bench sheets
	$(BIN)/tdcs bench session-app
	$(BIN)/tdcs bench policy
	$(BIN)/tdcs bench load --users 50
	$(BIN)/tdcs bench load --users 150
	$(BIN)/tdcs bench load --users 300

docs: $(VENV)/.test  ## write the generated reference pages anew
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/parameters.py
	$(BIN)/python tools/indicators.py
	$(BIN)/python tools/coverage.py
	$(BIN)/python tools/sheets.py

messages: $(VENV)/.test  ## collect strings for translation and compile them (needs Debian's gettext)
	cd src/tdcs && ../../$(BIN)/django-admin makemessages -l en --no-location --ignore '_law'
	$(BIN)/python tools/messages.py

lock:  ## pin requirements with hashes (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/base.in -o requirements/base.txt
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/cluster.in -o requirements/cluster.txt
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements/test.in -o requirements/test.txt

clean:  ## remove the installation and the demonstration data
	rm -rf $(VENV) var
