#pragma once
// 1x1 convolutions, channels last: products of matrices whose rows are pixels.
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

/// out = finish(data * weights): `data` has a row of `channels` floats for each pixel of `out`,
/// the weights (filters, channels) are packed in panels.
inline void multiply_pixels(const float* data, const float* weights, int64_t channels,
                            const Tensor& out, const Finish& finish) {
  constexpr int64_t kPixelsOfBlock = 96;  // their channels stay in the second cache
  const int64_t filters = out.shape[1], pixels = out.shape.size() / filters;
  const Panels panels(filters);
  const int64_t blocks = (pixels + kPixelsOfBlock - 1) / kPixelsOfBlock;
  // What is larger, image or weights, is read once; the other stays in a cache.
  const bool image_first = pixels > filters;
  const int64_t grain = grain_for_products(pixels * filters * channels / (blocks * panels.count));
  parallel_for(blocks * panels.count, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t block = image_first ? i / panels.count : i % blocks;
      const int64_t panel = image_first ? i % panels.count : i / blocks;
      const int64_t first = pixels * block / blocks, last = pixels * (block + 1) / blocks;
      const int64_t filter = panels.begin(panel), to = first * filters + filter;
      Finish here = finish;
      if (here.bias) here.bias += filter;
      if (here.added) here.added += to;
      multiply_panel(last - first, panels.width(panel), channels, data + first * channels, channels,
                     weights + filter * channels, out.as<float>() + to, filters, &here);
    }
  });
}

}  // namespace mx::tuned
