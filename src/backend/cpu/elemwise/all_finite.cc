// Looks for infinities and NaN: a finite number times zero is zero, so the sum of all such products
// tells. One pass.
#include "ops/elemwise/all_finite.h"

#include <atomic>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

template <typename T>
bool is_finite_run(const T* x, int64_t n) {
  using C = ComputeType<T>;
  constexpr int kLanes = 16;
  C lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) lanes[j] += static_cast<C>(x[i + j]) * C(0);
  for (; i < n; ++i) lanes[0] += static_cast<C>(x[i]) * C(0);
  for (const C lane : lanes)
    if (lane != C(0)) return false;
  return true;
}

bool is_finite(const Tensor& tensor) {
  if (!is_floating(tensor.dtype)) return true;
  std::atomic<bool> finite{true};
  visit_floating(tensor.dtype, "all_finite", [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_for(tensor.size(), 1 << 15, [&](int64_t begin, int64_t end) {
      if (!is_finite_run(tensor.as<T>() + begin, end - begin)) finite = false;
    });
  });
  return finite;
}

template <typename P>
void all_finite(const Params& params, KernelContext&, Inputs in, Outputs out) {
  float& result = *out[0].as<float>();
  bool finite = params.as<P>().init_output || result != 0;
  for (const Tensor& input : in) finite = finite && is_finite(input);
  result = finite ? 1.0f : 0.0f;
}

const KernelBuilder k1 = KernelBuilder("all_finite", "native").run(all_finite<AllFiniteParam>);
const KernelBuilder k2 =
    KernelBuilder("multi_all_finite", "native").run(all_finite<MultiAllFiniteParam>);

}  // namespace
}  // namespace mx::cpu
