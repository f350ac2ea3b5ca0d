// Pseudoinverses, by singular value decompositions.
// lint: no-kernel (a composition of _npi_svd and products)
#include "ops/linalg/pinv.h"

#include "ir/common_params.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"

namespace mx::linalg {
namespace {

void infer_pinv_shape(ShapeContext& c) {
  require_matrix(c, 0);
  if (!c.in(0).has_rank()) return;
  Shape out = c.in(0);
  std::swap(out[out.ndim() - 1], out[out.ndim() - 2]);
  c.set_out(0, out);
  if (c.num_in() > 1 && c.in(1).is_known()) {
    const Shape batch = batch_shape(c.in(0), 2);
    if (!(broadcast_shapes(batch, c.in(1), c.op_name()) == batch))
      c.fail_in(1, "fits no A=", c.in(0), "; expected one number, or one for each matrix");
  }
}

/// 1 / values above the cutoff, else 0. `cutoff` tells it from the largest value of each matrix.
template <typename Cutoff>
Value inverse_values(DecomposeContext& c, const Value& values, const Cutoff& cutoff) {
  const Value largest = c.call("max", {values}, ReduceParam{Shape{-1}, true});
  const Value kept = c.call("broadcast_greater", {values, cutoff(largest)});
  // Zeros divide nothing.
  const Value divisor = c.add(c.mul(values, kept), c.add_scalar(c.negative(kept), 1));
  return c.div(kept, divisor);
}

/// V^T diag(1 / L) UT^T of the matrices, or of their transposes where these have fewer rows.
template <typename Cutoff>
void decompose(DecomposeContext& c, const Cutoff& cutoff) {
  const Shape& a = c.in_shape(0);
  if (a.size() == 0) return c.set(0, transposed(c, c.in(0)));  // there is no largest value
  const bool is_tall = a[a.ndim() - 2] > a.back();
  const Value wide = is_tall ? transposed(c, c.in(0)) : c.in(0);
  const NodePtr svd = c.call_node("_npi_svd", {wide});
  const Value u{svd, 0}, values{svd, 1}, v{svd, 2};
  const Value scaled = scaled_rows(c, v, inverse_values(c, values, cutoff));
  c.set(0, is_tall ? product(c, u, scaled) : product(c, scaled, u, {true, true}));
}

/// With P the pseudoinverse and G = d_P: d_A = -P^T G P^T + (I - A P) G^T P P^T
/// + P^T P G^T (I - P A), as long as the rank stays what it is.
void pinv_gradient(GradContext& g) {
  const Value &a = g.in(0), &p = g.out(0), &d = g.d_out();
  const Value direct = product(g, product(g, p, d, {true, false}), p, {false, true}, -1);
  const Value left = product(g, product(g, d, p, {true, false}), p, {false, true});
  const Value right = product(g, p, product(g, p, d, {false, true}), {true, false});
  const Value outside_columns = g.sub(left, product(g, a, product(g, p, left)));
  const Value outside_rows = g.sub(right, product(g, product(g, right, p), a));
  g.set(0, g.add(direct, g.add(outside_columns, outside_rows)));
}

OpBuilder pseudoinverse(const char* name) {
  return OpBuilder(name)
      .doc("Pseudoinverses (..., n, m) of matrices, in which small singular values count as zero.")
      .input("A", "Matrices (..., m, n).")
      .infer_shape(infer_pinv_shape)
      .infer_dtype(infer_dtype)
      .gradient(pinv_gradient);
}

const OpBuilder pinv = pseudoinverse("_npi_pinv")
                           .params<PinvParam>()
                           .input("rcond",
                                  "Singular values up to this part of the largest one count as "
                                  "zero: a number, or one for each matrix.")
                           .decomposition([](DecomposeContext& c) {
                             decompose(c, [&](const Value& largest) {
                               const Value parts =
                                   c.call("expand_dims", {c.in(1)}, ExpandDimsParam{-1});
                               return c.call("broadcast_mul", {largest, parts});
                             });
                           });

const OpBuilder pinv_scalar =
    pseudoinverse("_npi_pinv_scalar_rcond")
        .params<PinvScalarParam>()
        .decomposition([](DecomposeContext& c) {
          decompose(c, [&](const Value& largest) {
            return c.mul_scalar(largest, c.params<PinvScalarParam>().rcond);
          });
        });

}  // namespace
}  // namespace mx::linalg
