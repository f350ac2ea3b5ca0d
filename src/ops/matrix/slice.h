#pragma once
#include <optional>
#include <vector>

#include "base/param.h"

namespace mx {

/// Numbers of which each may be None: `begin`, `end` and `step` of slices.
struct OptionalInts {
  std::vector<std::optional<int64_t>> values;
  bool operator==(const OptionalInts&) const = default;
  size_t size() const { return values.size(); }
  const std::optional<int64_t>& operator[](size_t i) const { return values[i]; }
};

namespace codec {
template <>
struct Codec<OptionalInts> {
  static constexpr std::string_view kName = "Shape(tuple)";
  static bool parse(std::string_view text, OptionalInts& v);
  static bool assign(const AttrValue& from, OptionalInts& v);
  static std::string print(const OptionalInts& v);
  static size_t hash(const OptionalInts& v);
};
}  // namespace codec

struct SliceParam {
  OptionalInts begin, end, step;
  static void describe(ParamBuilder<SliceParam>& fields) {
    fields.add("begin", &SliceParam::begin, "First index along each axis; None for the first.")
        .required();
    fields.add("end", &SliceParam::end, "Index behind the last along each axis; None for all.")
        .required();
    fields.add("step", &SliceParam::step, "Step along each axis; 1 where None.");
  }
  void validate(std::string_view op) const;
};

struct SliceAssignScalarParam {
  double scalar = 0;
  OptionalInts begin, end, step;
  static void describe(ParamBuilder<SliceAssignScalarParam>& fields) {
    using P = SliceAssignScalarParam;
    fields.add("scalar", &P::scalar, "The number that is written.");
    fields.add("begin", &P::begin, "First index along each axis; None for the first.").required();
    fields.add("end", &P::end, "Index behind the last along each axis; None for all.").required();
    fields.add("step", &P::step, "Step along each axis; 1 where None.");
  }
  SliceParam slice() const { return {begin, end, step}; }
  void validate(std::string_view op) const { slice().validate(op); }
};

struct SliceAxisParam {
  int64_t axis = 0, begin = 0;
  std::optional<int64_t> end;
  static void describe(ParamBuilder<SliceAxisParam>& fields) {
    fields.add("axis", &SliceAxisParam::axis, "The axis to slice.").required();
    fields.add("begin", &SliceAxisParam::begin, "First index.").required();
    fields.add("end", &SliceAxisParam::end, "Index behind the last; None for all.").required();
  }
};

struct SliceLikeParam {
  Shape axes = Shape({});
  static void describe(ParamBuilder<SliceLikeParam>& fields) {
    fields.add("axes", &SliceLikeParam::axes, "Axes to cut to the size of shape_like; all if ().");
  }
};

/// The elements start, start + step ... (count of them) of each axis. Every slice becomes one.
struct BoxParam {
  Shape shape = Shape({});  ///< of the whole array
  Shape start = Shape({}), step = Shape({}), count = Shape({});
  static void describe(ParamBuilder<BoxParam>& fields) {
    fields.add("shape", &BoxParam::shape, "Shape of the whole array.");
    fields.add("start", &BoxParam::start, "First index along each axis.");
    fields.add("step", &BoxParam::step, "Step along each axis.");
    fields.add("count", &BoxParam::count, "Number of elements along each axis.");
  }
};

/// The box of a slice of an array of `shape`; count is -1 where the size is unknown.
/// Throws: ValueError when there are more ranges than axes.
BoxParam slice_box(const SliceParam& p, const Shape& shape, std::string_view op);
/// Throws: IndexError for the axis, ValueError for the range.
BoxParam slice_axis_box(const SliceAxisParam& p, const Shape& shape, std::string_view op);
/// Throws: ValueError when `like` is larger along an axis that counts.
BoxParam slice_like_box(const SliceLikeParam& p, const Shape& shape, const Shape& like,
                        std::string_view op);
/// The slice that gives a box.
SliceParam box_slice(const BoxParam& box);

}  // namespace mx
