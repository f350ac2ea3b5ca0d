// lint: no-kernel (they are those of the reductions that sums, products and extrema are made of)
#include "ops/reduce/numpy.h"

#include "ops/elemwise/promotion.h"
#include "ops/reduce/common.h"

namespace mx::reduce {

std::vector<bool> numpy_axes(const std::optional<Shape>& axis, int ndim, std::string_view op) {
  const auto count = static_cast<size_t>(ndim);
  if (axis && axis->ndim() == 0) return std::vector<bool>(count, false);
  return reduced_axes(axis, false, ndim, op);
}

Shape numpy_reduced_shape(const Shape& in, const std::vector<bool>& reduced, bool keepdims) {
  Shape out({});
  for (int i = 0; i < in.ndim(); ++i)
    if (!reduced[static_cast<size_t>(i)])
      out.push_back(in[i]);
    else if (keepdims)
      out.push_back(1);
  return out;
}

int64_t reduced_count(const Shape& in, const std::vector<bool>& reduced) {
  int64_t count = 1;
  for (int i = 0; i < in.ndim(); ++i)
    if (reduced[static_cast<size_t>(i)]) count *= in[i];
  return count;
}

Value in_shape_of(GraphBuilder& b, const Value& value, const Shape& shape) {
  return b.call("_backward_reshape", {value}, ShapeParam{shape});
}

Value reduce_as_numpy(GraphBuilder& b, const char* op, const Value& value, const Shape& in,
                      const std::vector<bool>& reduced, bool keepdims) {
  Shape axes({});
  for (int i = 0; i < in.ndim(); ++i)
    if (reduced[static_cast<size_t>(i)]) axes.push_back(i);
  if (axes.ndim() == 0) return b.call("_copy", {value});
  const Value result = b.call(op, {value}, ReduceParam{axes, keepdims});
  const bool is_number = axes.ndim() == in.ndim() && !keepdims;
  return is_number ? in_shape_of(b, result, Shape({})) : result;
}

namespace {

template <typename P>
Value reduce_value(DecomposeContext& c, const char* op, const Value& value) {
  const auto& p = c.params<P>();
  const Shape& in = c.in_shape(0);
  return reduce_as_numpy(c, op, value, in, numpy_axes(p.axis, in.ndim(), op), p.keepdims);
}

Value as_dtype(GraphBuilder& b, const Value& value, DType from, DType to) {
  return from == to ? value : b.cast(value, to);
}

/// The dtype of sums and products: int64 of bools.
DType sum_dtype(const NumpyReduceParam& p, DType in) {
  return p.dtype.value_or(in == DType::kBool ? DType::kInt64 : in);
}
/// The dtype of means: float32 of integers and bools.
DType mean_dtype(const NumpyReduceParam& p, DType in) {
  return p.dtype.value_or(is_floating(in) ? in : DType::kFloat32);
}

template <DType (*result)(const NumpyReduceParam&, DType)>
void infer_reduce_dtype(DTypeContext& c) {
  const auto& p = c.params<NumpyReduceParam>();
  if (c.in(0) != DType::kUnknown) return c.set_out(0, result(p, c.in(0)));
  if (p.dtype) return c.set_out(0, *p.dtype);
  if (is_floating(c.out(0))) c.set_in(0, c.out(0));
}

/// Reduces in the wider one of both dtypes, which is a floating one for means.
template <DType (*result)(const NumpyReduceParam&, DType), bool is_mean>
Op::Decomposition reduce_in_wider_dtype(const char* op) {
  return [op](DecomposeContext& c) {
    const DType in = c.in_dtype(0), out = result(c.params<NumpyReduceParam>(), in);
    DType work = elemwise::common_dtype_of(in, out);
    if (work == DType::kBool) work = DType::kInt64;
    if (is_mean && !is_floating(work)) work = DType::kFloat32;
    const Value data = as_dtype(c, c.in(0), in, work);
    c.set(0, as_dtype(c, reduce_value<NumpyReduceParam>(c, op, data), work, out));
  };
}

OpBuilder numpy_sum(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<NumpyReduceParam>()
      .input("a", "Array of any shape.")
      .infer_shape(infer_numpy_shape<NumpyReduceParam>);
}

const OpBuilder sum = numpy_sum("_np_sum", "Sum along axes.")
                          .infer_dtype(infer_reduce_dtype<sum_dtype>)
                          .decomposition(reduce_in_wider_dtype<sum_dtype, false>("sum"));
const OpBuilder prod = numpy_sum("_np_prod", "Product along axes.")
                           .alias("_np_product")
                           .infer_dtype(infer_reduce_dtype<sum_dtype>)
                           .decomposition(reduce_in_wider_dtype<sum_dtype, false>("prod"));
const OpBuilder mean = numpy_sum("_npi_mean", "Mean along axes.")
                           .infer_dtype(infer_reduce_dtype<mean_dtype>)
                           .decomposition(reduce_in_wider_dtype<mean_dtype, true>("mean"));

void infer_extremum_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& axis = c.params<NumpyExtremumParam>().axis;
  require_choice(c, numpy_axes(axis, c.in(0).ndim(), c.op_name()));
  infer_numpy_shape<NumpyExtremumParam>(c);
}

OpBuilder numpy_extremum(const char* name, const char* alias, const char* op, const char* doc) {
  return OpBuilder(name)
      .alias(alias)
      .doc(doc)
      .params<NumpyExtremumParam>()
      .input("a", "Array of any shape.")
      .infer_shape(infer_extremum_shape)
      .decomposition([op](DecomposeContext& c) {
        const DType in = c.in_dtype(0), work = in == DType::kBool ? DType::kInt8 : in;
        const Value data = as_dtype(c, c.in(0), in, work);
        c.set(0, as_dtype(c, reduce_value<NumpyExtremumParam>(c, op, data), work, in));
      });
}

const OpBuilder max = numpy_extremum("_np_max", "_np_amax", "max",
                                     "Largest element along axes; NaN if there is one.");
const OpBuilder min = numpy_extremum("_np_min", "_np_amin", "min",
                                     "Smallest element along axes; NaN if there is one.");

/// Counts the elements for which the answer would be another one.
OpBuilder numpy_truth(const char* name, const char* doc, const char* counted, const char* answer) {
  return OpBuilder(name)
      .doc(doc)
      .params<NumpyTruthParam>()
      .input("data", "Array of any shape.")
      .infer_shape(infer_numpy_shape<NumpyTruthParam>)
      .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kBool); })
      .decomposition([=](DecomposeContext& c) {
        const Value marks = c.call(counted, {c.in(0)}, ScalarParam{0.0});
        const Value count = reduce_value<NumpyTruthParam>(c, "sum", c.cast(marks, DType::kInt64));
        c.set(0, c.call(answer, {count}, ScalarParam{0.0}));
      })
      .gradient(elemwise::zero_gradient);
}

const OpBuilder any = numpy_truth("_np_any", "Whether any element along axes is not zero.",
                                  "_npi_not_equal_scalar", "_npi_not_equal_scalar")
                          .alias("_np_sometrue");
const OpBuilder all = numpy_truth("_np_all", "Whether all elements along axes are not zero.",
                                  "_npi_equal_scalar", "_npi_equal_scalar");

}  // namespace
}  // namespace mx::reduce
