#include "ops/matrix/pad.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ops/matrix/slice.h"

namespace mx {
namespace {

/// Shape with `sign` times the widths added to the last axes.
Shape grown(const Shape& shape, const Shape& widths, int sign, std::string_view op) {
  Shape result = shape;
  for (int i = 0; i < shape.ndim(); ++i) {
    if (shape[i] < 0) continue;
    const Checked both = Checked(widths[2 * i]) + widths[2 * i + 1];
    result[i] = (Checked(shape[i]) + both * sign).get(op, "pad_width", widths);
  }
  return result;
}

void infer_pad(ShapeContext& c) {
  const auto& p = c.params<PadParam>();
  const Shape& widths = p.pad_width;
  const int ndim = c.in(0).has_rank() ? c.in(0).ndim() : c.out(0).ndim();
  if (ndim < 0) return;
  require(ndim == 4 || ndim == 5, c.op_name(), ": data=", c.in(0), " has ", ndim,
          " dimensions; expected 4 or 5");
  require(widths.ndim() == 2 * ndim, c.op_name(), ": pad_width=", widths, " has ", widths.ndim(),
          " numbers; expected two for each of ", ndim, " dimensions");
  for (int i = 0; i < widths.ndim(); ++i)
    require(i < 4 ? widths[i] == 0 : widths[i] >= 0, c.op_name(), ": pad_width=", widths,
            " pads axis ", i / 2, " by ", widths[i],
            i < 4 ? "; expected 0 for the first two axes" : "; expected at least 0");
  if (c.in(0).has_rank()) {
    for (int i = 0; i < widths.ndim() && p.mode == PadMode::kReflect; ++i)
      require(c.in(0)[i / 2] < 0 || widths[i] == 0 || widths[i] < c.in(0)[i / 2], c.op_name(),
              ": pad_width=", widths, " is too large to reflect data=", c.in(0), " along axis ",
              i / 2, "; expected less than its size");
    c.set_out(0, grown(c.in(0), widths, 1, c.op_name()));
  }
  c.set_in(0, grown(c.out(0), widths, -1, c.op_name()));
}

void infer_pad_backward(ShapeContext& c) {
  const Shape& widths = c.params<PadBackwardParam>().pad_width;
  if (c.in(0).has_rank()) c.set_out(0, grown(c.in(0), widths, -1, c.op_name()));
}

void pad_gradient(GradContext& g) {
  const auto& p = g.params<PadParam>();
  if (p.mode != PadMode::kConstant)
    return g.set(0, g.call("_backward_Pad", {g.d_out()}, PadBackwardParam{p.mode, p.pad_width}));
  SliceParam inside;
  for (int i = 0; i < g.in_shape(0).ndim(); ++i) {
    const int64_t before = p.pad_width[2 * i];
    inside.begin.values.emplace_back(before);
    inside.end.values.emplace_back(before + g.in_shape(0)[i]);
  }
  g.set(0, g.call("slice", {g.d_out()}, inside));
}

void pad_backward_gradient(GradContext& g) {
  const auto& p = g.params<PadBackwardParam>();
  g.set(0, g.call("Pad", {g.d_out()}, PadParam{p.mode, p.pad_width, 0}));
}

const OpBuilder pad = OpBuilder("Pad")
                          .alias("pad")
                          .trait("method", "pad")
                          .doc("Puts elements around the last two or three axes of data.")
                          .params<PadParam>()
                          .input("data", "Array of shape (n, c, h, w) or (n, c, d, h, w).")
                          .infer_shape(infer_pad)
                          .gradient(pad_gradient)
                          .trait("low_precision", "follow");

const OpBuilder pad_backward = OpBuilder("_backward_Pad")
                                   .doc("Gradient of Pad with mode edge or reflect.")
                                   .params<PadBackwardParam>()
                                   .input("d_out")
                                   .infer_shape(infer_pad_backward)
                                   .gradient(pad_backward_gradient);

}  // namespace
}  // namespace mx
