#include "ops/matrix/crop.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_crop(ShapeContext& c) {
  const auto& p = c.params<CropParam>();
  const Shape& data = c.in(0);
  if (!data.has_rank() || (p.num_args == 2 && !c.in(1).has_rank())) return;
  if (data.ndim() != 4) c.fail_in(0, "has ", data.ndim(), " dimensions; expected (n, c, h, w)");
  if (p.num_args == 2 && c.in(1).ndim() != 4)
    c.fail_in(1, "has ", c.in(1).ndim(), " dimensions; expected (n, c, h, w)");
  const Shape size = p.num_args == 2 ? Shape{c.in(1)[2], c.in(1)[3]} : p.h_w;
  for (int i = 0; i < 2; ++i) {
    if (size[i] < 0 || data[2 + i] < 0) continue;
    require(size[i] >= 1 && size[i] <= data[2 + i], c.op_name(), ": ",
            p.num_args == 2 ? "arg1" : "h_w", "=", size, " does not fit into data=", data,
            "; expected a height and width from 1 up to its own");
    require(p.center_crop || (p.offset[i] >= 0 && p.offset[i] <= data[2 + i] - size[i]),
            c.op_name(), ": offset=", p.offset, " moves a part of ", size, " out of data=", data,
            "; expected at most the difference of the sizes");
  }
  c.set_out(0, {data[0], data[1], size[0], size[1]});
  c.set_in(0, {c.out(0)[0], c.out(0)[1], -1, -1});
}

void infer_crop_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.num_in() > 1 && c.in(1) == DType::kUnknown) c.set_in(1, c.in(0));
}

void crop_gradient(GradContext& g) {
  const Shape& out = g.out_shape(0);
  g.set(0, g.call("_backward_slice", {g.d_out()},
                  crop_box(g.params<CropParam>(), g.in_shape(0), {out[2], out[3]})));
}

const OpBuilder crop = OpBuilder("Crop")
                           .doc("Cuts images to a height and width, or to those of other images.")
                           .params<CropParam>()
                           .variadic("num_args")
                           .infer_shape(infer_crop)
                           .infer_dtype(infer_crop_dtype)
                           .gradient(crop_gradient);

}  // namespace
}  // namespace mx
