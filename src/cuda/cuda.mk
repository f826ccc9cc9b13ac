# The CUDA library. Included by the Makefile. Nothing else needs nvcc.

NVCC     ?= nvcc
HAS_NVCC := $(shell command -v $(NVCC))

# No fused multiply-add, as everywhere, and no registers spilled to memory. The code of newer GPUs is made by their driver from the last, compute_90.
GPU_ARCH = -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90,code=sm_90 -gencode arch=compute_90,code=compute_90
PTXFLAGS = -O3 -fmad=false -Werror all-warnings -Isrc -Isrc/cuda
NVFLAGS  = $(PTXFLAGS) -Xptxas --warn-on-spills,--warn-on-local-memory-usage -Xcompiler -fPIC,-Wall,-Wextra,-ffp-contract=off
CUDA     := $(wildcard src/cuda/*.cu src/cuda/*.c)

.PHONY: cuda
cuda: $(if $(HAS_NVCC),dist/cuda/libembedding_cuda.so dist/cuda/embedding_cuda.h dist/cuda/embedding.h cuda-tests) ## build the CUDA library, where nvcc is: dist/cuda/
	$(if $(HAS_NVCC),,@echo '  cuda: skipped, nvcc is not on the PATH')

build/cuda/%.cu.o: src/cuda/%.cu src/cuda/cuda.mk
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(NVCC) -std=c++17 $(NVFLAGS) $(GPU_ARCH) -MMD -MP -MF $(@:.o=.d) -c $< -o $@

build/cuda/%.c.o: src/cuda/%.c src/cuda/cuda.mk
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(NVCC) $(NVFLAGS) -Xcompiler -std=c11 -MMD -MP -MF $(@:.o=.d) -c $< -o $@

-include $(CUDA:src/cuda/%=build/cuda/%.d)

dist/cuda/libembedding_cuda.so: $(CUDA:src/cuda/%=build/cuda/%.o) src/cuda/exports.map
	@mkdir -p $(@D)
	$(call say,$@)
	$(Q)$(NVCC) $(GPU_ARCH) -shared -Xlinker --version-script=src/cuda/exports.map $(filter %.o,$^) -o $@

dist/cuda/%.h: src/cuda/%.h
	@mkdir -p $(@D) && cp $< $@
dist/cuda/%.h: src/%.h
	@mkdir -p $(@D) && cp $< $@
