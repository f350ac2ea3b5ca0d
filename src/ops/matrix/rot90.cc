// Turns arrays by right angles.
// lint: no-kernel (a quarter turn reverses an axis and exchanges two)
#include "ops/matrix/rot90.h"

#include <utility>

#include "ir/op.h"
#include "ops/matrix/reverse.h"
#include "ops/matrix/transpose.h"

namespace mx {
namespace {

std::pair<int, int> plane(const Rot90Param& p, int ndim) {
  const char* op = "_npi_rot90";
  const Shape axes = p.axes.value_or(Shape({}));
  require(axes.ndim() == 2, op, ": axes=", axes, " has ", axes.empty() ? 0 : axes.ndim(),
          " numbers; expected the two axes of a plane");
  const int first = normalize_axis(axes[0], ndim, op, "axes");
  const int second = normalize_axis(axes[1], ndim, op, "axes");
  require(first != second, op, ": axes=", axes, " names axis ", first,
          " twice; expected two different ones");
  return {first, second};
}

int quarter_turns(const Rot90Param& p) { return (p.k % 4 + 4) % 4; }

/// The permutation of the axes: the two of the plane are exchanged by odd numbers of turns.
Shape turned_axes(const Rot90Param& p, int ndim) {
  const auto [first, second] = plane(p, ndim);
  Shape axes = Shape::filled(ndim, 0);
  for (int i = 0; i < ndim; ++i) axes[i] = i;
  if (quarter_turns(p) % 2 == 1) std::swap(axes[first], axes[second]);
  return axes;
}

void infer_rot90(ShapeContext& c) {
  const int ndim = c.in(0).has_rank() ? c.in(0).ndim() : c.out(0).ndim();
  if (ndim >= 0) infer_permuted(c, turned_axes(c.params<Rot90Param>(), ndim));
}

void decompose_rot90(DecomposeContext& c) {
  const auto& p = c.params<Rot90Param>();
  const int ndim = c.in_shape(0).ndim(), turns = quarter_turns(p);
  const auto [first, second] = plane(p, ndim);
  Shape backwards({});
  if (turns == 1 || turns == 2) backwards.push_back(second);
  if (turns == 3 || turns == 2) backwards.push_back(first);
  Value turned = c.call("reverse", {c.in(0)}, ReverseParam{backwards});
  if (turns % 2 == 1) turned = c.call("transpose", {turned}, TransposeParam{turned_axes(p, ndim)});
  c.set(0, turned);
}

const OpBuilder rot90 = OpBuilder("_npi_rot90")
                            .doc("data turned by right angles in the plane of two axes.")
                            .params<Rot90Param>()
                            .input("data", "Array of at least two axes.")
                            .infer_shape(infer_rot90)
                            .decomposition(decompose_rot90);

}  // namespace
}  // namespace mx
