// Puts elements around arrays, axis by axis as NumPy does, so that corners come from what was put
// around the axes before.
// lint: no-kernel (a box in zeros, gathered slices, or a join)
#include "ops/matrix/numpy_pad.h"

#include <string>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "ops/elemwise/common.h"
#include "ops/indexing/take.h"
#include "ops/init/arange.h"
#include "ops/init/fill.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/slice.h"

namespace mx {

bool codec::Codec<PadWidths>::parse(std::string_view text, PadWidths& v) {
  std::string flat(text);
  std::erase_if(flat, [](char c) { return c == '(' || c == ')' || c == '[' || c == ']'; });
  while (!flat.empty() && (flat.back() == ',' || flat.back() == ' ')) flat.pop_back();
  return parse_int_tuple("(" + flat + ")", v.values) && v.values.size() % 2 == 0;
}

bool codec::Codec<PadWidths>::assign(const AttrValue& from, PadWidths& v) {
  if (const auto* text = std::get_if<std::string>(&from)) return parse(*text, v);
  const auto* numbers = std::get_if<std::vector<int64_t>>(&from);
  return numbers && (v.values = *numbers, v.values.size() % 2 == 0);
}

std::string codec::Codec<PadWidths>::print(const PadWidths& v) {
  std::string text;
  for (size_t i = 0; i + 1 < v.values.size(); i += 2)
    text += (i ? ", " : "") + to_string(Shape{v.values[i], v.values[i + 1]});
  return v.values.size() == 2 ? text : "(" + text + ")";
}

size_t codec::Codec<PadWidths>::hash(const PadWidths& v) {
  return Codec<Shape>::hash(Shape(v.values));
}

namespace {

void infer_pad(ShapeContext& c) {
  const auto& p = c.params<NumpyPadParam>();
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  const std::string text = codec::Codec<PadWidths>::print(p.pad_width);
  require(p.pad_width.values.size() == 2 * static_cast<size_t>(data.ndim()), c.op_name(),
          ": pad_width=", text, " has ", p.pad_width.values.size(),
          " numbers; expected two for each of ", data.ndim(), " axes");
  Shape out = data;
  for (int i = 0; i < data.ndim(); ++i) {
    if (data[i] < 0) continue;
    const Checked around = Checked(p.pad_width.before(i)) + p.pad_width.behind(i);
    const int64_t added = around.get(c.op_name(), "pad_width", text);
    if (p.mode != NumpyPadMode::kConstant && data[i] == 0 && added > 0)
      c.fail_in(0, "has nothing to repeat along axis ", i,
                "; expected mode=constant or a size above 0");
    out[i] = (around + data[i]).get(c.op_name(), "pad_width", text);
  }
  c.set_out(0, out);
}

/// Zeros around, over which the number is written where it is another one.
Value pad_constant(DecomposeContext& c, const NumpyPadParam& p) {
  const Shape& data = c.in_shape(0);
  BoxParam box{data, Shape::filled(data.ndim(), 0), Shape::filled(data.ndim(), 1), data};
  for (int i = 0; i < data.ndim(); ++i) {
    box.start[i] = p.pad_width.before(i);
    box.shape[i] += p.pad_width.before(i) + p.pad_width.behind(i);
  }
  const Value padded = c.call("_backward_slice", {c.in(0)}, box);
  if (p.constant_value == 0) return padded;
  FullLikeParam number;
  number.fill_value = p.constant_value;
  const Value full = c.call("_npi_full_like", {padded}, number);
  return c.call("_slice_assign", {full, c.in(0)}, box_slice(box));
}

/// Where each element of a padded axis of `size` comes from, int64: places go up and down again in
/// mirror images; those beside the axis mean its edges to take.
Value sources(DecomposeContext& c, NumpyPadMode mode, int64_t size, int64_t before,
              int64_t behind) {
  ArangeParam all;
  all.start = static_cast<double>(-before);
  all.stop = static_cast<double>(size + behind);
  all.dtype = DType::kInt64;
  const Value places = c.call("_arange", {}, all);
  if (mode == NumpyPadMode::kEdge || size == 1) return places;
  const bool twice = mode == NumpyPadMode::kSymmetric;  // whether the edge appears twice
  const int64_t period = 2 * (twice ? size : size - 1);
  const Value up = c.call("_mod_scalar", {places}, ScalarParam{static_cast<double>(period)});
  const Value down =
      c.call("_rminus_scalar", {up}, ScalarParam{static_cast<double>(twice ? period - 1 : period)});
  return c.call("broadcast_minimum", {up, down});
}

/// The largest or smallest elements along an axis, before and behind it.
Value pad_extremes(DecomposeContext& c, const char* extreme, const Value& data, Shape shape,
                   int axis, int64_t before, int64_t behind) {
  const Value one = c.call(extreme, {data}, ReduceParam{Shape{axis}, true});
  std::vector<Value> parts;
  const auto add = [&](int64_t count) {
    shape[axis] = count;
    if (count > 0) parts.push_back(c.call("_npi_broadcast_to", {one}, ShapeParam{shape}));
  };
  add(before);
  parts.push_back(data);
  add(behind);
  const auto count = static_cast<int64_t>(parts.size());
  return c.call("Concat", std::move(parts), ConcatParam{count, axis});
}

Value pad_axis(DecomposeContext& c, const NumpyPadParam& p, const Value& data, const Shape& shape,
               int axis) {
  const int64_t before = p.pad_width.before(axis), behind = p.pad_width.behind(axis);
  if (p.mode == NumpyPadMode::kMaximum || p.mode == NumpyPadMode::kMinimum)
    return pad_extremes(c, p.mode == NumpyPadMode::kMaximum ? "max" : "min", data, shape, axis,
                        before, behind);
  const Value from = sources(c, p.mode, shape[axis], before, behind);
  return c.call("take", {data, from}, TakeParam{axis, TakeMode::kClip});
}

void decompose_pad(DecomposeContext& c) {
  const auto& p = c.params<NumpyPadParam>();
  if (p.mode == NumpyPadMode::kConstant) return c.set(0, pad_constant(c, p));
  Shape shape = c.in_shape(0);
  Value padded = c.call("_copy", {c.in(0)});
  for (int axis = 0; axis < shape.ndim(); ++axis) {
    const int64_t around = p.pad_width.before(axis) + p.pad_width.behind(axis);
    if (around == 0) continue;
    padded = pad_axis(c, p, padded, shape, axis);
    shape[axis] += around;
  }
  c.set(0, padded);
}

const OpBuilder pad = OpBuilder("_npi_pad")
                          .doc("Puts elements around data, axis by axis.")
                          .params<NumpyPadParam>()
                          .input("data", "Array of any shape.")
                          .infer_shape(infer_pad)
                          .decomposition(decompose_pad);

}  // namespace
}  // namespace mx
