#include "device-agent/firmware/kernels/cmsis_nn/adapter.h"

void mcuprof_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                     const int32_t* bias, const int32_t* mult, const int32_t* shift, int8_t* out,
                     void* scratch) {
  const cmsis_nn_conv_params params = {
      p->in_offset,         p->out_offset,        {p->stride_w, p->stride_h},
      {p->pad_w, p->pad_h}, {p->dil_w, p->dil_h}, {p->act_min, p->act_max}};
  const cmsis_nn_per_channel_quant_params quant = {mcuprof_words(mult), mcuprof_words(shift)};
  const cmsis_nn_dims in_dims = {p->batches, p->in_h, p->in_w, p->in_c};
  const cmsis_nn_dims filter_dims = {p->out_c, p->k_h, p->k_w, p->filter_c};
  const cmsis_nn_dims bias_dims = {1, 1, 1, p->out_c};
  const cmsis_nn_dims out_dims = {p->batches, p->out_h, p->out_w, p->out_c};
  const int32_t wanted =
      arm_convolve_wrapper_s8_get_buffer_size(&params, &in_dims, &filter_dims, &out_dims);
  const cmsis_nn_context context =
      mcuprof_context(scratch, wanted, mcuprof_cmsis_nn_scratch_conv_s8(p));
  mcuprof_want(arm_convolve_wrapper_s8(&context, &params, &quant, &in_dims, in, &filter_dims, w,
                                       &bias_dims, bias, &out_dims, out));
}
