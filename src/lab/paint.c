/* Values as colours. */
#include "lab.h"

void lab_paint(uint32_t *pixels, const float *values, size_t size, const uint32_t *table, double min, double max, uint32_t nan_color) {
    const double scale = LAB_COLORS / (max - min);
    for (size_t n = 0; n < size; n++) {
        const float x = values[n];
        double at = ((double)x - min) * scale;
        if (at != at) at = LAB_COLORS / 2; /* 0 times infinity */
        at = at > 0 ? at : 0;
        at = at < LAB_COLORS - 1 ? at : LAB_COLORS - 1;
        pixels[n] = x == x ? table[(size_t)at] : nan_color;
    }
}
