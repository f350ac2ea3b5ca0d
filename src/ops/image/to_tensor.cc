#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/image/picture.h"
#include "ops/matrix/transpose.h"

namespace mx {
namespace {

/// `shape` with its last axis put before the two that come before it.
Shape channels_first(const Shape& shape) {
  Shape out = shape;
  const int last = shape.ndim() - 1;
  out[last - 2] = shape[last];
  out[last - 1] = shape[last - 2];
  out[last] = shape[last - 1];
  return out;
}

void infer_to_tensor(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  picture::check_rank(c);
  c.set_out(0, channels_first(c.in(0)));
}

void infer_to_tensor_dtype(DTypeContext& c) { c.set_out(0, DType::kFloat32); }

void to_tensor_gradient(GradContext& g) {
  const int ndim = g.in_shape(0).ndim();
  const Shape back = ndim == 4 ? Shape{0, 2, 3, 1} : Shape{1, 2, 0};
  const Value pixels = g.call("transpose", {g.d_out()}, TransposeParam{back});
  g.set(0, g.cast(g.mul_scalar(pixels, 1.0 / 255), g.in_dtype(0)));
}

/// Floating numbers are divided in their own precision, as the kernel does.
void decompose_to_tensor(DecomposeContext& c) {
  const bool whole = !is_floating(c.in_dtype(0));
  const Value data = whole ? c.cast(c.in(0), DType::kFloat32) : c.in(0);
  const Value scaled = c.cast(c.call("_div_scalar", {data}, ScalarParam{255}), DType::kFloat32);
  const Shape axes = c.in_shape(0).ndim() == 4 ? Shape{0, 3, 1, 2} : Shape{2, 0, 1};
  c.set(0, c.call("transpose", {scaled}, TransposeParam{axes}));
}

const OpBuilder to_tensor =
    OpBuilder("_image_to_tensor")
        .alias("_npx__image_to_tensor")
        .doc(
            "Numbers from 0 to 255 become float32 from 0 to 1, with the channels before height and "
            "width.")
        .input("data", "Picture (height, width, channels), or a batch of such.")
        .infer_shape(infer_to_tensor)
        .infer_dtype(infer_to_tensor_dtype)
        .decomposition(decompose_to_tensor)
        .gradient(to_tensor_gradient);

}  // namespace
}  // namespace mx
