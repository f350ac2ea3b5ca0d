// Random numbers: samples are spread over the streams as docs/random.md says, so that results do
// not depend on the number of threads.
#include "ops/random/distribution.h"

#include "backend/cpu/random/samplers.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

constexpr double kCost = 10;  // nanoseconds for a number, roughly

/// Fills y[begin] to y[end - 1] from one stream.
template <typename D, typename T, typename Parameters>
void fill_from(RandomStream& stream, int64_t begin, int64_t end, const Parameters& parameters,
               T* y) {
  using Real = sampler::RealFor<D, T>;
  const Parameters at = parameters;  // a copy, which no store to y can change
  if constexpr (sampler::HasStandard<D>) {
    constexpr int64_t kBlock = 512;
    Real numbers[kBlock];
    for (int64_t first = begin; first < end; first += kBlock) {
      const int64_t n = std::min(kBlock, end - first);
      sampler::draw_standard(D{}, stream, numbers, n);
      for (int64_t i = 0; i < n; ++i) {
        const std::pair<float, float> both = at(first + i);
        y[first + i] =
            sampler::rounded<T>(sampler::from_standard(D{}, numbers[i], both.first, both.second));
      }
    }
  } else {
    for (int64_t i = begin; i < end; ++i) {
      const std::pair<float, float> both = at(i);
      y[i] = sampler::rounded<T>(sampler::draw<Real>(D{}, stream, both.first, both.second));
    }
  }
}

/// Fills `out`; parameters(i) gives both parameters of element i.
template <typename D, typename Parameters>
void fill_random(const Tensor& out, RandomState& random, const char* op,
                 const Parameters& parameters) {
  visit_dtype(out.dtype, op, [&]<typename T>(TypeTag<T>) {
    random.for_each_stream(out.size(), kCost,
                           [&](RandomStream& stream, int64_t begin, int64_t end) {
                             fill_from<D>(stream, begin, end, parameters, out.as<T>());
                           });
  });
}

template <typename D, typename P>
void random_kernel(const Params& params, KernelContext& context, Inputs, Outputs out) {
  const auto& p = params.as<P>();
  const std::pair<float, float> both(static_cast<float>(p.first), p.second);
  fill_random<D>(out[0], *context.random, D::kName, [both](int64_t) { return both; });
}

std::vector<float> as_floats(const Tensor& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.size()));
  visit_floating(tensor.dtype, "_sample", [&]<typename T>(TypeTag<T>) {
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(tensor.as<T>()[i]);
  });
  return values;
}

template <typename D>
void sample_kernel(const Params&, KernelContext& context, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const std::vector<float> first = as_floats(in[0]);
  const std::vector<float> second = in.size() > 1 ? as_floats(in[1]) : first;
  const int64_t each = out[0].size() / in[0].size();
  for (size_t i = 0; i < first.size(); ++i)
    require(D::valid(first[i], second[i]), "_sample_", D::kName, ": ", D::kFirst, "=", first[i],
            " makes no distribution; expected ", D::kLimits);
  fill_random<D>(out[0], *context.random, D::kName, [&](int64_t i) {
    const auto k = static_cast<size_t>(i / each);
    return std::pair(first[k], second[k]);
  });
}

void randint(const Params& params, KernelContext& context, Inputs, Outputs out) {
  const auto& p = params.as<RandintParam>();
  const auto span = static_cast<uint64_t>(p.high) - static_cast<uint64_t>(p.low);
  visit_dtype(out[0].dtype, "_random_randint", [&]<typename T>(TypeTag<T>) {
    using C = std::conditional_t<std::is_integral_v<T>, T, ComputeType<T>>;
    context.random->for_each_stream(
        out[0].size(), kCost, [&](RandomStream& stream, int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const uint64_t high = stream.word();
            const uint64_t number = (high << 31) + stream.word();
            const int64_t value = static_cast<int64_t>(number % span) + p.low;
            out[0].as<T>()[i] = static_cast<T>(static_cast<C>(value));
          }
        });
  });
}

/// The three operators of one distribution.
template <typename D>
struct Kernels {
  Kernels() {
    const std::string name = D::kName;
    KernelBuilder("_random_" + name, "native").run(random_kernel<D, RandomParam<D>>);
    KernelBuilder("_random_" + name + "_like", "native").run(random_kernel<D, RandomLikeParam<D>>);
    KernelBuilder("_sample_" + name, "native").run(sample_kernel<D>);
  }
};

const Kernels<distribution::Uniform> uniform;
const Kernels<distribution::Normal> normal;
const Kernels<distribution::Gamma> gamma_distribution;
const Kernels<distribution::Exponential> exponential;
const Kernels<distribution::Poisson> poisson;
const Kernels<distribution::NegativeBinomial> negative_binomial;
const Kernels<distribution::GeneralizedNegativeBinomial> generalized_negative_binomial;
const KernelBuilder randint_kernel = KernelBuilder("_random_randint", "native").run(randint);

}  // namespace
}  // namespace mx
