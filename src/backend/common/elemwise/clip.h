#pragma once
// Cutting off what lies outside of a range.
#include "backend/common/elemwise/function.h"

namespace mx::math {

/// Keeps NaN. `low` and `high` are those of the dtype that is computed in.
struct Clip : IntegerFunction {
  double low, high;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    const T floor = static_cast<T>(low), ceiling = static_cast<T>(high);
    return x > ceiling ? ceiling : (x < floor ? floor : x);
  }
};

/// From the gradient of the output and the input.
struct ClipGradient : IntegerFunction {
  double low, high;
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T x) const {
    return x > static_cast<T>(high) || x < static_cast<T>(low) ? T(0) : d;
  }
};

}  // namespace mx::math
