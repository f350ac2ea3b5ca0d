// Percentiles along axes: of rows, by a kernel, once the axes are moved to the end.
#include "ops/reduce/percentile.h"

#include "ops/matrix/transpose.h"
#include "ops/reduce/numpy.h"

namespace mx::reduce {
namespace {

constexpr const char* kNoGradient = "percentiles have no gradient here, and zeros in 1.9.1";

bool has_q(const std::optional<double>& q_scalar, size_t input) { return input == 0 || !q_scalar; }

void infer_percentile_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i)
    if (c.in(i) == DType::kBool)
      fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(i),
           " has dtype bool; expected a floating or integer dtype");
  if (c.in(0) == DType::kUnknown) return;
  c.set_out(0, c.in(0) == DType::kFloat64 ? DType::kFloat64 : DType::kFloat32);
}

void infer_percentile_shape(ShapeContext& c) {
  const auto& p = c.params<PercentileParam>();
  const Shape& a = c.in(0);
  if (c.num_in() > 1 && c.in(1).ndim() > 1) c.fail_in(1, "has several axes; expected one at most");
  if (!a.has_rank() || (c.num_in() > 1 && !c.in(1).has_rank())) return;
  const auto reduced = numpy_axes(p.axis, a.ndim(), c.op_name());
  for (int i = 0; i < a.ndim(); ++i)
    if (reduced[static_cast<size_t>(i)] && a[i] == 0)
      c.fail_in(0, "has no elements to choose from; expected a size above 0 on axis ", i);
  Shape out = c.num_in() > 1 ? c.in(1) : Shape({});
  for (int64_t size : numpy_reduced_shape(a, reduced, p.keepdims)) out.push_back(size);
  c.set_out(0, out);
}

void decompose_percentile(DecomposeContext& c) {
  const auto& p = c.params<PercentileParam>();
  const Shape& a = c.in_shape(0);
  const auto reduced = numpy_axes(p.axis, a.ndim(), "percentile");
  TransposeParam order;
  for (bool wanted : {false, true})
    for (int i = 0; i < a.ndim(); ++i)
      if (reduced[static_cast<size_t>(i)] == wanted) order.axes.push_back(i);
  const Value moved = a.ndim() > 1 ? c.call("transpose", {c.in(0)}, order) : c.in(0);
  const int64_t count = reduced_count(a, reduced);
  const Shape kept = numpy_reduced_shape(a, reduced, false);
  std::vector<Value> in{in_shape_of(c, moved, {kept.size(), count})};
  if (!p.q_scalar) in.push_back(c.in(1));
  const Value found =
      c.call("_row_percentiles", in, RowPercentilesParam{p.interpolation, p.q_scalar});
  Shape out = p.q_scalar ? Shape({}) : c.in_shape(1);
  for (int64_t size : numpy_reduced_shape(a, reduced, p.keepdims)) out.push_back(size);
  c.set(0, in_shape_of(c, found, out));
}

const OpBuilder percentile =
    OpBuilder("_npi_percentile")
        .doc(
            "The number below which a percentage q of the elements along axes lies. The axis of q, "
            "if it has one, comes first. float64 of float64, else float32.")
        .params<PercentileParam>()
        .input("a", "Array of any shape.")
        .input("q", "Numbers from 0 to 100; without q_scalar.")
        .input_used([](const Params& params, size_t input) {
          return has_q(params.as<PercentileParam>().q_scalar, input);
        })
        .infer_shape(infer_percentile_shape)
        .infer_dtype(infer_percentile_dtype)
        .decomposition(decompose_percentile)
        .not_differentiable(kNoGradient);

void infer_rows_shape(ShapeContext& c) {
  if (!c.in(0).has_rank() || (c.num_in() > 1 && !c.in(1).is_known())) return;
  c.set_out(0, {c.num_in() > 1 ? c.in(1).size() : 1, c.in(0)[0]});
}

const OpBuilder row_percentiles =
    OpBuilder("_row_percentiles")
        .doc("Percentiles of each row: one row of results for each percentage.")
        .params<RowPercentilesParam>()
        .input("data", "(rows, elements)")
        .input("q", "Numbers from 0 to 100; without q_scalar.")
        .input_used([](const Params& params, size_t input) {
          return has_q(params.as<RowPercentilesParam>().q_scalar, input);
        })
        .infer_shape(infer_rows_shape)
        .infer_dtype(infer_percentile_dtype)
        .not_differentiable(kNoGradient);

}  // namespace
}  // namespace mx::reduce
