#pragma once
#include <optional>

#include "binding.h"

namespace mx::python {

/// What x[key] selects when the key consists of ints, slices, None and Ellipsis.
struct BasicIndex {
  std::vector<int64_t> begin, step;
  Shape sliced;  ///< with the axes that an int selects as size 1
  Shape result;  ///< without them, and with the new axes of None
  /// The selected elements lie one behind the other.
  bool is_contiguous(const Shape& shape) const;
  /// Of the first selected element.
  int64_t offset(const Shape& shape) const;
  /// Whether it selects everything in order.
  bool is_full(const Shape& shape) const { return sliced == shape && is_contiguous(shape); }
};

/// Nothing when the key holds something else: lists, arrays, and bools where they are NumPy's
/// masks. Throws: IndexError.
std::optional<BasicIndex> parse_basic_index(PyObject* key, const Shape& shape, Interface interface);

/// Parameters begin, end and step of the slice operators.
std::vector<std::pair<const FieldInfo*, AttrValue>> slice_params(const ParamSchema& schema,
                                                                 const BasicIndex& index);

}  // namespace mx::python
