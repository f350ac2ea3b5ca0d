#pragma once
#include <optional>
#include <vector>

#include "base/param.h"

namespace mx {

/// Either a number of bins and their range, or the bins' edges as an array.
struct HistogramParam {
  std::optional<int64_t> bin_cnt;
  std::optional<std::vector<double>> range;
  static void describe(ParamBuilder<HistogramParam>& fields) {
    using P = HistogramParam;
    fields.add("bin_cnt", &P::bin_cnt, "Number of bins of equal width.").at_least(1);
    fields.add("range", &P::range,
               "Lower end of the first bin and upper end of the last; needed with bin_cnt.");
  }
  void validate(std::string_view op) const;
};

}  // namespace mx
