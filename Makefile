# The few commands that everyone uses. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
PORT ?= 8080

.PHONY: help run demo test lint fmt layers openapi contract bench ci

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: ## Serve a node with invented demo data (PORT=8080)
	@.ci/packages run
	@cargo build --bin trm
	@exec $(TARGET)/debug/trm serve --demo --port $(PORT)

demo: ## Tell the main job against the running node
	@TRM_URL=$${TRM_URL:-http://127.0.0.1:$(PORT)} python3 tests/journeys/demo.py

test: ## Run every test on throw-away databases
	@.ci/packages run
	cargo build --workspace --all-features --bins
	@if cargo nextest --version >/dev/null 2>&1; then \
	  $(TARGET)/debug/with-postgres -- cargo nextest run --workspace --all-features; \
	else \
	  $(TARGET)/debug/with-postgres -- cargo test --workspace --all-features --lib --bins --tests; \
	fi
	$(TARGET)/debug/with-postgres -- tests/journeys/run

lint: ## Format, clippy with warnings as errors, documents
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings

fmt: ## Format the code
	cargo fmt --all

layers: ## What each crate may know
	cargo test -q -p api --test layers

openapi: ## Write openapi.yaml from the code
	cargo run -q --bin trm -- openapi > openapi.yaml

contract: ## Prove openapi.yaml against its rules and a running node
	@.ci/packages run
	@.ci/packages contract
	tests/contract/run

bench: ## Measure the workloads against pgbench on the same database
	@.ci/packages run
	@.ci/packages bench
	cargo build --release --bin trm
	cargo build -p persistence --features testing --bin with-postgres
	tests/bench/run

ci: ## Everything that CI runs
	bash .ci/run
