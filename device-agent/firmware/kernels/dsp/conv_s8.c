/// Convolution as a product of matrices: the patches of two output pixels are unpacked into a pair
/// of columns, then the weights run past them, two rows at a time, so that each loaded and unpacked
/// word serves two of the four sums.
#include "device-agent/firmware/kernels/dsp/columns.h"
#include "device-agent/firmware/kernels/dsp/products.h"
#include "device-agent/firmware/kernels/dsp/scratch.h"

/// What all pixels of one group of channels share.
struct rows {
  const int8_t* w;
  const int32_t* bias;  ///< null: none
  const int32_t* mult;
  const int32_t* shift;
  int32_t count;   ///< output channels
  int32_t length;  ///< K
  struct mcuprof_finish finish;
};

static void multiply_pair(const struct rows* r, const uint32_t* pair, int8_t* out0, int8_t* out1) {
  const struct rows rows = *r;  // what is stored through int8_t* might be *r, for all C knows
  const int8_t* w = rows.w;
  const int32_t* bias = rows.bias;
  const int32_t* mult = rows.mult;
  const int32_t* shift = rows.shift;
  int32_t sum[4];
  for (int32_t left = rows.count >> 1; left > 0; --left) {
    sum[0] = sum[1] = sum[2] = sum[3] = 0;
    if (bias) {
      sum[0] = sum[1] = bias[0];
      sum[2] = sum[3] = bias[1];
      bias += 2;
    }
    mcuprof_dsp_two_by_two(sum, w, rows.length, pair);
    w += 2 * rows.length;
    const struct mcuprof_scale scale0 = mcuprof_scale_of(mult[0], shift[0]);
    const int32_t v00 = mcuprof_scaled(sum[0], &scale0);
    const int32_t v01 = mcuprof_scaled(sum[1], &scale0);
    const struct mcuprof_scale scale1 = mcuprof_scale_of(mult[1], shift[1]);
    const int32_t v10 = mcuprof_scaled(sum[2], &scale1);
    const int32_t v11 = mcuprof_scaled(sum[3], &scale1);
    mult += 2;
    shift += 2;
    const uint32_t bytes = mcuprof_four_outputs(v00, v10, v01, v11, &rows.finish);
    mcuprof_store2(out0, bytes);
    mcuprof_store2(out1, bytes >> 16);
    out0 += 2;
    out1 += 2;
  }
  if (rows.count & 1) {
    sum[0] = sum[1] = bias ? *bias : 0;
    mcuprof_dsp_one_by_two(sum, w, rows.length, pair);
    const struct mcuprof_scale scale = mcuprof_scale_of(*mult, *shift);
    const uint32_t bytes = mcuprof_two_outputs(mcuprof_scaled(sum[0], &scale),
                                               mcuprof_scaled(sum[1], &scale), &rows.finish);
    *out0 = (int8_t)bytes;
    *out1 = (int8_t)(bytes >> 8);
  }
}

/// Of the pair the first column only.
static void multiply_single(const struct rows* r, const uint32_t* pair, int8_t* out) {
  const struct rows rows = *r;
  const int8_t* w = rows.w;
  const int32_t* bias = rows.bias;
  const int32_t* mult = rows.mult;
  const int32_t* shift = rows.shift;
  int32_t sum[4];
  for (int32_t left = rows.count >> 1; left > 0; --left) {
    sum[0] = sum[1] = 0;
    if (bias) {
      sum[0] = bias[0];
      sum[1] = bias[1];
      bias += 2;
    }
    mcuprof_dsp_two_by_one(sum, w, rows.length, pair);
    w += 2 * rows.length;
    const struct mcuprof_scale scale0 = mcuprof_scale_of(mult[0], shift[0]);
    const int32_t v0 = mcuprof_scaled(sum[0], &scale0);
    const struct mcuprof_scale scale1 = mcuprof_scale_of(mult[1], shift[1]);
    const int32_t v1 = mcuprof_scaled(sum[1], &scale1);
    mult += 2;
    shift += 2;
    mcuprof_store2(out, mcuprof_two_outputs(v0, v1, &rows.finish));
    out += 2;
  }
  if (rows.count & 1) {
    sum[0] = bias ? *bias : 0;
    mcuprof_dsp_one_by_one(sum, w, rows.length, pair);
    const struct mcuprof_scale scale = mcuprof_scale_of(*mult, *shift);
    *out = mcuprof_one_output(mcuprof_scaled(sum[0], &scale), &rows.finish);
  }
}

/// All pixels of one group in one batch.
static void convolve(const struct mcuprof_conv* p, const struct rows* r, const int8_t* in,
                     int8_t* out, uint32_t* pair, int8_t* stage) {
  const int32_t out_c = p->out_c;
  // These need no gathering.
  const int points = mcuprof_dsp_is_points(p);
  const uint32_t offset = mcuprof_both_halves(p->in_offset);
  const int32_t step = p->stride_w * p->in_c;
  const int32_t channels = p->filter_c;
  int waiting = 0;
  for (int32_t y = 0; y < p->out_h; ++y) {
    const int8_t* from = in + y * p->stride_h * p->in_w * p->in_c;
    for (int32_t x = 0; x < p->out_w; ++x) {
      uint32_t* column = pair + 2 * waiting;
      if (points) {
        mcuprof_unpack_all(column, from, channels, offset);
        from += step;
      } else {
        mcuprof_write_column(p, in, y * p->stride_h - p->pad_h, x * p->stride_w - p->pad_w, column,
                             stage);
      }
      if (waiting) {
        multiply_pair(r, pair, out, out + out_c);
        out += 2 * out_c;
      }
      waiting = !waiting;
    }
  }
  if (waiting) multiply_single(r, pair, out);
}

void mcuprof_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                     const int32_t* bias, const int32_t* mult, const int32_t* shift, int8_t* out,
                     void* scratch) {
  struct rows r;
  r.length = p->k_h * p->k_w * p->filter_c;
  const int32_t groups = p->filter_c == p->in_c ? 1 : p->in_c / p->filter_c;
  r.count = p->out_c / groups;
  r.finish = mcuprof_finish_of(p->out_offset, p->act_min, p->act_max);
  int8_t* stage = (int8_t*)scratch + 4 * ((r.length + 3) & ~3);
  for (int32_t b = 0; b < p->batches; ++b) {
    r.w = w;
    r.bias = bias;
    r.mult = mult;
    r.shift = shift;
    for (int32_t g = 0; g < groups; ++g) {
      convolve(p, &r, in + g * p->filter_c, out + g * r.count, scratch, stage);
      r.w += r.count * r.length;
      if (r.bias) r.bias += r.count;
      r.mult += r.count;
      r.shift += r.count;
    }
    in += p->in_h * p->in_w * p->in_c;
    out += p->out_h * p->out_w * p->out_c;
  }
}
