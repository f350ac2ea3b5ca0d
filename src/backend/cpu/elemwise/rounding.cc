#include "ops/elemwise/rounding.h"

#include <cmath>
#include <cstdlib>

#include "backend/common/elemwise/rounding.h"
#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

void around(const Params& params, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<UnaryLoop> loops = unary_loops<math::Around>();
  const int decimals = params.as<AroundParam>().decimals;
  const math::Around f{{}, std::pow(10.0, std::abs(decimals)), decimals >= 0};
  map_unary(loops, &f, in[0], out[0], 1.0);
}

const RowKernels kernels(math::kRounding);
const KernelBuilder k1 = flat_kernel("_npi_around", around);

}  // namespace
}  // namespace mx::cpu
