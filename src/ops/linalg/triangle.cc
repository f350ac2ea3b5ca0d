// extracttrian and maketrian: a triangle of matrices as vectors, and back: a lower one row
// by row, an upper one column by column.
#include "ops/linalg/triangle.h"

#include <cmath>

#include "base/checked.h"
#include "ops/linalg/matrices.h"

namespace mx::linalg {
namespace {

/// Rows of the triangle of an n x n matrix.
int64_t triangle_rows(const ShapeContext& c, int64_t n) {
  const auto& p = c.params<TriangleParam>();
  const int64_t rows = n - p.distance();
  require(rows > 0, c.op_name(), ": offset=", p.offset, " lies outside of matrices with ", n,
          " rows; expected a smaller distance from the diagonal");
  return rows;
}

void infer_extract_shape(ShapeContext& c) {
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  Shape out = batch_shape(c.in(0), 2);
  const int64_t n = c.in(0).back(), rows = n < 0 ? -1 : triangle_rows(c, n);
  out.push_back(n < 0 ? -1 : rows * (rows + 1) / 2);
  c.set_out(0, out);
}

void infer_make_shape(ShapeContext& c) {
  const auto& p = c.params<TriangleParam>();
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  if (in.ndim() < 1) c.fail_in(0, "has no axis; expected at least one");
  Shape out = batch_shape(in, 1);
  int64_t n = -1;
  if (in.back() >= 0) {
    const auto rows =
        static_cast<int64_t>((std::sqrt(8.0 * static_cast<double>(in.back()) + 1) - 1) / 2);
    if (rows == 0 || rows * (rows + 1) / 2 != in.back())
      c.fail_in(0, "holds no triangles; expected 1, 3, 6, 10 ... in the last axis");
    n = rows + p.distance();
  }
  out.push_back(n);
  out.push_back(n);
  c.set_out(0, out);
}

/// Each of the two is linear and the other's transpose.
const OpBuilder extract =
    OpBuilder("_linalg_extracttrian")
        .alias("linalg_extracttrian")
        .doc("A triangle of each matrix as a vector: rows of the lower, columns of the upper one.")
        .params<TriangleParam>()
        .input("A", "Square matrices.")
        .infer_shape(infer_extract_shape)
        .infer_dtype(infer_dtype)
        .gradient([](GradContext& g) {
          g.set(0, g.call("_linalg_maketrian", {g.d_out()}, g.raw_params()));
        });

const OpBuilder make =
    OpBuilder("_linalg_maketrian")
        .alias("linalg_maketrian")
        .doc("Matrices with a triangle from a vector each, zero elsewhere.")
        .params<TriangleParam>()
        .input("A", "The triangles in the last axis, as _linalg_extracttrian gives them.")
        .infer_shape(infer_make_shape)
        .infer_dtype(infer_dtype)
        .gradient([](GradContext& g) {
          g.set(0, g.call("_linalg_extracttrian", {g.d_out()}, g.raw_params()));
        });

}  // namespace
}  // namespace mx::linalg
