#include "ops/matrix/depth_to_space.h"

#include "base/checked.h"
#include "ir/op.h"

namespace mx {
namespace {

/// One side has `block`^2 as many channels, the other `block` times the height and width.
Shape moved(const ShapeContext& c, const Shape& shape, int64_t block, bool to_space) {
  require(shape.ndim() == 4, c.op_name(), ": data=", shape, " has ", shape.ndim(),
          " dimensions; expected (n, c, h, w)");
  Shape result = shape;
  const auto scale = [&](int axis, int64_t factor, bool grows) {
    if (result[axis] < 0) return;
    require(grows || result[axis] % factor == 0, c.op_name(), ": block_size=", block,
            " does not fit axis ", axis, " of data=", shape, "; expected a multiple of ", factor);
    result[axis] = grows ? (Checked(result[axis]) * factor).get(c.op_name(), "block_size", block)
                         : result[axis] / factor;
  };
  scale(1, (Checked(block) * block).get(c.op_name(), "block_size", block), !to_space);
  scale(2, block, to_space);
  scale(3, block, to_space);
  return result;
}

template <bool to_space>
void infer_blocks(ShapeContext& c) {
  const int64_t block = c.params<BlockSizeParam>().block_size;
  if (c.in(0).has_rank()) c.set_out(0, moved(c, c.in(0), block, to_space));
  if (c.out(0).has_rank()) c.set_in(0, moved(c, c.out(0), block, !to_space));
}

void depth_to_space_gradient(GradContext& g) {
  g.set(0, g.call("space_to_depth", {g.d_out()}, g.params<BlockSizeParam>()));
}
void space_to_depth_gradient(GradContext& g) {
  g.set(0, g.call("depth_to_space", {g.d_out()}, g.params<BlockSizeParam>()));
}

const OpBuilder depth_to_space = OpBuilder("depth_to_space")
                                     .trait("method", "depth_to_space")
                                     .doc("Spreads groups of channels over blocks of pixels.")
                                     .params<BlockSizeParam>()
                                     .input("data", "Array of shape (n, c, h, w).")
                                     .infer_shape(infer_blocks<true>)
                                     .gradient(depth_to_space_gradient);

const OpBuilder space_to_depth = OpBuilder("space_to_depth")
                                     .trait("method", "space_to_depth")
                                     .doc("Gathers blocks of pixels into channels.")
                                     .params<BlockSizeParam>()
                                     .input("data", "Array of shape (n, c, h, w).")
                                     .infer_shape(infer_blocks<false>)
                                     .gradient(space_to_depth_gradient);

}  // namespace
}  // namespace mx
