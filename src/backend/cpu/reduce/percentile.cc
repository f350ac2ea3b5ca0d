#include "ops/reduce/percentile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// The elements of a tensor from `at` on as double.
void read(const Tensor& from, int64_t at, int64_t count, double* to) {
  convert_elements(from.dtype, from.as<char>() + at * dtype_size(from.dtype), DType::kFloat64, to,
                   count);
}

/// A percentile of ascending elements. `place` counts from 0 to their number - 1.
double between(const std::vector<double>& sorted, double place, Interpolation interpolation) {
  const auto at = [&](double index) { return sorted[static_cast<size_t>(index)]; };
  const double low = std::floor(place), high = std::ceil(place);
  switch (interpolation) {
    case Interpolation::kLower:
      return at(low);
    case Interpolation::kHigher:
      return at(high);
    case Interpolation::kNearest:
      return at(std::floor(place + 0.5));
    case Interpolation::kMidpoint:
      return at(low) + (at(high) - at(low)) * (high > low ? 0.5 : 0);
    default:
      return low == high ? at(low) : at(low) + (at(high) - at(low)) * (place - low);
  }
}

std::vector<double> percentages(const Params& params, Inputs in) {
  const auto& scalar = params.as<RowPercentilesParam>().q_scalar;
  std::vector<double> q(scalar ? 1 : static_cast<size_t>(in[1].size()));
  if (scalar)
    q[0] = *scalar;
  else
    read(in[1], 0, in[1].size(), q.data());
  for (double percentage : q)
    require(percentage >= 0 && percentage <= 100, "_npi_percentile: q=", percentage,
            " is no percentage; expected numbers from 0 to 100");
  return q;
}

void percentiles(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const std::vector<double> q = percentages(params, in);
  const Interpolation interpolation = params.as<RowPercentilesParam>().interpolation;
  const int64_t rows = in[0].shape[0], count = in[0].shape[1];
  const double cost = 20.0 * static_cast<double>(count);
  parallel_for(rows, grain_for(cost), [&](int64_t begin, int64_t end) {
    std::vector<double> row(static_cast<size_t>(count));
    for (int64_t r = begin; r < end; ++r) {
      read(in[0], r * count, count, row.data());
      const bool any_nan = std::any_of(row.begin(), row.end(), [](double x) { return x != x; });
      if (!any_nan) std::sort(row.begin(), row.end());
      for (size_t i = 0; i < q.size(); ++i) {
        const double place = q[i] / 100 * static_cast<double>(count - 1);
        const double value =
            any_nan ? std::numeric_limits<double>::quiet_NaN() : between(row, place, interpolation);
        const int64_t at = static_cast<int64_t>(i) * rows + r;
        convert_elements(DType::kFloat64, &value, out[0].dtype,
                         out[0].as<char>() + at * dtype_size(out[0].dtype), 1);
      }
    }
  });
}

const KernelBuilder k1 = KernelBuilder("_row_percentiles", "native").run(percentiles);

}  // namespace
}  // namespace mx::cpu
