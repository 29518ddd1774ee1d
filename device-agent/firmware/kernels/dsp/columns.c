#include "device-agent/firmware/kernels/dsp/columns.h"
#include "device-agent/firmware/kernels/window.h"

static inline uint32_t* zeros(uint32_t* column, int32_t groups) {
  for (; groups > 0; --groups) {
    column[0] = 0;
    column[1] = 0;
    column += 4;  // the pair's other column lies between
  }
  return column;
}

/// Copies n bytes; four at a time wherever they lie, the last four perhaps twice.
static inline int8_t* copy(int8_t* to, const int8_t* from, int32_t n) {
  if (n < 4) {
    for (; n > 0; --n) *to++ = *from++;
    return to;
  }
  const int8_t* last = from + n - 4;
  int8_t* to_last = to + n - 4;
  while (from < last) {
    const uint32_t word = mcuprof_load4(from);
    __builtin_memcpy(to, &word, sizeof word);
    from += 4;
    to += 4;
  }
  const uint32_t word = mcuprof_load4(last);
  __builtin_memcpy(to_last, &word, sizeof word);
  return to_last + 4;
}

static inline int8_t* repeat(int8_t* to, int8_t byte, int32_t n) {
  const uint32_t word = (uint8_t)byte * UINT32_C(0x01010101);
  for (; n >= 4; n -= 4) {
    __builtin_memcpy(to, &word, sizeof word);
    to += 4;
  }
  for (; n > 0; --n) *to++ = byte;
  return to;
}

void mcuprof_write_column(const struct mcuprof_conv* p, const int8_t* in, int32_t y, int32_t x,
                          uint32_t* column, int8_t* stage) {
  const uint32_t offset = mcuprof_both_halves(p->in_offset);
  const int32_t channels = p->filter_c;
  const int32_t in_c = p->in_c;
  const int32_t taps = p->k_w;
  const struct mcuprof_window inside = mcuprof_window_at(x, 1, 0, p->dil_w, taps, p->in_w);
  const int32_t first = inside.first;
  const int32_t end = inside.end;
  // Neighbouring taps are one run of bytes unless dilation or other groups' channels part them.
  int32_t runs = end - first;
  int32_t run = channels;
  if (p->dil_w == 1 && channels == in_c) {
    run = runs * channels;
    runs = 1;
  }
  const int32_t run_step = p->dil_w * in_c;
  const int32_t before = first < end ? first : taps;
  const int32_t behind = first < end ? taps - end : 0;
  const int8_t* row = in + (y * p->in_w + x + first * p->dil_w) * in_c;
  const int32_t row_step = p->dil_h * p->in_w * in_c;

  if (mcuprof_column_is_direct(p)) {
    const int32_t groups = (channels + 3) >> 2;
    for (int32_t ky = 0; ky < p->k_h; ++ky, y += p->dil_h, row += row_step) {
      if ((uint32_t)y >= (uint32_t)p->in_h || first >= end) {
        column = zeros(column, taps * groups);
        continue;
      }
      column = zeros(column, before * groups);
      const int8_t* from = row;
      for (int32_t i = 0; i < runs; ++i, from += run_step)
        column = mcuprof_unpack(column, from, run >> 2, offset);
      column = zeros(column, behind * groups);
    }
    return;
  }

  const int8_t zero = (int8_t)-p->in_offset;
  int8_t* to = stage;
  for (int32_t ky = 0; ky < p->k_h; ++ky, y += p->dil_h, row += row_step) {
    if ((uint32_t)y >= (uint32_t)p->in_h || first >= end) {
      to = repeat(to, zero, taps * channels);
      continue;
    }
    to = repeat(to, zero, before * channels);
    const int8_t* from = row;
    for (int32_t i = 0; i < runs; ++i, from += run_step) to = copy(to, from, run);
    to = repeat(to, zero, behind * channels);
  }
  mcuprof_unpack_all(column, stage, (int32_t)(to - stage), offset);
}
