# `make demo` runs the gateway with an embedded OX; `make test` runs what CI runs. Nothing else is needed beforehand
# but python3 (3.11 or newer) with venv, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test fuzz roundtrip bench lint format lock clean

demo: $(VENV)/.run
	@$(BIN)/oxdav demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/pytest $(ARGS)

roundtrip: $(VENV)/.run
	@$(BIN)/oxdav roundtrip tests/samples/*.ics tests/samples/*.vcf $(ARGS)

# The gateway beside other servers; ARGS="--objects 500" for a quick look.
bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks $(ARGS)

# Looks for examples that the tests have not seen; minutes to hours.
fuzz: $(VENV)/.dev
	OXDAV_EXAMPLES=fuzz $(BIN)/pytest tests/mappings tests/dav tests/dav_reports tests/account tests/sync_model tests/stories/test_generated_events.py $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The locked sets of packages are made from the .in files; they hold versions and hashes, no addresses. Users run the
# versions that the tests run.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/dev.in -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements/dev.txt requirements/run.in -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements/dev.txt requirements/bench.in -o requirements/bench.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the gateway into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -c 'import site; print("$(CURDIR)", file=open(site.getsitepackages()[0] + "/ox-dav-gateway.pth", "w"))'
	@printf '#!%s\nfrom gateway.cli import main\nif __name__ == "__main__":\n    main()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/oxdav && chmod +x $(BIN)/oxdav
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests need into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "Installing the servers that are compared with into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
