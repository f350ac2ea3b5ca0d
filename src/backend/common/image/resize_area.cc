// Shrinking by the mean over the area of each output pixel. Whole-number ratios are box sums;
// others weight the input pixels on the edge of the area by the part inside it.
#include <algorithm>
#include <cmath>

#include "backend/common/image/resample.h"

namespace mx::image {
namespace {

/// Input place `src` counts with `weight` for output place `dst`.
struct Share {
  int32_t src;
  int32_t dst;
  float weight;
};

// Parts of a pixel under this are not counted.
constexpr double kLeastPart = 1e-3;

std::vector<Share> area_shares(int64_t src_size, int64_t dst_size) {
  const double scale = 1.0 / (static_cast<double>(dst_size) / static_cast<double>(src_size));
  std::vector<Share> shares;
  for (int64_t i = 0; i < dst_size; ++i) {
    const double begin = static_cast<double>(i) * scale, end = begin + scale;
    const double width = std::min(scale, static_cast<double>(src_size) - begin);
    int64_t last = std::min(static_cast<int64_t>(std::floor(end)), src_size - 1);
    const int64_t first = std::min(static_cast<int64_t>(std::ceil(begin)), last);
    const auto add = [&](int64_t src, double part) {
      shares.push_back(
          {static_cast<int32_t>(src), static_cast<int32_t>(i), static_cast<float>(part / width)});
    };
    const double head = static_cast<double>(first) - begin;
    if (head > kLeastPart) add(first - 1, head);
    for (int64_t s = first; s < last; ++s) add(s, 1.0);
    const double tail = end - static_cast<double>(last);
    if (tail > kLeastPart) add(last, std::min({tail, 1.0, width}));
  }
  return shares;
}

/// Writes the mean of each output pixel's input pixels in one row. Four values at once, as in
/// resize_taps.cc.
template <int kChannels, typename T>
MX_IMAGE_CLONES void average_row(const T* src, int64_t src_width, const std::vector<Share>& shares,
                                 int64_t channels, float* out) {
  const int64_t step = kChannels ? kChannels : channels;
  const int64_t last = kChannels == 3 ? src_width - 1 : src_width;
  const Share* share = shares.data();
  const Share* end = share + shares.size();
  while (share != end) {
    const Share* next = share;
    while (next != end && next->dst == share->dst) ++next;
    float* to = out + share->dst * step;
    if (kChannels >= 3 && next[-1].src < last) {
      Quad<float> sum = {};
      for (; share != next; ++share) {
        sum += load_quad<float>(src + share->src * step) * share->weight;
      }
      store_quad(sum, to);
      continue;
    }
    std::fill(to, to + step, 0.0f);
    for (; share != next; ++share) {
      for (int64_t c = 0; c < step; ++c) to[c] += src[share->src * step + c] * share->weight;
    }
  }
}

MX_IMAGE_CLONES void add_scaled(const float* row, float weight, float* sum, int64_t size) {
  for (int64_t i = 0; i < size; ++i) sum[i] += weight * row[i];
}

template <typename T>
MX_IMAGE_CLONES void round_row(const float* row, T* out, int64_t size) {
  for (int64_t i = 0; i < size; ++i) out[i] = round_to(row[i], out);
}

template <typename T>
void resize_any_ratio(const ResizeJob<T>& job) {
  const std::vector<Share> x = area_shares(job.from.width, job.to.width);
  const std::vector<Share> y = area_shares(job.from.height, job.to.height);
  const int64_t size = job.dst_row_size();
  for_row_parts(job.to, [&](int64_t first, int64_t last) {
    std::vector<float> row(static_cast<size_t>(size) + kQuadSlack), sum(row.size());
    auto share = std::lower_bound(y.begin(), y.end(), first,
                                  [](const Share& s, int64_t at) { return s.dst < at; });
    for (int64_t i = first; i < last; ++i) {
      std::fill(sum.begin(), sum.end(), 0.0f);
      for (; share != y.end() && share->dst == i; ++share) {
        with_channels(job.to.channels, [&](auto channels) {
          average_row<decltype(channels)::value>(job.src_row(share->src), job.from.width, x,
                                                 job.to.channels, row.data());
        });
        add_scaled(row.data(), share->weight, sum.data(), size);
      }
      round_row(sum.data(), job.dst_row(i), size);
    }
  });
}

int box_sum(const uint8_t* corner, const std::vector<int64_t>& offsets) {
  int sum = 0;
  for (const int64_t at : offsets) sum += corner[at];
  return sum;
}

// Adds four at a time, so that float sums round as OpenCV's.
float box_sum(const float* corner, const std::vector<int64_t>& offsets) {
  float sum = 0;
  size_t i = 0;
  for (; i + 4 <= offsets.size(); i += 4) {
    const int64_t* at = offsets.data() + i;
    sum += corner[at[0]] + corner[at[1]] + corner[at[2]] + corner[at[3]];
  }
  for (; i < offsets.size(); ++i) sum += corner[offsets[i]];
  return sum;
}

/// The whole ratio of the sizes, or 0.
int64_t whole_ratio(int64_t src_size, int64_t dst_size) {
  return src_size % dst_size == 0 ? src_size / dst_size : 0;
}

// OpenCV has vector forms for halving both sides: of bytes, where half rounds up rather than to
// even, and of floats, where each row is added first. These give the number of pixels of an output
// row that they cover.
int64_t half_form_width(const ResizeJob<uint8_t>& job) {
  const int64_t channels = job.to.channels;
  return channels == 1 || channels == 3 || channels == 4 ? job.to.width : 0;
}
int64_t half_form_width(const ResizeJob<float>& job) {
  constexpr int64_t kVector = 4;
  if (job.to.channels == kVector) return job.to.width;
  return job.to.channels == 1 ? job.to.width / kVector * kVector : 0;
}

uint8_t mean(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
  return static_cast<uint8_t>((a + b + c + d + 2) >> 2);
}
float mean(float a, float b, float c, float d) { return ((a + b) + (c + d)) * 0.25f; }

template <int kChannels, typename T>
MX_IMAGE_CLONES void halve_rows(const T* a, const T* b, T* out, int64_t width) {
  for (int64_t x = 0; x < width; ++x, a += 2 * kChannels, b += 2 * kChannels, out += kChannels) {
    for (int c = 0; c < kChannels; ++c) {
      out[c] = mean(a[c], a[c + kChannels], b[c], b[c + kChannels]);
    }
  }
}

template <typename T>
void resize_box(const ResizeJob<T>& job, int64_t step_y, int64_t step_x) {
  const int64_t channels = job.to.channels, src_row = job.from.width * channels;
  const float unit = 1.0f / static_cast<float>(step_y * step_x);
  const int64_t halved = step_y == 2 && step_x == 2 ? half_form_width(job) : 0;
  std::vector<int64_t> offsets;
  for (int64_t j = 0; j < step_y; ++j) {
    for (int64_t k = 0; k < step_x; ++k) offsets.push_back(j * src_row + k * channels);
  }
  for_row_parts(job.to, [&](int64_t first, int64_t last) {
    for (int64_t y = first; y < last; ++y) {
      const T* src = job.src_row(y * step_y);
      T* out = job.dst_row(y);
      with_channels(channels, [&](auto constant) {
        halve_rows<decltype(constant)::value>(src, src + src_row, out, halved);
      });
      for (int64_t x = halved; x < job.to.width; ++x) {
        for (int64_t c = 0; c < channels; ++c) {
          const T* corner = src + x * step_x * channels + c;
          T* to = out + x * channels + c;
          *to = round_to(static_cast<float>(box_sum(corner, offsets)) * unit, to);
        }
      }
    }
  });
}

template <typename T>
void resize_area(const ResizeJob<T>& job) {
  const int64_t step_y = whole_ratio(job.from.height, job.to.height);
  const int64_t step_x = whole_ratio(job.from.width, job.to.width);
  if (step_y == 0 || step_x == 0) return resize_any_ratio(job);
  resize_box(job, step_y, step_x);
}

}  // namespace

void resize_by_area(const ResizeJob<uint8_t>& job) { resize_area(job); }
void resize_by_area(const ResizeJob<float>& job) { resize_area(job); }

}  // namespace mx::image
