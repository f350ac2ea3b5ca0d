// Variance and standard deviation.
// lint: no-kernel (a composition of mean, sum and elementwise operators)
#include "ops/reduce/variance.h"

#include <algorithm>

#include "ops/elemwise/promotion.h"
#include "ops/reduce/numpy.h"

namespace mx::reduce {
namespace {

void infer_variance_dtype(DTypeContext& c) {
  const auto& dtype = c.params<VarianceParam>().dtype;
  if (c.in(0) == DType::kBool)
    fail(ErrorKind::kType, c.op_name(), ": a has dtype bool; expected a floating or integer dtype");
  if (dtype) return c.set_out(0, *dtype);
  c.unify_all();
}

/// The variance from differences to the mean, which loses no digits.
Value variance_of(DecomposeContext& c, const Value& data) {
  const auto& p = c.params<VarianceParam>();
  const Shape& in = c.in_shape(0);
  const auto reduced = numpy_axes(p.axis, in.ndim(), "var");
  const Value mean = reduce_as_numpy(c, "mean", data, in, reduced, true);
  const Value squares = c.call("square", {c.call("broadcast_sub", {data, mean})});
  const int64_t divisor = std::max<int64_t>(reduced_count(in, reduced) - p.ddof, 0);
  return c.call("_div_scalar", {reduce_as_numpy(c, "sum", squares, in, reduced, p.keepdims)},
                ScalarParam{static_cast<double>(divisor)});
}

/// Integers are reduced in float32.
Op::Decomposition variance(bool takes_root) {
  return [takes_root](DecomposeContext& c) {
    const DType in = c.in_dtype(0), out = c.params<VarianceParam>().dtype.value_or(in);
    DType work = elemwise::common_dtype_of(in, out);
    if (!is_floating(work)) work = DType::kFloat32;
    Value result = variance_of(c, in == work ? c.in(0) : c.cast(c.in(0), work));
    if (takes_root) result = c.call("sqrt", {result});
    c.set(0, work == out ? result : c.cast(result, out));
  };
}

OpBuilder spread(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<VarianceParam>()
      .input("a", "Array of any shape.")
      .infer_shape(infer_numpy_shape<VarianceParam>)
      .infer_dtype(infer_variance_dtype);
}

const OpBuilder var = spread("_npi_var", "Mean of the squares of differences to the mean.")
                          .decomposition(variance(false));
const OpBuilder std =
    spread("_npi_std", "Root of the mean of the squares of differences to the mean.")
        .decomposition(variance(true));

}  // namespace
}  // namespace mx::reduce
