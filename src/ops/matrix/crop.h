#pragma once
#include "base/param.h"
#include "ops/matrix/slice.h"

namespace mx {

struct CropParam {
  int64_t num_args = 1;
  Shape offset{0, 0}, h_w{0, 0};
  bool center_crop = false;
  static void describe(ParamBuilder<CropParam>& fields) {
    fields.add("num_args", &CropParam::num_args, "1, or 2 when the second input gives the size.")
        .required()
        .range(1, 2);
    fields.add("offset", &CropParam::offset, "First row and column.");
    fields.add("h_w", &CropParam::h_w, "Height and width of the result, with one input.");
    fields.add("center_crop", &CropParam::center_crop, "Whether the middle is taken.");
  }
  void validate(std::string_view op) const {
    require(offset.ndim() == 2, op, ": offset=", offset, " is not a pair; expected (y, x)");
    require(h_w.ndim() == 2, op, ": h_w=", h_w, " is not a pair; expected (height, width)");
  }
};

/// The part of data of shape (n, c, h, w) that is kept; `size` is its height and width.
inline BoxParam crop_box(const CropParam& p, const Shape& data, const Shape& size) {
  BoxParam box{
      data, Shape::filled(4, 0), Shape::filled(4, 1), {data[0], data[1], size[0], size[1]}};
  for (int i = 0; i < 2; ++i)
    box.start[2 + i] = p.center_crop ? (data[2 + i] - size[i]) / 2 : p.offset[i];
  return box;
}

}  // namespace mx
