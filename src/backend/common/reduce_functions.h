#pragma once
// Reductions: where they start, how an element is taken in, and how two partial results are put
// together. CPU loops and CUDA kernels are templates over them.
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/float16.h"

namespace mx::math {

template <typename T>
MX_HOST_DEVICE bool is_nan(T x) {
  return x != x;
}

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

struct NanSumOf : SumOf {
  template <typename T>
  MX_HOST_DEVICE static T step(T total, T x) {
    return total + (is_nan(x) ? T(0) : x);
  }
};

struct AbsoluteSumOf : SumOf {
  template <typename T>
  MX_HOST_DEVICE static T step(T total, T x) {
    return total + (x < T(0) ? -x : x);
  }
};

struct SquareSumOf : SumOf {
  template <typename T>
  MX_HOST_DEVICE static T step(T total, T x) {
    return total + x * x;
  }
};

struct ProductOf {
  template <typename T>
  MX_HOST_DEVICE static T start() {
    return T(1);
  }
  template <typename T>
  MX_HOST_DEVICE static T step(T total, T x) {
    return total * x;
  }
  template <typename T>
  MX_HOST_DEVICE static T merge(T a, T b) {
    return a * b;
  }
};

struct NanProductOf : ProductOf {
  template <typename T>
  MX_HOST_DEVICE static T step(T total, T x) {
    return total * (is_nan(x) ? T(1) : x);
  }
};

/// NaN when any element is.
struct MaximumOf {
  template <typename T>
  MX_HOST_DEVICE static T start() {
    if constexpr (std::is_integral_v<T>)
      return std::numeric_limits<T>::lowest();
    else
      return -std::numeric_limits<T>::infinity();
  }
  template <typename T>
  MX_HOST_DEVICE static T step(T top, T x) {
    return x > top || is_nan(x) ? x : top;
  }
  template <typename T>
  MX_HOST_DEVICE static T merge(T a, T b) {
    return step(a, b);
  }
};

/// NaN when any element is.
struct MinimumOf {
  template <typename T>
  MX_HOST_DEVICE static T start() {
    if constexpr (std::is_integral_v<T>)
      return std::numeric_limits<T>::max();
    else
      return std::numeric_limits<T>::infinity();
  }
  template <typename T>
  MX_HOST_DEVICE static T step(T bottom, T x) {
    return x < bottom || is_nan(x) ? x : bottom;
  }
  template <typename T>
  MX_HOST_DEVICE static T merge(T a, T b) {
    return step(a, b);
  }
};

}  // namespace mx::math
