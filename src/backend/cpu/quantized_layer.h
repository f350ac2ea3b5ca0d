#pragma once
// What the kernels of quantized convolutions and dense layers share.
#include "backend/common/quantization.h"
#include "dispatch/kernel.h"
#include "ops/quantization/layers.h"

namespace mx::cpu {

/// Magnitudes of the ranges of a layer's inputs.
struct LayerMagnitudes {
  float data, weight, bias;

  LayerMagnitudes(const LayerInputs& inputs, Inputs in)
      : data(of(in, inputs.data_range())),
        weight(of(in, inputs.weight_range())),
        bias(inputs.has_bias ? of(in, inputs.bias_range()) : 0) {}

 private:
  static float of(Inputs in, size_t first) {
    return magnitude_of(*in[first].as<float>(), *in[first + 1].as<float>());
  }
};

/// The bias in units of the layer's sums, cut towards zero as in 1.9.1.
template <typename S>
void bias_in_sums(const LayerMagnitudes& m, const Tensor& data, const Tensor& bias, S* out) {
  const float step = scale_to(real_span(data.dtype), m.data) *
                     scale_to(real_span(DType::kInt8), m.weight) * m.bias / real_span(DType::kInt8);
  for (int64_t i = 0; i < bias.size(); ++i) {
    const float whole = static_cast<float>(bias.as<int8_t>()[i]) * step;
    out[i] = static_cast<S>(std::clamp(whole, -2147483648.0f, 2147483520.0f));
  }
}

/// The range of a layer's sums, into outputs 1 and 2.
inline void set_sum_range(const LayerMagnitudes& m, const KernelContext& context, Inputs in,
                          Outputs out) {
  const float magnitude = product_magnitude(in[0].dtype, m.data, DType::kInt8, m.weight);
  if (context.wants(1)) *out[1].as<float>() = -magnitude;
  if (context.wants(2)) *out[2].as<float>() = magnitude;
}

}  // namespace mx::cpu
