// _npi_choice: places drawn from the single stream.
#include "ops/random/choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

int64_t below(RandomStream& stream, int64_t count) {
  return static_cast<int64_t>(stream.word() % static_cast<uint64_t>(count));
}

/// A reservoir of the larger of both parts, into which later places come by chance: the part that
/// is kept in it is chosen, or the one that is not.
void choose_without_replacement(RandomStream& stream, int64_t choices, int64_t n, int64_t* chosen) {
  const bool keeps = n >= choices - n;
  std::vector<int64_t> kept(static_cast<size_t>(keeps ? n : choices - n));
  std::iota(kept.begin(), kept.end(), int64_t{0});
  for (auto place = static_cast<int64_t>(kept.size()); place < choices; ++place) {
    int64_t left_out = place;
    const auto at = static_cast<size_t>(below(stream, place + 1));
    if (at < kept.size()) std::swap(kept[at], left_out);
    if (!keeps) *chosen++ = left_out;
  }
  if (keeps) std::copy(kept.begin(), kept.end(), chosen);
}

void choose_weighted(RandomStream& stream, std::vector<float> weights, int64_t n, int64_t* chosen) {
  std::partial_sum(weights.begin(), weights.end(), weights.begin());
  for (int64_t i = 0; i < n; ++i) {
    const float draw = stream.uniform<float>();
    chosen[i] = std::lower_bound(weights.begin(), weights.end(), draw) - weights.begin();
  }
}

/// The places of the largest log(u) / weight, as if u^(1 / weight) were compared (Efraimidis and
/// Spirakis 2006).
void choose_weighted_without_replacement(RandomStream& stream, std::vector<float> weights,
                                         int64_t n, int64_t* chosen) {
  for (float& weight : weights) {
    const float draw = stream.uniform<float>();
    weight = std::log(draw) / weight;
  }
  std::vector<int64_t> places(weights.size());
  std::iota(places.begin(), places.end(), int64_t{0});
  std::stable_sort(places.begin(), places.end(), [&](int64_t a, int64_t b) {
    return weights[static_cast<size_t>(a)] > weights[static_cast<size_t>(b)];
  });
  std::copy_n(places.begin(), n, chosen);
}

std::vector<float> read_weights(const Tensor& given) {
  std::vector<float> weights(static_cast<size_t>(given.size()));
  visit_floating(given.dtype, "_npi_choice", [&]<typename T>(TypeTag<T>) {
    for (size_t i = 0; i < weights.size(); ++i)
      weights[i] = static_cast<float>(static_cast<ComputeType<T>>(given.as<T>()[i]));
  });
  return weights;
}

void choose(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ChoiceParam>();
  const int64_t n = out[0].size(), choices = p.a ? *p.a : in[0].size();
  auto* chosen = out[0].as<int64_t>();
  if (n == 0) return;
  context.random->with_single_stream([&](RandomStream& stream) {
    if (p.weighted) {
      const auto draw = p.replace ? choose_weighted : choose_weighted_without_replacement;
      return draw(stream, read_weights(in[in.size() - 1]), n, chosen);
    }
    if (!p.replace) return choose_without_replacement(stream, choices, n, chosen);
    for (int64_t i = 0; i < n; ++i) chosen[i] = below(stream, choices);
  });
}

const KernelBuilder kernel = KernelBuilder("_npi_choice", "native").run(choose);

}  // namespace
}  // namespace mx
