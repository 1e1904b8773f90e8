# The few commands that everyone uses. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
PORT ?= 8080
# One choice of packages and features for all that is tested, so that nothing is compiled twice.
ALL := $(if $(CI),--locked) --workspace --all-features
BESIDE_POSTGRES = $(TARGET)/debug/with-postgres --

.PHONY: help run demo sandbox test lint fmt layers openapi deadlines audit contract bench proof-matching ci

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: ## Serve a node with invented demo data (PORT=8080)
	@.ci/packages run
	@cargo build --bin trm
	@exec $(TARGET)/debug/trm serve --demo --port $(PORT)

demo: ## Tell the main job against the running node
	@TRM_URL=$${TRM_URL:-http://127.0.0.1:$(PORT)} python3 tests/journeys/demo.py

sandbox: PORT = 8081
sandbox: ## Serve the same with a clock that stands until it is set (PORT=8081)
	@.ci/packages run
	@cargo build --bin trm
	@exec $(TARGET)/debug/trm serve --demo --sandbox --port $(PORT) --state .trm-sandbox

test: ## Run every test on throw-away databases
	@.ci/packages run
	cargo build $(ALL) --bins --tests
	@if cargo nextest --version >/dev/null 2>&1; then \
	  $(BESIDE_POSTGRES) cargo nextest run $(ALL); \
	else \
	  $(BESIDE_POSTGRES) cargo test $(ALL) --lib --bins --tests; \
	fi
	cargo test $(ALL) --doc
	$(BESIDE_POSTGRES) tests/journeys/run

lint: ## Format, clippy with warnings as errors
	cargo fmt --all --check
	cargo clippy $(ALL) --all-targets -- -D warnings

fmt: ## Format the code
	cargo fmt --all

layers: ## What each crate may know
	cargo test -q $(ALL) --test layers

openapi: ## Write openapi.yaml from the code
	cargo build --bin trm
	@$(TARGET)/debug/trm openapi > $(TARGET)/openapi.yaml && mv $(TARGET)/openapi.yaml openapi.yaml

deadlines: ## Check the computation of time limits against an independent one
	@.ci/packages run deadlines
	cargo build $(ALL) --bins --tests
	TRM_BIN=$(abspath $(TARGET))/debug/trm tests/deadlines/run

audit: ## Let a verifier of another language judge the sealed log
	@.ci/packages run deadlines
	cargo build $(ALL) --bins --tests
	$(BESIDE_POSTGRES) tests/audit/run

contract: ## Prove openapi.yaml against its rules and a running node
	@.ci/packages run contract
	cargo build $(ALL) --bins --tests
	TRM_BIN=$(abspath $(TARGET))/debug/trm tests/contract/run

bench: ## Measure the workloads against pgbench on the same database (ROWS=100000,2000000 compares two sizes)
	@.ci/packages run bench
	cargo build --release --bin trm
	cargo build -p persistence --features testing --bin with-postgres
	tests/bench/run $(if $(ROWS),--rows $(ROWS))

proof-matching: ## Find children in a register of 100,000 (CHILDREN=, QUESTIONS=)
	@.ci/packages run
	cargo build -p persistence --features testing --bin with-postgres
	tests/matching/prove

ci: ## Everything that CI runs
	bash .ci/run
