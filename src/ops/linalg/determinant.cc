// det and slogdet.
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"
#include "ops/reduce/numpy.h"

namespace mx::linalg {
namespace {

void infer_determinant_shape(ShapeContext& c) {
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, batch_shape(c.in(0), 2, true));
}

/// A^-T times a number for each matrix; singular matrices get zero, as in 1.9.1.
Value scaled_inverse(GradContext& g, Value factors) {
  const int ndim = g.in_shape(0).ndim();
  factors = g.call("expand_dims", {factors}, ExpandDimsParam{-1});
  if (ndim > 2) factors = g.call("expand_dims", {factors}, ExpandDimsParam{-1});
  const Value inverse = g.call("_linalg_inverse_or_zero", {g.in(0)});
  return g.call("broadcast_mul", {transposed(g, inverse), factors});
}

void det_gradient(GradContext& g) { g.set(0, scaled_inverse(g, g.mul(g.d_out(), g.out(0)))); }

void slogdet_gradient(GradContext& g) {
  if (g.has_d_out(1)) g.set(0, scaled_inverse(g, g.d_out(1)));
}

const OpBuilder det = OpBuilder("_linalg_det")
                          .alias("linalg_det")
                          .doc("Determinant of each matrix.")
                          .input("A", "Square matrices.")
                          .outputs({"output0"})
                          .infer_shape(infer_determinant_shape)
                          .infer_dtype(infer_dtype)
                          .gradient(det_gradient);

const OpBuilder slogdet =
    OpBuilder("_linalg_slogdet")
        .alias("linalg_slogdet")
        .doc("Sign of the determinant of each matrix, and the logarithm of its absolute value.")
        .input("A", "Square matrices.")
        .outputs({"output0", "output1"})
        .infer_shape(infer_determinant_shape)
        .infer_dtype(infer_dtype)
        .gradient(slogdet_gradient);

void infer_numpy_shape(ShapeContext& c) {
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, batch_shape(c.in(0), 2));
}

/// The legacy operator, but with results of shape () for one matrix.
OpBuilder numpy_determinant(const char* name, const char* legacy, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("A", "Square matrices.")
      .infer_shape(infer_numpy_shape)
      .infer_dtype(infer_dtype)
      .decomposition([=](DecomposeContext& c) {
        const NodePtr node = c.call_node(legacy, {c.in(0)});
        for (uint32_t i = 0; i < c.out().size(); ++i)
          c.set(i, reduce::in_shape_of(c, Value{node, i}, batch_shape(c.in_shape(0), 2)));
      });
}

const OpBuilder numpy_det =
    numpy_determinant("_npi_det", "_linalg_det", "Determinant of each matrix.")
        .outputs({"output0"});
const OpBuilder numpy_slogdet =
    numpy_determinant(
        "_npi_slogdet", "_linalg_slogdet",
        "Sign of the determinant of each matrix, and the logarithm of its absolute value.")
        .outputs({"output0", "output1"});

}  // namespace
}  // namespace mx::linalg
