#include "ops/optimizer/lamb.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

struct LambStep {
  float beta1, beta2, epsilon, wd, rescale_grad, clip_gradient;
  bool bias_correction;
  int64_t t;
};

/// Updates the means and writes the direction in which the weight goes.
template <typename C, typename W, typename G, typename S, typename O>
void lamb_direction(const LambStep& p, int64_t size, const W* weight, const G* grad, S* mean,
                    S* var, O* direction) {
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C beta1 = C(p.beta1), beta2 = C(p.beta2), rest1 = 1 - beta1, rest2 = 1 - beta2;
  const C wd = C(p.wd), epsilon = C(p.epsilon), time = static_cast<C>(p.t);
  const C part1 = p.bias_correction ? 1 - std::pow(beta1, time) : C(1);
  const C part2 = p.bias_correction ? 1 - std::pow(beta2, time) : C(1);
  for_each_element(size, [&](int64_t i) {
    const C g = scaled(static_cast<C>(grad[i]));
    const C m = beta1 * static_cast<C>(mean[i]) + rest1 * g;
    const C v = beta2 * static_cast<C>(var[i]) + rest2 * g * g;
    mean[i] = static_cast<S>(m);
    var[i] = static_cast<S>(v);
    const C scale = std::sqrt(v / part2) + epsilon;
    direction[i] = static_cast<O>(m / part1 / scale + wd * static_cast<C>(weight[i]));
  });
}

/// Learning rate times the ratio of the norms, which is 1 where one of them is 0.
template <typename C>
C lamb_rate(float lr, C weight_norm, C direction_norm, float lower, float upper) {
  if (lower >= 0) weight_norm = std::max(weight_norm, static_cast<C>(lower));
  if (upper >= 0) weight_norm = std::min(weight_norm, static_cast<C>(upper));
  if (weight_norm == 0 || direction_norm == 0) return static_cast<C>(lr);
  return static_cast<C>(lr) * weight_norm / direction_norm;
}

LambStep step_of(const LambPhase1Param& p) {
  return {p.beta1,        p.beta2,         p.epsilon,         p.wd,
          p.rescale_grad, p.clip_gradient, p.bias_correction, p.t};
}

void phase1(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(out[0].dtype, "lamb_update_phase1", [&]<typename T>(TypeTag<T>) {
    lamb_direction<ComputeType<T>>(step_of(params.as<LambPhase1Param>()), out[0].size(),
                                   in[0].as<T>(), in[1].as<T>(), in[2].as<T>(), in[3].as<T>(),
                                   out[0].as<T>());
  });
}

void mixed_phase1(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(in[1].dtype, "mp_lamb_update_phase1", [&]<typename T>(TypeTag<T>) {
    lamb_direction<float>(step_of(params.as<LambPhase1Param>()), out[0].size(), in[4].as<float>(),
                          in[1].as<T>(), in[2].as<float>(), in[3].as<float>(), out[0].as<float>());
  });
}

template <bool mixed>
void phase2(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<LambPhase2Param>();
  visit_weight(in[0], in[1], mixed ? &in[4] : nullptr, out[0], "lamb_update_phase2",
               [&]<typename S>(const auto& weight, const auto*, TypeTag<S>) {
                 using C = ComputeType<S>;
                 const C rate =
                     lamb_rate<C>(p.lr, static_cast<C>(in[2].as<S>()[0]),
                                  static_cast<C>(in[3].as<S>()[0]), p.lower_bound, p.upper_bound);
                 const S* direction = in[1].as<S>();
                 for_each_element(out[0].size(), [&](int64_t i) {
                   weight.set(i, weight.get(i) - rate * static_cast<C>(direction[i]));
                 });
               });
}

template <typename T>
double norm_of(const T* values, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    const double value = static_cast<double>(static_cast<ComputeType<T>>(values[i]));
    sum += value * value;
  }
  return std::sqrt(sum);
}

template <bool mixed>
void multi_lamb(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<MultiLambParam>();
  constexpr size_t group = mixed ? 5 : 4;
  for (size_t o = 0; o < out.size(); ++o) {
    const Inputs g = in.subspan(o * group, group);
    const int64_t size = out[o].size();
    const LambStep step{
        p.beta1,        p.beta2,         p.epsilon,         static_cast<float>(p.wds[o]),
        p.rescale_grad, p.clip_gradient, p.bias_correction, p.step_count[static_cast<int>(o)]};
    visit_weight(
        g[0], g[1], mixed ? &g[4] : nullptr, out[o], "_multi_lamb_update",
        [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
          using C = ComputeType<S>;
          C* direction = context.scratch->get_array<C>(std::max<int64_t>(size, 1));
          lamb_direction<C>(step, size, weight.from, grad, g[2].as<S>(), g[3].as<S>(), direction);
          const C rate = lamb_rate(
              static_cast<float>(p.learning_rates[o]), static_cast<C>(norm_of(weight.from, size)),
              static_cast<C>(norm_of(direction, size)), p.lower_bound, p.upper_bound);
          for_each_element(size,
                           [&](int64_t i) { weight.set(i, weight.get(i) - rate * direction[i]); });
        });
  }
}

const KernelBuilder k1 = KernelBuilder("lamb_update_phase1", "native").run(phase1);
const KernelBuilder k2 = KernelBuilder("mp_lamb_update_phase1", "native").run(mixed_phase1);
const KernelBuilder k3 = KernelBuilder("lamb_update_phase2", "native").run(phase2<false>);
const KernelBuilder k4 = KernelBuilder("mp_lamb_update_phase2", "native").run(phase2<true>);
const KernelBuilder k5 = KernelBuilder("_multi_lamb_update", "native").run(multi_lamb<false>);
const KernelBuilder k6 = KernelBuilder("_multi_mp_lamb_update", "native").run(multi_lamb<true>);

}  // namespace
}  // namespace mx
