// _npi_multinomial: one number of the single stream for each experiment.
#include "ops/random/numpy_multinomial.h"

#include <algorithm>
#include <vector>

#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

std::vector<double> probabilities(const NumpyMultinomialParam& p, Inputs in) {
  if (p.pvals) return *p.pvals;
  std::vector<double> values(static_cast<size_t>(in[0].size()));
  visit_floating(in[0].dtype, "_npi_multinomial", [&]<typename T>(TypeTag<T>) {
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<double>(static_cast<ComputeType<T>>(in[0].as<T>()[i]));
  });
  return values;
}

/// Running sums of all probabilities but the last, whose outcome takes the rest.
/// Throws: ValueError for negative ones and for a sum above 1.
std::vector<double> running_sums(std::vector<double> values) {
  double sum = 0;
  values.pop_back();
  for (double& value : values) {
    require(value >= 0, "_npi_multinomial: pvals holds ", value,
            ", which is no probability; expected numbers of at least 0");
    value = sum += value;
  }
  require(sum <= 1 + 1e-12, "_npi_multinomial: pvals without the last sum to ", sum,
          "; expected at most 1");
  return values;
}

void multinomial(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<NumpyMultinomialParam>();
  if (out[0].size() == 0) return;
  const int64_t outcomes = out[0].shape.back(), samples = out[0].size() / outcomes;
  const std::vector<double> sums = running_sums(probabilities(p, in));
  auto* counts = out[0].as<int64_t>();
  std::fill_n(counts, out[0].size(), int64_t{0});
  context.random->with_single_stream([&](RandomStream& stream) {
    for (int64_t sample = 0; sample < samples; ++sample, counts += outcomes)
      for (int64_t i = 0; i < p.n; ++i) {
        const double draw = stream.uniform<double>();
        ++counts[std::lower_bound(sums.begin(), sums.end(), draw) - sums.begin()];
      }
    // MXNet 1.9.1 draws one more for each probability that is no array.
    for (int64_t i = 0; p.pvals && i < outcomes; ++i) stream.uniform<double>();
  });
}

const KernelBuilder kernel = KernelBuilder("_npi_multinomial", "native").run(multinomial);

}  // namespace
}  // namespace mx
