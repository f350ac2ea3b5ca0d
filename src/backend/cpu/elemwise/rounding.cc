// Rounding to integers. The results are flat, so that gradients are zero.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("round", unary_kernel<math::Round, 10>);
const KernelBuilder k2 = flat_kernel("rint", unary_kernel<math::Rint, 5>);
const KernelBuilder k3 = flat_kernel("ceil", unary_kernel<math::Ceil>);
const KernelBuilder k4 = flat_kernel("floor", unary_kernel<math::Floor>);
const KernelBuilder k5 = flat_kernel("trunc", unary_kernel<math::Trunc>);
const KernelBuilder k6 = flat_kernel("fix", unary_kernel<math::Trunc>);

}  // namespace
}  // namespace mx::cpu
