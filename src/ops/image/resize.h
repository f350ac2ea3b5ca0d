#pragma once
#include "base/param.h"

namespace mx {

struct ImageResizeParam {
  Shape size = Shape({});
  bool keep_ratio = false;
  int32_t interp = 1;
  static void describe(ParamBuilder<ImageResizeParam>& fields) {
    using P = ImageResizeParam;
    fields.add("size", &P::size, "Width and height, or one number for both.");
    fields.add("keep_ratio", &P::keep_ratio, "Whether one number is that of the shorter side.");
    fields.add("interp", &P::interp, "0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos.")
        .range(0, 4);
  }
  void validate(std::string_view op) const {
    require(size.ndim() == 1 || size.ndim() == 2, op, ": size=", size,
            " is no size of a picture; expected one number, or width and height");
    for (const int64_t each : size)
      require(each > 0 && each < (int64_t{1} << 30), op, ": size=", size,
              " is out of range; expected numbers from 1 to 2^30");
  }
};

}  // namespace mx
