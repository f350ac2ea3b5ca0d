// Exponential and logarithm.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = plain_kernel("exp", unary_kernel<math::Exp, 6>);
const KernelBuilder k2 = plain_kernel("log", unary_kernel<math::Log, 8>);

}  // namespace
}  // namespace mx::cpu
