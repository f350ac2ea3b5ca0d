#include "ops/detection/multibox_prior.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {

void MultiBoxPriorParam::validate(std::string_view op) const {
  require(!sizes.empty(), op, ": sizes=() is empty; expected at least one size");
  require(!ratios.empty(), op, ": ratios=() is empty; expected at least one ratio");
  require(steps.size() == 2, op, ": steps=", codec::print_double_tuple(steps), " has ",
          steps.size(), " numbers; expected 2: y and x");
  require(steps[0] * steps[1] >= 0, op, ": steps=", codec::print_double_tuple(steps),
          " gives one of y and x only; expected both or none");
  require(offsets.size() == 2, op, ": offsets=", codec::print_double_tuple(offsets), " has ",
          offsets.size(), " numbers; expected 2: y and x");
}

namespace {

void infer_prior_shape(ShapeContext& c) {
  const auto& p = c.params<MultiBoxPriorParam>();
  const Shape& data = c.in(0);
  Shape boxes{1, -1, 4};
  if (data.has_rank()) {
    if (data.ndim() < 4) c.fail_in(0, "has ", data.ndim(), " axes; expected (N, C, H, W)");
    if (data[2] >= 0 && data[3] >= 0) boxes[1] = data[2] * data[3] * p.per_cell();
  }
  c.set_out(0, boxes);
}

const OpBuilder prior =
    OpBuilder("_contrib_MultiBoxPrior")
        .alias("_npx_multibox_prior")
        .doc("Boxes (x0, y0, x1, y1) around every cell of a feature map, in units of the image.")
        .params<MultiBoxPriorParam>()
        .input("data", "Feature map of shape (N, C, H, W), of which only H and W count.")
        .infer_shape(infer_prior_shape)
        .gradient(elemwise::zero_gradient);

}  // namespace
}  // namespace mx
