// Numbers in equal steps. arange converts start and step to the result's type first, as 1.9.1 does;
// linspace computes in double and converts at the end.
#include "ops/init/arange.h"

#include <cmath>

#include "dispatch/kernel.h"

namespace mx {
namespace {

constexpr double kNanosecondsPerNumber = 1;

void write_arange(const Tensor& out, double start, double step, int64_t repeat) {
  visit_dtype(out.dtype, "_arange", [&]<typename T>(TypeTag<T>) {
    // Integers go through int64 so that what does not fit wraps.
    using C = std::conditional_t<std::is_integral_v<T>, int64_t, ComputeType<T>>;
    const C first = static_cast<C>(start), distance = static_cast<C>(step);
    parallel_for(out.size(), grain_for(kNanosecondsPerNumber), [&](int64_t begin, int64_t end) {
      T* y = out.as<T>();
      for (int64_t i = begin; i < end; ++i) {
        const C product = static_cast<C>(i / repeat) * distance;
        y[i] = static_cast<T>(static_cast<C>(first + product));
      }
    });
  });
}

void arange(const Params& params, KernelContext&, Inputs, Outputs out) {
  const auto& p = params.as<ArangeParam>();
  write_arange(out[0], p.first(), p.step, p.repeat);
}

void arange_like(const Params& params, KernelContext&, Inputs, Outputs out) {
  const auto& p = params.as<ArangeLikeParam>();
  write_arange(out[0], p.start, p.step, p.repeat);
}

/// A function of numbers in equal steps, computed in double.
template <typename Function>
void write_equal_steps(const Tensor& out, const LinspaceParam& p, Function function) {
  const double step = p.step();
  visit_dtype(out.dtype, "_linspace", [&]<typename T>(TypeTag<T>) {
    using C = std::conditional_t<std::is_integral_v<T>, int64_t, ComputeType<T>>;
    parallel_for(p.num, grain_for(kNanosecondsPerNumber), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        out.as<T>()[i] =
            static_cast<T>(static_cast<C>(function(p.start + static_cast<double>(i) * step)));
    });
  });
}

void linspace(const Params& params, KernelContext&, Inputs, Outputs out) {
  write_equal_steps(out[0], params.as<LinspaceParam>(), [](double x) { return x; });
}

void logspace(const Params& params, KernelContext&, Inputs, Outputs out) {
  const auto& p = params.as<LogspaceParam>();
  write_equal_steps(out[0], p.exponents(), [base = p.base](double x) { return std::pow(base, x); });
}

const KernelBuilder k1 = KernelBuilder("_arange", "native").run(arange);
const KernelBuilder k2 = KernelBuilder("_contrib_arange_like", "native").run(arange_like);
const KernelBuilder k3 = KernelBuilder("_linspace", "native").run(linspace);
const KernelBuilder k4 = KernelBuilder("_npi_arange", "native").run(arange);
const KernelBuilder k5 = KernelBuilder("_npi_logspace", "native").run(logspace);

}  // namespace
}  // namespace mx
