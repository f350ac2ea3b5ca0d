// potrf and potri: the Cholesky factor of a matrix, and the inverse from the factor.
#include "ops/linalg/matrices.h"

namespace mx::linalg {
namespace {

/// d_A = L^-T S L^-1 / 2, where S is symmetric with the lower triangle of L^T d_L.
void factor_gradient(GradContext& g) {
  const Value& factor = g.out(0);
  const Value inner = product(g, factor, triangle(g, g.d_out()), {true, false}, 0.5);
  const Value left = solve_lower(g, factor, symmetric_from_lower(g, inner), true, false);
  g.set(0, solve_lower(g, factor, left, false, true));
}

/// With B the inverse: d_L is the lower triangle of -B (d_B + d_B^T) L^-T.
void inverse_gradient(GradContext& g) {
  const Value both = g.add(g.d_out(), transposed(g, g.d_out()));
  const Value solved = solve_lower(g, g.in(0), product(g, g.out(0), both, {}, -1), true, true);
  g.set(0, triangle(g, solved));
}

const OpBuilder factor =
    OpBuilder("_linalg_potrf")
        .alias("linalg_potrf")
        .doc("Cholesky factors: lower triangular L with L L^T = A.")
        .input("A", "Symmetric positive definite matrices, whose lower triangle is looked at.")
        .infer_shape(infer_same_square)
        .infer_dtype(infer_dtype)
        .gradient(factor_gradient)
        .inplace(0, 0);

const OpBuilder numpy_factor =
    OpBuilder("_npi_cholesky")
        .doc("Cholesky factors: lower triangular L with L L^T = A.")
        .input("A", "Symmetric positive definite matrices, whose lower triangle is looked at.")
        .infer_shape(infer_same_square)
        .infer_dtype(infer_dtype)
        .decomposition([](DecomposeContext& c) { c.set(0, c.call("_linalg_potrf", {c.in(0)})); })
        .inplace(0, 0);

const OpBuilder inverse = OpBuilder("_linalg_potri")
                              .alias("linalg_potri")
                              .doc("Inverses of the matrices whose Cholesky factors are given.")
                              .input("A", "Lower triangular factors, as _linalg_potrf gives them.")
                              .infer_shape(infer_same_square)
                              .infer_dtype(infer_dtype)
                              .gradient(inverse_gradient)
                              .inplace(0, 0);

}  // namespace
}  // namespace mx::linalg
