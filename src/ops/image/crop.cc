// lint: no-kernel (it is a slice)
#include "base/param.h"
#include "ir/op.h"
#include "ops/image/picture.h"
#include "ops/matrix/slice.h"

namespace mx {
namespace {

struct ImageCropParam {
  int32_t x = 0, y = 0, width = 0, height = 0;
  static void describe(ParamBuilder<ImageCropParam>& fields) {
    using P = ImageCropParam;
    fields.add("x", &P::x, "First column.").required().at_least(0);
    fields.add("y", &P::y, "First row.").required().at_least(0);
    fields.add("width", &P::width, "Number of columns.").required().at_least(1);
    fields.add("height", &P::height, "Number of rows.").required().at_least(1);
  }
};

void check_inside(const ShapeContext& c, const char* name, int64_t first, int64_t count,
                  int64_t size) {
  if (size >= 0 && first + count > size)
    c.fail_in(0, "has ", size, " in the axis of ", name, ", of which ", first, " to ",
              first + count - 1, " are asked for; expected a part that lies inside");
}

void infer_crop(ShapeContext& c) {
  const auto& p = c.params<ImageCropParam>();
  if (!c.in(0).has_rank()) return;
  picture::check_rank(c);
  picture::check_channels(c);
  Shape out = c.in(0);
  const int rows = out.ndim() - 3, columns = out.ndim() - 2;
  check_inside(c, "y and height", p.y, p.height, out[rows]);
  check_inside(c, "x and width", p.x, p.width, out[columns]);
  out[rows] = p.height;
  out[columns] = p.width;
  c.set_out(0, out);
}

void decompose_crop(DecomposeContext& c) {
  const auto& p = c.params<ImageCropParam>();
  SliceParam part;
  if (c.in_shape(0).ndim() == 4) part.begin.values = part.end.values = {std::nullopt};
  part.begin.values.insert(part.begin.values.end(), {p.y, p.x});
  part.end.values.insert(part.end.values.end(), {int64_t{p.y} + p.height, int64_t{p.x} + p.width});
  c.set(0, c.call("slice", {c.in(0)}, part));
}

const OpBuilder crop = OpBuilder("_image_crop")
                           .alias("_npx__image_crop")
                           .doc("Cuts a rectangle out of pictures.")
                           .params<ImageCropParam>()
                           .input("data", "Picture (height, width, channels), or a batch of such.")
                           .infer_shape(infer_crop)
                           .decomposition(decompose_crop);

}  // namespace
}  // namespace mx
