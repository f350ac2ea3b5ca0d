// Norms of vectors and matrices, as numpy.linalg.norm has them.
// lint: no-kernel (a composition of reductions, powers and singular value decompositions)
#include "ops/linalg/norm.h"

#include <algorithm>
#include <cmath>

#include "ops/elemwise/common.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/transpose.h"
#include "ops/reduce/norm.h"
#include "ops/reduce/numpy.h"

namespace mx::linalg {
namespace {

/// The axes of the vectors or matrices: without `axis` the last two, or the only one.
Shape norm_axes(const NumpyNormParam& p, int ndim, std::string_view op) {
  Shape axes({});
  if (p.kind() == NormKind::kAllElements)
    for (int i = 0; i < ndim; ++i) axes.push_back(i);
  else if (!p.axis)
    for (int i = std::max(ndim - 2, 0); i < ndim; ++i) axes.push_back(i);
  else
    for (int64_t axis : *p.axis) axes.push_back(normalize_axis(axis, ndim, op));
  return axes;
}

/// Whether the norm is told from singular values.
bool is_of_matrix(const NumpyNormParam& p, const Shape& axes) {
  const bool by_order = p.kind() == NormKind::kOrder && axes.ndim() == 2;
  return by_order || p.kind() == NormKind::kSingular || p.kind() == NormKind::kNuclear;
}

void check_norm(const NumpyNormParam& p, const Shape& axes, std::string_view op) {
  const bool of_matrix = is_of_matrix(p, axes);
  require(!of_matrix || axes.ndim() == 2, op, ": axis=", axes,
          " names no matrices; expected two axes");
  require(of_matrix || p.kind() != NormKind::kOrder || axes.ndim() == 1, op, ": axis=", axes,
          " names no vectors; expected one axis");
  const bool needs_two = of_matrix && p.kind() != NormKind::kNuclear;
  require(!needs_two || std::abs(p.ord) == 2, op, ": ord=", p.ord,
          " is no norm by singular values; expected 2 or -2");
  require(std::isfinite(p.ord), op, ": ord=", p.ord,
          " is not finite; expected a reduction of absolute values in its place");
}

std::vector<bool> marked(const Shape& axes, int ndim, std::string_view op) {
  return reduce::numpy_axes(axes, ndim, op);
}

void infer_norm_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<NumpyNormParam>();
  const int ndim = c.in(0).ndim();
  const Shape axes = norm_axes(p, ndim, c.op_name());
  check_norm(p, axes, c.op_name());
  c.set_out(0, reduce::numpy_reduced_shape(c.in(0), marked(axes, ndim, c.op_name()), p.keepdims));
}

void infer_norm_dtype(DTypeContext& c) {
  if (c.in(0) == DType::kBool)
    fail(ErrorKind::kType, c.op_name(), ": data has dtype bool; expected a floating dtype");
  c.unify_all();
}

/// Norm of order 1 or 2 of all elements along axes.
Value vector_norm(DecomposeContext& c, const Value& data, const Shape& axes, int64_t order) {
  NormParam p;
  p.ord = order;
  p.axis = axes;
  p.keepdims = true;
  return axes.ndim() > 0 ? c.call("norm", {data}, p) : c.call("abs", {data});
}

/// (sum |x|^p)^(1/p); the number of elements that are not zero for p = 0.
Value order_norm(DecomposeContext& c, const Value& data, const Shape& axes, double order) {
  if (order == 1 || order == 2) return vector_norm(c, data, axes, static_cast<int64_t>(order));
  if (order == 0) return c.sum(c.call("_not_equal_scalar", {data}, ScalarParam{0.0}), axes, true);
  const Value powers = c.call("_power_scalar", {c.call("abs", {data})}, ScalarParam{order, false});
  return c.call("_power_scalar", {c.sum(powers, axes, true)}, ScalarParam{1 / order, false});
}

/// Singular values (..., k) of the matrices along two axes.
Value singular_values(DecomposeContext& c, const Value& data, const Shape& axes) {
  const Shape& shape = c.in_shape(0);
  TransposeParam order;
  for (int i = 0; i < shape.ndim(); ++i)
    if (i != axes[0] && i != axes[1]) order.axes.push_back(i);
  const auto size = [&](int k) { return shape[static_cast<int>(axes[k])]; };
  const int rows = size(0) <= size(1) ? 0 : 1;  // no more rows than columns
  order.axes.push_back(axes[rows]);
  order.axes.push_back(axes[1 - rows]);
  const NodePtr svd = c.call_node("_npi_svd", {c.call("transpose", {data}, order)});
  return Value{svd, 1};
}

Value matrix_norm(DecomposeContext& c, const Value& data, const Shape& axes) {
  const auto& p = c.params<NumpyNormParam>();
  const char* op = p.kind() == NormKind::kNuclear ? "sum" : p.ord > 0 ? "max" : "min";
  return c.call(op, {singular_values(c, data, axes)}, ReduceParam{Shape{-1}, true});
}

/// Integers are converted to float32, and the result back.
void decompose_norm(DecomposeContext& c) {
  const auto& p = c.params<NumpyNormParam>();
  const DType in = c.in_dtype(0);
  const Value data = is_floating(in) ? c.in(0) : c.cast(c.in(0), DType::kFloat32);
  const int ndim = c.in_shape(0).ndim();
  const Shape axes = norm_axes(p, ndim, "_npi_norm");
  Value norm;
  if (is_of_matrix(p, axes))
    norm = matrix_norm(c, data, axes);
  else if (p.kind() == NormKind::kOrder)
    norm = order_norm(c, data, axes, p.ord);
  else
    norm = vector_norm(c, data, axes, 2);
  if (!is_floating(in)) norm = c.cast(norm, in);
  const Shape out =
      reduce::numpy_reduced_shape(c.in_shape(0), marked(axes, ndim, "_npi_norm"), p.keepdims);
  c.set(0, reduce::in_shape_of(c, norm, out));
}

const OpBuilder norm = OpBuilder("_npi_norm")
                           .doc("Norms of vectors or matrices.")
                           .params<NumpyNormParam>()
                           .input("data", "Array of any shape.")
                           .outputs({"output0"})
                           .infer_shape(infer_norm_shape)
                           .infer_dtype(infer_norm_dtype)
                           .decomposition(decompose_norm);

}  // namespace
}  // namespace mx::linalg
