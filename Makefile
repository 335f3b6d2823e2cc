# Longwell: `make help` lists what can be done here.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-exports fuzz lint format bench clean

SOURCES := Package.swift Sources Tests
DEMO := demo
ROUNDS := 100000
SEED := 0
MINUTES :=
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: ## Install the system libraries that are missing (apt), or say what is needed
	@missing=""; \
	command -v swift >/dev/null || { echo "make: no swift found: install Swift 6.2 or later from swift.org" >&2; exit 1; }; \
	command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
	pkg-config --exists gsl 2>/dev/null || [ -e /usr/include/gsl/gsl_math.h ] || missing="$$missing libgsl-dev"; \
	pkg-config --exists libarchive 2>/dev/null || [ -e /usr/include/archive.h ] || missing="$$missing libarchive-dev"; \
	pkg-config --exists sqlite3 2>/dev/null || [ -e /usr/include/sqlite3.h ] || missing="$$missing libsqlite3-dev"; \
	pkg-config --exists libqrencode 2>/dev/null || [ -e /usr/include/qrencode.h ] || missing="$$missing libqrencode-dev"; \
	[ -e /usr/include/readstat.h ] || missing="$$missing libreadstat-dev"; \
	pkg-config --exists libcurl 2>/dev/null || ls /usr/include/curl/curl.h /usr/include/*/curl/curl.h >/dev/null 2>&1 || missing="$$missing libcurl4-openssl-dev"; \
	pkg-config --exists simdjson 2>/dev/null || [ -e /usr/include/simdjson.h ] || missing="$$missing libsimdjson-dev"; \
	[ -e /usr/include/cld2/public/compact_lang_det.h ] || missing="$$missing libcld2-dev"; \
	command -v gnuplot >/dev/null || missing="$$missing gnuplot-nox"; \
	[ -z "$$missing" ] && exit 0; \
	if ! command -v apt-get >/dev/null; then \
	  echo "make: needed and missing:$$missing (names of Debian packages)." >&2; \
	  echo "make: no apt-get here: install the same libraries with this system's package manager." >&2; exit 1; \
	fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=""; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo"; \
	else \
	  echo "make: needed and missing:$$missing." >&2; \
	  echo "make: no root here: ask for 'apt-get install$$missing', then run make again." >&2; exit 1; \
	fi; \
	echo "Installing$$missing"; \
	$$as_root apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends $$missing >/dev/null

build: setup ## Build the longwell command (release): .build/release/longwell
	swift build -c release --product longwell

demo: build ## Build, then run a simulated study from enrolment to report
	.build/release/longwell demo quickstart $(DEMO)

test: setup ## Run all tests
	swift test --disable-xctest

test-exports: setup ## Open SPSS, Stata and Frictionless files with pyreadstat, haven and frictionless, which it installs
	command -v Rscript >/dev/null && Rscript -e 'library(haven)' >/dev/null 2>&1 || $(AS_ROOT) apt-get install -y -qq --no-install-recommends r-cran-haven python3-venv >/dev/null
	[ -x .build/readers/bin/python ] || python3 -m venv .build/readers
	.build/readers/bin/pip install --quiet pyreadstat pandas frictionless
	PYTHON="$$PWD/.build/readers/bin/python" LONGWELL_READERS=1 LONGWELL_ROOMS=Tables swift test --disable-xctest

test-browser: setup ## Try the pages in a real browser (Chromium, Selenium, axe-core); pictures in .build/screenshots
	@command -v chromedriver >/dev/null || $(MAKE) --no-print-directory browser
	swift build --product longwell
	[ -x .build/browser/bin/python ] || python3 -m venv .build/browser
	.build/browser/bin/pip install --quiet --requirement Tests/Browser/requirements.txt
	cd Tests/Browser && ../../.build/browser/bin/python -B -m unittest -v

test-api: setup ## Try the JSON API with whatever its document allows and not (schemathesis)
	swift build --product longwell
	[ -x .build/browser/bin/python ] || python3 -m venv .build/browser
	.build/browser/bin/pip install --quiet --requirement Tests/Browser/requirements.txt
	cd Tests/Browser && ../../.build/browser/bin/python -B -m unittest -v test_api

browser:
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  chromium chromium-driver python3-venv fonts-noto-core strace >/dev/null

fuzz: setup ## Damage definition files, exports, tables and formulas at random (ROUNDS=100000 of each, or for MINUTES=60; from seed SEED=0)
	LONGWELL_ROOMS=Definitions,Expressions,Instruments,InteractionLogs,Interchange,longwell LONGWELL_FUZZ_SEED=$(SEED) \
	  $(if $(MINUTES),LONGWELL_FUZZ_MINUTES=$(MINUTES),LONGWELL_FUZZ_ROUNDS=$(ROUNDS)) \
	  swift test --disable-xctest --filter FuzzTests

lint: ## Check formatting and style
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## Rewrite the sources as the style asks
	swift format --in-place --parallel --recursive $(SOURCES)

bench: setup ## Measure against peers and bounds (ONLY=fit for one of them, LONG=1 for slow peers too)
	LONGWELL_BENCHMARKS=1 swift build -c release --product longwell
	LONGWELL_BENCHMARKS=1 swift build -c release --product Benchmarks
	.build/release/Benchmarks $(ONLY) $(if $(LONG),--long)

clean: ## Remove what was built
	rm -rf .build $(DEMO)
