// Comparisons give 1 and 0 in the dtype of their operands; gradients are zero.
#include "ops/elemwise/promotion.h"

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

const OpBuilder np_equal =
    truth(broadcast("_npi_equal", "Whether lhs equals rhs."), "broadcast_equal");
const OpBuilder np_equal_scalar =
    truth(scalar("_npi_equal_scalar", "Whether data equals scalar."), "_equal_scalar");
const OpBuilder np_not_equal =
    truth(broadcast("_npi_not_equal", "Whether lhs differs from rhs."), "broadcast_not_equal");
const OpBuilder np_not_equal_scalar = truth(
    scalar("_npi_not_equal_scalar", "Whether data differs from scalar."), "_not_equal_scalar");
const OpBuilder np_less =
    truth(broadcast("_npi_less", "Whether lhs is less than rhs."), "broadcast_lesser");
const OpBuilder np_less_scalar =
    truth(scalar("_npi_less_scalar", "Whether data is less than scalar."), "_lesser_scalar");
const OpBuilder np_less_equal =
    truth(broadcast("_npi_less_equal", "Whether lhs is at most rhs."), "broadcast_lesser_equal");
const OpBuilder np_less_equal_scalar = truth(
    scalar("_npi_less_equal_scalar", "Whether data is at most scalar."), "_lesser_equal_scalar");
const OpBuilder np_greater =
    truth(broadcast("_npi_greater", "Whether lhs is more than rhs."), "broadcast_greater");
const OpBuilder np_greater_scalar =
    truth(scalar("_npi_greater_scalar", "Whether data is more than scalar."), "_greater_scalar");
const OpBuilder np_greater_equal = truth(
    broadcast("_npi_greater_equal", "Whether lhs is at least rhs."), "broadcast_greater_equal");
const OpBuilder np_greater_equal_scalar =
    truth(scalar("_npi_greater_equal_scalar", "Whether data is at least scalar."),
          "_greater_equal_scalar");

}  // namespace
}  // namespace mx::elemwise
