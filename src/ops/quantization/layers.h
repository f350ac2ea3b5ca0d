#pragma once
// What quantized convolutions and dense layers share.
#include "ops/quantization/ranges.h"

namespace mx {

/// Inputs of a layer: data, weight and bias, then the ends of their ranges.
struct LayerInputs {
  bool has_bias;
  size_t count() const { return has_bias ? 3 : 2; }    ///< tensors
  size_t data_range() const { return count(); }        ///< number of min_data
  size_t weight_range() const { return count() + 2; }  ///< number of min_weight
  size_t bias_range() const { return count() + 4; }    ///< number of min_bias
};

template <typename P>
bool uses_layer_input(const Params& params, size_t input) {
  const bool belongs_to_bias = input == 2 || input >= 7;
  return !belongs_to_bias || !params.as<P>().no_bias;
}

template <typename P>
void infer_layer_shape(ShapeContext& c, const char* op) {
  const LayerInputs inputs{!c.params<P>().no_bias};
  infer_shape_as(c, op, inputs.count());
  ranges_in(c, inputs.count());
  range_out(c);
}

template <typename P>
void infer_layer_dtype(DTypeContext& c) {
  const LayerInputs inputs{!c.params<P>().no_bias};
  require_quantized(c, 0);
  c.set_in(1, DType::kInt8);
  if (inputs.has_bias) c.set_in(2, DType::kInt8);
  ranges_in(c, inputs.count());
  c.set_out(0, DType::kInt32);
  range_out(c);
}

/// The builder of a layer, all but its inference of shapes.
template <typename P>
OpBuilder quantized_layer(const char* name) {
  return OpBuilder(name)
      .params<P>()
      .input("data", "int8 or uint8.")
      .parameter("weight", "int8.")
      .parameter("bias", "int8.")
      .parameter("min_data")
      .parameter("max_data")
      .parameter("min_weight")
      .parameter("max_weight")
      .parameter("min_bias")
      .parameter("max_bias")
      .input_used(uses_layer_input<P>)
      .outputs({"output", "min_output", "max_output"})
      .infer_dtype(infer_layer_dtype<P>)
      .zero_gradient(kWholeNumbers);
}

}  // namespace mx
