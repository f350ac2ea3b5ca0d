// Logic on numbers: zero is false. Results are 1 and 0; gradients are zero.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

const OpBuilder logical_and = binary("_logical_and", "1 where both are not zero, else 0.")
                                  .alias("_Logical_And")
                                  .gradient(zero_gradient);
const OpBuilder broadcast_logical_and =
    broadcast("broadcast_logical_and", "1 where both are not zero, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder logical_and_scalar =
    scalar("_logical_and_scalar", "1 where both are not zero of data and scalar, else 0.")
        .alias("_LogicalAndScalar")
        .gradient(zero_gradient);
const OpBuilder logical_or = binary("_logical_or", "1 where either is not zero, else 0.")
                                 .alias("_Logical_Or")
                                 .gradient(zero_gradient);
const OpBuilder broadcast_logical_or =
    broadcast("broadcast_logical_or", "1 where either is not zero, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder logical_or_scalar =
    scalar("_logical_or_scalar", "1 where either is not zero of data and scalar, else 0.")
        .alias("_LogicalOrScalar")
        .gradient(zero_gradient);
const OpBuilder logical_xor = binary("_logical_xor", "1 where exactly one is not zero, else 0.")
                                  .alias("_Logical_Xor")
                                  .gradient(zero_gradient);
const OpBuilder broadcast_logical_xor =
    broadcast("broadcast_logical_xor",
              "1 where exactly one is not zero, else 0, with broadcasting.")
        .gradient(zero_gradient);
const OpBuilder logical_xor_scalar =
    scalar("_logical_xor_scalar", "1 where exactly one is not zero of data and scalar, else 0.")
        .alias("_LogicalXorScalar")
        .gradient(zero_gradient);
const OpBuilder logical_not =
    unary("logical_not", "1 where data is zero, else 0.").gradient(zero_gradient);

const OpBuilder np_logical_not =
    truth(unary("_npi_logical_not", "Whether x is zero.", "x"), "logical_not");

}  // namespace
}  // namespace mx::elemwise
