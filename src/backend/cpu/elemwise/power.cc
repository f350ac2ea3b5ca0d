// Powers and hypotenuses.
#include "backend/common/elemwise/power.h"

#include <limits>

#include "backend/common/elemwise/roots.h"
#include "backend/cpu/elemwise/rows.h"

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

MX_REAL_FUNCTION(NegativeHalfPower, T(1) / HalfPower{}(x))
MX_REAL_FUNCTION(Cube, (x * x) * x)

/// Plain arithmetic for x^exponent, as exact as pow or more so.
struct ArithmeticPower {
  double exponent;
  KernelFn kernel;
};
constexpr ArithmeticPower arithmetic_powers[] = {
    {2, unary_kernel<math::Square>},
    {3, unary_kernel<Cube>},
    {-1, unary_kernel<math::Reciprocal>},
    {0.5, unary_kernel<HalfPower, 5>},
    {-0.5, unary_kernel<NegativeHalfPower, 8>},
};

KernelFn arithmetic_power(double exponent) {
  for (const ArithmeticPower& power : arithmetic_powers)
    if (power.exponent == exponent) return power.kernel;
  return nullptr;
}

void power_scalar(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  arithmetic_power(params.as<ScalarParam>().scalar)(params, context, in, out);
}

const char* refuse(const KernelQuery& query) {
  if (query.in[0].dtype != query.out[0].dtype || !is_floating(query.out[0].dtype))
    return "works on floating arrays";
  return arithmetic_power(query.params.as<ScalarParam>().scalar) ? nullptr
                                                                 : "the exponent needs pow";
}

const RowKernels kernels(math::kPower);
const KernelBuilder arithmetic = KernelBuilder("_power_scalar", "arithmetic")
                                     .run(power_scalar)
                                     .priority(kTunedPriority)
                                     .refuse(refuse);

}  // namespace
}  // namespace mx::cpu
