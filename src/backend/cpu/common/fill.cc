#include "backend/cpu/common/fill.h"

#include <algorithm>
#include <cmath>

namespace mx {
namespace {

/// Through int64, so that what does not fit wraps instead of being undefined.
template <typename T>
T converted(double value) {
  if constexpr (std::is_same_v<T, bool>)
    return value != 0;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(std::isfinite(value) && std::abs(value) < 9.2e18
                              ? static_cast<int64_t>(value)
                              : int64_t{0});
  else
    return static_cast<T>(static_cast<ComputeType<T>>(value));
}

}  // namespace

void fill_value(const Tensor& tensor, double value) {
  visit_dtype(tensor.dtype, "fill", [&]<typename T>(TypeTag<T>) {
    const T element = converted<T>(value);
    parallel_for(tensor.size(), grain_for(0.1), [&](int64_t begin, int64_t end) {
      std::fill(tensor.as<T>() + begin, tensor.as<T>() + end, element);
    });
  });
}

}  // namespace mx
