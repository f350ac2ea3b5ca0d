#include "ops/elemwise/allclose.h"

#include <atomic>
#include <cmath>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Whether a run of elements is close. Infinities are close to themselves alone.
template <typename T>
bool close_run(const T* a, const T* b, int64_t n, const AllcloseParam& p) {
  bool all = true;
  for (int64_t i = 0; i < n; ++i) {
    const auto x = static_cast<double>(static_cast<ComputeType<T>>(a[i]));
    const auto y = static_cast<double>(static_cast<ComputeType<T>>(b[i]));
    const double far = static_cast<double>(p.atol) + static_cast<double>(p.rtol) * std::abs(y);
    const bool finite = y - y == 0;
    all &= x == y || (finite && std::abs(x - y) <= far) || (p.equal_nan && x != x && y != y);
  }
  return all;
}

void allclose(const Params& params, KernelContext&, Inputs in, Outputs out) {
  constexpr int64_t kBlock = 4096;  // after which it looks whether the answer is known
  const auto& p = params.as<AllcloseParam>();
  std::atomic<bool> all{true};
  visit_dtype(in[0].dtype, "_contrib_allclose", [&]<typename T>(TypeTag<T>) {
    parallel_for(in[0].size(), 1 << 14, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end && all; i += kBlock)
        if (!close_run(in[0].as<T>() + i, in[1].as<T>() + i, std::min(kBlock, end - i), p))
          all = false;
    });
  });
  *out[0].as<uint8_t>() = all ? 1 : 0;
}

const KernelBuilder k1 = KernelBuilder("_contrib_allclose", "native").run(allclose);

}  // namespace
}  // namespace mx::cpu
