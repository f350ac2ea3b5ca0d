// LeakyReLU and its gradient: element-wise loops; prelu reads one slope for each channel.
#include "ops/nn/activation/leaky_relu.h"

#include "backend/common/activation_math.h"
#include "backend/common/broadcast_plan.h"
#include "backend/cpu/elemwise/loops.h"
#include "dispatch/random_state.h"

namespace mx::cpu {
namespace {

using math::Elu, math::EluGradient, math::Gelu, math::GeluGradient, math::Leaky;
using math::LeakyGradient, math::Prelu;

template <typename F>
void apply(const F& f, const Tensor& x, const Tensor& y, double cost) {
  static constexpr LoopTable<UnaryLoop> loops = unary_loops<F>();
  map_unary(loops, &f, x, y, cost);
}

template <typename F>
void apply(const F& f, const Tensor& a, const Tensor& b, const Tensor& y, double cost) {
  static constexpr LoopTable<BinaryLoop> loops = binary_loops<F>();
  map_binary(loops, &f, a, b, y, cost);
}

/// Slopes drawn for every element while training; the mean slope and a mask of zeros else.
void rrelu(const LeakyReluParam& p, KernelContext& context, const Tensor& x, Outputs out) {
  visit_floating(x.dtype, "LeakyReLU", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;
    const T* data = x.as<T>();
    T *y = out[0].as<T>(), *mask = out[1].as<T>();
    const C mean = static_cast<C>((p.lower_bound + p.upper_bound) / 2);
    if (!context.is_train) {
      for (int64_t i = 0; i < x.size(); ++i) {
        const C v = static_cast<C>(data[i]);
        y[i] = static_cast<T>(v > 0 ? v : v * mean);
        mask[i] = static_cast<T>(0.0f);
      }
      return;
    }
    context.random->for_each_stream(
        x.size(), 5.0, [&](RandomStream& stream, int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const float draw = stream.uniform<float>();
            const C slope = static_cast<C>(p.lower_bound + (p.upper_bound - p.lower_bound) * draw);
            const C v = static_cast<C>(data[i]), factor = v > 0 ? C(1) : slope;
            mask[i] = static_cast<T>(factor);
            y[i] = static_cast<T>(v * factor);
          }
        });
  });
}

void leaky_relu(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LeakyReluParam>();
  switch (p.act_type) {
    case LeakyReluKind::kLeaky:
      return apply(Leaky{{}, p.slope}, in[0], out[0], 0.3);
    case LeakyReluKind::kElu:
      return apply(Elu{{}, 1.0, p.slope}, in[0], out[0], 0.8);
    case LeakyReluKind::kSelu:
      return apply(Elu{{}, kSeluScale, kSeluAlpha}, in[0], out[0], 0.8);
    case LeakyReluKind::kGelu:
      return apply(Gelu{}, in[0], out[0], 1.5);
    case LeakyReluKind::kPrelu: {
      Tensor gamma = in[1];
      gamma.shape = prelu_gamma_shape(gamma.shape, in[0].shape);
      return apply(Prelu{}, in[0], gamma, out[0], 0.3);
    }
    case LeakyReluKind::kRrelu:
      return rrelu(p, context, in[0], out);
  }
}

void leaky_relu_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<LeakyReluParam>();
  switch (p.act_type) {
    case LeakyReluKind::kElu:
      return apply(EluGradient{{}, 1.0, p.slope}, in[0], in[1], out[0], 0.8);
    case LeakyReluKind::kSelu:
      return apply(EluGradient{{}, kSeluScale, kSeluAlpha}, in[0], in[1], out[0], 0.8);
    case LeakyReluKind::kGelu:
      return apply(GeluGradient{}, in[0], in[1], out[0], 2.0);
    case LeakyReluKind::kRrelu:
      return apply(LeakyGradient{{}, (p.lower_bound + p.upper_bound) / 2}, in[0], in[1], out[0],
                   0.3);
    default:
      return apply(LeakyGradient{{}, p.slope}, in[0], in[1], out[0], 0.3);
  }
}

const KernelBuilder k1 = KernelBuilder("LeakyReLU", "native").run(leaky_relu);
const KernelBuilder k2 = KernelBuilder("_backward_LeakyReLU", "native").run(leaky_relu_backward);

}  // namespace
}  // namespace mx::cpu
