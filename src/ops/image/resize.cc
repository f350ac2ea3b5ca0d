#include "ops/image/resize.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ops/image/picture.h"

namespace mx {
namespace {

/// Sets height and width of the result, as far as they can be told.
void set_sides(const ShapeContext& c, const ImageResizeParam& p, int64_t& height, int64_t& width) {
  const int64_t side = p.size[0];
  if (!p.keep_ratio || p.size.ndim() == 2) {
    width = side;
    height = p.size.ndim() == 2 ? p.size[1] : side;
    return;
  }
  if (height <= 0 || width <= 0) return;
  int64_t &longer = height > width ? height : width, &shorter = height > width ? width : height;
  longer = (Checked(side) * longer).get(c.op_name(), "size", side) / shorter;
  shorter = side;
}

void infer_resize(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  picture::check_rank(c);
  Shape out = c.in(0);
  const int rows = out.ndim() - 3;
  if (out[rows] == 0 || out[rows + 1] == 0 || out[rows + 2] == 0)
    c.fail_in(0, "has no pixels; expected a picture");
  set_sides(c, c.params<ImageResizeParam>(), out[rows], out[rows + 1]);
  c.set_out(0, out);
}

void infer_resize_dtype(DTypeContext& c) {
  c.unify_all();
  const DType dtype = c.in(0);
  if (dtype == DType::kUnknown || dtype == DType::kUint8 || dtype == DType::kFloat32) return;
  fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(dtype),
       "; expected uint8 or float32");
}

const OpBuilder resize = OpBuilder("_image_resize")
                             .alias("_npx__image_resize")
                             .doc("Resizes pictures, with the numbers of OpenCV.")
                             .params<ImageResizeParam>()
                             .input("data",
                                    "Picture (height, width, channels), or a batch of such, uint8 "
                                    "or float32.")
                             .infer_shape(infer_resize)
                             .infer_dtype(infer_resize_dtype)
                             .not_differentiable("resizing belongs to the preparation of data");

}  // namespace
}  // namespace mx
