#pragma once
#include <string_view>
#include <vector>

#include "base/param.h"

namespace mx {

struct MoveAxisParam {
  Shape source = Shape({}), destination = Shape({});
  static void describe(ParamBuilder<MoveAxisParam>& fields) {
    using P = MoveAxisParam;
    fields.add("source", &P::source, "Axes of a that are moved.").required();
    fields.add("destination", &P::destination, "Which axis of the result each of them becomes.")
        .required();
  }
  void validate(std::string_view op) const {
    require(source.ndim() == destination.ndim(), op, ": destination=", destination, " has ",
            destination.ndim(), " numbers; expected one for each of source=", source);
  }
};

/// The permutation: moved axes at their places, the others in their order between them.
/// Throws: IndexError for an axis out of range, ValueError for one that is named twice.
inline Shape moved_axes(const MoveAxisParam& p, int ndim, std::string_view op) {
  Shape axes = Shape::filled(ndim, -1);
  std::vector<bool> moved(static_cast<size_t>(ndim), false);
  for (int i = 0; i < p.source.ndim(); ++i) {
    const int from = normalize_axis(p.source[i], ndim, op, "source");
    const int to = normalize_axis(p.destination[i], ndim, op, "destination");
    require(!moved[static_cast<size_t>(from)], op, ": source=", p.source, " names axis ", from,
            " twice; expected each axis once");
    require(axes[to] < 0, op, ": destination=", p.destination, " names axis ", to,
            " twice; expected each axis once");
    moved[static_cast<size_t>(from)] = true;
    axes[to] = from;
  }
  for (int to = 0, from = 0; to < ndim; ++to) {
    if (axes[to] >= 0) continue;
    while (moved[static_cast<size_t>(from)]) ++from;
    axes[to] = from++;
  }
  return axes;
}

}  // namespace mx
