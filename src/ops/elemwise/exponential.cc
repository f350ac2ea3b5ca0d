// Exponential and logarithm.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder exp =
    unary("exp", "e to the power of data.").alias("_sparse_exp").gradient([](GradContext& g) {
      g.set(0, g.mul(g.d_out(), g.out(0)));
    });
const OpBuilder log =
    unary("log", "Natural logarithm.").alias("_sparse_log").gradient([](GradContext& g) {
      g.set(0, g.div(g.d_out(), g.in(0)));
    });

}  // namespace
}  // namespace mx::elemwise
