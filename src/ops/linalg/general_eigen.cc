// Eigenvalues and eigenvectors of matrices that need not be symmetric.
#include "ir/common_params.h"
#include "ops/linalg/diagonal.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"

namespace mx::linalg {
namespace {

void infer_shape(ShapeContext& c) {
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  c.set_out(0, batch_shape(c.in(0), 1));
  if (c.num_out() > 1) c.set_out(1, c.in(0));
}

/// 1 / (w_j - w_i), and 0 where two eigenvalues are equal, as on the diagonal.
Value inverse_gaps(GradContext& g, const Value& values) {
  const auto along = [&](int64_t axis) {
    return g.call("expand_dims", {values}, ExpandDimsParam{axis});
  };
  const Value gaps = g.call("broadcast_sub", {along(-2), along(-1)});
  const Value equal = g.call("_equal_scalar", {gaps}, ScalarParam{0.0});
  return g.div(g.add_scalar(g.negative(equal), 1), g.add(gaps, equal));
}

/// With A V = V diag(w) and columns of length 1: d_A = V^-T (diag(d_w) + F * (V^T d_V - V^T V
/// diag(V^T d_V))) V^T, where F = 1 / (w_j - w_i).
void eigen_gradient(GradContext& g) {
  const Value &values = g.out(0), &v = g.out(1);
  Value inner = g.call("_linalg_makediag", {g.d_out(0)}, DiagonalParam{});
  if (g.has_d_out(1)) {
    const Value turned = product(g, v, g.d_out(1), {true, false});
    const Value lengths = g.call("_linalg_extractdiag", {turned}, DiagonalParam{});
    const Value kept = scaled_columns(g, product(g, v, v, {true, false}), lengths);
    inner = g.add(inner, g.mul(inverse_gaps(g, values), g.sub(turned, kept)));
  }
  const Value right = product(g, inner, v, {false, true});
  g.set(0, g.call("_linalg_solve", {transposed(g, v), right}));
}

const OpBuilder eigen =
    OpBuilder("_linalg_geev")
        .doc("Real eigenvalues of matrices, and eigenvectors as columns of length 1.")
        .input("A", "Square matrices whose eigenvalues are real.")
        .outputs({"w", "v"})
        .infer_shape(infer_shape)
        .infer_dtype(infer_dtype)
        .gradient(eigen_gradient);

OpBuilder numpy_eigen(const char* name, const char* doc, bool wants_vectors) {
  return OpBuilder(name)
      .doc(doc)
      .input("A", "Square matrices whose eigenvalues are real.")
      .infer_shape(infer_shape)
      .infer_dtype(infer_numpy_dtype)
      .decomposition([=](DecomposeContext& c) {
        const DType dtype = numpy_linalg_dtype(c.in_dtype(0));
        const Value data = c.in_dtype(0) == dtype ? c.in(0) : c.cast(c.in(0), dtype);
        const NodePtr node = c.call_node("_linalg_geev", {data});
        c.set(0, Value{node, 0});
        if (wants_vectors) c.set(1, Value{node, 1});
      });
}

const OpBuilder eig =
    numpy_eigen("_npi_eig",
                "Real eigenvalues of matrices, and eigenvectors as columns of length 1.", true)
        .outputs({"output0", "output1"});
const OpBuilder eigvals = numpy_eigen("_npi_eigvals", "Real eigenvalues of matrices.", false);

}  // namespace
}  // namespace mx::linalg
