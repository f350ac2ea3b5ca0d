#pragma once
#include "ir/op.h"

/// What operators on the matrices in the last two axes of arrays share.
namespace mx::linalg {

/// Float32 or float64 everywhere. Throws: TypeError naming operator and input.
void infer_dtype(DTypeContext& c);

/// The same, but integers and bool become float64, and so does float32 beside float64: the dtype in
/// which the operators of mx.np's linalg compute. Throws: TypeError for halves.
void infer_numpy_dtype(DTypeContext& c);
/// That dtype for one of the inputs.
DType numpy_linalg_dtype(DType dtype);

/// Brings input i to the shape (..., n, n). Throws: ValueError when it is none.
void require_square(ShapeContext& c, size_t i);
/// One shape (..., n, n) for all inputs and outputs.
void infer_same_square(ShapeContext& c);

/// Throws: ValueError when input i has fewer axes than a matrix.
void require_matrix(const ShapeContext& c, size_t i);

/// `shape` without its last `count` axes; (1,) when nothing is left and `never_empty`.
Shape batch_shape(const Shape& shape, int count, bool never_empty = false);

struct TransposePair {
  bool a = false, b = false;
};
/// alpha * op(a) op(b), where op may transpose.
Value product(GraphBuilder& b, const Value& left, const Value& right, TransposePair transpose = {},
              double alpha = 1);
/// The matrices with rows and columns exchanged.
Value transposed(GraphBuilder& b, const Value& value);
/// The matrices with row i (column i) multiplied by factor i; factors are (..., rows or columns).
Value scaled_rows(GraphBuilder& b, const Value& matrices, const Value& factors);
Value scaled_columns(GraphBuilder& b, const Value& matrices, const Value& factors);
/// The triangle on and below the diagonal (`lower`), or on and above it; zero elsewhere.
Value triangle(GraphBuilder& b, const Value& value, bool lower = true);
/// The symmetric matrix with that lower triangle.
Value symmetric_from_lower(GraphBuilder& b, const Value& value);
/// alpha * op(factor)^-1 values, or values op(factor)^-1 with `right_side`.
Value solve_lower(GraphBuilder& b, const Value& factor, const Value& values, bool transpose,
                  bool right_side);

}  // namespace mx::linalg
