#include "ops/matrix/tile.h"

#include <algorithm>

#include "base/checked.h"
#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

void infer_tile(ShapeContext& c) {
  const auto& p = c.params<TileParam>();
  if (!c.in(0).has_rank()) return;
  const int ndim = std::max(c.in(0).ndim(), p.reps.ndim());
  const Shape reps = with_leading_ones(p.reps, ndim);
  Shape out = with_leading_ones(c.in(0), ndim);
  for (int i = 0; i < ndim; ++i)
    out[i] = out[i] < 0 ? -1 : (Checked(out[i]) * reps[i]).get(c.op_name(), "reps", p.reps);
  c.set_out(0, out);
}

void infer_repeat(ShapeContext& c) {
  const auto& p = c.params<RepeatParam>();
  if (!c.in(0).has_rank()) return;
  if (!p.axis) {
    if (!c.in(0).is_known()) return;
    return c.set_out(
        0, {(Checked(c.in(0).size()) * p.repeats).get(c.op_name(), "repeats", p.repeats)});
  }
  const int axis = normalize_axis(*p.axis, c.in(0).ndim(), c.op_name());
  Shape out = c.in(0);
  if (out[axis] >= 0)
    out[axis] = (Checked(out[axis]) * p.repeats).get(c.op_name(), "repeats", p.repeats);
  c.set_out(0, out);
}

/// Sums the copies: d_out in a shape that has the copies along axes of their own.
Value sum_copies(GradContext& g, const Shape& split, const Shape& copies) {
  const Value parts = g.call("_backward_reshape", {g.d_out()}, ShapeParam{split});
  return g.call("_backward_reshape", {g.sum(parts, copies, false)}, ShapeParam{g.in_shape(0)});
}

void tile_gradient(GradContext& g) {
  const Shape& given = g.params<TileParam>().reps;
  const int ndim = std::max(g.in_shape(0).ndim(), given.ndim());
  const Shape reps = with_leading_ones(given, ndim), data = with_leading_ones(g.in_shape(0), ndim);
  Shape split = Shape({}), copies = Shape({});
  for (int i = 0; i < ndim; ++i) {
    if (reps[i] != 1) {
      copies.push_back(split.ndim());
      split.push_back(reps[i]);
    }
    split.push_back(data[i]);
  }
  if (copies.ndim() == 0)
    g.set(0, g.call("_backward_reshape", {g.d_out()}, ShapeParam{g.in_shape(0)}));
  else
    g.set(0, sum_copies(g, split, copies));
}

void repeat_gradient(GradContext& g) {
  const auto& p = g.params<RepeatParam>();
  const Shape& data = g.in_shape(0);
  if (!p.axis) return g.set(0, sum_copies(g, {data.size(), p.repeats}, {1}));
  const int axis = normalize_axis(*p.axis, data.ndim(), g.op().name);
  const Shape split{data.size(0, axis + 1), p.repeats, data.size(axis + 1, data.ndim())};
  g.set(0, sum_copies(g, split, {1}));
}

const OpBuilder tile = OpBuilder("tile")
                           .trait("method", "tile")
                           .alias("_npi_tile")
                           .doc("Repeats the whole array along each axis.")
                           .params<TileParam>()
                           .input("data", "Array of any shape.")
                           .infer_shape(infer_tile)
                           .gradient(tile_gradient);

const OpBuilder repeat = OpBuilder("repeat")
                             .trait("method", "repeat")
                             .alias("_np_repeat")
                             .doc("Repeats each element.")
                             .params<RepeatParam>()
                             .input("data", "Array of any shape.")
                             .infer_shape(infer_repeat)
                             .gradient(repeat_gradient);

}  // namespace
}  // namespace mx
