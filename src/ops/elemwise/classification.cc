// Which numbers are finite, infinite or none at all: truth values.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

OpBuilder test(const char* name, const char* doc) {
  return unary(name, doc, "x").infer_dtype(truth_dtype).gradient(zero_gradient);
}

const OpBuilder isnan = test("_npi_isnan", "Whether x is not a number.");
const OpBuilder isinf = test("_npi_isinf", "Whether x is infinite.");
const OpBuilder isfinite = test("_npi_isfinite", "Whether x is neither infinite nor NaN.");
const OpBuilder isposinf = test("_npi_isposinf", "Whether x is positive infinity.");
const OpBuilder isneginf = test("_npi_isneginf", "Whether x is negative infinity.");

}  // namespace
}  // namespace mx::elemwise
