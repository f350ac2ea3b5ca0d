#include "ops/matrix/reverse.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_reversed(ShapeContext& c, const Shape& axes) {
  c.unify_all();
  if (!c.in(0).has_rank()) return;
  for (int64_t axis : axes) normalize_axis(axis, c.in(0).ndim(), c.op_name());
}

void infer_reverse(ShapeContext& c) { infer_reversed(c, c.params<ReverseParam>().axis); }

void reverse_gradient(GradContext& g) {
  g.set(0, g.call("reverse", {g.d_out()}, g.params<ReverseParam>()));
}

OpBuilder reversal(const char* name) {
  return OpBuilder(name)
      .doc("Reverses the order of elements along axes.")
      .input("data", "Array of any shape.");
}

const OpBuilder reverse = reversal("reverse")
                              .alias("flip")
                              .trait("method", "flip")
                              .params<ReverseParam>()
                              .infer_shape(infer_reverse)
                              .gradient(reverse_gradient);

void infer_flip(ShapeContext& c) {
  infer_reversed(c, c.params<FlipParam>().axis.value_or(Shape({})));
}

void decompose_flip(DecomposeContext& c) {
  const auto& given = c.params<FlipParam>().axis;
  Shape axes = given.value_or(Shape({}));
  for (int i = 0; !given && i < c.in_shape(0).ndim(); ++i) axes.push_back(i);
  c.set(0, c.call("reverse", {c.in(0)}, ReverseParam{axes}));
}

const OpBuilder flip =
    reversal("_npi_flip").params<FlipParam>().infer_shape(infer_flip).decomposition(decompose_flip);

}  // namespace
}  // namespace mx
