#pragma once
#include "ops/nn/conv/convolution.h"
#include "ops/nn/fully_connected.h"

namespace mx {

enum class FusedActivation : int32_t {
  kNone,
  kRelu,
  kSigmoid,
  kTanh,
  kSoftrelu,
  kLeaky,  ///< alpha * x below zero
  kElu,    ///< alpha * (exp(x) - 1) below zero
  kGelu,
  kClip,  ///< to [alpha, beta]
};

/// What a fused layer does with its result: out = activation(result + residual).
struct PostOps {
  FusedActivation activation = FusedActivation::kNone;
  float alpha = 0, beta = 0;
  bool with_residual = false;

  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    fields.template add<FusedActivation>("activation", &P::activation, "Function of the result.")
        .choice("none", FusedActivation::kNone)
        .choice("relu", FusedActivation::kRelu)
        .choice("sigmoid", FusedActivation::kSigmoid)
        .choice("tanh", FusedActivation::kTanh)
        .choice("softrelu", FusedActivation::kSoftrelu)
        .choice("leaky", FusedActivation::kLeaky)
        .choice("elu", FusedActivation::kElu)
        .choice("gelu", FusedActivation::kGelu)
        .choice("clip", FusedActivation::kClip);
    fields.template add<float>("alpha", &P::alpha, "Slope, factor or lower bound.");
    fields.template add<float>("beta", &P::beta, "Upper bound.");
    fields.template add<bool>("with_residual", &P::with_residual,
                              "Whether an input is added first.");
  }
};

struct FusedConvolutionParam : ConvolutionParam, PostOps {
  static void describe(ParamBuilder<FusedConvolutionParam>& fields) {
    ConvolutionParam::describe_as(fields, true);
    PostOps::describe_as(fields);
  }
};

struct FusedFullyConnectedParam : FullyConnectedParam, PostOps {
  static void describe(ParamBuilder<FusedFullyConnectedParam>& fields);
};

/// out = activation(data * scale + shift), one scale and shift for each channel (axis 1).
struct ChannelAffineParam : PostOps {
  static void describe(ParamBuilder<ChannelAffineParam>& fields) { PostOps::describe_as(fields); }
};

}  // namespace mx
