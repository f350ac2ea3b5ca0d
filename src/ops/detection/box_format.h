#pragma once
#include "base/param.h"

namespace mx {

/// How four numbers say a box: (x0, y0, x1, y1), or (centre x, centre y, width, height).
enum class BoxFormat : int32_t { kCorner, kCenter };

template <typename P>
FieldInfo& add_box_format(ParamBuilder<P>& fields, std::string name, BoxFormat P::*member,
                          std::string doc) {
  return fields.add(std::move(name), member, std::move(doc))
      .choice("center", BoxFormat::kCenter)
      .choice("corner", BoxFormat::kCorner);
}

}  // namespace mx
