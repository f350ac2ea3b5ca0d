// det and slogdet.
#include "ir/shape_meaning.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"

namespace mx::linalg {
namespace {

/// One matrix gives the shape (), or (1,) where () is no shape to the program.
void infer_determinant_shape(ShapeContext& c) {
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  const Shape batch = batch_shape(c.in(0), 2, !numpy_shapes());
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, batch);
}

/// A^-T times a number for each matrix; singular matrices get zero, as in 1.9.1.
Value scaled_inverse(GradContext& g, Value factors) {
  for (int axes = g.out_shape(0).ndim(); axes < g.in_shape(0).ndim(); ++axes)
    factors = g.call("expand_dims", {factors}, ExpandDimsParam{-1});
  const Value inverse = g.call("_linalg_inverse_or_zero", {g.in(0)});
  return g.call("broadcast_mul", {transposed(g, inverse), factors});
}

void det_gradient(GradContext& g) { g.set(0, scaled_inverse(g, g.mul(g.d_out(), g.out(0)))); }

void slogdet_gradient(GradContext& g) {
  if (g.has_d_out(1)) g.set(0, scaled_inverse(g, g.d_out(1)));
}

const OpBuilder det = OpBuilder("_linalg_det")
                          .alias("linalg_det")
                          .alias("_npi_det")
                          .doc("Determinant of each matrix.")
                          .input("A", "Square matrices.")
                          .outputs({"output0"})
                          .infer_shape(infer_determinant_shape)
                          .infer_dtype(infer_dtype)
                          .gradient(det_gradient);

const OpBuilder slogdet =
    OpBuilder("_linalg_slogdet")
        .alias("linalg_slogdet")
        .alias("_npi_slogdet")
        .doc("Sign of the determinant of each matrix, and the logarithm of its absolute value.")
        .input("A", "Square matrices.")
        .outputs({"output0", "output1"})
        .infer_shape(infer_determinant_shape)
        .infer_dtype(infer_dtype)
        .gradient(slogdet_gradient);

}  // namespace
}  // namespace mx::linalg
