#pragma once
// 1x1 convolutions, channels last: products of matrices whose rows are pixels.
#include <algorithm>
#include <array>
#include <limits>

#include "backend/cpu/tuned/layer.h"

namespace mx::tuned {

/// The pixels that a stride keeps, one after the other: all where they are, else a copy.
inline const float* kept_pixels(const ConvolutionParam& p, const Tensor& data, const Tensor& result,
                                Workspace& scratch) {
  if (is_all(p.stride, 1)) return data.as<float>();
  const Image in = image_of(data), out = image_of(result);
  const int64_t rows = result.shape[0] * out.height;
  auto* kept = scratch.get_array<float>(rows * out.width * in.pixel);
  parallel_for(rows, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* from =
          in.data + i / out.height * in.sample + i % out.height * element(p.stride, 0, 1) * in.row;
      float* to = kept + i * out.width * in.pixel;
      for (int64_t x = 0; x < out.width; ++x, to += in.pixel)
        std::copy_n(from + x * element(p.stride, 1, 1) * in.pixel, in.pixel, to);
    }
  });
  return kept;
}

/// The opposite of kept_pixels(): puts `kept` where the stride reads, and zeros between.
inline void spread_pixels(const ConvolutionParam& p, const Tensor& kept, const Tensor& result) {
  const Image from = image_of(kept), to = image_of(result);
  const int64_t down = element(p.stride, 0, 1), across = element(p.stride, 1, 1);
  parallel_for(result.shape[0] * to.height, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t sample = i / to.height, y = i % to.height;
      float* row = to.data + i * to.row;
      std::fill_n(row, to.row, 0.0f);
      if (y % down != 0 || y / down >= from.height) continue;
      const float* x = from.data + sample * from.sample + y / down * from.row;
      for (int64_t j = 0; j < from.width; ++j)
        std::copy_n(x + j * from.pixel, from.pixel, row + j * across * to.pixel);
    }
  });
}

/// How weights (filters, channels) of 1x1 windows and of dense layers lie: in panels.
inline Layout pixel_weight_layout(const Shape& weight) {
  static auto* layouts = new PackedLayouts;
  const int64_t size = Panels(weight[0]).vectors * kLanes * weight[1];
  return layouts->of({weight[0], weight[1], 1}, static_cast<size_t>(size) * sizeof(float));
}

/// How threads share a product: each computes one of `pixels` parts of the pixels times one of
/// `panels` parts of the panels.
struct Shares {
  int64_t pixels, panels;
};

/// The shares of which the largest is smallest. Among equal ones those that read least: each part
/// of the pixels needs all weights, each part of the panels the whole image.
inline Shares shares_of(int64_t threads, int64_t pixels, int64_t channels, const Panels& panels) {
  Shares best{1, 1};
  std::array<int64_t, 2> least{std::numeric_limits<int64_t>::max(), 0};
  for (int64_t parts = 1; parts <= threads; ++parts) {
    if (threads % parts != 0) continue;
    const Shares shares{parts, threads / parts};
    int64_t filters = 0;
    for (int64_t i = 0; i < shares.panels; ++i)
      filters = std::max(filters, panels.begin(panels.count * (i + 1) / shares.panels) -
                                      panels.begin(panels.count * i / shares.panels));
    const int64_t weights = panels.vectors * kLanes * channels;
    const std::array<int64_t, 2> costs{(pixels + parts - 1) / parts * filters,
                                       shares.pixels * weights + shares.panels * pixels * channels};
    if (costs < least) best = shares, least = costs;
  }
  return best;
}

/// out = finish(data * weights): `data` has a row of `channels` floats for each pixel of `out`,
/// the weights (filters, channels) are packed in panels.
inline void multiply_pixels(const float* data, const float* weights, int64_t channels,
                            const Tensor& out, const Finish& finish) {
  constexpr int64_t kPixelsOfBlock = 96;  // their channels stay in the second cache
  const int64_t filters = out.shape[1], pixels = out.shape.size() / filters;
  const Panels panels(filters);
  const auto multiply = [&](int64_t first, int64_t last, int64_t panel) {
    const int64_t filter = panels.begin(panel), to = first * filters + filter;
    Finish here = finish;
    if (here.bias) here.bias += filter;
    if (here.added) here.added += to;
    const int64_t width = std::min(panels.width(panel), filters - filter);
    multiply_panel(last - first, width, channels, data + first * channels, channels,
                   weights + filter * channels, out.as<float>() + to, filters, &here);
  };
  // What is larger, image or weights, is read once; the other stays in a cache.
  const bool image_first = pixels > filters;
  const Shares shares =
      shares_of(threads_for_products(pixels * filters * channels), pixels, channels, panels);
  parallel_for(shares.pixels * shares.panels, 1, [&](int64_t begin, int64_t end) {
    for (int64_t share = begin; share < end; ++share) {
      const int64_t part = share / shares.panels, of_panels = share % shares.panels;
      const int64_t first = pixels * part / shares.pixels;
      const int64_t count = pixels * (part + 1) / shares.pixels - first;
      const int64_t panel = panels.count * of_panels / shares.panels;
      const int64_t width = panels.count * (of_panels + 1) / shares.panels - panel;
      const int64_t blocks = (count + kPixelsOfBlock - 1) / kPixelsOfBlock;
      for (int64_t i = 0; i < blocks * width; ++i) {
        const int64_t block = image_first ? i / width : i % blocks;
        multiply(first + count * block / blocks, first + count * (block + 1) / blocks,
                 panel + (image_first ? i % width : i / blocks));
      }
    }
  });
}

}  // namespace mx::tuned
