// The threshold of least divergence, found by trying all: for each, the histogram is cut there and
// divided into few bins, as quantization would. Cost: bins^2 / 4 steps.
#include "ops/quantization/calibrate.h"

#include <cmath>
#include <limits>
#include <vector>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr float kSmoothing = 1e-4f;  ///< what an empty bin gets

/// Takes a little from all bins and gives it to the empty ones. False when that takes too much.
bool smooth(std::vector<float>& bins) {
  int64_t empty = 0;
  for (float count : bins) empty += count == 0;
  const int64_t filled = static_cast<int64_t>(bins.size()) - empty;
  if (filled == 0) return false;
  const float taken = kSmoothing * static_cast<float>(empty) / static_cast<float>(filled);
  if (taken >= 1) return false;
  for (float& count : bins) count += count == 0 ? kSmoothing : -taken;
  return true;
}

float divergence(const std::vector<float>& p, const std::vector<float>& q) {
  float p_sum = 0, q_sum = 0, result = 0;
  for (size_t i = 0; i < p.size(); ++i) p_sum += p[i], q_sum += q[i];
  for (size_t i = 0; i < p.size(); ++i)
    if (const float share = p[i] / p_sum; share > 0) {
      const float other = q[i] / q_sum;
      result += other > 0 ? share * std::log(share / other) : 1;
    }
  return result;
}

/// What quantization leaves of the counts: the mean of those that are not empty in each of `parts`
/// bins, where `shape` is not empty.
std::vector<float> coarsened(const std::vector<float>& counts, const std::vector<float>& shape,
                             size_t parts) {
  std::vector<float> result(counts.size());
  const size_t width = counts.size() / parts;
  for (size_t part = 0; part < parts; ++part) {
    const size_t begin = part * width, end = part + 1 == parts ? counts.size() : begin + width;
    float sum = 0;
    int64_t filled = 0;
    for (size_t i = begin; i < end; ++i) sum += counts[i], filled += counts[i] != 0;
    if (filled == 0) continue;
    for (size_t i = begin; i < end; ++i)
      if (shape[i] != 0) result[i] = sum / static_cast<float>(filled);
  }
  return result;
}

/// Divergence when counts from `begin` to `end` stay and those beyond fall into the outermost bins.
float loss_at(const float* hist, int64_t bins, int64_t begin, int64_t end, size_t parts) {
  std::vector<float> kept(hist + begin, hist + end);
  kept.front() = 0;  // as 1.9.1, which treats the two ends differently
  std::vector<float> cut = kept;
  cut.front() = cut.back() = 0;
  for (int64_t i = 0; i <= begin; ++i) cut.front() += hist[i];
  for (int64_t i = end - 1; i < bins; ++i) cut.back() += hist[i];
  std::vector<float> coarse = coarsened(kept, cut, parts);
  if (!smooth(cut) || !smooth(coarse)) return std::numeric_limits<float>::infinity();
  return divergence(cut, coarse);
}

void calibrate_entropy(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<CalibrateEntropyParam>();
  const int64_t bins = in[0].size(), center = bins / 2, least = p.num_quantized_bins / 2;
  require(bins % 2 == 1 && bins >= p.num_quantized_bins, "_contrib_calibrate_entropy: hist has ",
          bins,
          " bins; expected an odd number, at least num_quantized_bins=", p.num_quantized_bins);
  std::vector<float> losses(static_cast<size_t>(center - least + 1));
  parallel_for(center - least + 1, 8, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i)
      losses[static_cast<size_t>(i)] =
          loss_at(in[0].as<float>(), bins, center - least - i, center + least + i + 1,
                  static_cast<size_t>(p.num_quantized_bins));
  });
  size_t best = 0;
  for (size_t i = 1; i < losses.size(); ++i)
    if (losses[i] < losses[best]) best = i;
  const auto edge = center + least + static_cast<int64_t>(best) + 1;
  if (context.wants(0)) *out[0].as<float>() = in[1].as<float>()[edge];
  if (context.wants(1)) *out[1].as<float>() = losses[best];
}

const KernelBuilder kernel =
    KernelBuilder("_contrib_calibrate_entropy", "native").run(calibrate_entropy);

}  // namespace
}  // namespace mx::cpu
