# Assay: `make run` shows the main job on real input, `make test` runs every test. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
SWIFT_BUILD := swift build -c release
ASSAY = $$($(SWIFT_BUILD) --show-bin-path)/assay

export ASSAY_VECTORS ?= $(abspath ../shared/vectors)
export ASSAY_FPGA_PLUGIN ?= $(abspath kernels/fpga/build/libassay_fpga_sim.so)

.PHONY: help run test setup setup-run library install wheel service run-service bindings-tests build fpga kernel-tests format lint docs examples digests profile clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup-run build ## set up, build and run the main job on examples/
	@if [[ ! -e $$ASSAY_FPGA_PLUGIN ]]; then unset ASSAY_FPGA_PLUGIN; fi; scripts/demo "$(ASSAY)"

test: setup fpga kernel-tests ## set up and run every test
	swift test -c release --scratch-path .build-tests

setup: ## install what is missing to build and test
	@scripts/setup test

setup-run:
	@scripts/setup run

build: ## build everything in release mode
	$(SWIFT_BUILD)

fpga: ## build the simulated board that tests run against
	$(MAKE) --no-print-directory -C kernels/fpga sim

kernel-tests: ## the C kernels against each other and against other implementations
	@for script in Tests/kernels/*.sh; do echo "$$script"; bash "$$script"; done

format: ## format Swift sources
	swift format -i -r Package.swift Sources Tests

lint: ## check formatting, the import law, generated constants, links, and that every public declaration is documented
	swift format lint --strict -r Package.swift Sources Tests
	python3 .ci/import-law
	scripts/update-operations --check
	.ci/doc-links

docs: ## build the library's documentation into .build/docs; a warning is an error
	@scripts/docs

examples: ## build and run the packages of examples/swift
	@scripts/examples

library: setup-run ## build libassay.so.1, assay.h and assay.pc into .build/library
	@scripts/library

install: PREFIX := $(abspath $(or $(PREFIX),/usr/local))
install: setup-run ## install the C library, the command, its manual and completions: make install PREFIX=/usr/local
	@scripts/library install "$(PREFIX)"
	$(SWIFT_BUILD) --product assay
	@scripts/install-command "$(ASSAY)" "$(PREFIX)"

wheel: setup-run ## build the Python package into dist/
	@scripts/wheel

service: setup-run ## build assayd, the service, into service/.build/release
	@swift build -c release --package-path service

run-service: service ## start assayd on loopback; the line that it prints asks it something
	@echo "curl --data-binary @examples/mixed.jsonl http://127.0.0.1:8080/v1/verify | head -3"
	service/.build/release/assayd --listen tcp:127.0.0.1:8080

bindings-tests: ## build and run the callers of the C library in C, C++, Go, Rust and Python
	@scripts/setup bindings
	@bindings/run-tests

digests: build ## write the portable kernels' digests into operations.def
	scripts/update-digests

profile: build ## measure this machine's kernels into hw-profiles/
	"$(ASSAY)" profile

clean: ## remove everything that was built
	rm -rf .build
	$(MAKE) --no-print-directory -C kernels/fpga clean
