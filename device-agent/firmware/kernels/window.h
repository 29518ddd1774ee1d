/// The part of a filter window that lies inside the input, along one axis.
#ifndef MCUPROF_FIRMWARE_KERNELS_WINDOW_H
#define MCUPROF_FIRMWARE_KERNELS_WINDOW_H

#include <stdint.h>

struct mcuprof_window {
  int32_t first, end;  ///< taps [first, end); first == end where the window lies in the padding
  int32_t at;          ///< input position of tap 0; may be negative
};

/// Window of output position `out`: tap k reads input out*stride - pad + k*dilation of `extent`.
static inline struct mcuprof_window mcuprof_window_at(int32_t out, int32_t stride, int32_t pad,
                                                      int32_t dilation, int32_t taps,
                                                      int32_t extent) {
  struct mcuprof_window w;
  w.at = out * stride - pad;
  w.first = 0;
  w.end = taps;
  if (dilation == 1) {
    if (w.at < 0) w.first = -w.at;
    if (w.end > extent - w.at) w.end = extent - w.at;
  } else {
    if (w.at < 0) w.first = (-w.at + dilation - 1) / dilation;
    if (w.at + (taps - 1) * dilation >= extent) {
      w.end = w.at >= extent ? 0 : (extent - w.at + dilation - 1) / dilation;
    }
  }
  if (w.first > taps) w.first = taps;
  if (w.end < w.first) w.end = w.first;
  return w;
}

#endif
