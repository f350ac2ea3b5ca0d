// The distributions of mx.np.random: standard numbers from the single stream, one after the other,
// and parameters that are numbers or arrays.
#include "backend/common/broadcast_plan.h"
#include "backend/cpu/random/numpy_samplers.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

using namespace numpy_distribution;

/// One parameter for each element of the output.
class Parameter {
 public:
  Parameter(float number) : values_{number} {}
  Parameter(const Tensor& given, const Shape& out, const char* op) {
    values_.resize(static_cast<size_t>(out.size()));
    if (values_.empty()) return;
    const BroadcastPlan<1> plan(out, {&given.shape});
    visit_dtype(given.dtype, op, [&]<typename T>(TypeTag<T>) {
      for (size_t i = 0; i < values_.size(); ++i) {
        const T value = given.as<T>()[plan.at(static_cast<int64_t>(i))[0]];
        values_[i] = static_cast<float>(static_cast<ComputeType<T>>(value));
      }
    });
  }
  float operator[](size_t i) const { return values_[values_.size() == 1 ? 0 : i]; }

 private:
  std::vector<float> values_;
};

/// Both parameters of every element. Throws: ValueError where they make no distribution.
template <typename D>
class Parameters {
 public:
  Parameters(const NumpyRandomParam<D>& p, Inputs in, const Shape& out)
      : first_(read(p.first, p.inputs()[0], in, out)),
        second_(read(p.second, p.inputs()[1], in, out)) {
    if (p.num_inputs() == 0) return;  // inference has looked at numbers
    for (int64_t i = 0; i < out.size(); ++i) {
      const auto [first, second] = (*this)(static_cast<size_t>(i));
      if (!D::valid(first, second))
        fail(ErrorKind::kValue, "_npi_", D::kName, ": ", D::kFirst, "=", first,
             D::kSecond ? concat(" and ", D::kSecond, "=", second) : "",
             " make no distribution; expected ", D::kLimits);
    }
  }
  std::pair<float, float> operator()(size_t i) const { return {first_[i], second_[i]}; }

 private:
  static Parameter read(const std::optional<float>& number, std::optional<size_t> input, Inputs in,
                        const Shape& out) {
    return input ? Parameter(in[*input], out, D::kName) : Parameter(number.value_or(1));
  }
  Parameter first_, second_;
};

template <typename D>
concept HasLocationAndScale = requires(D d) {
  sampler::standard(d, 0.0f, true);
};

/// All numbers of a call before they are rounded. `noise` is the second output, if there is one:
/// what numbers of location 0 and scale 1 would be.
template <typename D>
auto draw_numbers(RandomStream& stream, const Parameters<D>& parameters, bool are_numbers, size_t n,
                  float* noise) {
  if constexpr (std::is_same_v<D, Gamma>) {
    return sampler::numpy_gammas(stream, n, parameters);
  } else {
    std::vector<float> numbers(n);
    sampler::basic_numbers(D{}, stream, numbers.data(), static_cast<int64_t>(n));
    for (size_t i = 0; i < n; ++i) {
      const auto [first, second] = parameters(i);
      if constexpr (HasLocationAndScale<D>) {
        const double z = sampler::standard(D{}, numbers[i], are_numbers);
        const double scale = D::kSecond ? second : first;
        noise[i] = static_cast<float>(z);
        numbers[i] = static_cast<float>(z * scale);
        if (D::kSecond) numbers[i] += first;
      } else {
        numbers[i] = sampler::from_basic(D{}, numbers[i], first, second, are_numbers);
      }
    }
    return numbers;
  }
}

template <typename D>
void numpy_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto n = static_cast<size_t>(out[0].size());
  if (n == 0) return;
  const Parameters<D> parameters(params.as<NumpyRandomParam<D>>(), in, out[0].shape);
  context.random->with_single_stream([&](RandomStream& stream) {
    const auto numbers = draw_numbers(stream, parameters, in.size() == 0, n,
                                      out.size() > 1 ? out[1].as<float>() : nullptr);
    visit_floating(out[0].dtype, D::kName, [&]<typename T>(TypeTag<T>) {
      for (size_t i = 0; i < n; ++i)
        out[0].as<T>()[i] = sampler::rounded<T>(static_cast<double>(numbers[i]));
    });
  });
}

void bernoulli(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<NumpyBernoulliParam>();
  const auto n = static_cast<size_t>(out[0].size());
  if (n == 0) return;
  const Parameter parameter =
      p.number() ? Parameter(*p.number()) : Parameter(in[0], out[0].shape, "_npi_bernoulli");
  std::vector<float> draws(n);
  for (size_t i = 0; i < n && !p.is_logit; ++i)
    require(parameter[i] >= 0 && parameter[i] <= 1, "_npi_bernoulli: prob=", parameter[i],
            " is no probability; expected numbers from 0 to 1");
  context.random->with_single_stream(
      [&](RandomStream& stream) { stream.uniforms(draws.data(), static_cast<int64_t>(n)); });
  visit_dtype(out[0].dtype, "_npi_bernoulli", [&]<typename T>(TypeTag<T>) {
    for (size_t i = 0; i < n; ++i) {
      const float prob = p.is_logit ? 1.0f / (1.0f + std::exp(-parameter[i])) : parameter[i];
      out[0].as<T>()[i] = static_cast<T>(static_cast<ComputeType<T>>(draws[i] < prob ? 1 : 0));
    }
  });
}

template <typename D>
KernelBuilder kernel(const char* suffix = "") {
  return std::move(KernelBuilder(concat("_npi_", D::kName, suffix), "native").run(numpy_kernel<D>));
}

const KernelBuilder kernels[] = {
    kernel<Uniform>(),  kernel<Uniform>("_n"), kernel<Normal>(),   kernel<Normal>("_n"),
    kernel<Gamma>(),    kernel<Gumbel>(),      kernel<Logistic>(), kernel<Exponential>(),
    kernel<Rayleigh>(), kernel<Pareto>(),      kernel<Weibull>(),  kernel<Power>(),
};
const KernelBuilder bernoulli_kernel = KernelBuilder("_npi_bernoulli", "native").run(bernoulli);

}  // namespace
}  // namespace mx
