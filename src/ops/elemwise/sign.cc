// Sign and absolute value.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder sign = unary("sign", "-1, 0 or 1; 0 for NaN.")
                           .keeps_zeros()
                           .alias("_sparse_sign")
                           .gradient(zero_gradient);
const OpBuilder abs =
    unary("abs", "Absolute value.").keeps_zeros().alias("_sparse_abs").gradient([](GradContext& g) {
      g.set(0, g.mul(g.d_out(), g.call("sign", {g.in(0)})));
    });

}  // namespace
}  // namespace mx::elemwise
