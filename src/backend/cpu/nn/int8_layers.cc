// _int8_filters: each filter in the range of its own weights.
#include "ops/nn/int8_layers.h"

#include "backend/common/quantization.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void int8_filters(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t filters = in[0].shape[0], size = filters > 0 ? in[0].size() / filters : 0;
  parallel_for(filters, grain_for(static_cast<double>(size)), [&](int64_t begin, int64_t end) {
    for (int64_t f = begin; f < end; ++f) {
      const float* x = in[0].as<float>() + f * size;
      int8_t* y = out[0].as<int8_t>() + f * size;
      float reach = 0;
      for (int64_t i = 0; i < size; ++i) reach = std::max(reach, std::fabs(x[i]));
      const float scale = scale_to(127.0f, reach);
      for (int64_t i = 0; i < size; ++i) y[i] = round_to<int8_t>(x[i] * scale);
      out[1].as<float>()[f] = reach / 127.0f;
    }
  });
}

const KernelBuilder kernel = KernelBuilder("_int8_filters", "native").run(int8_filters);

}  // namespace
}  // namespace mx::cpu
