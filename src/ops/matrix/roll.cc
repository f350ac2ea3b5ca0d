// Moves elements along axes; those that leave at the end come in at the beginning.
// lint: no-kernel (two slices exchange their places)
#include "ops/matrix/roll.h"

#include <vector>

#include "ops/elemwise/common.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/slice.h"

namespace mx {
namespace {

constexpr const char* kOp = "_np_roll";

/// The shift along each axis, reduced to [0, size).
std::vector<int64_t> shifts_by_axis(const RollParam& p, const Shape& shape) {
  const Shape &shift = *p.shift, &axis = *p.axis;
  std::vector<int64_t> by_axis(static_cast<size_t>(shape.ndim()), 0);
  for (int i = 0; i < axis.ndim(); ++i) {
    const int at = normalize_axis(axis[i], shape.ndim(), kOp);
    if (shape[at] > 0)
      by_axis[static_cast<size_t>(at)] += shift[shift.ndim() == 1 ? 0 : i] % shape[at];
  }
  for (int i = 0; i < shape.ndim(); ++i)
    if (int64_t& by = by_axis[static_cast<size_t>(i)]; shape[i] > 0)
      by = (by % shape[i] + shape[i]) % shape[i];
  return by_axis;
}

void infer_roll(ShapeContext& c) {
  const auto& p = c.params<RollParam>();
  c.unify_all();
  const Shape shift = p.shift.value_or(Shape({})), axis = p.axis.value_or(Shape({0}));
  require(shift.ndim() == 1 || (shift.ndim() > 1 && shift.ndim() == axis.ndim()), c.op_name(),
          ": shift=", shift, " does not fit axis=", axis,
          "; expected one number, or one for each axis");
  if (c.in(0).has_rank() && p.axis)
    for (int64_t each : axis) normalize_axis(each, c.in(0).ndim(), c.op_name());
}

/// `by` lies in [0, size).
Value roll_axis(DecomposeContext& c, const Value& data, int axis, int64_t size, int64_t by) {
  if (by == 0) return data;
  const Value behind = c.call("slice_axis", {data}, SliceAxisParam{axis, size - by, size});
  const Value before = c.call("slice_axis", {data}, SliceAxisParam{axis, 0, size - by});
  return c.call("Concat", {behind, before}, ConcatParam{2, axis});
}

void decompose_roll(DecomposeContext& c) {
  const auto& p = c.params<RollParam>();
  const Shape shape = p.axis ? c.in_shape(0) : Shape{c.in_shape(0).size()};
  const RollParam along{p.shift, p.axis ? p.axis : Shape{0}};
  const std::vector<int64_t> shifts = shifts_by_axis(along, shape);
  Value rolled = c.call("_backward_reshape", {c.in(0)}, ShapeParam{shape});
  for (int i = 0; i < shape.ndim(); ++i)
    rolled = roll_axis(c, rolled, i, shape[i], shifts[static_cast<size_t>(i)]);
  c.set(0, c.call("_backward_reshape", {rolled}, ShapeParam{c.in_shape(0)}));
}

const OpBuilder roll = OpBuilder(kOp)
                           .doc("Moves elements along axes; the last ones become the first.")
                           .params<RollParam>()
                           .input("data", "Array of any shape.")
                           .infer_shape(infer_roll)
                           .decomposition(decompose_roll);

}  // namespace
}  // namespace mx
