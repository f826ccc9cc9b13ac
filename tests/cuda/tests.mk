# The tests of the CUDA twins: in the emulator, part of `make test`, and on a GPU. Included by the Makefile.

CLANGXX ?= clang++

CUDA_TESTS := $(patsubst tests/cuda/%.c,%,$(wildcard tests/cuda/test_*.c))
EMULATED   := cuda-plain cuda-asan cuda-tsan
EMULATED_EXAMPLES := build/tests/cuda/words-cuda build/tests/cuda/libembedding_cuda.so tests/cuda/node_modules/koffi
CUDA_CORE   = $(patsubst %.c,build/tests/gcc-portable/%.o,$(wildcard src/*.c))

.PHONY: test-emulated
test-emulated: $(EMULATED:%=test-%) $(EMULATED:%=build/tests/%/planted) $(EMULATED_EXAMPLES) ## run the tests of the CUDA library without a GPU
	$(NODE) --test tests/cuda/emulator.test.js tests/cuda/examples.test.js

# $(call emulated,BUILD): the library as plain C++. Only the kernels and their launchers carry sanitizers; the emulator must not.
# The golden configurations run in the last order alone.
CUDA_SANITIZE_cuda-plain :=
CUDA_SANITIZE_cuda-asan  := -fsanitize=address,undefined -fno-sanitize-recover=all
CUDA_SANITIZE_cuda-tsan  := -fsanitize=thread
CUDA_ORDERS_cuda-plain   := forward reverse random7
CUDA_ORDERS_cuda-asan    := random5
CUDA_ORDERS_cuda-tsan    := forward random3
define emulated
build/tests/$(1)/%.cu.o: %.cu tests/cuda/tests.mk | setup
	@mkdir -p $$(@D)
	$(Q)$(CLANGXX) -std=c++20 -gline-tables-only -O1 -ffp-contract=off -fPIC -Wall -Wextra -Wno-unknown-pragmas -Werror $$(CUDA_SANITIZE_$(1)) -femulated-tls \
		-Itests/cuda/emulator -Isrc -Isrc/cuda -MMD -MP -x c++ -c $$< -o $$@

$(CUDA_TESTS:%=build/tests/$(1)/%): build/tests/$(1)/%: build/tests/cuda/tests/cuda/%.o \
		$(patsubst %.cu,build/tests/$(1)/%.cu.o,$(filter %.cu,$(CUDA))) $(EMULATOR) $(CUDA_CORE)
	$(Q)$(CLANGXX) $$(CUDA_SANITIZE_$(1)) $$(filter %.o,$$^) -lm -o $$@

build/tests/$(1)/planted: build/tests/$(1)/tests/cuda/planted.cu.o $(EMULATOR)
	$(Q)$(CLANGXX) $$(CUDA_SANITIZE_$(1)) $$(filter %.o,$$^) -o $$@

.PHONY: test-$(1)
test-$(1): $(CUDA_TESTS:%=build/tests/$(1)/%) build/tests/cuda/golden.txt
	@failed=; export TSAN_OPTIONS=atexit_sleep_ms=0; for order in $$(CUDA_ORDERS_$(1)); do echo "CUDA tests, $(1), threads $$$$order"; \
		for program in $$(filter-out %.txt %/test_golden,$$^); do CUDA_EMULATOR_ORDER=$$$$order $$$$program || failed=1; done; done; \
		CUDA_EMULATOR_ORDER=$$$$order build/tests/$(1)/test_golden || failed=1; test -z "$$$$failed"

-include $(patsubst %.cu,build/tests/$(1)/%.cu.d,$(wildcard src/cuda/*.cu tests/cuda/*.cu))
endef
EMULATOR := build/tests/cuda/emulator.o build/tests/cuda/src/cuda/status.o
$(foreach build,$(EMULATED),$(eval $(call emulated,$(build))))

build/tests/cuda/golden.txt: tests/cuda/golden.js $(wildcard tests/golden/*.json) | setup
	@mkdir -p $(@D)
	$(Q)$(NODE) $< > $@

build/tests/cuda/emulator.o: tests/cuda/emulator/emulator.cpp $(shell find tests/cuda/emulator -type f) tests/cuda/tests.mk | setup
	@mkdir -p $(@D)
	$(Q)$(CLANGXX) -std=c++20 -g -O1 -fPIC -Wall -Wextra -Werror -Itests/cuda/emulator -c $< -o $@

build/tests/cuda/%.o: %.c tests/cuda/tests.mk | setup
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(CFLAGS) -O1 -fPIC -Itests/cuda/emulator -Isrc -Isrc/cuda -MMD -MP -c $< -o $@

-include $(patsubst %.c,build/tests/cuda/%.d,$(wildcard src/cuda/*.c tests/cuda/*.c examples/*.c))

# ---- The examples, on the emulated library ----

EMULATED_LIBRARY := $(patsubst %.cu,build/tests/cuda-plain/%.cu.o,$(filter %.cu,$(CUDA))) $(EMULATOR)

build/tests/cuda/words-cuda: build/tests/cuda/examples/words-cuda.o $(EMULATED_LIBRARY) $(CUDA_CORE)
	$(Q)$(CLANGXX) $^ -lm -o $@

build/tests/cuda/libembedding_cuda.so: $(EMULATED_LIBRARY)
	$(Q)$(CLANGXX) -shared $^ -o $@

tests/cuda/node_modules/koffi: tests/cuda/package-lock.json | setup
	@echo 'npm ci: koffi, for the test of the CUDA library from Node.js (5 MB to download)'
	$(Q)cd tests/cuda && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/koffi

# ---- On a GPU: the same programs, made by nvcc. Only the emulator can pretend that there is no driver. ----

GPU_TESTS := $(filter-out test_driver,$(CUDA_TESTS))

.PHONY: cuda-tests test-cuda bench-cuda
cuda-tests: $(GPU_TESTS:%=build/cuda/%) build/cuda/bench build/cuda/words-cuda build/tests/cuda/golden.txt

# Status 77: there is no GPU.
test-cuda: cuda $(if $(HAS_NVCC),$(patsubst src/cuda/%.cu,build/cuda/%.ptx,$(filter %.cu,$(CUDA)))) ## run the tests of the CUDA library on a GPU, where one is
	$(if $(HAS_NVCC),$(NODE) --test tests/cuda/ptx.test.js)
	$(if $(HAS_NVCC),@tests/cuda/run-on-gpu $(GPU_TESTS:%=build/cuda/%))

bench-cuda: cuda ## measure the CUDA library on a GPU, where one is, against a copy and PyTorch
	$(if $(HAS_NVCC),@build/cuda/bench build/cuda/bench.jsonl; case $$? in (0) python3 tests/cuda/bench.py build/cuda/bench.jsonl ;; (77) ;; (*) exit 1 ;; esac)

build/cuda/%.ptx: src/cuda/%.cu src/cuda/cuda.mk
	@mkdir -p $(@D)
	$(Q)$(NVCC) -std=c++17 $(PTXFLAGS) -arch=compute_90 -ptx -MMD -MP -MF $@.d $< -o $@

-include $(patsubst src/cuda/%.cu,build/cuda/%.ptx.d,$(filter %.cu,$(CUDA)))

build/cuda/%.test.o: tests/cuda/%.c tests/cuda/tests.mk
	@mkdir -p $(@D)
	$(Q)$(NVCC) -O1 -Isrc -Isrc/cuda -Xcompiler -std=c11,-Wall,-Wextra,-ffp-contract=off -MMD -MP -MF $(@:.o=.d) -c $< -o $@

-include $(GPU_TESTS:%=build/cuda/%.test.d)

build/cuda/bench: build/cuda/bench.test.o dist/cuda/libembedding_cuda.so
	$(call say,$@)
	$(Q)$(NVCC) $^ -lm -Xlinker -rpath,'$$ORIGIN/../../dist/cuda' -o $@

build/cuda/words-cuda.test.o: examples/words-cuda.c tests/cuda/tests.mk
	@mkdir -p $(@D)
	$(Q)$(NVCC) -O1 -Isrc -Isrc/cuda -Xcompiler -std=c11,-Wall,-Wextra -c $< -o $@

build/cuda/words-cuda: build/cuda/words-cuda.test.o $(CUDA_CORE) dist/cuda/libembedding_cuda.so
	$(call say,$@)
	$(Q)$(NVCC) $^ -Xlinker -rpath,'$$ORIGIN/../../dist/cuda' -o $@

build/cuda/test_%: build/cuda/test_%.test.o $(CUDA_CORE) dist/cuda/libembedding_cuda.so
	$(call say,$@)
	$(Q)$(NVCC) $^ -Xlinker -rpath,'$$ORIGIN/../../dist/cuda' -o $@
.SECONDARY: $(GPU_TESTS:%=build/cuda/%.test.o)
