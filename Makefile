# The suite's commands. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
STACK := $(VENV)/bin/python -m stack
ENV ?= dev
BEFORE ?= a128381
UV_INSTALL := $(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python --require-hashes
REQUIREMENTS := requirements/service.txt requirements/stack.txt requirements/test.txt

.DEFAULT_GOAL := help
.PHONY: help up down status logs token partner-key dead-letters replay renew rebuild reset check unit test proof chaos load lock

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(VENV)/.installed ## Start everything and print the address and the demo people
	@$(STACK) up --env $(ENV)

down: $(VENV)/.installed ## Stop everything; the data stays
	@$(STACK) down --env $(ENV)

status: $(VENV)/.installed ## Show every part: state, port, readiness, memory
	@$(STACK) status --env $(ENV)

logs: $(VENV)/.installed ## Follow logs: make logs SERVICE=sales
	@$(STACK) logs --env $(ENV) "$(SERVICE)"

token: $(VENV)/.installed ## Print a bearer token of a demo person: make token AS=rep.li
	@$(STACK) token --env $(ENV) "$(AS)"

partner-key: $(VENV)/.installed ## Make and print an API key of a demo partner: make partner-key PARTNER=<partner id>
	@$(STACK) partner-key --env $(ENV) "$(PARTNER)"

dead-letters: $(VENV)/.installed ## List what a service could not apply: make dead-letters SERVICE=reporting
	@$(STACK) worker --env $(ENV) "$(SERVICE)" worker dead-letters

replay: $(VENV)/.installed ## Run the handlers of a service's dead letters again: make replay SERVICE=reporting
	@$(STACK) worker --env $(ENV) "$(SERVICE)" worker replay-dead-letters

renew: $(VENV)/.installed ## Give stored records what they are found by anew: make renew SERVICE=customer
	@$(STACK) worker --env $(ENV) "$(SERVICE)" worker renew

rebuild: $(VENV)/.installed ## Project the whole log anew and compare it with the views (ARGS=--switch: put it in their place)
	@$(STACK) worker --env $(ENV) reporting rebuild -- $(ARGS)

reset: $(VENV)/.installed ## Stop everything and delete the data
	@$(STACK) reset --env $(ENV)

check: $(VENV)/.installed ## Check format, lint, types, architecture and contracts: under a minute, no stores
	@$(STACK) check $(ARGS)

unit: $(VENV)/.installed ## Run the unit tests: under a minute and a half, no stores
	@$(STACK) unit $(ARGS)

test: $(VENV)/.installed ## Run all tests that must pass, on real parts with their own ports and data (some: ARGS="tests/unit -q")
	@$(STACK) test $(ARGS)

proof: $(VENV)/.installed ## Prove what takes long: 32 kills, deep fuzz, every page in every shape, a real cluster, sizes, load against BEFORE=<commit>
	@CHAOS_KILLS=$${CHAOS_KILLS:-32} $(STACK) proof $(ARGS)
	@$(VENV)/bin/python -m tests.load.compare --before $(BEFORE)

chaos: $(VENV)/.installed ## Kill processes while writes go on, and compare the views with the owners (CHAOS_KILLS=… CHAOS_SEED=…)
	@$(STACK) test -s tests/chaos

load: $(VENV)/.installed ## Measure the suite through its gateway (needs wrk)
	@$(VENV)/bin/python -m tests.load.gateway

lock: $(VENV)/.installed ## Write the lock files again after a change of requirements/*.in
	@cd requirements && for name in uv service tools stack test proof; do \
	  ../$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    $$(test $$name = service || test $$name = uv || echo -c service.txt) \
	    $$(test $$name = test && echo -c stack.txt) $$name.in -o $$name.txt || exit 1; \
	done

# uv is the only package that pip itself installs; uv then installs the rest several times faster. Both check hashes.
# What the services import is compiled here: otherwise all their processes would compile it at the same first start.
$(VENV)/.installed: requirements/uv.txt $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed; here is $$($(PYTHON) --version 2>&1)." \
	    "To use another one: make PYTHON=python3.12 ... (Debian 12 and Ubuntu 24: apt-get install python3)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing. To get it: apt-get install python3-venv"; exit 1; }
	@echo "  installing Python packages into $(VENV)"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(UV_INSTALL) --compile-bytecode -r requirements/service.txt
	@$(UV_INSTALL) $(foreach file,$(REQUIREMENTS),-r $(file))
	@touch $@
