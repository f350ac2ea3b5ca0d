// LeakyReLU and its gradient; prelu reads one slope for each channel.
#include "backend/common/activation_math.h"
#include "backend/cuda/common/fill.h"
#include "backend/cuda/elemwise/loops.cuh"
#include "ops/nn/activation/leaky_relu.h"

namespace mx::cuda {
namespace {

float mean_slope(const LeakyReluParam& p) { return (p.lower_bound + p.upper_bound) / 2; }

void leaky_relu(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LeakyReluParam>();
  const auto apply = [&](const auto& f) { map_unary(context, f, in[0], out[0]); };
  switch (p.act_type) {
    case LeakyReluKind::kLeaky:
      return apply(math::Leaky{{}, p.slope});
    case LeakyReluKind::kElu:
      return apply(math::Elu{{}, 1.0, p.slope});
    case LeakyReluKind::kSelu:
      return apply(math::Elu{{}, kSeluScale, kSeluAlpha});
    case LeakyReluKind::kGelu:
      return apply(math::Gelu{});
    case LeakyReluKind::kPrelu: {
      Tensor gamma = in[1];
      gamma.shape = prelu_gamma_shape(gamma.shape, in[0].shape);
      return map_binary(context, math::Prelu{}, in[0], gamma, out[0]);
    }
    case LeakyReluKind::kRrelu:  // not training: see refuse_draws
      apply(math::Leaky{{}, mean_slope(p)});
      return fill_value(context, out[1], 0);
  }
}

void leaky_relu_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LeakyReluParam>();
  const auto apply = [&](const auto& f) { map_binary(context, f, in[0], in[1], out[0]); };
  switch (p.act_type) {
    case LeakyReluKind::kElu:
      return apply(math::EluGradient{{}, 1.0, p.slope});
    case LeakyReluKind::kSelu:
      return apply(math::EluGradient{{}, kSeluScale, kSeluAlpha});
    case LeakyReluKind::kGelu:
      return apply(math::GeluGradient{});
    case LeakyReluKind::kRrelu:
      return apply(math::LeakyGradient{{}, mean_slope(p)});
    default:
      return apply(math::LeakyGradient{{}, p.slope});
  }
}

const char* refuse_draws(const KernelQuery& query) {
  const bool draws = query.params.as<LeakyReluParam>().act_type == LeakyReluKind::kRrelu;
  return draws && query.is_train ? "does not draw the slopes of rrelu in training" : nullptr;
}

const GpuKernel k1 = native("LeakyReLU", leaky_relu).refuse(refuse_draws);
const GpuKernel k2 = native("_backward_LeakyReLU", leaky_relu_backward);

}  // namespace
}  // namespace mx::cuda
