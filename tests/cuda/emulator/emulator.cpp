// Fibers, barriers, shared memory, device memory and cub for cuda_runtime.h. Compiled without sanitizers: it speaks to
// whichever sanitizer the kernels were built with through its public interface (weak symbols: absent means null).
#include "cuda_runtime.h"
#include <algorithm>
#include <dlfcn.h>
#include <map>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <utility>
#include <vector>

#define WEAK __attribute__((weak))
extern "C" {
WEAK void *__tsan_get_current_fiber(void);
WEAK void *__tsan_create_fiber(unsigned flags);
WEAK void __tsan_switch_to_fiber(void *fiber, unsigned flags);
WEAK void __tsan_set_fiber_name(void *fiber, const char *name);
WEAK void __tsan_acquire(void *address);
WEAK void __tsan_release(void *address);
WEAK void __asan_poison_memory_region(void const volatile *address, size_t bytes);
WEAK void __asan_unpoison_memory_region(void const volatile *address, size_t bytes);
WEAK void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom, size_t bytes);
WEAK void __sanitizer_finish_switch_fiber(void *fake_stack, const void **old_bottom, size_t *old_bytes);
void *__emutls_get_address(void *control);
}

using Work = std::function<void()>;
struct CUgraph_st { std::vector<Work> work; };
struct CUgraphExec_st { std::vector<Work> work; };
struct CUstream_st {
    std::vector<Work> queued;
    CUgraph_st *captured = nullptr; // while it captures
};

uint3 threadIdx, blockIdx;
dim3 blockDim(0, 0, 0), gridDim(0, 0, 0);

namespace {

constexpr size_t STACK_BYTES = 256 << 10, SHARED_LIMIT = 48 << 10, LARGE = size_t(1) << 30;
constexpr unsigned NO_SYNC = 1; // __tsan_switch_to_fiber_no_sync

enum State { READY, AT_BARRIER, AT_WARP, DONE };
struct Fiber {
    ucontext_t context;
    char *stack;
    void *tsan = nullptr, *fake_stack = nullptr;
    unsigned thread = 0;
    State state = DONE;
    const char *file = nullptr;
    int line = 0;
    unsigned mask = 0;
    bool orders_memory = false; // __syncwarp does, shuffles do not
    uint64_t given = 0, received[32] = {};
};

std::vector<Fiber *> &fibers = *new std::vector<Fiber *>, &by_thread = *new std::vector<Fiber *>; // live to the end
Fiber *running;
// libc's own: ASan's wrapper of it warns that it knows nothing of fibers, and we tell it about ours.
const auto switch_context = reinterpret_cast<int (*)(ucontext_t *, const ucontext_t *)>(dlsym(dlopen("libc.so.6", RTLD_LAZY), "swapcontext"));
ucontext_t host_context;
void *host_tsan, *host_fake_stack;
const void *host_stack;
size_t host_stack_bytes;
const Work *kernel;
std::map<void *, size_t> device_allocations;
const void *on_another_device;
std::vector<CUstream_st *> &streams = *new std::vector<CUstream_st *>;
struct SharedArray { void *control, *memory; } shared_arrays[32]; // of the running block
size_t shared_count, shared_bytes;
char *shared_arena, *shared_next, launch_start, launch_end;
const bool has_driver = !getenv("CUDA_EMULATOR_NO_DRIVER");
int driver_version = has_driver ? CUDART_VERSION : 0;
cudaError_t pretended_error = has_driver ? cudaSuccess : cudaErrorInsufficientDriver;
cudaError_t last_error = cudaSuccess;
enum { FORWARD, REVERSE, RANDOM } order = FORWARD;
uint64_t random_state = 1;

unsigned next_random() { return unsigned((random_state = random_state * 6364136223846793005u + 1442695040888963407u) >> 33); }

// The runtime keeps the error of a call that failed until it is asked for it.
cudaError_t keep(cudaError_t error) { return error == cudaSuccess ? error : last_error = error; }

cudaError_t queue(cudaStream_t stream, Work work) {
    if (pretended_error != cudaSuccess) return keep(pretended_error);
    if (!stream) work();
    else (stream->captured ? stream->captured->work : stream->queued).push_back(std::move(work));
    return cudaSuccess;
}

void run_queued(CUstream_st &stream) {
    for (const Work &work : stream.queued) work();
    stream.queued.clear();
}

bool captures() {
    return std::any_of(streams.begin(), streams.end(), [](const CUstream_st *stream) { return stream->captured; });
}

[[noreturn]] void fail(const char *text, const Fiber *fiber) {
    fprintf(stderr, "CUDA EMULATOR: %s: block (%u,%u,%u) thread %u at %s:%d\n", text, blockIdx.x, blockIdx.y, blockIdx.z,
            fiber->thread, fiber->file ? fiber->file : "?", fiber->line);
    fflush(stderr);
    _exit(70);
}

void set_thread_index(unsigned thread) {
    threadIdx = {thread % blockDim.x, thread / blockDim.x % blockDim.y, thread / (blockDim.x * blockDim.y)};
}

void to_host(bool finished) {
    Fiber *self = running;
    if (__sanitizer_start_switch_fiber)
        __sanitizer_start_switch_fiber(finished ? nullptr : &self->fake_stack, host_stack, host_stack_bytes);
    if (__tsan_switch_to_fiber) __tsan_switch_to_fiber(host_tsan, NO_SYNC);
    switch_context(&self->context, &host_context);
    if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(self->fake_stack, nullptr, nullptr);
}

void to_fiber(Fiber *fiber) {
    running = fiber;
    set_thread_index(fiber->thread);
    if (__sanitizer_start_switch_fiber) __sanitizer_start_switch_fiber(&host_fake_stack, fiber->stack, STACK_BYTES);
    if (__tsan_switch_to_fiber) __tsan_switch_to_fiber(fiber->tsan, NO_SYNC);
    switch_context(&host_context, &fiber->context);
    if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(host_fake_stack, nullptr, nullptr);
    running = nullptr;
}

void fiber_main() {
    if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(nullptr, &host_stack, &host_stack_bytes);
    if (__tsan_acquire) __tsan_acquire(&launch_start);
    (*kernel)();
    if (__tsan_release) __tsan_release(&launch_end);
    running->state = DONE;
    to_host(true);
}

void block_until_released(State state, const char *file, int line) {
    running->state = state, running->file = file, running->line = line;
    to_host(false);
}

// For TSan: what each of these threads did before is visible to all of them after.
void synchronise(unsigned first, unsigned mask_or_count, bool is_mask) {
    if (!__tsan_release) return;
    char *key = new char[8]; // fresh, so that it carries nothing from other barriers
    const unsigned count = is_mask ? 32 : mask_or_count;
    for (auto step : {__tsan_release, __tsan_acquire})
        for (unsigned n = 0; n < count; n++)
            if (!is_mask || mask_or_count >> n & 1) {
                __tsan_switch_to_fiber(by_thread[first + n]->tsan, NO_SYNC);
                step(key);
                __tsan_switch_to_fiber(host_tsan, NO_SYNC);
            }
    delete[] key;
}

bool release_barrier(unsigned threads) {
    const Fiber *first = nullptr;
    for (unsigned n = 0; n < threads; n++)
        if (by_thread[n]->state == AT_BARRIER) first = by_thread[n];
    if (!first) return false;
    for (unsigned n = 0; n < threads; n++) {
        const Fiber *fiber = by_thread[n];
        if (fiber->state == AT_WARP) fail("waits for its warp while others wait at __syncthreads", fiber);
        if (fiber->state == DONE) fail("__syncthreads that another thread of the block never reaches", first);
        if (fiber->line != first->line || strcmp(fiber->file, first->file)) fail("threads of a block at different __syncthreads", fiber);
    }
    for (unsigned n = 0; n < threads; n++) by_thread[n]->state = READY;
    synchronise(0, threads, false);
    return true;
}

bool release_warps(unsigned threads) {
    bool released = false;
    for (unsigned base = 0; base < threads; base += 32)
        for (unsigned n = 0; n < 32 && base + n < threads; n++) {
            Fiber *fiber = by_thread[base + n];
            if (fiber->state != AT_WARP) continue;
            if (!(fiber->mask >> n & 1)) fail("lane not in its own mask", fiber);
            bool complete = true;
            for (unsigned k = 0; k < 32; k++) {
                if (!(fiber->mask >> k & 1)) continue;
                if (base + k >= threads || by_thread[base + k]->state == DONE) fail("mask names a lane that has left", fiber);
                const Fiber *other = by_thread[base + k];
                complete &= other->state == AT_WARP && other->mask == fiber->mask && other->line == fiber->line && !strcmp(other->file, fiber->file);
            }
            if (!complete) continue;
            for (unsigned k = 0; k < 32; k++)
                if (fiber->mask >> k & 1) {
                    Fiber *other = by_thread[base + k];
                    for (unsigned m = 0; m < 32; m++) // lanes outside the mask give rubbish, as on the device
                        other->received[m] = fiber->mask >> m & 1 ? by_thread[base + m]->given : ~uint64_t(0);
                }
            const unsigned mask = fiber->mask;
            for (unsigned k = 0; k < 32; k++)
                if (mask >> k & 1) by_thread[base + k]->state = READY;
            if (fiber->orders_memory) synchronise(base, mask, true);
            released = true;
        }
    return released;
}

void run_block(unsigned threads, size_t block) {
    shared_bytes = 0;
    if (shared_arena) shared_next = shared_arena + (shared_next - shared_arena + 4095) / 4096 * 4096;
    for (unsigned n = 0; n < threads; n++) {
        Fiber *fiber = fibers[(n + 5 * block) % threads]; // another fiber than in the last block: TSan must not take
        by_thread[n] = fiber;                             // two blocks' threads for one
        fiber->thread = n, fiber->state = READY, fiber->file = nullptr;
        getcontext(&fiber->context);
        fiber->context.uc_stack.ss_sp = fiber->stack, fiber->context.uc_stack.ss_size = STACK_BYTES;
        fiber->context.uc_link = nullptr;
        makecontext(&fiber->context, fiber_main, 0);
        if (__tsan_set_fiber_name) {
            char name[96];
            snprintf(name, sizeof name, "block %u,%u,%u thread %u", blockIdx.x, blockIdx.y, blockIdx.z, n);
            __tsan_set_fiber_name(fiber->tsan, name);
        }
    }
    std::vector<unsigned> turn(threads);
    for (unsigned n = 0; n < threads; n++) turn[n] = order == REVERSE ? threads - 1 - n : n;
    for (;;) {
        bool all_done = true, ran = false;
        if (order == RANDOM)
            for (unsigned n = threads; n > 1; n--) std::swap(turn[n - 1], turn[next_random() % n]);
        for (unsigned n : turn)
            if (by_thread[n]->state == READY) to_fiber(by_thread[n]), ran = true;
        for (unsigned n = 0; n < threads; n++) all_done &= by_thread[n]->state == DONE;
        if (all_done) break;
        if (!release_warps(threads) && !ran)
            if (!release_barrier(threads))
                for (unsigned n = 0; n < threads; n++)
                    if (by_thread[n]->state == AT_WARP) fail("warp operation that its lanes do not all reach", by_thread[n]);
    }
    if (!shared_arena)
        for (size_t n = 0; n < shared_count; n++) free(shared_arrays[n].memory);
    shared_count = 0;
}

} // namespace

// The compiler calls this for every access to a __shared__ variable (-femulated-tls).
extern "C" void *__emutls_get_address(void *control) {
    for (size_t n = 0; n < shared_count; n++)
        if (shared_arrays[n].control == control) return shared_arrays[n].memory;
    struct Control { size_t bytes, alignment; void *object, *initial; };
    const Control *shared = static_cast<const Control *>(control);
    void *memory;
    shared_bytes += shared->bytes;
    if (shared_bytes > SHARED_LIMIT || shared_count == 32) fail("more than 48 KiB, or 32 arrays, of shared memory", running);
    if (shared_arena) { // TSan: an address never used before has no history
        shared_next = reinterpret_cast<char *>((reinterpret_cast<uintptr_t>(shared_next) + 255) / 256 * 256);
        memory = shared_next;
        shared_next += shared->bytes;
    } else if (posix_memalign(&memory, std::max<size_t>(shared->alignment, 16), shared->bytes)) abort();
    for (size_t n = 0; n < shared->bytes; n++) static_cast<volatile char *>(memory)[n] = char(0xff); // no memset: TSan sees that
    shared_arrays[shared_count++] = {control, memory};
    return memory;
}

namespace emulator {

unsigned lane() { return running->thread % 32; }

void barrier(const char *file, int line) { block_until_released(AT_BARRIER, file, line); }

const uint64_t *warp_exchange(unsigned mask, uint64_t value, const char *file, int line) {
    running->mask = mask, running->given = value, running->orders_memory = false;
    block_until_released(AT_WARP, file, line);
    return running->received;
}

void warp_sync(unsigned mask, const char *file, int line) {
    running->mask = mask, running->orders_memory = true;
    block_until_released(AT_WARP, file, line);
}

void device_memory(bool accessible) {
    auto change = accessible ? __asan_unpoison_memory_region : __asan_poison_memory_region;
    if (change)
        for (const auto &[start, bytes] : device_allocations)
            if (bytes < LARGE) change(start, bytes);
}

static void run_grid(dim3 grid, dim3 block, const Work &call) {
    const size_t threads = size_t(block.x) * block.y * block.z, blocks = size_t(grid.x) * grid.y * grid.z;
    static const bool once = [] {
        const char *text = getenv("CUDA_EMULATOR_ORDER"); // forward, reverse, or random and a seed: random7
        order = text && !strcmp(text, "reverse") ? REVERSE : text && !strncmp(text, "random", 6) ? RANDOM : FORWARD;
        if (order == RANDOM) random_state = strtoull(text + 6, nullptr, 10) * 2654435761u + 1;
        return true;
    }();
    (void)once;
    host_tsan = __tsan_get_current_fiber ? __tsan_get_current_fiber() : nullptr;
    if (host_tsan && !shared_arena)
        shared_next = shared_arena = reinterpret_cast<char *>(syscall(SYS_mmap, nullptr, size_t(8) << 30, PROT_READ | PROT_WRITE,
                                                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    while (fibers.size() < threads) {
        Fiber *fiber = new Fiber;
        fiber->stack = static_cast<char *>(mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        if (__tsan_create_fiber) fiber->tsan = __tsan_create_fiber(0);
        fibers.push_back(fiber);
    }
    by_thread.resize(threads);
    if (host_tsan && threads > 240) { // its clocks have 256 places, and places taken over hide races
        fprintf(stderr, "CUDA EMULATOR: under TSan a block has at most 240 threads, not %zu\n", threads);
        _exit(70);
    }
    kernel = &call, gridDim = grid, blockDim = block;
    device_memory(true);
    if (__tsan_release) __tsan_release(&launch_start);
    for (size_t n = 0; n < blocks; n++) {
        const size_t b = order == REVERSE ? blocks - 1 - n : n;
        blockIdx = {unsigned(b % grid.x), unsigned(b / grid.x % grid.y), unsigned(b / grid.x / grid.y)};
        run_block(unsigned(threads), n);
    }
    if (__tsan_acquire) __tsan_acquire(&launch_end);
    device_memory(false);
}

cudaError_t launch(const cudaLaunchConfig_t &config, Work call) {
    const dim3 grid = config.gridDim, block = config.blockDim;
    const size_t threads = size_t(block.x) * block.y * block.z, blocks = size_t(grid.x) * grid.y * grid.z;
    if (pretended_error == cudaSuccess && (!threads || threads > 1024 || block.z > 64 || !blocks || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535))
        return keep(cudaErrorInvalidConfiguration);
    return queue(config.stream, [=] { run_grid(grid, block, call); });
}

// The stand-ins for cub: two-step scratch, of which every byte is overwritten. cub takes an error that the runtime has
// kept, whichever call's it was, for its own.
static bool takes_scratch(void *scratch, size_t &bytes, size_t count, cudaError_t *status) {
    const size_t needed = 256 + count / 8;
    keep(pretended_error != cudaSuccess ? pretended_error : scratch && bytes < needed ? cudaErrorInvalidValue : cudaSuccess);
    *status = cudaGetLastError();
    if (!scratch && *status == cudaSuccess) bytes = needed;
    return scratch && *status == cudaSuccess;
}

cudaError_t sort_keys(void *scratch, size_t &bytes, const uint64_t *keys, uint64_t *sorted, size_t count, int begin_bit, int end_bit,
                      cudaStream_t stream) {
    cudaError_t status;
    if (!takes_scratch(scratch, bytes, count, &status)) return status;
    return queue(stream, [=] {
        device_memory(true);
        memset(scratch, 0xff, bytes);
        const auto digits = [=](uint64_t key) { return (end_bit < 64 ? key & ((uint64_t(1) << end_bit) - 1) : key) >> begin_bit; };
        memcpy(sorted, keys, count * sizeof *keys);
        std::stable_sort(sorted, sorted + count, [=](uint64_t a, uint64_t b) { return digits(a) < digits(b); });
        device_memory(false);
    });
}

cudaError_t exclusive_sum(void *scratch, size_t &bytes, const uint32_t *in, uint32_t *out, size_t count, cudaStream_t stream) {
    cudaError_t status;
    if (!takes_scratch(scratch, bytes, count, &status)) return status;
    return queue(stream, [=] {
        device_memory(true);
        memset(scratch, 0xff, bytes);
        uint32_t sum = 0;
        for (size_t n = 0; n < count; n++) out[n] = sum, sum += in[n];
        device_memory(false);
    });
}

} // namespace emulator

extern "C" {

void emulator_move_to_another_device(void *memory) { on_another_device = memory; }
void emulator_pretend(int version, cudaError_t error) { driver_version = version, pretended_error = error; }

cudaError_t cudaDriverGetVersion(int *version) { return *version = driver_version, cudaSuccess; }
cudaError_t cudaGetDeviceCount(int *count) { return *count = 1, keep(pretended_error); }
cudaError_t cudaGetDevice(int *device) { return *device = 0, keep(pretended_error); }
cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int) {
    return *value = attribute == cudaDevAttrMultiProcessorCount ? 2 : 256, keep(pretended_error); // small, so that grids must stride
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes *attributes, const void *pointer) {
    *attributes = {cudaMemoryTypeUnregistered, nullptr};
    for (const auto &[start, bytes] : device_allocations)
        if (pointer >= start && pointer < static_cast<char *>(start) + bytes)
            *attributes = {cudaMemoryTypeDevice, start == on_another_device ? nullptr : const_cast<void *>(pointer)};
    return keep(pretended_error);
}

cudaError_t cudaMalloc(void **pointer, size_t bytes) {
    if (pretended_error != cudaSuccess) return keep(pretended_error);
    if (captures()) return keep(cudaErrorStreamCaptureUnsupported);
    if (bytes >= LARGE) { // address space only, for tests of offsets beyond 2^31: its pages appear as they are touched
        *pointer = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (*pointer == MAP_FAILED) return keep(cudaErrorMemoryAllocation);
    } else {
        if (posix_memalign(pointer, 256, bytes ? bytes : 1)) return keep(cudaErrorMemoryAllocation);
        memset(*pointer, 0xff, bytes); // NaN for floats, -1 for indices: nothing reads as if it had been set
    }
    device_allocations[*pointer] = bytes;
    emulator::device_memory(false);
    return cudaSuccess;
}

cudaError_t cudaFree(void *pointer) { // waits for all streams first
    if (captures()) return keep(cudaErrorStreamCaptureUnsupported);
    for (CUstream_st *stream : streams) run_queued(*stream);
    const auto found = device_allocations.find(pointer);
    if (found == device_allocations.end()) return keep(pointer ? cudaErrorInvalidValue : cudaSuccess);
    const size_t bytes = found->second;
    emulator::device_memory(true);
    device_allocations.erase(found);
    emulator::device_memory(false);
    if (bytes >= LARGE) munmap(pointer, bytes);
    else free(pointer);
    return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind, cudaStream_t stream) {
    return queue(stream, [=] {
        emulator::device_memory(true);
        memcpy(to, from, bytes);
        emulator::device_memory(false);
    });
}
cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind) {
    return captures() ? keep(cudaErrorStreamCaptureUnsupported) : cudaMemcpyAsync(to, from, bytes, kind, nullptr);
}

cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t stream) {
    return queue(stream, [=] {
        emulator::device_memory(true);
        memset(to, value, bytes);
        emulator::device_memory(false);
    });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags) {
    if (flags != cudaStreamNonBlocking) return keep(cudaErrorInvalidValue);
    streams.push_back(*stream = new CUstream_st);
    return keep(pretended_error);
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    if (stream && stream->captured) return keep(cudaErrorStreamCaptureUnsupported);
    if (stream) run_queued(*stream);
    return keep(pretended_error);
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
    if (!stream || stream->captured) return keep(cudaErrorStreamCaptureUnsupported);
    return stream->captured = new CUgraph_st, keep(pretended_error);
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph) {
    return *graph = stream->captured, stream->captured = nullptr, keep(pretended_error);
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long) {
    return *exec = new CUgraphExec_st{graph->work}, keep(pretended_error);
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
    for (const Work &work : exec->work) queue(stream, work);
    return keep(pretended_error);
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) { return delete graph, keep(pretended_error); }
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) { return delete exec, keep(pretended_error); }

cudaError_t cudaGetLastError(void) { return std::exchange(last_error, cudaSuccess); }
const char *cudaGetErrorString(cudaError_t error) { return error == cudaSuccess ? "no error" : "emulated error"; }

}
