#include "backend/cpu/fft.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

namespace mx::cpu {
namespace {

Fft::Complex turn(double part) { return std::polar(1.0, -2 * std::numbers::pi * part); }

}  // namespace

Fft::Fft(int64_t length) : length_(static_cast<size_t>(length)) {
  const auto n = static_cast<double>(length_);
  if (std::has_single_bit(length_)) {
    for (size_t j = 0; j < length_ / 2; ++j) roots_.push_back(turn(static_cast<double>(j) / n));
    reversed_.assign(length_, 0);
    for (size_t j = 1; j < length_; ++j)
      reversed_[j] = reversed_[j / 2] / 2 + (j % 2) * (length_ / 2);
    return;
  }
  const size_t wide = std::bit_ceil(2 * length_ - 1);
  longer_ = std::make_unique<Fft>(static_cast<int64_t>(wide));
  filter_.assign(wide, 0);
  for (size_t j = 0; j < length_; ++j) {
    // j^2 modulo 2 n, so that large numbers keep their precision.
    const size_t square =
        static_cast<size_t>(static_cast<unsigned __int128>(j) * j % (2 * length_));
    chirp_.push_back(turn(static_cast<double>(square) / (2 * n)));
    filter_[j] = std::conj(chirp_[j]);
    if (j > 0) filter_[wide - j] = filter_[j];
  }
  longer_->transform(filter_.data(), false);
}

void Fft::transform(Complex* data, bool inverse) const {
  if (length_ < 2) return;
  // The inverse is the conjugate of the transform of conjugates.
  if (inverse) std::transform(data, data + length_, data, [](Complex z) { return std::conj(z); });
  if (longer_)
    any_length(data);
  else
    power_of_two(data);
  if (inverse) std::transform(data, data + length_, data, [](Complex z) { return std::conj(z); });
}

void Fft::power_of_two(Complex* data) const {
  for (size_t j = 0; j < length_; ++j)
    if (j < reversed_[j]) std::swap(data[j], data[reversed_[j]]);
  for (size_t half = 1; half < length_; half *= 2) {
    const size_t step = length_ / (2 * half);
    for (size_t first = 0; first < length_; first += 2 * half)
      for (size_t j = 0; j < half; ++j) {
        Complex &a = data[first + j], &b = data[first + j + half];
        const Complex r = roots_[j * step];
        const Complex turned{b.real() * r.real() - b.imag() * r.imag(),
                             b.real() * r.imag() + b.imag() * r.real()};
        b = a - turned;
        a += turned;
      }
  }
}

/// jk = (j^2 + k^2 - (k - j)^2) / 2 makes the sum a convolution, which `longer_` computes.
void Fft::any_length(Complex* data) const {
  std::vector<Complex> wide(filter_.size());
  for (size_t j = 0; j < length_; ++j) wide[j] = data[j] * chirp_[j];
  longer_->transform(wide.data(), false);
  for (size_t j = 0; j < wide.size(); ++j) wide[j] *= filter_[j];
  longer_->transform(wide.data(), true);
  const double scale = 1 / static_cast<double>(wide.size());
  for (size_t j = 0; j < length_; ++j) data[j] = wide[j] * chirp_[j] * scale;
}

}  // namespace mx::cpu
