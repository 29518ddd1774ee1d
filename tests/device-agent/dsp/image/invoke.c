// Entry points of the images that the tests emulate: each calls one kernel with the arguments that
// lie in memory, as a caller in the agent does.
#include "device-agent/firmware/kernels/kernels.h"

struct call {
  const void* parameters;
  const int8_t* in;
  const int8_t* second;  // weights, or the other operand
  const int32_t* bias;
  const int32_t* mult;
  const int32_t* shift;
  int8_t* out;
  void* scratch;
  int32_t length;
};

void invoke_conv_s8(const struct call* c) {
  mcuprof_conv_s8(c->parameters, c->in, c->second, c->bias, c->mult, c->shift, c->out, c->scratch);
}

void invoke_depthwise_s8(const struct call* c) {
  mcuprof_depthwise_s8(c->parameters, c->in, c->second, c->bias, c->mult, c->shift, c->out,
                       c->scratch);
}

void invoke_fully_connected_s8(const struct call* c) {
  mcuprof_fully_connected_s8(c->parameters, c->in, c->second, c->bias, c->mult, c->shift, c->out,
                             c->scratch);
}

void invoke_average_pool_s8(const struct call* c) {
  mcuprof_average_pool_s8(c->parameters, c->in, c->out, c->scratch);
}

void invoke_add_s8(const struct call* c) {
  mcuprof_add_s8(c->parameters, c->in, 1, c->second, 1, c->out, c->length);
}
