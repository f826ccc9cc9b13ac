# `make help` lists the targets. build/ holds what is made on the way, dist/ what ships.

# tools/setup puts a newer Node here where the system's is too old for the tests.
export PATH := $(CURDIR)/.cache/node/bin:$(PATH)
# emcc is a Python program: without this it would leave compiled files in the system's folders.
export PYTHONDONTWRITEBYTECODE := 1

# As many jobs as there are processors, each one's output in one piece. V=1 shows the commands.
MAKEFLAGS += --jobs=$(shell nproc 2>/dev/null || echo 2) --output-sync=target
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)")

NODE   ?= node
EMCC   ?= emcc
TSC     = $(NODE) node_modules/typescript/bin/tsc

# The same flags in every build, since every build must give the same bits: no fused multiply-add. Loops are unrolled by hand where
# it pays; memcpy and memset are not to be recognised in row loops, which would become a slow call per row.
CFLAGS   = -std=c11 $(OPTIMIZE) -fno-unroll-loops -ffp-contract=off -fno-builtin-memcpy -fno-builtin-memset \
           -Wall -Wextra -Wpedantic -Wshadow -Werror
OPTIMIZE = -O3
SIMD    := -msimd128 -mbulk-memory
LINK     = -O3 --no-entry -sSTANDALONE_WASM=1 -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=4GB -sINITIAL_MEMORY=1048576 \
           -sTOTAL_STACK=65536 -sMALLOC=none -sEXPORTED_FUNCTIONS=@$(CURDIR)/$(filter %.txt,$^)

SOURCES := $(wildcard src/*.c src/ops/*.c src/wasm/*.c)
HEADERS := src/embedding.h src/ops/tensor.h src/wasm/memory.h
JS      := $(shell find js -name '*.js' -o -name '*.d.ts')
LAB     := $(wildcard src/lab/*.c)
WEB     := $(shell find web -type f)

objects  = $(patsubst src/%.c,build/$(1)/%.o,$(SOURCES))

.PHONY: all demo test page serve clean help
.DELETE_ON_ERROR:

all: dist/library.js dist/nn-embedding.min.js dist/embedding-scalar.wasm dist/types/index.d.ts ## build the package: modules, bundles, types

demo: dist/library.js page ## a short tour in the terminal, then the page; WORDS="paris france" for these words
	@test -n "$$WORDS" || $(NODE) examples/tour.js
	@$(NODE) examples/words.js
	@echo
	@echo "Now open the page, which needs no server:"
	@echo "  file://$(CURDIR)/dist/nn-embedding.html"

page: dist/nn-embedding.html ## build the page, one file: dist/nn-embedding.html

serve: dist/embedding.wasm dist/lab.wasm ## serve the page at http://localhost:8000/ and follow changes of web/; PORT=9000
	@$(NODE) tools/serve.js $(PORT)

test: all page ## run the tests: C, CUDA without a GPU, JavaScript, browser
	$(Q)$(MAKE) --no-print-directory test-c
	$(Q)$(MAKE) --no-print-directory test-emulated
	$(Q)$(MAKE) --no-print-directory test-js

# The page as a whole; its sections, one by one, are test-page's.
JS_TESTS := $(wildcard tests/setup/*.test.js tests/js/*.test.js tests/package/*.test.js tests/bench/*.test.js tests/browser/*.test.js)
# What the scalar module must give too: all but the files about the package, its memory and its examples.
SCALAR_TESTS := $(filter-out $(addprefix tests/js/,examples.test.js lab.test.js memory.test.js module.test.js readme.test.js training-memory.test.js),$(wildcard tests/js/*.test.js))

.PHONY: test-page
test-page: all page ## run the tests of the page's sections
	$(NODE) --test --test-concurrency=2 $(filter-out %/budgets.test.js,$(wildcard tests/browser/page/*.test.js))

# Alone, on a machine that does nothing else.
.PHONY: test-budgets
test-budgets: all page ## measure the page against its budgets: frames, answers, tasks
	$(NODE) --test tests/browser/page/budgets.test.js

.PHONY: test-runtimes
test-runtimes: all ## install the package and run it in Node.js, Deno, Bun, workerd, browsers and bundlers
	$(NODE) tests/runtimes/run.js

.PHONY: test-js
test-js: all page
	$(NODE) --test --test-concurrency=2 $(JS_TESTS)
	@echo 'The same on the scalar module:'
	$(NODE) --import ./tests/js/scalar.js --test --test-concurrency=2 $(SCALAR_TESTS)

clean: ## remove everything that was built
	rm -rf build dist

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r target text; do \
		printf '  make %-13s %s\n' "$$target" "$$text"; done

-include tests/c/tests.mk src/cuda/cuda.mk tests/cuda/tests.mk tests/bench/bench.mk

# ---- Set-up: looks for what a goal needs and installs what it lacks ----

GOALS := $(or $(MAKECMDGOALS),all)
.PHONY: setup
setup:
	@tools/setup $(if $(filter test-runtimes,$(GOALS)),runtimes,$(if $(filter test% fuzz,$(GOALS)),test,$(firstword $(filter bench demo,$(GOALS)) build)))

# ---- The modules ----

# Off the hot path, or as fast either way: small before fast.
SMALL := dequantize nearest optimizer print renorm ops/copy ops/elementwise ops/unary ops/reduce ops/softmax wasm/memory
$(SMALL:%=build/simd/%.o): OPTIMIZE = -Os

build/simd/%.o: src/%.c Makefile | setup
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(EMCC) $(CFLAGS) $(SIMD) -MMD -MP -c $< -o $@

build/scalar/%.o: OPTIMIZE = -Os
build/scalar/%.o: src/%.c Makefile | setup
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(EMCC) $(CFLAGS) -MMD -MP -c $< -o $@

# The modules export what the headers declare.
build/exports.txt: $(HEADERS)
build/lab-exports.txt: src/lab/lab.h src/wasm/memory.h
build/exports.txt build/lab-exports.txt:
	@mkdir -p $(@D)
	@grep -ohE '\b(embedding|lab|tensor|memory)_[a-z0-9_]+\(' $^ | tr -d '(' | sort -u | sed 's/^/_/' > $@

dist/embedding.wasm: $(call objects,simd) build/exports.txt
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(EMCC) $(SIMD) $(LINK) $(filter %.o,$^) -o $@

dist/embedding-scalar.wasm: $(call objects,scalar) build/exports.txt
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(EMCC) $(LINK) $(filter %.o,$^) -o $@

dist/lab.wasm: $(LAB:src/%.c=build/simd/%.o) $(addprefix build/simd/,lookup.o nearest.o wasm/memory.o wasm/pages.o) build/lab-exports.txt
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(EMCC) $(SIMD) $(LINK) $(filter %.o,$^) -o $@

-include $(patsubst %.o,%.d,$(call objects,simd) $(call objects,scalar) $(LAB:src/%.c=build/simd/%.o))

# ---- The bundles, the types, the page ----

dist/library.js: dist/embedding.wasm $(JS) tools/bundle.js package-lock.json | setup
	$(call say,$@ and the entries)
	$(Q)$(NODE) tools/bundle.js entries
	@touch $@

dist/nn-embedding.min.js: dist/embedding.wasm dist/lab.wasm $(JS) tools/bundle.js package-lock.json | setup
	$(call say,$@ and the others in one file)
	$(Q)$(NODE) tools/bundle.js one-file
	@touch $@

dist/types/index.d.ts: $(JS) tsconfig.json package-lock.json | setup
	$(call say,dist/types)
	@rm -rf dist/types
	$(Q)$(TSC) -p tsconfig.json
	@cp js/entry/embedding.wasm.d.ts dist/types/
	@touch $@

dist/nn-embedding.html: dist/embedding.wasm dist/lab.wasm $(JS) $(WEB) $(wildcard data/*) tools/build-page.js package-lock.json | setup
	$(Q)$(NODE) tools/build-page.js
