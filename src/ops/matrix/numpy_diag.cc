// mx.np's diagonals: they may lie beside a matrix and are empty then.
// lint: no-kernel (they are diag)
#include "ops/matrix/numpy_diag.h"

#include <algorithm>
#include <utility>

#include "base/checked.h"
#include "ops/elemwise/common.h"
#include "ops/matrix/diag.h"

namespace mx {
namespace {

/// Axes of rows and columns. Throws: ValueError when they are the same.
std::pair<int, int> matrix_axes(const NumpyDiagonalParam& p, int ndim, std::string_view op) {
  const int axis1 = normalize_axis(p.axis1, ndim, op, "axis1");
  const int axis2 = normalize_axis(p.axis2, ndim, op, "axis2");
  require(axis1 != axis2, op, ": axis1=", p.axis1, " and axis2=", p.axis2,
          " are the same axis; expected two");
  return {axis1, axis2};
}

int64_t length_or_unknown(int64_t rows, int64_t columns, int64_t k) {
  return rows < 0 || columns < 0 ? Shape::kUnknownDim : diagonal_length(rows, columns, k);
}

/// Side of the matrix with a vector of length n on diagonal k.
int64_t side(const ShapeContext& c, int64_t n, int64_t k) {
  if (n < 0) return Shape::kUnknownDim;
  return (Checked(n) + (k < 0 ? -k : k)).get(c.op_name(), "k", k);
}

void infer_diag(ShapeContext& c) {
  const int64_t k = c.params<NumpyDiagParam>().k;
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() != 1 && data.ndim() != 2)
    c.fail_in(0, "has ", data.ndim(), " axes; expected a vector or a matrix");
  if (data.ndim() == 2) return c.set_out(0, {length_or_unknown(data[0], data[1], k)});
  const int64_t n = side(c, data[0], k);
  c.set_out(0, {n, n});
}

void infer_diagflat(ShapeContext& c) {
  if (!c.in(0).is_known()) return;
  const int64_t n = side(c, c.in(0).size(), c.params<NumpyDiagParam>().k);
  c.set_out(0, {n, n});
}

/// The shape of what is left without the axes of the matrices.
Shape batch_of(const Shape& data, int axis1, int axis2) {
  Shape batch({});
  for (int i = 0; i < data.ndim(); ++i)
    if (i != axis1 && i != axis2) batch.push_back(data[i]);
  return batch;
}

Shape batch_of(const ShapeContext& c) {
  if (c.in(0).ndim() < 2) c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected at least two");
  const auto [axis1, axis2] =
      matrix_axes(c.params<NumpyDiagonalParam>(), c.in(0).ndim(), c.op_name());
  return batch_of(c.in(0), axis1, axis2);
}

void infer_diagonal(ShapeContext& c) {
  const auto& p = c.params<NumpyDiagonalParam>();
  if (!c.in(0).has_rank()) return;
  Shape out = batch_of(c);
  const auto [axis1, axis2] = matrix_axes(p, c.in(0).ndim(), c.op_name());
  out.push_back(length_or_unknown(c.in(0)[axis1], c.in(0)[axis2], p.offset));
  c.set_out(0, out);
}

void infer_trace(ShapeContext& c) {
  if (c.in(0).has_rank()) c.set_out(0, batch_of(c));
}

/// diag knows empty diagonals next to the corners only.
Value diagonal(DecomposeContext& c, const NumpyDiagonalParam& p, std::string_view op) {
  const Shape& data = c.in_shape(0);
  const auto [axis1, axis2] = matrix_axes(p, data.ndim(), op);
  const int64_t k = std::clamp<int64_t>(p.offset, -data[axis1], data[axis2]);
  return c.call("diag", {c.in(0)}, DiagParam{k, axis1, axis2});
}

void decompose_diag(DecomposeContext& c) {
  const int32_t k = c.params<NumpyDiagParam>().k;
  c.set(0, c.in_shape(0).ndim() == 1 ? c.call("diag", {c.in(0)}, DiagParam{k})
                                     : diagonal(c, {k, 0, 1}, "_np_diag"));
}

void decompose_diagflat(DecomposeContext& c) {
  const Value flat = c.call("_backward_reshape", {c.in(0)}, ShapeParam{{c.in_shape(0).size()}});
  c.set(0, c.call("diag", {flat}, DiagParam{c.params<NumpyDiagParam>().k}));
}

void decompose_diagonal(DecomposeContext& c) {
  c.set(0, diagonal(c, c.params<NumpyDiagonalParam>(), "_np_diagonal"));
}

void decompose_trace(DecomposeContext& c) {
  const auto& p = c.params<NumpyDiagonalParam>();
  const auto [axis1, axis2] = matrix_axes(p, c.in_shape(0).ndim(), "_np_trace");
  const Value sums = c.sum(diagonal(c, p, "_np_trace"), Shape{-1}, false);
  c.set(0, c.call("_backward_reshape", {sums}, ShapeParam{batch_of(c.in_shape(0), axis1, axis2)}));
}

OpBuilder diagonal_op(const char* name, const char* doc) {
  return OpBuilder(name).doc(doc).input("data", "Array of numbers.");
}

const OpBuilder diag =
    diagonal_op("_np_diag", "A diagonal of a matrix; of a vector the matrix that has it.")
        .params<NumpyDiagParam>()
        .infer_shape(infer_diag)
        .decomposition(decompose_diag);
const OpBuilder diagflat =
    diagonal_op("_np_diagflat", "The matrix with all elements of data on a diagonal.")
        .params<NumpyDiagParam>()
        .infer_shape(infer_diagflat)
        .decomposition(decompose_diagflat);
const OpBuilder diagonals =
    diagonal_op("_np_diagonal", "A diagonal of each matrix, in the last axis.")
        .params<NumpyDiagonalParam>()
        .infer_shape(infer_diagonal)
        .decomposition(decompose_diagonal);
const OpBuilder trace = diagonal_op("_np_trace", "The sum of a diagonal of each matrix.")
                            .params<NumpyDiagonalParam>()
                            .infer_shape(infer_trace)
                            .decomposition(decompose_trace);

}  // namespace
}  // namespace mx
