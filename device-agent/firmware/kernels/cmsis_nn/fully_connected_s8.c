#include "device-agent/firmware/kernels/cmsis_nn/adapter.h"

#ifdef ARM_MATH_MVEI
#error \
    "with MVE, CMSIS-NN wants sums of the weights in the scratch, which this adapter does not make"
#endif

void mcuprof_fully_connected_s8(const struct mcuprof_fully_connected* p, const int8_t* in,
                                const int8_t* w, const int32_t* bias, const int32_t* mult,
                                const int32_t* shift, int8_t* out, void* scratch) {
  const cmsis_nn_fc_params params = {
      p->in_offset, p->filter_offset, p->out_offset, {p->act_min, p->act_max}};
  const cmsis_nn_quant_params quant = {mcuprof_words(mult), mcuprof_words(shift), p->per_channel};
  const cmsis_nn_dims in_dims = {p->rows, 1, 1, p->in};
  const cmsis_nn_dims filter_dims = {p->in, 1, 1, p->out};
  const cmsis_nn_dims bias_dims = {1, 1, 1, p->out};
  const cmsis_nn_dims out_dims = {p->rows, 1, 1, p->out};
  const int32_t wanted = arm_fully_connected_s8_get_buffer_size(&filter_dims);
  const cmsis_nn_context context =
      mcuprof_context(scratch, wanted, mcuprof_cmsis_nn_scratch_fully_connected_s8(p));
  mcuprof_want(arm_fully_connected_wrapper_s8(&context, &params, &quant, &in_dims, in, &filter_dims,
                                              w, &bias_dims, bias, &out_dims, out));
}
