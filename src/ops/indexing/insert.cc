// Puts values into an axis.
// lint: no-kernel (values and array are joined and sorted by their places)
#include "ops/indexing/insert.h"

#include <algorithm>

#include "base/checked.h"
#include "ops/elemwise/common.h"
#include "ops/indexing/take.h"
#include "ops/indexing/topk.h"
#include "ops/init/arange.h"
#include "ops/init/fill.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/moveaxis.h"
#include "ops/matrix/tile.h"
#include "ops/matrix/transpose.h"

namespace mx {

AxisRange slice_range(const std::optional<int32_t>& start, const std::optional<int32_t>& stop,
                      const std::optional<int32_t>& step, int64_t size, std::string_view op) {
  const int64_t by = step.value_or(1);
  require(by != 0, op, ": step=0 reaches no end; expected another number");
  // Where a slice may begin and end: backwards it ends before place 0.
  const int64_t low = by > 0 ? 0 : -1, high = by > 0 ? size : size - 1;
  const auto place = [&](const std::optional<int32_t>& given, int64_t none) {
    if (!given) return none;
    return std::clamp<int64_t>(*given < 0 ? *given + size : *given, low, high);
  };
  const int64_t first = place(start, by > 0 ? low : high), end = place(stop, by > 0 ? high : low);
  const int64_t span = by > 0 ? end - first : first - end, distance = by > 0 ? by : -by;
  return {first, by, span > 0 ? (span - 1) / distance + 1 : 0};
}

namespace {

/// Where the places come from.
enum class Places { kNumber, kSlice, kArray };

/// What is known of a call when the shapes are.
struct Insertion {
  Shape arr;  ///< flattened where there is no axis
  int axis = 0;
  AxisRange range{0, 1, 1};  ///< places; of an array their count only
  Shape values;              ///< with as many axes as arr
  int64_t added = 1;         ///< by how much the axis grows
  Shape grown(int64_t size) const {
    Shape shape = arr;
    shape[axis] = size;
    return shape;
  }
};

AxisRange one_place(int64_t given, int64_t size, std::string_view op) {
  const int64_t place = given < 0 ? given + size : given;
  require(place >= 0 && place <= size, op, ": int_ind=", given, " is out of range; expected ",
          -size, " to ", size);
  return {place, 1, 1};
}

Insertion plan(const InsertParam& p, Places places, const Shape& arr, const Shape& values,
               const Shape& obj, std::string_view op) {
  Insertion plan;
  plan.arr = p.axis ? arr : Shape{arr.size()};
  plan.axis = p.axis ? normalize_axis(*p.axis, arr.ndim(), op) : 0;
  const int64_t size = plan.arr[plan.axis];
  if (places == Places::kNumber) {
    require(p.int_ind.has_value(), op, ": int_ind is missing; expected a place");
    plan.range = one_place(*p.int_ind, size, op);
  } else if (places == Places::kSlice) {
    plan.range = slice_range(p.start, p.stop, p.step, size, op);
  } else {
    require(obj.ndim() == 1, op, ": obj=", obj, " has ", obj.ndim(), " axes; expected one");
    plan.range.count = obj[0];
  }
  plan.added = plan.range.count;
  if (p.val) return plan;
  const int ndim = plan.arr.ndim();
  require(values.ndim() <= ndim, op, ": values=", values, " has more axes than arr=", plan.arr,
          "; expected at most ", ndim);
  plan.values = with_leading_ones(values, ndim);
  if (places == Places::kNumber) {  // one place takes values along the first axis of theirs
    const Shape axes = moved_axes({Shape{0}, Shape{plan.axis}}, ndim, op);
    Shape moved = plan.values;
    for (int i = 0; i < ndim; ++i) moved[i] = plan.values[static_cast<int>(axes[i])];
    plan.values = moved;
  }
  if (plan.range.count == 1) plan.added = plan.values[plan.axis];
  const Shape target = plan.grown(plan.added);
  require(broadcast_shapes(plan.values, target, op) == target, op, ": values=", values,
          " cannot be broadcast to ", target,
          ", which is put in; expected sizes that are equal or 1");
  return plan;
}

Value numbers(GraphBuilder& c, int64_t start, int64_t step, int64_t count) {
  ArangeParam all;
  all.start = static_cast<double>(start);
  all.stop = static_cast<double>(start + step * count);
  all.step = static_cast<double>(step);
  all.dtype = DType::kInt64;
  return c.call("_npi_arange", {}, all);
}

/// Input i, counted without `values` where a number is put in.
const Value& object(const DecomposeContext& c) { return c.in(c.num_in() - 1); }

/// What is put in, in its full shape and the dtype of arr.
Value inserted(DecomposeContext& c, const Insertion& plan, Places places) {
  const auto& p = c.params<InsertParam>();
  const Shape target = plan.grown(plan.added);
  if (p.val) {
    FullParam full;
    full.shape = target;
    full.dtype = c.in_dtype(0);
    full.value = *p.val;
    return c.call("_full", {}, full);
  }
  const Shape raised = with_leading_ones(c.in_shape(1), plan.arr.ndim());
  Value values = c.call("_backward_reshape", {c.in(1)}, ShapeParam{raised});
  if (c.in_dtype(1) != c.in_dtype(0)) values = c.cast(values, c.in_dtype(0));
  if (places == Places::kNumber)
    values = c.call("_np_moveaxis", {values}, MoveAxisParam{Shape{0}, Shape{plan.axis}});
  return c.call("_npi_broadcast_to", {values}, ShapeParam{target});
}

/// The places of an array, which count from the end where they are negative.
/// Throws, when it runs: IndexError for one that is out of range.
Value places_of(DecomposeContext& c, int64_t size) {
  const Value places = object(c);
  const Value from_end = c.call("_plus_scalar", {places}, ScalarParam{static_cast<double>(size)});
  const Value negative = c.call("_npi_less_scalar", {places}, ScalarParam{0});
  const Value all = c.call("_npi_where", {negative, from_end, places});
  return c.call("take", {numbers(c, 0, 1, size + 1), all}, TakeParam{0, TakeMode::kRaise});
}

/// A number for each element along the axis, first the new ones, by which they are ordered: new
/// ones come before the old one at their place, and stay in their order.
Value ranks(DecomposeContext& c, const Insertion& plan, Places places) {
  const int64_t size = plan.arr[plan.axis], width = plan.added + 1;
  Value at = places == Places::kArray
                 ? places_of(c, size)
                 : numbers(c, plan.range.start, plan.range.step, plan.range.count);
  if (plan.added != plan.range.count)
    at = c.call("_npi_broadcast_to", {at}, ShapeParam{Shape{plan.added}});
  const Value fresh = c.add(c.call("_mul_scalar", {at}, ScalarParam{static_cast<double>(width)}),
                            numbers(c, 0, 1, plan.added));
  return c.call("Concat", {fresh, numbers(c, plan.added, width, size)}, ConcatParam{2, 0});
}

void decompose(DecomposeContext& c, Places places) {
  const auto& p = c.params<InsertParam>();
  const Insertion plan = mx::plan(p, places, c.in_shape(0), p.val ? Shape{} : c.in_shape(1),
                                  c.in_shape(c.num_in() - 1), "insert");
  const Value arr = c.call("_backward_reshape", {c.in(0)}, ShapeParam{plan.arr});
  if (plan.added == 0) return c.set(0, arr);
  const Value all = c.call("Concat", {inserted(c, plan, places), arr}, ConcatParam{2, plan.axis});
  const Value order =
      c.call("argsort", {ranks(c, plan, places)}, ArgsortParam{0, true, DType::kInt64});
  c.set(0, c.call("take", {all, order}, TakeParam{plan.axis, TakeMode::kClip}));
}

void infer_insert(ShapeContext& c, Places places) {
  const auto& p = c.params<InsertParam>();
  for (size_t i = 0; i < c.num_in(); ++i)
    if (!c.in(i).is_known()) return;
  const Insertion found =
      plan(p, places, c.in(0), p.val ? Shape{} : c.in(1), c.in(c.num_in() - 1), c.op_name());
  c.set_out(
      0,
      found.grown(
          (Checked(found.arr[found.axis]) + found.added).get(c.op_name(), "values", found.values)));
}

void infer_insert_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

template <Places kPlaces>
OpBuilder insert(const char* name, const char* doc) {
  OpBuilder builder(name);
  builder.doc(doc)
      .params<InsertParam>()
      .input("arr", "Array of any shape.")
      .input("values", "What is put in; broadcast.")
      .infer_shape([](ShapeContext& c) { infer_insert(c, kPlaces); })
      .infer_dtype(infer_insert_dtype)
      .decomposition([](DecomposeContext& c) { decompose(c, kPlaces); })
      .input_used(
          [](const Params& params, size_t i) { return i != 1 || !params.as<InsertParam>().val; });
  return builder;
}

const OpBuilder insert_number =
    insert<Places::kNumber>("_npi_insert_scalar", "arr with values put in before one place.");
const OpBuilder insert_slice = insert<Places::kSlice>(
    "_npi_insert_slice", "arr with one value put in before each place of a slice.");
const OpBuilder insert_array =
    insert<Places::kArray>("_npi_insert_tensor", "arr with one value put in before each of obj.")
        .input("obj", "Places, int64; negative ones count from the end.");

}  // namespace
}  // namespace mx
