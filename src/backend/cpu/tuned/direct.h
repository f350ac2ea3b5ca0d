#pragma once
// Convolutions by direct products, channels last: for windows, strides and channels that other
// algorithms do not take. Rows of the image are copied with their padding, so that the values of a
// window's row lie side by side.
#include <algorithm>
#include <array>
#include <utility>

#include "backend/cpu/tuned/direct_sizes.h"
#include "backend/cpu/tuned/layer.h"
#include "backend/cpu/tuned/products.h"

namespace mx::tuned {

/// Elements of a pixel: channels up to whole steps.
template <typename P>
int64_t pixel_size(int64_t channels) {
  return (channels + P::kStep - 1) / P::kStep * P::kStep;
}

/// Elements of packed weights.
template <typename P>
int64_t packed_size(int64_t filters, int64_t channels, int64_t taps) {
  return filters * taps * pixel_size<P>(channels);
}

/// Weights (filters, channels, taps) in panels, in the order in which windows are read.
template <typename P, typename From>
void pack_windows(const From* weight, int64_t filters, int64_t channels, int64_t taps,
                  typename P::Element* packed) {
  const Panels panels(filters);
  const int64_t pixel = pixel_size<P>(channels);
  parallel_for(panels.count, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      auto* to = packed + panels.begin(i) * taps * pixel;
      for (int64_t at = 0; at < taps * pixel; at += P::kStep)
        for (int64_t f = panels.begin(i); f < panels.begin(i + 1); ++f)
          for (int64_t c = at % pixel; c < at % pixel + P::kStep; ++c)
            *to++ = c < channels ? weight[(f * channels + c) * taps + at / pixel] : From{};
    }
  });
}

/// What a group of results side by side reads.
template <typename P>
struct Windows {
  const typename P::Element* data;
  int64_t next;       ///< from a result to the next
  int64_t rows, row;  ///< of a window, and from one to the next
  int64_t taps, tap;  ///< of a row, and from one to the next
  int64_t length;     ///< of a tap
};

/// An image whose pixels are read: element types and strides as they come.
template <typename From>
struct Source {
  const From* data;
  int64_t channel, pixel, row, sample;
};

template <typename From>
Source<From> source_of(const Tensor& tensor) {
  const int64_t channels = tensor.shape[1], height = tensor.shape[2], width = tensor.shape[3];
  if (tensor.layout == Layout::kPlain)
    return {tensor.as<From>(), height * width, 1, width, channels * height * width};
  return {tensor.as<From>(), 1, channels, width * channels, channels * height * width};
}

/// One convolution with its threads. `Write` has a template operator()<R, V>(sums, place, filter)
/// that finishes and stores R results of V vectors.
template <typename P, typename From, typename Write>
class DirectRun {
 public:
  using Element = typename P::Element;

  DirectRun(const DirectSizes& sizes, const Source<From>& source, const Image& out,
            const Element* weights, const Write& write)
      : s_(sizes),
        source_(source),
        out_(out),
        weights_(weights),
        write_(write),
        panels_(sizes.filters),
        pixel_(pixel_size<P>(sizes.channels)),
        blocks_(count_blocks()) {}

  void operator()(Workspace& scratch) const {
    const int64_t threads = parallel_threads();
    const int64_t blocks = s_.samples * blocks_;
    // Where there are few rows, threads take different filters of the same ones.
    const int64_t parts = std::clamp<int64_t>(kTasks * threads / blocks, 1, panels_.count);
    const int64_t tasks = blocks * parts;
    const int64_t products =
        s_.samples * s_.out[0] * s_.out[1] * s_.filters * s_.taps() * pixel_ / P::kStep;
    const int64_t grain = grain_for_products(products / tasks);
    const int64_t shares = std::min<int64_t>(threads, (tasks + grain - 1) / grain);
    auto* copies = scratch.get_array<Element>(shares * copy_size());
    parallel_for(shares, 1, [&](int64_t begin, int64_t end) {
      for (int64_t share = begin; share < end; ++share)
        for (int64_t i = tasks * share / shares; i < tasks * (share + 1) / shares; ++i)
          run_task(i / parts, panels_.count * (i % parts) / parts,
                   panels_.count * (i % parts + 1) / parts, copies + share * copy_size());
    });
  }

 private:
  static constexpr int64_t kTasks = 4;         ///< for each thread
  static constexpr int64_t kMostResults = 96;  ///< of a task, about
  static constexpr int64_t kCopied = 12288;    ///< elements

  /// More than a few results only where the copy stays small: blocks copy again the rows that their
  /// neighbours copied.
  int64_t rows_of_block() const {
    const int64_t fitting = (kCopied / row_size() - s_.reach(0, 1)) / s_.stride[0];
    return std::clamp<int64_t>(std::max(kMostResults / s_.out[1], fitting), 1, s_.out[0]);
  }
  /// As many for each thread, where there are enough.
  int64_t count_blocks() const {
    const int64_t threads = parallel_threads();
    const int64_t blocks = (s_.out[0] + rows_of_block() - 1) / rows_of_block();
    const int64_t even = (blocks + threads - 1) / threads * threads;
    return blocks < threads ? blocks : std::min(even, s_.out[0]);
  }
  int64_t row_size() const { return s_.reach(1, s_.out[1]) * pixel_; }
  int64_t copy_size() const {
    return s_.reach(0, (s_.out[0] + blocks_ - 1) / blocks_) * row_size();
  }

  void run_task(int64_t block, int64_t first_panel, int64_t last_panel, Element* copy) const {
    const int64_t sample = block / blocks_, number = block % blocks_;
    const int64_t first = number * s_.out[0] / blocks_;
    const int64_t last = (number + 1) * s_.out[0] / blocks_;
    copy_rows(sample, first * s_.stride[0] - s_.pad[0], s_.reach(0, last - first), copy);
    for (int64_t panel = first_panel; panel < last_panel; ++panel)
      for (int64_t y = first; y < last; ++y)
        run_row(panel, copy + (y - first) * s_.stride[0] * row_size(),
                sample * out_.sample + y * out_.row);
  }

  /// Rows [top, top + rows) of the image, zeros outside of it.
  void copy_rows(int64_t sample, int64_t top, int64_t rows, Element* to) const {
    const int64_t width = s_.reach(1, s_.out[1]), left = std::min(s_.pad[1], width);
    const int64_t filled = std::min(s_.in[1], width - left);
    for (int64_t y = top; y < top + rows; ++y, to += row_size()) {
      if (y < 0 || y >= s_.in[0]) {
        std::fill_n(to, row_size(), Element{});
        continue;
      }
      std::fill_n(to, left * pixel_, Element{});
      copy_pixels(source_.data + sample * source_.sample + y * source_.row, filled,
                  to + left * pixel_);
      std::fill_n(to + (left + filled) * pixel_, (width - left - filled) * pixel_, Element{});
    }
  }

  void copy_pixels(const From* from, int64_t count, Element* to) const {
    if (source_.channel == 1 && pixel_ == s_.channels) {
      std::copy_n(from, count * pixel_, to);
      return;
    }
    for (int64_t c = 0; c < s_.channels; ++c)
      for (int64_t x = 0; x < count; ++x)
        to[x * pixel_ + c] = from[x * source_.pixel + c * source_.channel];
    for (int64_t c = s_.channels; c < pixel_; ++c)
      for (int64_t x = 0; x < count; ++x) to[x * pixel_ + c] = Element{};
  }

  void run_row(int64_t panel, const Element* rows, int64_t place) const {
    static constexpr auto run_by = of_vectors(std::make_index_sequence<kMostVectors>());
    run_by[static_cast<size_t>(panels_.width(panel) / kLanes - 1)](*this, panel, rows, place);
  }

  template <int V>
  static void run_vectors(const DirectRun& run, int64_t panel, const Element* rows, int64_t place) {
    static constexpr int64_t kMost = kMaxRows[V];
    static constexpr auto run_by = of_results<V>(std::make_index_sequence<kMost>());
    const DirectSizes& s = run.s_;
    const bool is_dense = s.dilate[1] == 1;
    Windows<P> windows{rows,
                       s.stride[1] * run.pixel_,
                       s.kernel[0],
                       s.dilate[0] * run.row_size(),
                       is_dense ? 1 : s.kernel[1],
                       s.dilate[1] * run.pixel_,
                       is_dense ? s.kernel[1] * run.pixel_ : run.pixel_};
    const int64_t filter = run.panels_.begin(panel);
    const Element* weights = run.weights_ + filter * s.taps() * run.pixel_;
    const int64_t groups = (s.out[1] + kMost - 1) / kMost;
    for (int64_t i = 0; i < groups; ++i) {
      const int64_t x = s.out[1] * i / groups, count = s.out[1] * (i + 1) / groups - x;
      windows.data = rows + x * windows.next;
      run_by[static_cast<size_t>(count - 1)](windows, weights, run.write_,
                                             place + x * run.out_.pixel, filter);
    }
  }

  /// R results of V vectors of filters, kept in registers over the whole window.
  template <int V, int R>
  static void run_group(const Windows<P>& windows, const Element* weights, const Write& write,
                        int64_t place, int64_t filter) {
    typename P::Sum sum[R][V] = {};
    for (int64_t ky = 0; ky < windows.rows; ++ky) {
      for (int64_t kx = 0; kx < windows.taps; ++kx) {
        const Element* x = windows.data + ky * windows.row + kx * windows.tap;
        const Element* end = x + windows.length;
        for (; x != end; x += P::kStep, weights += V * kLanes * P::kStep) {
          typename P::Operand w[V];
#pragma GCC unroll 4
          for (int v = 0; v < V; ++v) w[v] = P::weights(weights + v * kLanes * P::kStep);
#pragma GCC unroll 12
          for (int r = 0; r < R; ++r) {
            const typename P::Operand value = P::repeated(x + r * windows.next);
#pragma GCC unroll 4
            for (int v = 0; v < V; ++v) sum[r][v] = P::add(sum[r][v], value, w[v]);
          }
        }
      }
    }
    write(sum, place, filter);
  }

  template <size_t... I>
  static constexpr auto of_vectors(std::index_sequence<I...>) {
    return std::array{&run_vectors<static_cast<int>(I) + 1>...};
  }
  template <int V, size_t... I>
  static constexpr auto of_results(std::index_sequence<I...>) {
    return std::array{&run_group<V, static_cast<int>(I) + 1>...};
  }

  DirectSizes s_;
  Source<From> source_;
  Image out_;
  const Element* weights_;
  Write write_;
  Panels panels_;
  int64_t pixel_, blocks_;  ///< `blocks_` of a sample
};

}  // namespace mx::tuned
