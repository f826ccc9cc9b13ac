# `make bench`. Included by the Makefile, whose flags and set-up this uses.

BENCH_NATIVE := build/bench/same-source build/bench/plain-c

.PHONY: bench
bench: all $(BENCH_NATIVE) ## compare the speed with C, PyTorch, ONNX Runtime and TensorFlow.js; KERNEL=lookup for one
	@$(NODE) tests/bench/run.js $(KERNEL)

build/bench/same-source: tests/bench/contenders/serve.c tests/bench/contenders/same-source.c tests/bench/contenders/native.h $(SOURCES) $(HEADERS) tests/bench/bench.mk | setup
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(CLANG) $(CFLAGS) -fno-math-errno $(if $(filter x86_64,$(shell uname -m)),-mavx2 -mpopcnt) -DEMBEDDING_SIMDE -Isrc $(filter-out src/wasm/%,$(filter %.c,$^)) -lm -o $@

build/bench/plain-c: tests/bench/contenders/serve.c tests/bench/contenders/plain-c.c tests/bench/contenders/native.h tests/bench/bench.mk | setup
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(CC) -std=c11 -O3 -march=native -fno-math-errno -fopenmp-simd -Wall -Wextra -Werror $(filter %.c,$^) -lm -o $@
