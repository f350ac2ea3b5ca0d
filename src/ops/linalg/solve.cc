// Solutions of linear equations.
#include "ops/linalg/matrices.h"
#include "ops/reduce/numpy.h"

namespace mx::linalg {
namespace {

/// A (..., n, n) and B (..., n, k) with the same axes before the matrices.
void infer_solve_shape(ShapeContext& c) {
  require_square(c, 0);
  require_matrix(c, 1);
  const Shape &a = c.in(0), &b = c.in(1);
  if (!a.has_rank() || !b.has_rank()) return;
  if (a.ndim() != b.ndim()) c.fail_in(1, "has not as many axes as A=", a);
  Shape expected = a;
  expected[a.ndim() - 1] = b.back();
  c.set_in(1, expected);
  c.set_out(0, c.in(1));
}

/// With X = A^-1 B: d_B = A^-T d_X and d_A = -d_B X^T.
void solve_gradient(GradContext& g) {
  const Value d_b = g.call("_linalg_solve", {transposed(g, g.in(0)), g.d_out()});
  g.set(0, product(g, d_b, g.out(0), {false, true}, -1));
  g.set(1, d_b);
}

const OpBuilder solve = OpBuilder("_linalg_solve")
                            .doc("Solves A X = B for each matrix.")
                            .input("A", "Square matrices of full rank.")
                            .input("B", "Right sides, as matrices.")
                            .infer_shape(infer_solve_shape)
                            .infer_dtype(infer_dtype)
                            .gradient(solve_gradient)
                            .inplace(1, 0);

/// Whether B holds one vector for each matrix.
bool has_vectors(const Shape& a, const Shape& b) { return b.ndim() == a.ndim() - 1; }

void infer_numpy_solve_shape(ShapeContext& c) {
  require_square(c, 0);
  const Shape &a = c.in(0), &b = c.in(1);
  if (!a.has_rank() || !b.has_rank()) return;
  if (b.ndim() != a.ndim() && !has_vectors(a, b))
    c.fail_in(1, "fits no A=", a, "; expected as many axes, or one less");
  Shape expected = a;
  if (has_vectors(a, b))
    expected = batch_shape(a, 1);
  else
    expected[a.ndim() - 1] = b.back();
  c.set_in(1, expected);
  c.set_out(0, c.in(1));
}

void decompose_numpy_solve(DecomposeContext& c) {
  DType dtype = DType::kFloat32;
  for (size_t i = 0; i < 2; ++i)
    if (numpy_linalg_dtype(c.in_dtype(i)) == DType::kFloat64) dtype = DType::kFloat64;
  const auto operand = [&](size_t i) {
    return c.in_dtype(i) == dtype ? c.in(i) : c.cast(c.in(i), dtype);
  };
  const Shape &a = c.in_shape(0), &b = c.in_shape(1);
  if (!has_vectors(a, b)) return c.set(0, c.call("_linalg_solve", {operand(0), operand(1)}));
  Shape columns = b;
  columns.push_back(1);
  const Value x =
      c.call("_linalg_solve", {operand(0), reduce::in_shape_of(c, operand(1), columns)});
  c.set(0, reduce::in_shape_of(c, x, b));
}

const OpBuilder numpy_solve = OpBuilder("_npi_solve")
                                  .doc("Solves A X = B for each matrix.")
                                  .input("A", "Square matrices (..., n, n) of full rank.")
                                  .input("B", "Right sides (..., n, k) or (..., n).")
                                  .infer_shape(infer_numpy_solve_shape)
                                  .infer_dtype(infer_numpy_dtype)
                                  .decomposition(decompose_numpy_solve);

}  // namespace
}  // namespace mx::linalg
