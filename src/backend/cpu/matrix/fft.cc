#include "ops/matrix/fft.h"

#include <cmath>
#include <vector>

#include "backend/cpu/fft.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Calls work(row, buffer) for each row, with room for `length` complex numbers.
template <typename Work>
void for_rows(int64_t rows, int64_t length, const Work& work) {
  const double cost =
      10.0 * static_cast<double>(length) * std::log2(static_cast<double>(length) + 2);
  parallel_for(rows, grain_for(cost), [&](int64_t begin, int64_t end) {
    std::vector<Fft::Complex> buffer(static_cast<size_t>(length));
    for (int64_t row = begin; row < end; ++row) work(row, buffer.data());
  });
}

void forward(const Params&, KernelContext&, Inputs in, Outputs out) {
  if (in[0].size() == 0) return;
  const int64_t length = in[0].shape.back(), rows = in[0].size() / length;
  const Fft fft(length);
  visit_floating(in[0].dtype, "_contrib_fft", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    for_rows(rows, length, [&](int64_t row, Fft::Complex* z) {
      const T* x = in[0].as<T>() + row * length;
      T* y = out[0].as<T>() + 2 * row * length;
      for (int64_t i = 0; i < length; ++i) z[i] = static_cast<double>(static_cast<C>(x[i]));
      fft.transform(z, false);
      for (int64_t i = 0; i < length; ++i) {
        y[2 * i] = static_cast<T>(static_cast<C>(z[i].real()));
        y[2 * i + 1] = static_cast<T>(static_cast<C>(z[i].imag()));
      }
    });
  });
}

void inverse(const Params&, KernelContext&, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const int64_t length = out[0].shape.back(), rows = out[0].size() / length;
  const Fft fft(length);
  visit_floating(in[0].dtype, "_contrib_ifft", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const auto at = [](const T* x, int64_t i) { return static_cast<double>(static_cast<C>(x[i])); };
    for_rows(rows, length, [&](int64_t row, Fft::Complex* z) {
      const T* x = in[0].as<T>() + 2 * row * length;
      T* y = out[0].as<T>() + row * length;
      for (int64_t i = 0; i < length; ++i) z[i] = {at(x, 2 * i), at(x, 2 * i + 1)};
      fft.transform(z, true);
      for (int64_t i = 0; i < length; ++i) y[i] = static_cast<T>(static_cast<C>(z[i].real()));
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_fft", "native").run(forward);
const KernelBuilder k2 = KernelBuilder("_contrib_ifft", "native").run(inverse);

}  // namespace
}  // namespace mx::cpu
