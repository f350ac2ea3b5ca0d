#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

/// start, start + step ...: `count` places of an axis.
struct AxisRange {
  int64_t start, step, count;
};

/// The places of a slice of an axis of `size` as Python tells them: ends beyond the axis are cut.
/// Throws: ValueError for step 0.
AxisRange slice_range(const std::optional<int32_t>& start, const std::optional<int32_t>& stop,
                      const std::optional<int32_t>& step, int64_t size, std::string_view op);

struct InsertParam {
  std::optional<double> val;
  std::optional<int32_t> start, stop, step, int_ind, axis;
  static void describe(ParamBuilder<InsertParam>& fields) {
    using P = InsertParam;
    fields.add("val", &P::val, "What is put in; `values` when None.");
    fields.add("start", &P::start, "First place of a slice.");
    fields.add("stop", &P::stop, "Place behind the last of a slice.");
    fields.add("step", &P::step, "Distance of the places of a slice.");
    fields.add("int_ind", &P::int_ind, "The one place before which is put in.");
    fields.add("axis", &P::axis, "The axis that grows; arr is flattened when None.");
  }
};

struct DeleteParam {
  std::optional<int32_t> start, stop, step, int_ind, axis;
  static void describe(ParamBuilder<DeleteParam>& fields) {
    using P = DeleteParam;
    fields.add("start", &P::start, "First place of a slice.");
    fields.add("stop", &P::stop, "Place behind the last of a slice.");
    fields.add("step", &P::step, "Distance of the places of a slice.");
    fields.add("int_ind", &P::int_ind, "The one place that is taken out.");
    fields.add("axis", &P::axis, "The axis that shrinks; arr is flattened when None.");
  }
  bool has_slice() const { return start || stop || step; }
  bool has_indices() const { return !has_slice() && !int_ind; }
};

}  // namespace mx
