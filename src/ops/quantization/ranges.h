#pragma once
// What the inference functions of the quantized operators share: a tensor, then its range in two
// float32 arrays of one element.
#include <vector>

#include "ir/op.h"

namespace mx {

inline const Shape kRangeShape{1};

/// Inputs from `first` on are ends of ranges.
inline void ranges_in(ShapeContext& c, size_t first) {
  for (size_t i = first; i < c.num_in(); ++i) c.set_in(i, kRangeShape);
}
inline void ranges_in(DTypeContext& c, size_t first) {
  for (size_t i = first; i < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
}
/// Outputs 1 and 2 are the ends of the result's range.
inline void range_out(ShapeContext& c) {
  for (size_t i = 1; i < c.num_out(); ++i) c.set_out(i, kRangeShape);
}
inline void range_out(DTypeContext& c) {
  for (size_t i = 1; i < c.num_out(); ++i) c.set_out(i, DType::kFloat32);
}

/// Inference of another operator on the first `count` inputs and output 0.
inline void infer_shape_as(ShapeContext& c, const char* op, size_t count) {
  const Op& other = get_op(op);
  std::vector<Shape> in, out{c.out(0)};
  for (size_t i = 0; i < count; ++i) in.push_back(c.in(i));
  for (uint32_t i = 1; i < other.num_outputs(c.raw_params()); ++i) out.emplace_back();
  ShapeContext inner(c.op(), c.raw_params(), in, out);
  other.infer_shape(inner);
  for (size_t i = 0; i < count; ++i) c.set_in(i, in[i]);
  c.set_out(0, out[0]);
}

/// Throws: TypeError unless input i is int8, uint8 or not known yet.
inline void require_quantized(const DTypeContext& c, size_t i) {
  const DType dtype = c.in(i);
  if (dtype != DType::kUnknown && dtype != DType::kInt8 && dtype != DType::kUint8)
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(i), " has dtype ", dtype_name(dtype),
         "; expected int8 or uint8");
}

inline constexpr const char* kWholeNumbers = "results are whole numbers, which move in steps";

}  // namespace mx
