# Needs only Python 3.11 with venv, make and git. `make demo`, `make test`, `make check` set up what they need.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
UV_VERSION := 0.13.9

.PHONY: setup check test slow night demo up down fuzz kill bench lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip sync --system-certs --quiet --compile-bytecode --require-hashes requirements.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-build-isolation --no-deps --editable .
	touch $@

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(READY)
	$(BIN)/pytest -n 2 -m "not slow and not night"

slow: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup -m "slow and not night"

night: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup -m night

demo: $(READY)
	rm -rf demo
	$(BIN)/asc-compliance demo --out demo

up: $(READY)
	$(BIN)/python -m deploy.servers up

down: $(READY)
	$(BIN)/python -m deploy.servers down

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz --minutes 60

kill: $(READY)
	$(BIN)/python -m tests.kills --kills 500

bench: $(READY)
	$(BIN)/python -m bench
	$(BIN)/python -m bench.intake
	$(BIN)/python -m bench.checks
	$(BIN)/python -m bench.letters
	$(BIN)/python -m bench.books
	$(BIN)/python -m bench.scheduled

lock: $(READY)
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --all-extras --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock

clean:
	rm -rf .venv demo dist
