#include "ops/random/unique_zipfian.h"

#include <cmath>
#include <unordered_set>

#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

/// Fills one row with different classes; returns the number of draws.
int64_t draw_row(RandomStream& stream, double log_range, int64_t* row, int64_t count) {
  std::unordered_set<int64_t> taken;
  int64_t draws = 0;
  for (int64_t i = 0; i < count; ++draws) {
    const double place = std::exp(stream.uniform<double>() * log_range);
    const auto number = static_cast<int64_t>(std::floor(place + 0.5)) - 1;
    if (taken.insert(number).second) row[i++] = number;
  }
  return draws;
}

void zipfian(const Params& params, KernelContext& context, Inputs, Outputs out) {
  const auto& p = params.as<UniqueZipfianParam>();
  const int64_t rows = out[0].shape[0], count = out[0].shape[1];
  const double log_range = std::log(static_cast<double>(p.range_max));
  const auto fill = [&](RandomStream& stream, int64_t first, int64_t last) {
    for (int64_t r = first; r < last; ++r)
      out[1].as<int64_t>()[r] =
          draw_row(stream, log_range, out[0].as<int64_t>() + r * count, count);
  };
  context.random->for_each_stream(rows, 100.0 * static_cast<double>(count), fill, 1);
}

const KernelBuilder k1 = KernelBuilder("_sample_unique_zipfian", "native").run(zipfian);

}  // namespace
}  // namespace mx
