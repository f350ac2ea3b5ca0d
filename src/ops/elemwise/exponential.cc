// Exponentials and logarithms.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder exp =
    unary("exp", "e to the power of data.").alias("_sparse_exp").gradient([](GradContext& g) {
      g.set(0, g.mul(g.d_out(), g.out(0)));
    });
const OpBuilder expm1 =
    unary("expm1", "exp(data) - 1, exact near 0.")
        .keeps_zeros()
        .alias("_sparse_expm1")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.add_scalar(g.out(0), 1.0))); });
const OpBuilder log =
    unary("log", "Natural logarithm.").alias("_sparse_log").gradient([](GradContext& g) {
      g.set(0, g.div(g.d_out(), g.in(0)));
    });
const OpBuilder log10 =
    unary("log10", "Logarithm to base 10.").alias("_sparse_log10").gradient([](GradContext& g) {
      g.set(0, g.mul_scalar(g.div(g.d_out(), g.in(0)), 0.43429448190325182));
    });
const OpBuilder log2 =
    unary("log2", "Logarithm to base 2.").alias("_sparse_log2").gradient([](GradContext& g) {
      g.set(0, g.mul_scalar(g.div(g.d_out(), g.in(0)), 1.4426950408889634));
    });
const OpBuilder log1p =
    unary("log1p", "log(1 + data), exact near 0.")
        .keeps_zeros()
        .alias("_sparse_log1p")
        .gradient([](GradContext& g) { g.set(0, g.div(g.d_out(), g.add_scalar(g.in(0), 1.0))); });

}  // namespace
}  // namespace mx::elemwise
