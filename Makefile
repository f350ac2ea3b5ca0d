# Entry points for people. The build itself is CMake's; see CMakePresets.json.

PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)
PYTEST_ARGS ?=
DEMO_ARGS ?=
BENCH_ARGS ?=
FUZZ_SECONDS ?= 600

VENV := .venv
PYTHON := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export CMAKE_PREFIX_PATH := $(CURDIR)/$(VENV)
export CCACHE_BASEDIR ?= $(CURDIR)
export CCACHE_NOHASHDIR ?= 1
export CCACHE_SLOPPINESS ?= pch_defines,time_macros,include_file_mtime
RUN_PYTHON := PYTHONPATH="$(CURDIR)/$(BUILD)/python" $(PYTHON)

.DEFAULT_GOAL := help
.PHONY: help setup configure build demo test test-cpp test-python check-onnx check-clients sanitize fuzz \
        fuzz-onnx fuzz-requests docs bench lint format wheel check-wheel cuda compile-budget clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing: system packages and .venv
	@tools/setup.sh

configure: setup
	@cmake --preset $(PRESET) -DPython_EXECUTABLE="$(CURDIR)/$(PYTHON)" \
	  -DCMAKE_CXX_COMPILER="$$(tools/setup.sh --print-cxx)"

build: configure ## Build the library and the Python package into build/release
	@cmake --build $(BUILD) -j $(JOBS)

demo: build ## Classify with a checkpoint of MXNet 1.9.1; train, with two ranks too; serve, and ask
	@$(RUN_PYTHON) examples/demo.py $(DEMO_ARGS)

test: lint build ## Lint, C++ tests, Python tests
	@$(MAKE) --no-print-directory test-cpp
	@$(MAKE) --no-print-directory test-python

test-cpp: build ## C++ tests only
	ctest --test-dir $(BUILD) --output-on-failure --timeout 300 -j $(JOBS)

test-python: build ## Python and operator tests only (PYTEST_ARGS='-k name')
	$(RUN_PYTHON) -m pytest $(PYTEST_ARGS)

check-onnx: build ## ONNX's own node tests, a row for each operator, and exports of every known network
	$(RUN_PYTHON) tools/onnx/node_tests.py --table
	REMX_TEST_ALL_ONNX=1 $(RUN_PYTHON) -m pytest tests/python/onnx $(PYTEST_ARGS)

sanitize: setup ## Operator tables and C++ tests under AddressSanitizer and ThreadSanitizer
	@tools/sanitize.sh address
	@tools/sanitize.sh thread

fuzz: setup ## Fuzz the parsers of files for FUZZ_SECONDS each (needs clang with libFuzzer)
	@tests/fuzz/run.sh params $(FUZZ_SECONDS)
	@tests/fuzz/run.sh symbol $(FUZZ_SECONDS)
	@tests/fuzz/run.sh records $(FUZZ_SECONDS)
	@tests/fuzz/run.sh plain $(FUZZ_SECONDS)

fuzz-onnx: build ## Damage valid ONNX files for FUZZ_SECONDS and import them
	$(RUN_PYTHON) tests/fuzz/fuzz_onnx.py $(FUZZ_SECONDS)

fuzz-requests: build ## Damage requests and archives of remx serve for FUZZ_SECONDS
	$(RUN_PYTHON) tests/fuzz/fuzz_requests.py --seconds $(FUZZ_SECONDS)

bench: build ## Measure this build, with peers if BENCH_ARGS names them (benchmarks/README.md)
	@$(PYTHON) benchmarks/compare/run.py --build $(BUILD) $(BENCH_ARGS)

lint: setup ## Check the architecture rules and the formatting
	@$(PYTHON) tools/lint/run.py

format: setup ## Format all C++ and Python files
	@$(PYTHON) tools/lint/format.py

wheel: setup ## Build dist/remx-*.whl, named for the oldest systems that can load it
	@rm -rf build/wheels dist
	@$(PYTHON) -m pip wheel --no-deps --wheel-dir build/wheels .
	@$(PYTHON) -m auditwheel repair --exclude libgomp.so.1 --exclude libmvec.so.1 --exclude libhwy.so.1 --exclude libmpi.so.40 \
	  --wheel-dir dist build/wheels/*.whl

check-wheel: wheel ## Install into a fresh environment and predict from there
	@tools/check_wheel.sh

check-clients: build ## Ask remx with SageMaker's toolkits and schemathesis
	@tools/check_clients.sh

cuda: ## Compile the CUDA plug-in into build/cuda (needs nvcc)
	@$(MAKE) --no-print-directory configure PRESET=cuda
	@cmake --build build/cuda -j $(JOBS) --target mxnet_cuda

docs: build ## Write a page for each operator, and which kernel computes which dtype, into build/docs
	@$(RUN_PYTHON) tools/docs/pages build/docs

compile-budget: build ## Time and memory of the slowest objects' compilation
	@$(PYTHON) tools/compile_budget.py --build $(BUILD)

clean: ## Remove everything that was built; .venv stays
	rm -rf build dist
