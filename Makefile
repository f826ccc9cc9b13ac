# Targets: `make help`. Everything made goes to build/ (on the way) and dist/ (what ships).

NODE    ?= node
EMCC    ?= emcc
OUT     := dist

# One set of flags for every build, since every build must give the same bits: no fused multiply-add. Loops are unrolled by hand
# where it pays; memcpy and memset are not to be recognised in row loops, which would become a slow call per row.
CFLAGS   = -std=c11 $(OPTIMIZE) -fno-unroll-loops -ffp-contract=off -fno-builtin-memcpy -fno-builtin-memset -Wall -Wextra -Wpedantic -Wshadow
OPTIMIZE = -O3
SIMD    := -msimd128 -mbulk-memory
LINK    := --no-entry -sSTANDALONE_WASM=1 -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=4GB -sINITIAL_MEMORY=1048576 \
           -sTOTAL_STACK=65536 -sMALLOC=none

CORE    := $(wildcard src/*.c src/ops/*.c)
HEAP    := $(wildcard src/wasm/*.c)
SOURCES := $(CORE) $(HEAP)
HEADERS := src/embedding.h src/ops/tensor.h src/wasm/memory.h
objects  = $(patsubst src/%.c,build/$(1)/%.o,$(2))

JS      := $(shell find js -name '*.js')

.PHONY: all
all: $(OUT)/embedding.wasm $(OUT)/embedding-scalar.wasm $(OUT)/nn-embedding.js $(OUT)/types/index.d.ts ## build the modules, the bundle and the types

# Off the hot path: small before fast.
$(foreach build,simd scalar,$(foreach file,print ops/copy wasm/memory,build/$(build)/$(file).o)): OPTIMIZE = -Os

build/simd/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(EMCC) $(CFLAGS) $(SIMD) -MMD -MP -c $< -o $@

build/scalar/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(EMCC) $(CFLAGS) -MMD -MP -c $< -o $@

# The modules export what the headers declare.
build/exports.txt: $(HEADERS)
	@mkdir -p $(@D)
	grep -ohE '\b(embedding|tensor|memory)_[a-z0-9_]+\(' $^ | tr -d '(' | sort -u | sed 's/^/_/' > $@

$(OUT)/embedding.wasm: $(call objects,simd,$(SOURCES)) build/exports.txt
	@mkdir -p $(@D)
	$(EMCC) -O3 $(SIMD) $(LINK) -sEXPORTED_FUNCTIONS=@$(abspath build/exports.txt) $(filter %.o,$^) -o $@

$(OUT)/embedding-scalar.wasm: $(call objects,scalar,$(SOURCES)) build/exports.txt
	@mkdir -p $(@D)
	$(EMCC) -O3 $(LINK) -sEXPORTED_FUNCTIONS=@$(abspath build/exports.txt) $(filter %.o,$^) -o $@

-include $(patsubst %.o,%.d,$(call objects,simd,$(SOURCES)) $(call objects,scalar,$(SOURCES)))
