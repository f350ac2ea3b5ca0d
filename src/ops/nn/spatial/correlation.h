#pragma once
#include "base/param.h"

namespace mx {

struct CorrelationParam {
  uint32_t kernel_size = 1, max_displacement = 1, stride1 = 1, stride2 = 1, pad_size = 0;
  bool is_multiply = true;

  static void describe(ParamBuilder<CorrelationParam>& fields) {
    using P = CorrelationParam;
    fields.add("kernel_size", &P::kernel_size, "Size of the windows that are compared; odd.")
        .at_least(0);
    fields.add("max_displacement", &P::max_displacement, "How far windows of data2 are away.")
        .at_least(0);
    fields.add("stride1", &P::stride1, "Steps of the windows of data1.").at_least(0);
    fields.add("stride2", &P::stride2, "Steps of the windows of data2 round that of data1.")
        .at_least(0);
    fields.add("pad_size", &P::pad_size, "Zeros put on all sides.").at_least(0);
    fields.add(
        "is_multiply", &P::is_multiply,
        "Whether pixels are multiplied and not subtracted, with the size of the difference.");
  }
  void validate(std::string_view op) const;

  int64_t reach() const { return max_displacement / stride2; }  ///< steps to each side
  int64_t displacements() const { return (2 * reach() + 1) * (2 * reach() + 1); }
  int64_t radius() const { return kernel_size / 2; }
  /// Windows along an axis of `in` pixels; at most 0 when none fits.
  int64_t windows(int64_t in) const {
    const int64_t free = in + 2 * int64_t{pad_size} - 2 * (int64_t{max_displacement} + radius());
    return free <= 0 ? 0 : (free + stride1 - 1) / stride1;
  }
};

}  // namespace mx
