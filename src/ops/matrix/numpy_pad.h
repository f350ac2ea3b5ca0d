#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

/// Two numbers for each axis, one pair behind the other.
struct PadWidths {
  std::vector<int64_t> values;
  bool operator==(const PadWidths&) const = default;
  int64_t before(int axis) const { return values[2 * static_cast<size_t>(axis)]; }
  int64_t behind(int axis) const { return values[2 * static_cast<size_t>(axis) + 1]; }
};

namespace codec {
/// "((1, 1), (2, 2))"; of one axis also "(1, 1)", as 1.9.1 writes it.
template <>
struct Codec<PadWidths> {
  static constexpr std::string_view kName = "tuple of <Shape(tuple)>";
  static bool parse(std::string_view text, PadWidths& v);
  static bool assign(const AttrValue& from, PadWidths& v);
  static std::string print(const PadWidths& v);
  static size_t hash(const PadWidths& v);
};
}  // namespace codec

enum class NumpyPadMode : int32_t { kConstant, kEdge, kMaximum, kMinimum, kReflect, kSymmetric };

struct NumpyPadParam {
  PadWidths pad_width;
  NumpyPadMode mode = NumpyPadMode::kConstant;
  double constant_value = 0;
  std::string reflect_type = "even";
  static void describe(ParamBuilder<NumpyPadParam>& fields) {
    using P = NumpyPadParam;
    fields.add("pad_width", &P::pad_width, "Elements before and behind, axis by axis.").required();
    fields
        .add("mode", &P::mode,
             "What is put around: a number, the edge, the largest or smallest element along the "
             "axis, the mirror image without or with the edge.")
        .choice("constant", NumpyPadMode::kConstant)
        .choice("edge", NumpyPadMode::kEdge)
        .choice("maximum", NumpyPadMode::kMaximum)
        .choice("minimum", NumpyPadMode::kMinimum)
        .choice("reflect", NumpyPadMode::kReflect)
        .choice("symmetric", NumpyPadMode::kSymmetric);
    fields.add("constant_value", &P::constant_value, "The number of mode constant.");
    fields.add("reflect_type", &P::reflect_type, "even: mirror images as they are.");
  }
  void validate(std::string_view op) const {
    require(reflect_type == "even", op, ": reflect_type=", reflect_type,
            " is not supported; expected even");
    for (int64_t width : pad_width.values)
      require(width >= 0, op, ": pad_width=", codec::Codec<PadWidths>::print(pad_width),
              " has a negative number; expected at least 0");
  }
};

}  // namespace mx
