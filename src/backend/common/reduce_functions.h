#pragma once
#include <limits>
#include <type_traits>

#include "base/float16.h"

namespace mx::math {

// Reductions: where they start, how an element is taken in, and how two partial results are put
// together.

struct SumOf {
  template <typename T>
  MX_HOST_DEVICE static T start() {
    return T(0);
  }
  template <typename T>
  MX_HOST_DEVICE static T step(T total, T x) {
    return total + x;
  }
  template <typename T>
  MX_HOST_DEVICE static T merge(T a, T b) {
    return a + b;
  }
};

}  // namespace mx::math
