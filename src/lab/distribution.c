/* How values are distributed. */
#include <math.h>
#include <string.h>

#include "lab.h"

size_t lab_find_not_finite(const float *values, size_t size) {
    size_t n = 0;
    while (n < size && fabsf(values[n]) < INFINITY) n++;
    return n;
}

void lab_extent(double *extent, const float *values, size_t size) {
    float smallest = INFINITY, largest = -INFINITY;
    for (size_t n = 0; n < size; n++) {
        if (!(fabsf(values[n]) < INFINITY)) continue;
        smallest = values[n] < smallest ? values[n] : smallest;
        largest = values[n] > largest ? values[n] : largest;
    }
    const int is_empty = smallest > largest;
    extent[0] = is_empty ? 0 : (double)smallest;
    extent[1] = is_empty ? 1 : (double)largest;
}

/* ---- Histogram ----------------------------------------------------------------------------------------------------- */

void lab_histogram_edges(float *edges, size_t num_bins, double min, double max) {
    const double half = min < max ? 0 : 0.5, first = min - half, last = max + half, step = (last - first) / (double)num_bins;
    for (size_t i = 0; i < num_bins; i++) edges[i] = (float)((double)i * step + first);
    edges[num_bins] = (float)last;
}

void lab_histogram(uint32_t *counts, uint32_t *outside, const float *values, size_t size, const float *edges, size_t num_bins) {
    const double first = (double)edges[0], width = (double)edges[num_bins] - first, scale = width > 0 ? (double)num_bins / width : 0;
    memset(counts, 0, num_bins * sizeof *counts);
    memset(outside, 0, 3 * sizeof *outside);
    for (size_t n = 0; n < size; n++) {
        const float x = values[n];
        if (!(x >= edges[0] && x <= edges[num_bins])) {
            outside[x < edges[0] ? 0 : x > edges[num_bins] ? 1 : 2]++;
            continue;
        }
        size_t bin = (size_t)(((double)x - first) * scale); /* near enough: the edges, which are rounded, decide */
        if (bin > num_bins - 1) bin = num_bins - 1;
        while (x < edges[bin]) bin--;
        while (bin < num_bins - 1 && x >= edges[bin + 1]) bin++;
        counts[bin]++;
    }
}

/* ---- Quantiles ----------------------------------------------------------------------------------------------------- */

/* A number's bits, changed so that they have its order as unsigned numbers. */
static uint32_t key_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 31 ? ~bits : bits | 0x80000000u;
}

static double value_of(uint32_t key) {
    const uint32_t bits = key >> 31 ? key & 0x7fffffff : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* Sorts keys, a byte at a time from the lowest; four passes end where they began. */
static void sort_keys(uint32_t *keys, uint32_t *other, size_t size) {
    for (uint32_t shift = 0; shift < 32; shift += 8) {
        size_t starts[256] = {0}, start = 0;
        for (size_t n = 0; n < size; n++) starts[keys[n] >> shift & 255]++;
        for (size_t byte = 0; byte < 256; byte++) {
            const size_t count = starts[byte];
            starts[byte] = start;
            start += count;
        }
        for (size_t n = 0; n < size; n++) other[starts[keys[n] >> shift & 255]++] = keys[n];
        uint32_t *const sorted = other;
        other = keys;
        keys = sorted;
    }
}

/* From the nearer end, as numpy does. */
static double interpolate(double low, double high, double part) {
    if (part == 0 || low == high) return low;
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

void lab_quantiles(float *output, const float *values, size_t size, const double *probabilities, size_t num_probabilities,
                   uint32_t *scratch) {
    size_t count = 0;
    for (size_t n = 0; n < size; n++)
        if (values[n] == values[n]) scratch[count++] = key_of(values[n]);
    if (count > 0) sort_keys(scratch, scratch + size, count);
    for (size_t p = 0; p < num_probabilities; p++) {
        if (count == 0) {
            output[p] = NAN;
            continue;
        }
        const double at = (double)(count - 1) * probabilities[p];
        const size_t below = (size_t)at, above = below + 1 < count ? below + 1 : below;
        output[p] = (float)interpolate(value_of(scratch[below]), value_of(scratch[above]), at - (double)below);
    }
}
