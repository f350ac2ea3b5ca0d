#include "ops/linalg/triangular_solve.h"

#include "ops/linalg/matrices.h"

namespace mx::linalg {

void infer_triangular_shape(ShapeContext& c) {
  const bool right = c.params<TriangularParam>().rightside;
  require_square(c, 0);
  require_matrix(c, 1);
  c.set_out(0, c.in(1));
  c.set_in(1, c.out(0));
  const Shape b = c.in(1);
  if (!b.has_rank()) return;
  if (c.in(0).has_rank() && c.in(0).ndim() != b.ndim())
    c.fail_in(1, "has not as many axes as A=", c.in(0));
  const int last = b.ndim() - 1, along = right ? last : last - 1;
  Shape a = b;
  a[last] = a[last - 1] = b[along];
  c.set_in(0, a);
  Shape values = b;
  values[along] = c.in(0)[last];
  c.set_in(1, values);
}

namespace {

/// With G = op(A)^-T d_out (or d_out op(A)^-T): d_B = alpha G, and d_A is minus the product of G
/// and the solution X, which has alpha in it, in the order that op and the side ask for.
void solve_gradient(GradContext& g) {
  const auto& p = g.params<TriangularParam>();
  TriangularParam back = p;
  back.transpose = !p.transpose;
  back.alpha = 1;
  const Value d = g.call("_linalg_trsm", {g.in(0), g.d_out()}, back), &x = g.out(0);
  g.set(1, p.alpha == 1 ? d : g.mul_scalar(d, p.alpha));
  // Left: A^-1 B gives -G X^T, A^-T B its transpose; right: B A^-1 gives -X^T G, B A^-T its
  // transpose.
  const bool from_left = p.rightside == p.transpose;
  const Value &first = from_left ? d : x, &second = from_left ? x : d;
  const TransposePair transpose{p.rightside, !p.rightside};
  g.set(0, triangle(g, product(g, first, second, transpose, -1), p.lower));
}

const OpBuilder solve =
    OpBuilder("_linalg_trsm")
        .alias("linalg_trsm")
        .doc("Solves op(A) X = alpha B, or X op(A) = alpha B, with a triangle of A.")
        .params<TriangularParam>()
        .input("A", "Square matrices; the other triangle is not looked at.")
        .input("B")
        .infer_shape(infer_triangular_shape)
        .infer_dtype(infer_dtype)
        .gradient(solve_gradient)
        .inplace(1, 0);

}  // namespace
}  // namespace mx::linalg
