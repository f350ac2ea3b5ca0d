// Products are written in terms of dot, batch_dot and transpose.
#include "ops/linalg/products.h"

#include "ops/linalg/matrices.h"
#include "ops/linalg/triangular_solve.h"
#include "ops/matrix/dot.h"
#include "ops/matrix/transpose.h"

namespace mx::linalg {
namespace {

/// Where the rows are in arrays of `ndim` axes. Throws: ValueError when the last axis is named.
int row_axis(const Gemm2Param& p, int ndim, std::string_view op) {
  const int axis = normalize_axis(p.axis, ndim, op);
  require(axis < ndim - 1, op, ": axis=", p.axis,
          " is the last one, which holds the columns; expected another");
  return axis;
}

template <typename P>
void infer_product_shape(ShapeContext& c) {
  const Gemm2Param& p = c.params<P>();
  for (size_t i = 0; i < c.num_in(); ++i) require_matrix(c, i);
  if (!c.in(0).has_rank() || !c.in(1).has_rank()) return;
  Shape a = c.in(0), b = c.in(1);
  if (b.ndim() != a.ndim()) c.fail_in(1, "has not as many axes as A=", a);
  const int last = a.ndim() - 1, row = row_axis(p, a.ndim(), c.op_name());
  for (int i = 0; i < last; ++i)
    if (i != row) a[i] = c.in(1)[i], b[i] = c.in(0)[i];
  const int k_a = p.transpose_a ? row : last, k_b = p.transpose_b ? last : row;
  a[k_a] = c.in(1)[k_b];
  b[k_b] = c.in(0)[k_a];
  c.set_in(0, a);
  c.set_in(1, b);
  Shape out = c.in(0);
  out[row] = c.in(0)[p.transpose_a ? last : row];
  out[last] = c.in(1)[p.transpose_b ? row : last];
  c.set_out(0, out);
  if (c.num_in() > 2) c.set_in(2, out);
}

Value scaled(GraphBuilder& b, Value value, double factor) {
  return factor == 1 ? value : b.mul_scalar(std::move(value), factor);
}

/// Matrices in the last two axes, however many axes there are before them.
Value matrix_product(GraphBuilder& b, const Value& left, const Value& right, int ndim,
                     TransposePair transpose) {
  return b.call(ndim > 2 ? "batch_dot" : "dot", {left, right},
                DotParam{transpose.a, transpose.b, {}});
}

/// op(A) op(B) with the rows on any axis.
Value general_product(DecomposeContext& c, const Gemm2Param& p) {
  const int ndim = c.in_shape(0).ndim(), row = row_axis(p, ndim, "_linalg_gemm");
  if (row == ndim - 2)
    return matrix_product(c, c.in(0), c.in(1), ndim, {p.transpose_a, p.transpose_b});
  TransposeParam there, back{Shape::filled(ndim, 0)};
  for (int i = 0; i < ndim - 1; ++i)
    if (i != row) there.axes.push_back(i);
  there.axes.push_back(row);
  there.axes.push_back(ndim - 1);
  for (int i = 0; i < ndim; ++i) back.axes[static_cast<int>(there.axes[i])] = i;
  const Value a = c.call("transpose", {c.in(0)}, there), b = c.call("transpose", {c.in(1)}, there);
  return c.call("transpose", {matrix_product(c, a, b, ndim, {p.transpose_a, p.transpose_b})}, back);
}

void decompose_gemm2(DecomposeContext& c) {
  const auto& p = c.params<Gemm2Param>();
  c.set(0, scaled(c, general_product(c, p), p.alpha));
}

void decompose_gemm(DecomposeContext& c) {
  const auto& p = c.params<GemmParam>();
  c.set(0, c.add(scaled(c, general_product(c, p), p.alpha), scaled(c, c.in(2), p.beta)));
}

void infer_syrk_shape(ShapeContext& c) {
  require_matrix(c, 0);
  if (!c.in(0).has_rank()) return;
  Shape out = c.in(0);
  const int last = out.ndim() - 1;
  out[last] = out[last - 1] = c.in(0)[c.params<SyrkParam>().transpose ? last : last - 1];
  c.set_out(0, out);
}

void decompose_syrk(DecomposeContext& c) {
  const auto& p = c.params<SyrkParam>();
  const TransposePair transpose{p.transpose, !p.transpose};
  const Value out = matrix_product(c, c.in(0), c.in(0), c.in_shape(0).ndim(), transpose);
  c.set(0, scaled(c, out, p.alpha));
}

/// One product: with S = d_out + d_out^T the gradient is alpha S A, or alpha A S.
void syrk_gradient(GradContext& g) {
  const auto& p = g.params<SyrkParam>();
  const Value& a = g.in(0);
  const Value both = g.add(g.d_out(), transposed(g, g.d_out()));
  g.set(0, p.transpose ? product(g, a, both, {}, p.alpha) : product(g, both, a, {}, p.alpha));
}

void decompose_trmm(DecomposeContext& c) {
  const auto& p = c.params<TriangularParam>();
  const Value factor = triangle(c, c.in(0), p.lower);
  const int ndim = c.in_shape(0).ndim();
  const Value out = p.rightside ? matrix_product(c, c.in(1), factor, ndim, {false, p.transpose})
                                : matrix_product(c, factor, c.in(1), ndim, {p.transpose, false});
  c.set(0, scaled(c, out, p.alpha));
}

const OpBuilder gemm = OpBuilder("_linalg_gemm")
                           .alias("linalg_gemm")
                           .doc("alpha op(A) op(B) + beta C of matrices, where op may transpose.")
                           .params<GemmParam>()
                           .input("A")
                           .input("B")
                           .input("C")
                           .infer_shape(infer_product_shape<GemmParam>)
                           .infer_dtype(infer_dtype)
                           .decomposition(decompose_gemm);

const OpBuilder gemm2 = OpBuilder("_linalg_gemm2")
                            .alias("linalg_gemm2")
                            .doc("alpha op(A) op(B) of matrices, where op may transpose.")
                            .params<Gemm2Param>()
                            .input("A")
                            .input("B")
                            .infer_shape(infer_product_shape<Gemm2Param>)
                            .infer_dtype(infer_dtype)
                            .decomposition(decompose_gemm2);

const OpBuilder syrk = OpBuilder("_linalg_syrk")
                           .alias("linalg_syrk")
                           .doc("alpha A A^T, or alpha A^T A.")
                           .params<SyrkParam>()
                           .input("A")
                           .infer_shape(infer_syrk_shape)
                           .infer_dtype(infer_dtype)
                           .decomposition(decompose_syrk)
                           .gradient(syrk_gradient);

const OpBuilder trmm =
    OpBuilder("_linalg_trmm")
        .alias("linalg_trmm")
        .doc("alpha op(A) B, or alpha B op(A), with a triangle of A; op may transpose.")
        .params<TriangularParam>()
        .input("A", "Square matrices; the other triangle is taken as zero.")
        .input("B")
        .infer_shape(infer_triangular_shape)
        .infer_dtype(infer_dtype)
        .decomposition(decompose_trmm);

}  // namespace
}  // namespace mx::linalg
