// Rounding to integers. The results are flat, so that gradients are zero.
#include "ops/elemwise/rounding.h"

#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

const OpBuilder round = unary("round", "The nearest integer; halves away from zero.")
                            .trait("method", "round")
                            .keeps_zeros()
                            .alias("_sparse_round")
                            .gradient(zero_gradient);
const OpBuilder rint = unary("rint", "The nearest integer; halves downwards.")
                           .trait("method", "rint")
                           .keeps_zeros()
                           .alias("_sparse_rint")
                           .gradient(zero_gradient);
const OpBuilder ceil = unary("ceil", "The least integer that is not less.")
                           .trait("method", "ceil")
                           .keeps_zeros()
                           .alias("_sparse_ceil")
                           .gradient(zero_gradient);
const OpBuilder floor = unary("floor", "The greatest integer that is not more.")
                            .trait("method", "floor")
                            .keeps_zeros()
                            .alias("_sparse_floor")
                            .gradient(zero_gradient);
const OpBuilder trunc = unary("trunc", "The integer next to it towards zero.")
                            .trait("method", "trunc")
                            .keeps_zeros()
                            .alias("_sparse_trunc")
                            .gradient(zero_gradient);
const OpBuilder fix = unary("fix", "The integer next to it towards zero.")
                          .trait("method", "fix")
                          .keeps_zeros()
                          .alias("_sparse_fix")
                          .gradient(zero_gradient);

const OpBuilder round_ste =
    unary("_contrib_round_ste", "round, which gradients pass as if it changed nothing.")
        .keeps_zeros()
        .alias("_sparse__contrib_round_ste")
        .gradient([](GradContext& g) { g.set(0, g.d_out()); });

const OpBuilder around =
    unary("_npi_around", "x rounded to a number of decimals; halves to even digits.", "x")
        .params<AroundParam>()
        .keeps_zeros()
        .gradient(zero_gradient);

const OpBuilder numpy_names[] = {
    numpy("_npi_rint", "rint"),   numpy("_npi_ceil", "ceil"), numpy("_npi_floor", "floor"),
    numpy("_npi_trunc", "trunc"), numpy("_npi_fix", "fix"),
};

}  // namespace
}  // namespace mx::elemwise
