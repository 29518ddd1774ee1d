#include "device-agent/firmware/kernels/cmsis_nn/adapter.h"

void mcuprof_average_pool_s8(const struct mcuprof_pool* p, const int8_t* in, int8_t* out,
                             void* scratch) {
  const cmsis_nn_pool_params params = {
      {p->stride_w, p->stride_h}, {p->pad_w, p->pad_h}, {p->act_min, p->act_max}};
  const cmsis_nn_dims in_dims = {p->batches, p->in_h, p->in_w, p->channels};
  const cmsis_nn_dims filter_dims = {1, p->k_h, p->k_w, 1};
  const cmsis_nn_dims out_dims = {p->batches, p->out_h, p->out_w, p->channels};
  const int32_t wanted = arm_avgpool_s8_get_buffer_size(p->out_w, p->channels);
  const cmsis_nn_context context =
      mcuprof_context(scratch, wanted, mcuprof_cmsis_nn_scratch_average_pool_s8(p));
  mcuprof_want(arm_avgpool_s8(&context, &params, &in_dims, in, &filter_dims, &out_dims, out));
}
