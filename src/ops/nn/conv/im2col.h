#pragma once
#include "ops/nn/conv/window.h"

namespace mx {

/// Windows over data with 1 to 3 spatial axes.
struct Im2ColParam {
  Shape kernel, stride = Shape({}), dilate = Shape({}), pad = Shape({});

  static void describe(ParamBuilder<Im2ColParam>& fields) { describe_as(fields); }
  void validate(std::string_view op) const;
  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    fields.template add<Shape>("kernel", &P::kernel, "Size of the window: (w,), (h, w), (d, h, w).")
        .required();
    fields.template add<Shape>("stride", &P::stride, "Steps of the window; 1 by default.");
    fields.template add<Shape>("dilate", &P::dilate, "Steps inside the window; 1 by default.");
    fields.template add<Shape>("pad", &P::pad, "Zeros put on both sides; 0 by default.");
  }
  /// How many windows fit along spatial axis i of `in` elements; at most 0 when none does.
  int64_t windows(int64_t in, int i) const;
};

struct Col2ImParam : Im2ColParam {
  Shape output_size;

  static void describe(ParamBuilder<Col2ImParam>& fields) {
    fields.add("output_size", &Col2ImParam::output_size, "Spatial sizes of the result.").required();
    describe_as(fields);
  }
  void validate(std::string_view op) const;
};

}  // namespace mx
