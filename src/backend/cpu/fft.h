#pragma once
#include <complex>
#include <cstdint>
#include <memory>
#include <vector>

namespace mx::cpu {

/// Discrete Fourier transforms of one length, computed in double. Cost: n log n for every length
/// (Bluestein's algorithm where it is no power of two). Thread safety: transform() of one object by
/// many threads, each with data of its own.
class Fft {
 public:
  using Complex = std::complex<double>;
  explicit Fft(int64_t length);

  /// data[k] = sum of data[j] * e^(-2 pi i j k / n), with `inverse` of e^(+...); not divided by n.
  void transform(Complex* data, bool inverse) const;

 private:
  void power_of_two(Complex* data) const;
  void any_length(Complex* data) const;

  size_t length_;
  std::vector<Complex> roots_;           ///< e^(-2 pi i j / n), the first half; for powers of two
  std::vector<size_t> reversed_;         ///< numbers with their bits in reverse order
  std::unique_ptr<Fft> longer_;          ///< for other lengths: a power of two from 2 n - 1 on
  std::vector<Complex> chirp_, filter_;  ///< e^(-pi i j^2 / n), and its transform by `longer_`
};

}  // namespace mx::cpu
