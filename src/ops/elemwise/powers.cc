// Square, roots and their reciprocals.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder square =
    unary("square", "data * data.").alias("_sparse_square").gradient([](GradContext& g) {
      g.set(0, g.mul_scalar(g.mul(g.d_out(), g.in(0)), 2.0));
    });
const OpBuilder sqrt =
    unary("sqrt", "Square root.").alias("_sparse_sqrt").gradient([](GradContext& g) {
      g.set(0, g.div(g.mul_scalar(g.d_out(), 0.5), g.out(0)));
    });

}  // namespace
}  // namespace mx::elemwise
