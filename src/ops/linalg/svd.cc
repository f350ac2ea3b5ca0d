// Singular value decompositions.
#include "ir/common_params.h"
#include "ops/linalg/diagonal.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"

namespace mx::linalg {
namespace {

void infer_svd_shape(ShapeContext& c) {
  require_matrix(c, 0);
  c.set_out(2, c.in(0));
  c.set_in(0, c.out(2));
  const Shape& a = c.in(0);
  if (!a.has_rank()) return;
  const int64_t rows = a[a.ndim() - 2], columns = a.back();
  if (rows >= 0 && columns >= 0 && rows > columns)
    c.fail_in(0, "has more rows than columns; expected its transpose");
  Shape values = batch_shape(a, 1), square = values;
  square.push_back(rows);
  c.set_out(0, square);
  c.set_out(1, values);
}

/// 1 / (v_j^2 - v_i^2), and 0 where two singular values are equal, as on the diagonal.
Value inverse_gaps(GradContext& g, const Value& values) {
  const Value squares = g.call("square", {values});
  const auto along = [&](int64_t axis) {
    return g.call("expand_dims", {squares}, ExpandDimsParam{axis});
  };
  const Value gaps = g.call("broadcast_sub", {along(-2), along(-1)});
  const Value equal = g.call("_equal_scalar", {gaps}, ScalarParam{0.0});
  return g.div(g.add_scalar(g.negative(equal), 1), g.add(gaps, equal));
}

/// gaps * (X - X^T) with X = left^T right.
Value turns(GradContext& g, const Value& gaps, const Value& x) {
  return g.mul(gaps, g.sub(x, transposed(g, x)));
}

/// With A = U L V and V's rows as v: d_A = U (K V + L^-1 (d_V - d_V V^T V)), where K is
/// turns(U^T d_U) L + L turns(V d_V^T) + diag(d_L), all from F = 1 / (l_j^2 - l_i^2).
void svd_gradient(GradContext& g) {
  const Value &u = g.out(0), &values = g.out(1), &v = g.out(2);
  const Value gaps = inverse_gaps(g, values);
  Value inner = scaled_columns(g, turns(g, gaps, product(g, u, g.d_out(0), {true, false})), values);
  if (g.has_d_out(1))
    inner = g.add(inner, g.call("_linalg_makediag", {g.d_out(1)}, DiagonalParam{}));
  if (!g.has_d_out(2)) return g.set(0, product(g, u, product(g, inner, v)));
  const Value& d_v = g.d_out(2);
  const Value overlap = product(g, v, d_v, {false, true});
  inner = g.add(inner, scaled_rows(g, turns(g, gaps, overlap), values));
  const Value outside = g.sub(d_v, product(g, transposed(g, overlap), v));
  const Value inverse = g.call("reciprocal", {values});
  g.set(0, product(g, u, g.add(product(g, inner, v), scaled_rows(g, outside, inverse))));
}

const OpBuilder svd =
    OpBuilder("_npi_svd")
        .doc(
            "A = UT diag(L) V with orthogonal UT (..., m, m), singular values L (..., m), which "
            "fall, and orthonormal rows V (..., m, n), whose largest element is positive.")
        .input("A", "Matrices (..., m, n) with m <= n.")
        .outputs({"output0", "output1", "output2"})
        .infer_shape(infer_svd_shape)
        .infer_dtype(infer_dtype)
        .gradient(svd_gradient);

}  // namespace
}  // namespace mx::linalg
