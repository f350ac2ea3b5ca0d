// Sum, difference, product and quotient. Memory-bound: one pass, vectorised for every dtype.
#include <cmath>

#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

using math::Add, math::Subtract, math::Multiply, math::Divide, math::Negative;

/// Infinity times zero is NaN.
bool is_finite(const Params& params) { return std::isfinite(params.as<ScalarParam>().scalar); }

const KernelBuilder k1 = flat_kernel("elemwise_add", binary_kernel<Add>);
const KernelBuilder k2 = flat_kernel("_grad_add", binary_kernel<Add>);
const KernelBuilder k3 = flat_kernel("elemwise_sub", binary_kernel<Subtract>);
const KernelBuilder k4 = flat_kernel("elemwise_mul", binary_kernel<Multiply>);
const KernelBuilder k5 = plain_kernel("elemwise_div", binary_kernel<Divide>);
const KernelBuilder k6 = plain_kernel("broadcast_add", binary_kernel<Add>);
const KernelBuilder k7 = plain_kernel("broadcast_sub", binary_kernel<Subtract>);
const KernelBuilder k8 = plain_kernel("broadcast_mul", binary_kernel<Multiply>);
const KernelBuilder k9 = plain_kernel("broadcast_div", binary_kernel<Divide>);
const KernelBuilder k10 = plain_kernel("_plus_scalar", scalar_kernel<Add>);
const KernelBuilder k11 = plain_kernel("_minus_scalar", scalar_kernel<Subtract>);
const KernelBuilder k12 = plain_kernel("_rminus_scalar", scalar_kernel<Subtract, true>);
const KernelBuilder k13 = sometimes_flat_kernel<is_finite>("_mul_scalar", scalar_kernel<Multiply>);
const KernelBuilder k14 = plain_kernel("_div_scalar", scalar_kernel<Divide>);
const KernelBuilder k15 = plain_kernel("_rdiv_scalar", scalar_kernel<Divide, true>);
const KernelBuilder k16 = flat_kernel("negative", unary_kernel<Negative>);

}  // namespace
}  // namespace mx::cpu
