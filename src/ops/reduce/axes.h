#pragma once
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/shape.h"

namespace mx::reduce {

/// Which axes of an array of rank `ndim` are reduced. Without axes (None or ()) it is all of them.
/// Throws: IndexError for an axis out of range, ValueError for one given twice.
inline std::vector<bool> reduced_axes(const std::optional<Shape>& axis, bool exclude, int ndim,
                                      std::string_view op) {
  if (!axis || axis->empty()) return std::vector<bool>(static_cast<size_t>(ndim), true);
  std::vector<bool> reduced(static_cast<size_t>(ndim), false);
  for (int64_t a : *axis) {
    const auto i = static_cast<size_t>(normalize_axis(a, ndim, op));
    require(!reduced[i], op, ": axis=", *axis, " names an axis twice; expected different axes");
    reduced[i] = true;
  }
  if (exclude) reduced.flip();
  return reduced;
}

/// Shape of a reduction: with `keepdims` reduced axes stay as 1; an array reduced to one number has
/// shape (1,).
inline Shape reduced_shape(const Shape& in, const std::vector<bool>& reduced, bool keepdims) {
  Shape out({});
  for (int i = 0; i < in.ndim(); ++i) {
    if (!reduced[static_cast<size_t>(i)])
      out.push_back(in[i]);
    else if (keepdims)
      out.push_back(1);
  }
  if (out.ndim() == 0) out.push_back(1);
  return out;
}

}  // namespace mx::reduce
