// Exponentials and logarithms.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = plain_kernel("exp", unary_kernel<math::Exp, 6>);
const KernelBuilder k2 = flat_kernel("expm1", unary_kernel<math::Expm1, 60>);
const KernelBuilder k3 = plain_kernel("log", unary_kernel<math::Log, 8>);
const KernelBuilder k4 = plain_kernel("log10", unary_kernel<math::Log10, 60>);
const KernelBuilder k5 = plain_kernel("log2", unary_kernel<math::Log2, 60>);
const KernelBuilder k6 = flat_kernel("log1p", unary_kernel<math::Log1p, 60>);

}  // namespace
}  // namespace mx::cpu
