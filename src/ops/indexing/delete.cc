// Takes places out of an axis.
// lint: no-kernel (what is left is taken)
#include "ops/elemwise/common.h"
#include "ops/indexing/boolean_mask.h"
#include "ops/indexing/insert.h"
#include "ops/indexing/take.h"
#include "ops/indexing/topk.h"
#include "ops/init/arange.h"
#include "ops/matrix/slice.h"

namespace mx {
namespace {

constexpr const char* kOp = "_npi_delete";

/// arr, flattened where there is no axis.
Shape worked_on(const DeleteParam& p, const Shape& arr) { return p.axis ? arr : Shape{arr.size()}; }
int worked_axis(const DeleteParam& p, const Shape& arr) {
  return p.axis ? normalize_axis(*p.axis, arr.ndim(), kOp) : 0;
}

AxisRange range_of(const DeleteParam& p, int64_t size) {
  if (!p.int_ind) return slice_range(p.start, p.stop, p.step, size, kOp);
  const int64_t place = *p.int_ind < 0 ? *p.int_ind + size : *p.int_ind;
  require(place >= 0 && place < size, kOp, ": int_ind=", *p.int_ind, " is out of range; expected ",
          -size, " to ", size - 1);
  return {place, 1, 1};
}

void infer_delete(ShapeContext& c) {
  const auto& p = c.params<DeleteParam>();
  if (!c.in(0).is_known()) return;
  Shape out = worked_on(p, c.in(0));
  const int axis = worked_axis(p, c.in(0));
  out[axis] = p.has_indices() ? Shape::kUnknownDim : out[axis] - range_of(p, out[axis]).count;
  c.set_out(0, out);
}

Value numbers(GraphBuilder& c, int64_t count) {
  ArangeParam all;
  all.stop = static_cast<double>(count);
  all.dtype = DType::kInt64;
  return c.call("_npi_arange", {}, all);
}

/// The places that are left of an axis of `size`: those of the range are ordered behind all others
/// and left out.
Value left_places(DecomposeContext& c, const AxisRange& range, int64_t size) {
  if (range.count == size) return numbers(c, 0);
  SliceAssignScalarParam last;
  const int64_t end = range.start + range.step * range.count;
  last.scalar = static_cast<double>(size);
  last.begin.values = {range.start};
  last.end.values = {end < 0 ? std::nullopt : std::optional<int64_t>(end)};
  last.step.values = {range.step};
  const Value ranks = c.call("_slice_assign_scalar", {numbers(c, size)}, last);
  const Value order = c.call("argsort", {ranks}, ArgsortParam{0, true, DType::kInt64});
  return c.call("slice_axis", {order}, SliceAxisParam{0, 0, size - range.count});
}

/// 1 for each place that obj does not name.
/// Throws, when it runs: IndexError for a place out of range.
Value unnamed(DecomposeContext& c, int64_t size) {
  const Value places = c.in(1);
  const Value from_end = c.call("_plus_scalar", {places}, ScalarParam{static_cast<double>(size)});
  const Value negative = c.call("_npi_less_scalar", {places}, ScalarParam{0});
  const Value all = c.call("_npi_where", {negative, from_end, places});
  const Value checked = c.call("take", {numbers(c, size), all}, TakeParam{0, TakeMode::kRaise});
  const Value ones = c.cast(c.ones_like(checked), DType::kFloat32);
  const Value counts = c.call("_backward_take", {ones, checked},
                              TakeBackwardParam{0, TakeMode::kClip, Shape{size}, false});
  return c.call("_equal_scalar", {counts}, ScalarParam{0});
}

void decompose_delete(DecomposeContext& c) {
  const auto& p = c.params<DeleteParam>();
  const Shape shape = worked_on(p, c.in_shape(0));
  const int axis = worked_axis(p, c.in_shape(0));
  const Value arr = c.call("_backward_reshape", {c.in(0)}, ShapeParam{shape});
  if (p.has_indices())
    return c.set(
        0, c.call("_contrib_boolean_mask", {arr, unnamed(c, shape[axis])}, BooleanMaskParam{axis}));
  const AxisRange range = range_of(p, shape[axis]);
  if (range.count == 0) return c.set(0, arr);
  c.set(0, c.call("take", {arr, left_places(c, range, shape[axis])},
                  TakeParam{axis, TakeMode::kClip}));
}

void infer_delete_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

const OpBuilder remove = OpBuilder(kOp)
                             .doc("arr without one place, a slice or given places of an axis.")
                             .params<DeleteParam>()
                             .input("arr", "Array of any shape.")
                             .input("obj", "Places; negative ones count from the end.")
                             .input_used([](const Params& params, size_t i) {
                               return i == 0 || params.as<DeleteParam>().has_indices();
                             })
                             .infer_shape(infer_delete)
                             .infer_dtype(infer_delete_dtype)
                             .trait("shape_from_data")
                             .decomposition(decompose_delete);

}  // namespace
}  // namespace mx
