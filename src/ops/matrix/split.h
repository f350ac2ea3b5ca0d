#pragma once
#include <algorithm>

#include "base/param.h"

namespace mx {

/// Each part is an output of the operator.
inline constexpr double kMostParts = 1 << 20;

struct SliceChannelParam {
  int64_t num_outputs = 1, axis = 1;
  bool squeeze_axis = false;
  static void describe(ParamBuilder<SliceChannelParam>& fields) {
    using P = SliceChannelParam;
    fields.add("num_outputs", &P::num_outputs, "Number of equal parts.")
        .required()
        .range(1, kMostParts);
    fields.add("axis", &P::axis, "The axis that is cut.");
    fields.add("squeeze_axis", &P::squeeze_axis, "Whether that axis, of size 1 then, is removed.");
  }
};

struct SplitParam {
  Shape indices = Shape({});
  int64_t axis = 1;
  bool squeeze_axis = false;
  int64_t sections = 0;
  static void describe(ParamBuilder<SplitParam>& fields) {
    using P = SplitParam;
    fields.add("indices", &P::indices, "Where each part begins; counts when sections is 0.")
        .required();
    fields.add("axis", &P::axis, "The axis that is cut.");
    fields.add("squeeze_axis", &P::squeeze_axis, "Whether that axis, of size 1 then, is removed.");
    fields.add("sections", &P::sections, "Number of equal parts; 0 to use `indices`.")
        .range(0, kMostParts);
  }
  int64_t num_outputs() const { return sections > 0 ? sections : indices.ndim(); }
};

/// Where each of `count` parts of an axis begins; the first ones are longer where it does not
/// divide the size. All -1 when the size is unknown.
inline std::vector<int64_t> equal_parts(int64_t size, int64_t count) {
  std::vector<int64_t> begins(static_cast<size_t>(count), -1);
  for (int64_t i = 0; size >= 0 && i < count; ++i)
    begins[static_cast<size_t>(i)] = i * (size / count) + std::min(i, size % count);
  return begins;
}

inline std::vector<int64_t> split_begins(const SplitParam& p, int64_t size) {
  return p.sections > 0 ? equal_parts(size, p.sections) : p.indices.to_vector();
}

}  // namespace mx
