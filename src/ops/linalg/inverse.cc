// _linalg_inverse, and the inverse in which matrices without one are zero, for gradients.
#include "ops/linalg/matrices.h"

namespace mx::linalg {
namespace {

/// With B the inverse: d_A = -B^T d_B B^T.
void inverse_gradient(GradContext& g) {
  const Value left = product(g, g.out(0), g.d_out(), {true, false}, -1);
  g.set(0, product(g, left, g.out(0), {false, true}));
}

const OpBuilder inverse = OpBuilder("_linalg_inverse")
                              .alias("linalg_inverse")
                              .alias("_npi_inv")
                              .doc("Inverses of matrices.")
                              .input("A", "Square matrices of full rank.")
                              .infer_shape(infer_same_square)
                              .infer_dtype(infer_dtype)
                              .gradient(inverse_gradient)
                              .inplace(0, 0);

const OpBuilder inverse_or_zero = OpBuilder("_linalg_inverse_or_zero")
                                      .doc("Inverses of matrices; zero for those that have none.")
                                      .input("A", "Square matrices.")
                                      .infer_shape(infer_same_square)
                                      .infer_dtype(infer_dtype)
                                      .gradient(inverse_gradient)
                                      .inplace(0, 0);

}  // namespace
}  // namespace mx::linalg
