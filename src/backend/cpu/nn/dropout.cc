// Dropout: one draw for each element of the mask, in the order of docs/random.md.
#include "ops/nn/dropout.h"

#include <cstring>

#include "backend/common/broadcast_plan.h"
#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx::cpu {
namespace {

template <typename T>
void draw_mask(float p, RandomState& random, int64_t count, T* mask) {
  using Real =
      std::conditional_t<std::is_same_v<T, float> || std::is_same_v<T, bfloat16>, float, double>;
  const float keep = 1.0f - p;
  const T scale = static_cast<T>(keep > 0 ? 1.0f / keep : 0.0f);
  random.for_each_stream(count, 2.0, [&](RandomStream& stream, int64_t begin, int64_t end) {
    constexpr int64_t kBlock = 512;
    Real drawn[kBlock];
    for (int64_t first = begin; first < end; first += kBlock) {
      const int64_t n = std::min(kBlock, end - first);
      stream.uniforms(drawn, n);
      T* to = mask + first;
      for (int64_t i = 0; i < n; ++i)
        to[i] = drawn[i] < static_cast<Real>(keep) ? scale : static_cast<T>(0.0f);
    }
  });
}

/// In float whatever the dtype, as RNN of MXNet 1.9.1 does on the CPU.
template <typename T>
void draw_mask_in_row(float p, RandomState& random, int64_t count, T* mask) {
  const T scale = static_cast<T>(p < 1.0f ? 1.0f / (1.0f - p) : 0.0f);
  random.with_single_stream([&](RandomStream& stream) {
    for (int64_t i = 0; i < count; ++i)
      mask[i] = stream.uniform<float>() < p ? static_cast<T>(0.0f) : scale;
  });
}

/// out = data * mask, the mask being repeated along axes where it has size 1.
template <typename T>
void apply_mask(const Tensor& data, const Tensor& mask, const Tensor& out) {
  using C = ComputeType<T>;
  const BroadcastPlan<2> plan(out.shape, {&data.shape, &mask.shape});
  parallel_for(plan.size(), 16384, [&](int64_t begin, int64_t end) {
    plan.for_each_row(begin, end, [&](int64_t at, const std::array<int64_t, 2>& in, int64_t n) {
      const T *x = data.as<T>() + in[0], *m = mask.as<T>() + in[1];
      T* y = out.as<T>() + at;
      const int64_t dx = plan.inner_step(0), dm = plan.inner_step(1);
      for (int64_t i = 0; i < n; ++i)
        y[i] = static_cast<T>(static_cast<C>(x[i * dx]) * static_cast<C>(m[i * dm]));
    });
  });
}

template <bool kInRow>
void dropout(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DropoutParam>();
  visit_floating(in[0].dtype, "Dropout", [&](auto tag) {
    using T = typename decltype(tag)::type;
    Tensor mask = out[1];
    if (p.drops(context.is_train)) {
      if (!context.wants(1)) mask.data = context.scratch->get_array<T>(mask.size());
      if (kInRow)
        draw_mask_in_row(p.p, *context.random, mask.size(), mask.as<T>());
      else
        draw_mask(p.p, *context.random, mask.size(), mask.as<T>());
      return apply_mask<T>(in[0], mask, out[0]);
    }
    if (in[0].data != out[0].data)
      std::memcpy(out[0].data, in[0].data, static_cast<size_t>(in[0].size()) * sizeof(T));
    if (context.wants(1)) std::fill_n(mask.as<T>(), mask.size(), static_cast<T>(1.0f));
  });
}

const KernelBuilder k1 = KernelBuilder("Dropout", "native").run(dropout<false>);
const KernelBuilder k2 = KernelBuilder("_rnn_dropout", "native").run(dropout<true>);

}  // namespace
}  // namespace mx::cpu
