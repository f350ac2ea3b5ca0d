// Windows: sums of cosines, computed in double.
#include "ops/init/window.h"

#include <cmath>
#include <numbers>

#include "dispatch/kernel.h"

namespace mx {
namespace {

constexpr double kNanosecondsPerNumber = 20;

/// constant + first cos(x) + second cos(2 x) with x from 0 to 2 pi; one point alone is 1.
void write_window(const Tensor& out, double constant, double first, double second) {
  const int64_t points = out.size();
  visit_dtype(out.dtype, "window", [&]<typename T>(TypeTag<T>) {
    parallel_for(points, grain_for(kNanosecondsPerNumber), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const double x =
            2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(points - 1);
        const double sum = constant + first * std::cos(x) + second * std::cos(2 * x);
        out.as<T>()[i] = static_cast<T>(static_cast<ComputeType<T>>(points == 1 ? 1 : sum));
      }
    });
  });
}

void blackman(const Params&, KernelContext&, Inputs, Outputs out) {
  write_window(out[0], 0.42, -0.5, 0.08);
}
void hamming(const Params&, KernelContext&, Inputs, Outputs out) {
  write_window(out[0], 0.54, -0.46, 0);
}
void hanning(const Params&, KernelContext&, Inputs, Outputs out) {
  write_window(out[0], 0.5, -0.5, 0);
}

const KernelBuilder k1 = KernelBuilder("_npi_blackman", "native").run(blackman);
const KernelBuilder k2 = KernelBuilder("_npi_hamming", "native").run(hamming);
const KernelBuilder k3 = KernelBuilder("_npi_hanning", "native").run(hanning);

}  // namespace
}  // namespace mx
