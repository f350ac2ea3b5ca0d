#include "ir/common_params.h"
#include "ops/linalg/diagonal.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"

namespace mx::linalg {
namespace {

void infer_eigen_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  require_square(c, 0);
  c.set_out(0, c.in(0));
  if (c.in(0).has_rank()) {
    Shape values = batch_shape(c.in(0), 2);
    values.push_back(c.in(0).back());
    c.set_out(1, values);
  }
}

/// 1 / (v_i - v_j), and 0 where two eigenvalues are equal, as on the diagonal.
Value inverse_gaps(GradContext& g, const Value& values) {
  const auto along = [&](int64_t axis) {
    return g.call("expand_dims", {values}, ExpandDimsParam{static_cast<int32_t>(axis)});
  };
  const Value gaps = g.call("broadcast_sub", {along(-1), along(-2)});
  const Value equal = g.call("_equal_scalar", {gaps}, ScalarParam{0.0});
  const Value apart = g.add_scalar(g.negative(equal), 1);
  return g.div(apart, g.add(gaps, equal));
}

/// With the eigenvectors u_i as rows of U: d_A = U^T K U, where K is diagonal from d_values, plus
/// the symmetric part of (d_u_i . u_j) / (v_i - v_j).
void eigen_gradient(GradContext& g) {
  const Value &vectors = g.out(0), &d_vectors = g.d_out(0);
  const Value turns =
      g.mul(product(g, d_vectors, vectors, {false, true}), inverse_gaps(g, g.out(1)));
  Value inner = g.mul_scalar(g.add(turns, transposed(g, turns)), 0.5);
  if (g.has_d_out(1))
    inner = g.add(inner, g.call("_linalg_makediag", {g.d_out(1)}, DiagonalParam{}));
  g.set(0, product(g, product(g, vectors, inner, {true, false}), vectors));
}

const OpBuilder eigen =
    OpBuilder("_linalg_syevd")
        .doc(
            "Eigenvectors, as rows whose largest element is positive, and eigenvalues, which grow, "
            "of symmetric matrices.")
        .input("A", "Symmetric matrices, whose lower triangle is looked at.")
        .outputs({"output0", "output1"})
        .infer_shape(infer_eigen_shape)
        .infer_dtype(infer_dtype)
        .gradient(eigen_gradient)
        .inplace(0, 0);

}  // namespace
}  // namespace mx::linalg
