#include <string>

#include "ir/common_params.h"
#include "ops/linalg/diagonal.h"
#include "ops/linalg/matrices.h"
#include "ops/matrix/reshape.h"

namespace mx::linalg {
namespace {

void infer_eigen_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  require_square(c, 0);
  c.set_out(0, c.in(0));
  if (c.in(0).has_rank()) {
    Shape values = batch_shape(c.in(0), 2);
    values.push_back(c.in(0).back());
    c.set_out(1, values);
  }
}

struct TriangleOfParam {
  std::string uplo = "L";
  static void describe(ParamBuilder<TriangleOfParam>& fields) {
    fields.add("UPLO", &TriangleOfParam::uplo, "Which triangle is looked at: L or U.");
  }
  void validate(std::string_view op) const {
    require(uplo == "L" || uplo == "U", op, ": UPLO=", uplo, " is no triangle; expected L or U");
  }
};

/// With the values first.
void infer_numpy_eigen_shape(ShapeContext& c) {
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  Shape values = batch_shape(c.in(0), 2);
  values.push_back(c.in(0).back());
  c.set_out(0, values);
  if (c.num_out() > 1) c.set_out(1, c.in(0));
}

/// Vectors are columns here, and rows of _linalg_syevd.
void decompose_numpy_eigen(DecomposeContext& c, bool wants_vectors) {
  const DType dtype = numpy_linalg_dtype(c.in_dtype(0));
  Value data = c.in_dtype(0) == dtype ? c.in(0) : c.cast(c.in(0), dtype);
  if (c.params<TriangleOfParam>().uplo == "U") data = transposed(c, data);
  const NodePtr node = c.call_node("_linalg_syevd", {data});
  c.set(0, Value{node, 1});
  if (wants_vectors) c.set(1, transposed(c, Value{node, 0}));
}

OpBuilder numpy_eigen(const char* name, const char* doc, bool wants_vectors) {
  return OpBuilder(name)
      .doc(doc)
      .params<TriangleOfParam>()
      .input("A", "Symmetric matrices, one triangle of which is looked at.")
      .infer_shape(infer_numpy_eigen_shape)
      .infer_dtype(infer_numpy_dtype)
      .decomposition([=](DecomposeContext& c) { decompose_numpy_eigen(c, wants_vectors); });
}

/// 1 / (v_i - v_j), and 0 where two eigenvalues are equal, as on the diagonal.
Value inverse_gaps(GradContext& g, const Value& values) {
  const auto along = [&](int64_t axis) {
    return g.call("expand_dims", {values}, ExpandDimsParam{static_cast<int32_t>(axis)});
  };
  const Value gaps = g.call("broadcast_sub", {along(-1), along(-2)});
  const Value equal = g.call("_equal_scalar", {gaps}, ScalarParam{0.0});
  const Value apart = g.add_scalar(g.negative(equal), 1);
  return g.div(apart, g.add(gaps, equal));
}

/// With the eigenvectors u_i as rows of U: d_A = U^T K U, where K is diagonal from d_values, plus
/// the symmetric part of (d_u_i . u_j) / (v_i - v_j).
void eigen_gradient(GradContext& g) {
  const Value &vectors = g.out(0), &d_vectors = g.d_out(0);
  const Value turns =
      g.mul(product(g, d_vectors, vectors, {false, true}), inverse_gaps(g, g.out(1)));
  Value inner = g.mul_scalar(g.add(turns, transposed(g, turns)), 0.5);
  if (g.has_d_out(1))
    inner = g.add(inner, g.call("_linalg_makediag", {g.d_out(1)}, DiagonalParam{}));
  g.set(0, product(g, product(g, vectors, inner, {true, false}), vectors));
}

const OpBuilder eigen =
    OpBuilder("_linalg_syevd")
        .doc(
            "Eigenvectors, as rows whose largest element is positive, and eigenvalues, which grow, "
            "of symmetric matrices.")
        .input("A", "Symmetric matrices, whose lower triangle is looked at.")
        .outputs({"output0", "output1"})
        .infer_shape(infer_eigen_shape)
        .infer_dtype(infer_dtype)
        .gradient(eigen_gradient)
        .inplace(0, 0);

const OpBuilder eigh =
    numpy_eigen("_npi_eigh",
                "Eigenvalues of symmetric matrices, which grow, and eigenvectors as columns, whose "
                "largest element is positive.",
                true)
        .outputs({"output0", "output1"});
const OpBuilder eigvalsh =
    numpy_eigen("_npi_eigvalsh", "Eigenvalues of symmetric matrices, which grow.", false);

}  // namespace
}  // namespace mx::linalg
