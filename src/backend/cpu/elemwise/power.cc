// Powers and hypotenuses.
#include <limits>

#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

using math::RealFunction;

/// pow(x, 1/2) is a root but for two values: it is 0 at -0 and infinity at -infinity.
struct HalfPower : RealFunction {
  template <typename T>
  T operator()(T x) const {
    const T infinity = std::numeric_limits<T>::infinity();
    return x == -infinity ? infinity : std::sqrt(x + T(0));
  }
};

struct NegativeHalfPower : RealFunction {
  template <typename T>
  T operator()(T x) const {
    return T(1) / HalfPower{}(x);
  }
};

struct Cube : RealFunction {
  template <typename T>
  T operator()(T x) const {
    return x * x * x;
  }
};

/// A kernel of plain arithmetic for x^exponent, as exact as pow or more so; nullptr: there is none.
KernelFn arithmetic_power(double exponent) {
  if (exponent == 2) return unary_kernel<math::Square>;
  if (exponent == 3) return unary_kernel<Cube>;
  if (exponent == -1) return unary_kernel<math::Reciprocal>;
  if (exponent == 0.5) return unary_kernel<HalfPower, 5>;
  if (exponent == -0.5) return unary_kernel<NegativeHalfPower, 8>;
  return nullptr;
}

void power_scalar(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const DType dtype = out[0].dtype;
  KernelFn simple = nullptr;
  if (in[0].dtype == dtype && is_floating(dtype))
    simple = arithmetic_power(params.as<ScalarParam>().scalar);
  (simple ? simple : scalar_kernel<math::Power, false, 200>)(params, context, in, out);
}

const KernelBuilder k1 = plain_kernel("_power", binary_kernel<math::Power, 200>);
const KernelBuilder k2 = plain_kernel("broadcast_power", binary_kernel<math::Power, 200>);
const KernelBuilder k3 = plain_kernel("_power_scalar", power_scalar);
const KernelBuilder k4 = plain_kernel("_rpower_scalar", scalar_kernel<math::Power, true, 200>);
const KernelBuilder k5 = flat_kernel("_hypot", binary_kernel<math::Hypot, 50>);
const KernelBuilder k6 = plain_kernel("broadcast_hypot", binary_kernel<math::Hypot, 50>);
const KernelBuilder k7 = plain_kernel("_hypot_scalar", scalar_kernel<math::Hypot, false, 50>);

}  // namespace
}  // namespace mx::cpu
