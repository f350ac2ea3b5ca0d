#pragma once
// The gradient of a 1x1 convolution with respect to its weights, channels last: a product of
// matrices whose depth is all pixels.
#include <atomic>

#include "backend/cpu/tuned/layer.h"
#include "backend/cpu/tuned/outer_gemm.h"
#include "backend/cpu/tuned/vector.h"

namespace mx::tuned {

/// d_weight(filters x channels) = transpose of d_out(pixels x filters) * data(pixels x channels),
/// and the sums of d_out's columns. Blocks of d_weight are spread over the threads; where there are
/// too few of them, parts of the pixels, which are summed at the end.
class PixelGradient {
 public:
  struct Problem {
    const float *data, *d_out;
    int64_t pixels, channels, filters;  ///< channels and filters are multiples of kLanes
    float *d_weight, *d_bias;           ///< d_bias may be nullptr
  };

  PixelGradient(const Problem& problem, Workspace& scratch)
      : p_(problem),
        down_((p_.filters + kBlock - 1) / kBlock),
        across_((p_.channels + kBlock - 1) / kBlock),
        threads_(parallel_threads()),
        scratch_(scratch) {
    const int64_t blocks = down_ * across_, wanted = (2 * threads_ + blocks - 1) / blocks;
    if (wanted > 1)
      parts_ = std::clamp<int64_t>(p_.pixels / (4 * kPixels), 1, std::min(threads_, wanted));
  }

  void operator()() {
    const int64_t size = p_.filters * (p_.channels + 1);
    float* rest = parts_ > 1 ? scratch_.get_array<float>((parts_ - 1) * size) : nullptr;
    for (int64_t i = 0; i < parts_; ++i) {
      float* own = i ? rest + (i - 1) * size : p_.d_weight;
      sums_.push_back({own, i ? own + p_.filters * p_.channels : p_.d_bias});
    }
    std::vector<float*> buffers;
    for (int64_t i = 0; i < threads_; ++i)
      buffers.push_back(scratch_.get_array<float>(2 * kPixels * kBlock));
    const int64_t tasks = parts_ * down_ * across_;
    std::atomic<int64_t> next{0};
    parallel_for(threads_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t thread = begin; thread < end; ++thread)
        for (int64_t i = next++; i < tasks; i = next++) run_task(i, buffers[thread]);
    });
    add_parts();
  }

 private:
  static constexpr int64_t kPixels = 128;  ///< that are multiplied at once
  static constexpr int64_t kBlock = 256;   ///< rows and columns; with the operands in the 2nd cache

  struct Sums {
    float *weight, *bias;
  };

  void run_task(int64_t task, float* buffer) const {
    const int64_t part = task / (down_ * across_), block = task % (down_ * across_);
    const int64_t i = block / across_, j = block % across_;
    const int64_t filter = p_.filters / kLanes * i / down_ * kLanes;
    const int64_t filters = p_.filters / kLanes * (i + 1) / down_ * kLanes - filter;
    const int64_t channel = p_.channels / kLanes * j / across_ * kLanes;
    const int64_t channels = p_.channels / kLanes * (j + 1) / across_ * kLanes - channel;
    float* bias = p_.d_bias && j == 0 ? sums_[part].bias + filter : nullptr;
    if (bias) std::fill_n(bias, filters, 0.0f);
    float* to = sums_[part].weight + filter * p_.channels + channel;
    const int64_t first = p_.pixels * part / parts_, last = p_.pixels * (part + 1) / parts_;
    for (int64_t pixel = first; pixel < last; pixel += kPixels) {
      const int64_t pixels = std::min(kPixels, last - pixel);
      const float* d_out = p_.d_out + pixel * p_.filters + filter;
      if (bias) add_pixels(d_out, p_.filters, pixels, filters, bias);
      d_out = packed(d_out, p_.filters, pixels, filters, buffer);
      const float* data = packed(p_.data + pixel * p_.channels + channel, p_.channels, pixels,
                                 channels, buffer + kPixels * kBlock);
      multiply_block(pixels, filters, channels, d_out, data, to, pixel > first);
    }
  }

  static void add_pixels(const float* from, int64_t stride, int64_t pixels, int64_t columns,
                         float* sums) {
    for (int64_t c = 0; c < columns; c += kLanes) {
      Vector sum{};  // of these pixels alone: sums of sums lose less to rounding
      for (int64_t p = 0; p < pixels; ++p) sum += load(from + p * stride + c);
      store(sums + c, load(sums + c) + sum);
    }
  }

  /// The columns in panels, each contiguous; pixels that are one panel stay where they
  /// are.
  static const float* packed(const float* from, int64_t stride, int64_t pixels, int64_t columns,
                             float* to) {
    const Panels panels(columns);
    if (panels.count == 1 && columns == stride) return from;
    float* at = to;
    for (int64_t i = 0; i < panels.count; ++i) {
      const float* x = from + panels.begin(i);
      const int64_t width = panels.width(i);
      for (int64_t p = 0; p < pixels; ++p, x += stride, at += width)
        for (int64_t c = 0; c < width; c += kLanes) store(at + c, load(x + c));
    }
    return to;
  }

  void multiply_block(int64_t pixels, int64_t filters, int64_t channels, const float* d_out,
                      const float* data, float* to, bool accumulate) const {
    const Panels down(filters), across(channels);
    for (int64_t j = 0; j < across.count; ++j) {
      const float* b = data + across.begin(j) * pixels;
      for (int64_t i = 0; i < down.count; ++i)
        multiply_transposed(down.width(i), across.width(j), pixels, d_out + down.begin(i) * pixels,
                            down.width(i), b, across.width(j),
                            to + down.begin(i) * p_.channels + across.begin(j), p_.channels,
                            accumulate);
    }
  }

  void add_parts() const {
    const auto add = [](float* to, const float* from, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) to[i] += from[i];
    };
    parallel_for(p_.filters * p_.channels, grain_for(0.1 * static_cast<double>(parts_)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = 1; i < parts_; ++i)
                     add(p_.d_weight, sums_[i].weight, begin, end);
                 });
    for (int64_t i = 1; p_.d_bias && i < parts_; ++i) add(p_.d_bias, sums_[i].bias, 0, p_.filters);
  }

  Problem p_;
  int64_t down_, across_, threads_, parts_ = 1;
  Workspace& scratch_;
  std::vector<Sums> sums_;
};

}  // namespace mx::tuned
