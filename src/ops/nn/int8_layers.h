#pragma once
#include "ops/nn/fused.h"

namespace mx {

/// What a layer in 8 bits gives: its sums, scaled and activated, as float32 or rounded.
struct Int8Output {
  DType out_type = DType::kFloat32;
  float residual_scale = 1;  ///< factor of the residual's whole numbers

  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    fields.template add<DType>("out_type", &P::out_type, "float32, int8 or uint8.");
    fields.template add<float>("residual_scale", &P::residual_scale,
                               "Factor of the residual's whole numbers.");
  }
};

struct Int8ConvolutionParam : FusedConvolutionParam, Int8Output {
  static void describe(ParamBuilder<Int8ConvolutionParam>& fields) {
    ConvolutionParam::describe_as(fields, true);
    PostOps::describe_as(fields);
    Int8Output::describe_as(fields);
  }
};

struct Int8FullyConnectedParam : FusedFullyConnectedParam, Int8Output {
  static void describe(ParamBuilder<Int8FullyConnectedParam>& fields);
};

}  // namespace mx
