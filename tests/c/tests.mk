# The C tests and the fuzzer. Included by the Makefile, whose flags, sources, wasm objects and set-up this uses.

ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
EMCC  ?= emcc
NODE  ?= node
FUZZ_SECONDS ?= 60

C_TESTS  := $(patsubst tests/c/%.c,%,$(wildcard tests/c/test_*.c))
C_CORE   := $(filter-out src/wasm/%,$(SOURCES)) $(LAB)
SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ      = build/tests/fuzz_embedding -artifact_prefix=build/tests/ -timeout=10 -print_funcs=0 -max_len=600 -len_control=0

# The builds that run the tests (gcc takes 20 s to put sanitizers into one of the sources), and those whose results are compared.
TESTED   := gcc-simde clang-portable-sanitized clang-simde-sanitized
COMPARED := gcc-simde gcc-portable clang-simde
TWINS    := $(COMPARED:%=build/tests/%/conformance) build/tests/simd/conformance.wasm build/tests/scalar/conformance.wasm

.PHONY: test-c fuzz
test-c: $(TESTED:%=test-c-%) $(TWINS) build/tests/fuzz_embedding ## run the C tests: plain, under sanitizers, native against wasm
	$(NODE) --test tests/c/conformance.test.js
	@$(FUZZ) -runs=5000 -seed=1 >build/tests/fuzz.log 2>&1 || { cat build/tests/fuzz.log; exit 1; }
	@echo 'fuzz_embedding: 5,000 runs passed'

fuzz: build/tests/fuzz_embedding ## fuzz the C core for FUZZ_SECONDS=60
	@mkdir -p build/tests/corpus
	$(FUZZ) -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 build/tests/corpus

# $(call native,BUILD,COMPILER,FLAGS): the objects of one native build. The tests themselves are optimised less: that would take
# longer than it saves.
define native
build/tests/$(1)/%.o: %.c Makefile tests/c/tests.mk | setup
	@mkdir -p $$(@D)
	$(Q)$(2) $$(CFLAGS) $(3) $$(if $$(filter tests/%,$$<),-O1) -Isrc -MMD -MP -c $$< -o $$@

-include $(patsubst %.c,build/tests/$(1)/%.d,$(SOURCES) $(LAB) $(wildcard tests/c/*.c tests/fuzz/*.c))
endef
$(eval $(call native,gcc-simde,$(CC),-DEMBEDDING_SIMDE))
$(eval $(call native,gcc-portable,$(CC)))
$(eval $(call native,clang-simde,$(CLANG),-DEMBEDDING_SIMDE))
$(eval $(call native,clang-portable-sanitized,$(CLANG),$(SANITIZE) -DROUNDS=100000))
$(eval $(call native,clang-simde-sanitized,$(CLANG),$(SANITIZE) -fsanitize=fuzzer-no-link -DROUNDS=100000 -DEMBEDDING_SIMDE))

# $(call link,BUILD): the prerequisites, with the compiler and the sanitizers of that build.
link = $(if $(findstring clang,$(1)),$(CLANG),$(CC)) $(if $(findstring sanitized,$(1)),$(SANITIZE)) $(filter %.o,$^) -lm -o $@

define tested
$(C_TESTS:%=build/tests/$(1)/%): build/tests/$(1)/%: build/tests/$(1)/tests/c/%.o $(C_CORE:%.c=build/tests/$(1)/%.o)
	$(Q)$$(call link,$(1))

.PHONY: test-c-$(1)
test-c-$(1): $(C_TESTS:%=build/tests/$(1)/%)
	@echo 'C tests, $(1)'; failed=; for program in $$^; do $$$$program || failed=1; done; test -z "$$$$failed"
endef
$(foreach build,$(TESTED),$(eval $(call tested,$(build))))

define compared
build/tests/$(1)/conformance: $(patsubst %.c,build/tests/$(1)/%.o,tests/c/conformance.c $(C_CORE) src/wasm/memory.c)
	$(Q)$$(call link,$(1))
endef
$(foreach build,$(COMPARED),$(eval $(call compared,$(build))))

# The wasm twins are linked from the objects that ship.
define compared_wasm
build/tests/$(1)/conformance.o: tests/c/conformance.c Makefile tests/c/tests.mk | setup
	@mkdir -p $$(@D)
	$(Q)$(EMCC) $$(CFLAGS) $(2) -Isrc -MMD -MP -c $$< -o $$@

build/tests/$(1)/conformance.wasm: build/tests/$(1)/conformance.o $(filter-out %/pages.o,$(call objects,$(1))) $(LAB:src/%.c=build/$(1)/%.o)
	$(Q)$(EMCC) -O3 $(2) --no-entry -sSTANDALONE_WASM=1 -sMALLOC=none -sTOTAL_STACK=65536 -sINITIAL_MEMORY=67108864 \
		-sEXPORTED_FUNCTIONS=_conformance_run,_conformance_text $$^ -o $$@

-include build/tests/$(1)/conformance.d
endef
$(eval $(call compared_wasm,simd,$(SIMD)))
$(eval $(call compared_wasm,scalar))

build/tests/fuzz_embedding: $(patsubst %.c,build/tests/clang-simde-sanitized/%.o,tests/fuzz/fuzz_embedding.c $(C_CORE))
	$(Q)$(CLANG) $(SANITIZE) -fsanitize=fuzzer $^ -lm -o $@
