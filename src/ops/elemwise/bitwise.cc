// Functions of integers and truth values alone.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// One dtype for everything, which is no floating one.
void bits_dtype(DTypeContext& c) {
  c.unify_all();
  for (size_t i = 0; i < c.num_in(); ++i)
    if (is_floating(c.in(i)))
      fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(i), " has dtype ", dtype_name(c.in(i)),
           "; expected an integer dtype or bool");
}

OpBuilder of_bits(OpBuilder op) { return op.infer_dtype(bits_dtype).gradient(zero_gradient); }

const OpBuilder bitwise_and = of_bits(broadcast("_npi_bitwise_and", "Bits that both have."));
const OpBuilder bitwise_or = of_bits(broadcast("_npi_bitwise_or", "Bits that either has."));
const OpBuilder bitwise_xor =
    of_bits(broadcast("_npi_bitwise_xor", "Bits that exactly one of them has."));
const OpBuilder bitwise_not = of_bits(unary("_npi_bitwise_not", "Bits that x has not.", "x"));
const OpBuilder lcm =
    of_bits(broadcast("_npi_lcm", "The least common multiple; 0 where either is 0."));
const OpBuilder bitwise_and_scalar =
    of_bits(scalar("_npi_bitwise_and_scalar", "Bits that both data and scalar have."));
const OpBuilder bitwise_or_scalar =
    of_bits(scalar("_npi_bitwise_or_scalar", "Bits that data or scalar has."));
const OpBuilder bitwise_xor_scalar =
    of_bits(scalar("_npi_bitwise_xor_scalar", "Bits that exactly one of data and scalar has."));
const OpBuilder lcm_scalar =
    of_bits(scalar("_npi_lcm_scalar", "The least common multiple of data and scalar."));

}  // namespace
}  // namespace mx::elemwise
