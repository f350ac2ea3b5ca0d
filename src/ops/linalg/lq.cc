#include "ops/linalg/matrices.h"

namespace mx::linalg {
namespace {

/// A (..., m, n) with m <= n -> Q (..., m, n), L (..., m, m).
void infer_lq_shape(ShapeContext& c) {
  require_matrix(c, 0);
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  const int last = in.ndim() - 1;
  if (in[last] >= 0 && in[last - 1] > in[last])
    c.fail_in(0, "has matrices with more rows than columns; expected at most as many");
  Shape lower = in;
  lower[last] = in[last - 1];
  c.set_out(1, lower);
}

/// d_A = L^-T (d_Q + S Q), where S is symmetric with the lower triangle of L^T d_L - d_Q Q^T.
void lq_gradient(GradContext& g) {
  const Value &q = g.out(0), &lower = g.out(1), &d_q = g.d_out(0);
  Value inner = product(g, d_q, q, {false, true}, -1);
  if (g.has_d_out(1))
    inner = g.add(inner, product(g, lower, triangle(g, g.d_out(1)), {true, false}));
  const Value sum = g.add(d_q, product(g, symmetric_from_lower(g, inner), q));
  g.set(0, solve_lower(g, lower, sum, true, false));
}

const OpBuilder lq = OpBuilder("_linalg_gelqf")
                         .alias("linalg_gelqf")
                         .doc("A = L Q with L lower triangular and orthonormal rows of Q.")
                         .input("A", "Matrices with at most as many rows as columns, of full rank.")
                         .outputs({"output0", "output1"})
                         .infer_shape(infer_lq_shape)
                         .infer_dtype(infer_dtype)
                         .gradient(lq_gradient)
                         .inplace(0, 0);

}  // namespace
}  // namespace mx::linalg
