// Comparisons give 1 and 0 in the dtype of their operands; gradients are zero.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder equal =
    binary("_equal", "1 where lhs equals rhs, else 0.").alias("_Equal").gradient(zero_gradient);
const OpBuilder broadcast_equal =
    broadcast("broadcast_equal", "1 where lhs equals rhs, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder equal_scalar = scalar("_equal_scalar", "1 where data equals scalar, else 0.")
                                   .keeps_zeros(scalar_is([](double s) { return s != 0; }))
                                   .alias("_EqualScalar")
                                   .gradient(zero_gradient);
const OpBuilder not_equal = binary("_not_equal", "1 where lhs differs from rhs, else 0.")
                                .alias("_Not_Equal")
                                .gradient(zero_gradient);
const OpBuilder broadcast_not_equal =
    broadcast("broadcast_not_equal", "1 where lhs differs from rhs, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder not_equal_scalar =
    scalar("_not_equal_scalar", "1 where data differs from scalar, else 0.")
        .keeps_zeros(scalar_is([](double s) { return s == 0; }))
        .alias("_NotEqualScalar")
        .gradient(zero_gradient);
const OpBuilder lesser = binary("_lesser", "1 where lhs is less than rhs, else 0.")
                             .alias("_Lesser")
                             .gradient(zero_gradient);
const OpBuilder broadcast_lesser =
    broadcast("broadcast_lesser", "1 where lhs is less than rhs, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder lesser_scalar =
    scalar("_lesser_scalar", "1 where data is less than scalar, else 0.")
        .keeps_zeros(scalar_is([](double s) { return s <= 0; }))
        .alias("_LesserScalar")
        .gradient(zero_gradient);
const OpBuilder lesser_equal = binary("_lesser_equal", "1 where lhs is at most rhs, else 0.")
                                   .alias("_Lesser_Equal")
                                   .gradient(zero_gradient);
const OpBuilder broadcast_lesser_equal =
    broadcast("broadcast_lesser_equal", "1 where lhs is at most rhs, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder lesser_equal_scalar =
    scalar("_lesser_equal_scalar", "1 where data is at most scalar, else 0.")
        .keeps_zeros(scalar_is([](double s) { return s < 0; }))
        .alias("_LesserEqualScalar")
        .gradient(zero_gradient);
const OpBuilder greater = binary("_greater", "1 where lhs is greater than rhs, else 0.")
                              .alias("_Greater")
                              .gradient(zero_gradient);
const OpBuilder broadcast_greater =
    broadcast("broadcast_greater", "1 where lhs is greater than rhs, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder greater_scalar =
    scalar("_greater_scalar", "1 where data is greater than scalar, else 0.")
        .keeps_zeros(scalar_is([](double s) { return s >= 0; }))
        .alias("_GreaterScalar")
        .gradient(zero_gradient);
const OpBuilder greater_equal = binary("_greater_equal", "1 where lhs is at least rhs, else 0.")
                                    .alias("_Greater_Equal")
                                    .gradient(zero_gradient);
const OpBuilder broadcast_greater_equal =
    broadcast("broadcast_greater_equal", "1 where lhs is at least rhs, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder greater_equal_scalar =
    scalar("_greater_equal_scalar", "1 where data is at least scalar, else 0.")
        .keeps_zeros(scalar_is([](double s) { return s > 0; }))
        .alias("_GreaterEqualScalar")
        .gradient(zero_gradient);

}  // namespace
}  // namespace mx::elemwise
