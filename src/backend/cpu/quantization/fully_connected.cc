// Quantized dense layer on any CPU.
#include "ops/nn/fully_connected.h"

#include "backend/cpu/convert.h"
#include "backend/cpu/gemm.h"
#include "backend/cpu/quantized_layer.h"

namespace mx::cpu {
namespace {

const int32_t* widened(KernelContext& context, const Tensor& tensor) {
  int32_t* wide = context.scratch->get_array<int32_t>(tensor.size());
  visit_quantized(tensor.dtype, "_contrib_quantized_fully_connected", [&]<typename T>(TypeTag<T>) {
    parallel_for(tensor.size(), 1 << 15, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) wide[i] = tensor.as<T>()[i];
    });
  });
  return wide;
}

void quantized_fully_connected(const Params& params, KernelContext& context, Inputs in,
                               Outputs out) {
  const auto& p = params.as<FullyConnectedParam>();
  const LayerInputs inputs{!p.no_bias};
  const LayerMagnitudes magnitudes(inputs, in);
  const int64_t hidden = p.num_hidden, features = in[1].shape[1], rows = out[0].size() / hidden;
  int32_t* y = out[0].as<int32_t>();
  if (inputs.has_bias) {
    int32_t* bias = context.scratch->get_array<int32_t>(hidden);
    bias_in_sums(magnitudes, in[0], in[2], bias);
    for (int64_t i = 0; i < rows; ++i) std::copy_n(bias, hidden, y + i * hidden);
  }
  gemm<int32_t>(rows, hidden, features, matrix_view(widened(context, in[0]), features),
                matrix_view(widened(context, in[1]), features, true), matrix_view(y, hidden),
                inputs.has_bias);
  set_sum_range(magnitudes, context, in, out);
}

const KernelBuilder kernel =
    KernelBuilder("_contrib_quantized_fully_connected", "native").run(quantized_fully_connected);

}  // namespace
}  // namespace mx::cpu
