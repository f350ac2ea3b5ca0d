#include "ops/linalg/matrices.h"

#include <utility>

#include "ops/linalg/diagonal.h"
#include "ops/linalg/products.h"
#include "ops/linalg/triangle.h"
#include "ops/linalg/triangular_solve.h"
#include "ops/matrix/reshape.h"
#include "ops/matrix/transpose.h"

namespace mx::linalg {

void infer_dtype(DTypeContext& c) {
  c.unify_all();
  const DType dtype = c.in(0);
  if (dtype != DType::kUnknown && dtype != DType::kFloat32 && dtype != DType::kFloat64)
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(0), " has dtype ", dtype_name(dtype),
         "; expected float32 or float64");
}

DType numpy_linalg_dtype(DType dtype) {
  return dtype == DType::kFloat32 ? DType::kFloat32 : DType::kFloat64;
}

void infer_numpy_dtype(DTypeContext& c) {
  DType wide = DType::kFloat32;
  for (size_t i = 0; i < c.num_in(); ++i) {
    const DType dtype = c.in(i);
    if (dtype == DType::kUnknown) return;
    if (dtype == DType::kFloat16 || dtype == DType::kBfloat16)
      fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(i), " has dtype ", dtype_name(dtype),
           "; expected float32, float64 or an integer dtype");
    if (numpy_linalg_dtype(dtype) == DType::kFloat64) wide = DType::kFloat64;
  }
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, wide);
}

void require_matrix(const ShapeContext& c, size_t i) {
  if (c.in(i).has_rank() && c.in(i).ndim() < 2)
    c.fail_in(i, "has ", c.in(i).ndim(), " axes; expected at least 2, those of the matrices last");
}

void require_square(ShapeContext& c, size_t i) {
  require_matrix(c, i);
  if (!c.in(i).has_rank()) return;
  Shape square = c.in(i);
  const int last = square.ndim() - 1;
  if (square[last] >= 0 && square[last - 1] >= 0 && square[last] != square[last - 1])
    c.fail_in(i, "holds no square matrices; expected equal sizes of the last two axes");
  std::swap(square[last], square[last - 1]);
  c.set_in(i, square);
}

void infer_same_square(ShapeContext& c) {
  c.unify_all();
  require_square(c, 0);
  c.unify_all();
}

Shape batch_shape(const Shape& shape, int count, bool never_empty) {
  Shape batch({});
  for (int i = 0; i + count < shape.ndim(); ++i) batch.push_back(shape[i]);
  return batch.empty() && never_empty ? Shape{1} : batch;
}

Value product(GraphBuilder& b, const Value& left, const Value& right, TransposePair transpose,
              double alpha) {
  Gemm2Param p;
  p.transpose_a = transpose.a;
  p.transpose_b = transpose.b;
  p.alpha = alpha;
  return b.call("_linalg_gemm2", {left, right}, p);
}

Value transposed(GraphBuilder& b, const Value& value) {
  return b.call("SwapAxis", {value}, SwapAxisParam{-2, -1});
}

Value scaled_rows(GraphBuilder& b, const Value& matrices, const Value& factors) {
  return b.call("broadcast_mul", {matrices, b.call("expand_dims", {factors}, ExpandDimsParam{-1})});
}
Value scaled_columns(GraphBuilder& b, const Value& matrices, const Value& factors) {
  return b.call("broadcast_mul", {matrices, b.call("expand_dims", {factors}, ExpandDimsParam{-2})});
}

Value triangle(GraphBuilder& b, const Value& value, bool lower) {
  const TriangleParam p{0, lower};
  return b.call("_linalg_maketrian", {b.call("_linalg_extracttrian", {value}, p)}, p);
}

Value symmetric_from_lower(GraphBuilder& b, const Value& value) {
  const Value lower = triangle(b, value);
  const Value both = b.add(lower, transposed(b, lower));
  const Value diagonal =
      b.call("_linalg_makediag", {b.call("_linalg_extractdiag", {value}, DiagonalParam{})},
             DiagonalParam{});
  return b.sub(both, diagonal);
}

Value solve_lower(GraphBuilder& b, const Value& factor, const Value& values, bool transpose,
                  bool right_side) {
  TriangularParam p;
  p.transpose = transpose;
  p.rightside = right_side;
  return b.call("_linalg_trsm", {factor, values}, p);
}

}  // namespace mx::linalg
