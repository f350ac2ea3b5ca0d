#include "ops/reduce/histogram.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <vector>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Finds the bin of a number among ascending edges, from a guess where they are evenly spaced.
class Bins {
 public:
  Bins(std::vector<double> edges, bool even) : edges_(std::move(edges)), even_(even) {}
  int64_t count() const { return static_cast<int64_t>(edges_.size()) - 1; }

  /// -1 outside of all bins, and for NaN.
  int64_t find(double x) const {
    if (!(x >= edges_.front() && x <= edges_.back())) return -1;
    if (x == edges_.back()) return count() - 1;
    if (!even_) return std::upper_bound(edges_.begin(), edges_.end(), x) - edges_.begin() - 1;
    const double place = (x - edges_.front()) / (edges_.back() - edges_.front());
    auto bin = std::min(static_cast<int64_t>(place * static_cast<double>(count())), count() - 1);
    while (x < edges_[static_cast<size_t>(bin)]) --bin;
    while (x >= edges_[static_cast<size_t>(bin) + 1]) ++bin;
    return bin;
  }

 private:
  std::vector<double> edges_;
  bool even_;
};

std::vector<double> even_edges(int64_t count, double low, double high) {
  std::vector<double> edges(static_cast<size_t>(count) + 1);
  for (int64_t i = 0; i < count; ++i)
    edges[static_cast<size_t>(i)] =
        low + (high - low) * static_cast<double>(i) / static_cast<double>(count);
  edges.back() = high;
  return edges;
}

template <typename T>
std::vector<double> given_edges(const Tensor& bins) {
  std::vector<double> edges;
  for (int64_t i = 0; i < bins.size(); ++i)
    edges.push_back(static_cast<double>(static_cast<ComputeType<T>>(bins.as<T>()[i])));
  if (!std::is_sorted(edges.begin(), edges.end()))
    fail(ErrorKind::kValue, "_histogram: bins do not ascend; expected ascending edges");
  return edges;
}

/// Every thread counts for itself.
template <typename T>
void count_elements(const Tensor& data, const Bins& bins, int64_t* counts) {
  std::fill_n(counts, bins.count(), 0);
  std::mutex mutex;
  const int64_t grain = std::max<int64_t>(grain_for(5), bins.count());
  parallel_for(data.size(), grain, [&](int64_t begin, int64_t end) {
    std::vector<int64_t> own(static_cast<size_t>(bins.count()));
    for (int64_t i = begin; i < end; ++i) {
      const int64_t bin =
          bins.find(static_cast<double>(static_cast<ComputeType<T>>(data.as<T>()[i])));
      if (bin >= 0) ++own[static_cast<size_t>(bin)];
    }
    const std::lock_guard lock(mutex);
    for (size_t b = 0; b < own.size(); ++b) counts[b] += own[b];
  });
}

void histogram(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<HistogramParam>();
  visit_dtype(in[0].dtype, "_histogram", [&]<typename T>(TypeTag<T>) {
    const std::vector<double> edges =
        p.bin_cnt ? even_edges(*p.bin_cnt, (*p.range)[0], (*p.range)[1]) : given_edges<T>(in[1]);
    for (size_t i = 0; i < edges.size(); ++i)
      out[1].as<T>()[i] = static_cast<T>(static_cast<ComputeType<T>>(edges[i]));
    count_elements<T>(in[0], Bins(edges, p.bin_cnt.has_value()), out[0].as<int64_t>());
  });
}

const KernelBuilder k1 = KernelBuilder("_histogram", "native").run(histogram);

}  // namespace
}  // namespace mx::cpu
