// lint: no-kernel (a choice between data and constants, which is fused)
#include "ops/elemwise/nan_to_num.h"

#include <limits>

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

double largest_number(DType dtype) {
  switch (dtype) {
    case DType::kFloat16:
      return 65504;
    case DType::kBfloat16:
      return 0x1.fep127;
    case DType::kFloat32:
      return std::numeric_limits<float>::max();
    default:
      return std::numeric_limits<double>::max();
  }
}

void decompose(DecomposeContext& c) {
  const auto& p = c.params<NanToNumParam>();
  const Value& data = c.in(0);
  if (!is_floating(c.in_dtype(0))) return c.set(0, c.call("_copy", {data}));
  const double largest = largest_number(c.in_dtype(0));
  const Value zeros = c.zeros_like(data);
  const auto replace = [&](const char* test, const Value& from, double number) {
    return c.call("where", {c.call(test, {data}), c.add_scalar(zeros, number), from});
  };
  Value result = replace("_npi_isnan", data, p.nan);
  result = replace("_npi_isposinf", result, p.posinf.value_or(largest));
  c.set(0, replace("_npi_isneginf", result, p.neginf.value_or(-largest)));
}

const OpBuilder nan_to_num =
    OpBuilder("_npi_nan_to_num")
        .doc("data with numbers in place of NaN and the infinities; integers as they are.")
        .params<NanToNumParam>()
        .input("data", "Array of any shape.")
        .decomposition(decompose);

}  // namespace
}  // namespace mx::elemwise
