// Inverses and equations of arrays whose axes are read as rows and columns.
// lint: no-kernel (they are those of matrices in other shapes)
#include "ops/linalg/tensor_equations.h"

#include <algorithm>
#include <vector>

#include "ops/linalg/matrices.h"
#include "ops/matrix/transpose.h"
#include "ops/reduce/numpy.h"

namespace mx::linalg {
namespace {

Value as_floating(DecomposeContext& c, size_t i, DType dtype) {
  return c.in_dtype(i) == dtype ? c.in(i) : c.cast(c.in(i), dtype);
}

void infer_tensorinv_shape(ShapeContext& c) {
  const Shape& a = c.in(0);
  if (!a.is_known()) return;
  const int ind = std::min<int>(c.params<TensorinvParam>().ind, a.ndim());
  if (a.size(0, ind) != a.size(ind, a.ndim()))
    c.fail_in(0, "is no square matrix; expected as many elements along the first ",
              c.params<TensorinvParam>().ind, " axes as along the others");
  Shape out({});
  for (int i = 0; i < a.ndim(); ++i) out.push_back(a[(i + ind) % a.ndim()]);
  c.set_out(0, out);
}

void decompose_tensorinv(DecomposeContext& c) {
  const Shape& a = c.in_shape(0);
  const int ind = std::min<int>(c.params<TensorinvParam>().ind, a.ndim());
  const int64_t n = a.size(0, ind);
  const Value data = as_floating(c, 0, numpy_linalg_dtype(c.in_dtype(0)));
  const Value inverse = c.call("_linalg_inverse", {reduce::in_shape_of(c, data, {n, n})});
  Shape out({});
  for (int i = 0; i < a.ndim(); ++i) out.push_back(a[(i + ind) % a.ndim()]);
  c.set(0, reduce::in_shape_of(c, inverse, out));
}

const OpBuilder tensorinv =
    OpBuilder("_npi_tensorinv")
        .doc("The inverse of an array whose first axes are rows and whose others are columns.")
        .params<TensorinvParam>()
        .input("a", "Array with as many elements along its first axes as along the others.")
        .infer_shape(infer_tensorinv_shape)
        .infer_dtype(infer_numpy_dtype)
        .decomposition(decompose_tensorinv);

/// The axes of a in the order in which it is solved: those that are given come last.
Shape solving_order(const TensorsolveParam& p, int ndim) {
  std::vector<int64_t> order;
  for (int i = 0; i < ndim; ++i) order.push_back(i);
  for (int64_t given : p.a_axes) {
    const int axis = normalize_axis(given, ndim, "_npi_tensorsolve", "a_axes");
    order.erase(std::find(order.begin(), order.end(), axis));
    order.push_back(axis);
  }
  return Shape(order);
}

/// Shape of a in that order.
Shape solving_shape(const Shape& a, const Shape& order) {
  Shape shape({});
  for (int64_t axis : order) shape.push_back(a[static_cast<int>(axis)]);
  return shape;
}

void infer_tensorsolve_shape(ShapeContext& c) {
  const Shape &a = c.in(0), &b = c.in(1);
  if (!a.is_known() || !b.is_known()) return;
  if (b.ndim() > a.ndim()) c.fail_in(1, "has more axes than a=", a);
  const Shape moved = solving_shape(a, solving_order(c.params<TensorsolveParam>(), a.ndim()));
  const Shape out(std::span(moved.begin() + b.ndim(), moved.end()));
  if (moved.size(0, b.ndim()) != b.size() || out.size() != b.size())
    c.fail_in(1, "does not fit a=", a, "; expected ", b.size(), " rows and as many columns");
  c.set_out(0, out);
}

void decompose_tensorsolve(DecomposeContext& c) {
  const Shape &a = c.in_shape(0), &b = c.in_shape(1);
  DType dtype = DType::kFloat32;
  for (size_t i = 0; i < 2; ++i)
    if (numpy_linalg_dtype(c.in_dtype(i)) == DType::kFloat64) dtype = DType::kFloat64;
  const Shape order = solving_order(c.params<TensorsolveParam>(), a.ndim());
  const Shape moved = solving_shape(a, order);
  const int64_t n = b.size();
  Value matrix = as_floating(c, 0, dtype);
  if (a.ndim() > 1) matrix = c.call("transpose", {matrix}, TransposeParam{order});
  const Value x =
      c.call("_linalg_solve", {reduce::in_shape_of(c, matrix, {n, n}),
                               reduce::in_shape_of(c, as_floating(c, 1, dtype), {n, 1})});
  c.set(0, reduce::in_shape_of(c, x, Shape(std::span(moved.begin() + b.ndim(), moved.end()))));
}

const OpBuilder tensorsolve =
    OpBuilder("_npi_tensorsolve")
        .doc("Solves tensordot(a, x, x.ndim) = b, once axes of a are moved to its end.")
        .params<TensorsolveParam>()
        .input("a", "Array whose first axes are those of b, and whose others are those of x.")
        .input("b", "The right side.")
        .infer_shape(infer_tensorsolve_shape)
        .infer_dtype(infer_numpy_dtype)
        .decomposition(decompose_tensorsolve);

}  // namespace
}  // namespace mx::linalg
