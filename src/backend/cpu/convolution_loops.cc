#include "backend/cpu/convolution_loops.h"

#include <algorithm>

#include "backend/cpu/convert.h"
#include "backend/cpu/gemm.h"

namespace mx::cpu {
namespace {

constexpr int64_t kChunkElements = 1 << 18;  // of the gathered matrix

/// Sizes with three spatial axes, those that are missing being 1.
struct Window {
  int64_t channels;  // of a group
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, dilate[3] = {1, 1, 1}, pad[3] = {0, 0, 0};

  explicit Window(const ConvolutionSizes& s) : channels(s.group_channels()) {
    for (int i = 0; i < s.rank; ++i) {
      const int at = 3 - s.rank + i;
      in[at] = s.in[i], out[at] = s.out[i], kernel[at] = s.kernel[i];
      stride[at] = s.stride[i], dilate[at] = s.dilate[i], pad[at] = s.pad[i];
    }
  }
  int64_t in_size() const { return in[0] * in[1] * in[2]; }
  int64_t out_size() const { return out[0] * out[1] * out[2]; }
  int64_t kernel_size() const { return kernel[0] * kernel[1] * kernel[2]; }
  /// Rows of the gathered matrix.
  int64_t depth() const { return channels * kernel_size(); }
  /// Columns that are gathered at a time: whole rows of the output.
  int64_t chunk() const {
    const int64_t rows = std::max<int64_t>(1, kChunkElements / (depth() * out[2]));
    return std::min(rows * out[2], out_size());
  }
};

/// Calls visit(row, column, offset, count, step) for runs of the gathered matrix that lie inside
/// data, one for each row of the matrix and each row of the output: `count` columns from `column`
/// on, read `step` apart from `offset` on.
template <typename F>
void for_each_run(const Window& w, int64_t first, int64_t last, const F& visit) {
  for (int64_t row = 0; row < w.depth(); ++row) {
    const int64_t kw = row % w.kernel[2], kh = row / w.kernel[2] % w.kernel[1];
    const int64_t kd = row / (w.kernel[2] * w.kernel[1]) % w.kernel[0];
    const int64_t channel = row / w.kernel_size();
    const int64_t x0 = kw * w.dilate[2] - w.pad[2], sx = w.stride[2];
    const int64_t begin = std::min(w.out[2], x0 >= 0 ? 0 : (-x0 + sx - 1) / sx);
    const int64_t end = std::max(begin, std::min(w.out[2], (w.in[2] - x0 + sx - 1) / sx));
    for (int64_t column = first; column < last; column += w.out[2]) {
      const int64_t oh = column / w.out[2] % w.out[1], od = column / (w.out[2] * w.out[1]);
      const int64_t y = oh * w.stride[1] + kh * w.dilate[1] - w.pad[1];
      const int64_t z = od * w.stride[0] + kd * w.dilate[0] - w.pad[0];
      const bool inside = y >= 0 && y < w.in[1] && z >= 0 && z < w.in[0];
      const int64_t line = ((channel * w.in[0] + z) * w.in[1] + y) * w.in[2];
      visit(row, column - first, inside ? begin : 0, inside ? end : 0, line + x0);
    }
  }
}

/// The gathered matrix (depth x (last - first)) of one image and group.
template <typename S>
void gather(const Window& w, const S* data, int64_t first, int64_t last, S* matrix) {
  const int64_t width = last - first, line = w.out[2], step = w.stride[2];
  for_each_run(w, first, last,
               [&](int64_t row, int64_t column, int64_t begin, int64_t end, int64_t offset) {
                 S* to = matrix + row * width + column;
                 std::fill_n(to, begin, S(0));
                 const S* from = data + offset;
                 if (step == 1)
                   std::copy(from + begin, from + end, to + begin);
                 else
                   for (int64_t x = begin; x < end; ++x) to[x] = from[x * step];
                 std::fill(to + end, to + line, S(0));
               });
}

/// Adds a gathered matrix back to where its elements came from.
template <typename S>
void scatter(const Window& w, const S* matrix, int64_t first, int64_t last, S* data) {
  const int64_t width = last - first, step = w.stride[2];
  for_each_run(w, first, last,
               [&](int64_t row, int64_t column, int64_t begin, int64_t end, int64_t offset) {
                 const S* from = matrix + row * width + column;
                 S* to = data + offset;
                 for (int64_t x = begin; x < end; ++x) to[x * step] += from[x];
               });
}

template <typename S>
MatrixView<const S> view(const S* data, int64_t columns, bool transposed = false) {
  return matrix_view<const S>(data, columns, transposed);
}

/// Cost in nanoseconds of `work` multiply-adds.
double cost_of(int64_t work) { return 0.05 * static_cast<double>(work + 1); }

}  // namespace

template <typename S>
void convolve(const ConvolutionSizes& s, const S* data, const S* weight, const S* bias, S* out) {
  const Window w(s);
  const int64_t filters = s.group_filters(), places = w.out_size(), chunk = w.chunk();
  const int64_t chunks = places == 0 ? 0 : (places + chunk - 1) / chunk;
  const int64_t image = w.channels * w.in_size();
  const auto one = [&](int64_t task, S* matrix) {
    const int64_t first = task % chunks * chunk, last = std::min(places, first + chunk);
    const int64_t at = task / chunks, group = at % s.groups;  // at: image and group
    gather(w, data + at * image, first, last, matrix);
    S* target = out + at * filters * places + first;
    if (bias)
      for (int64_t f = 0; f < filters; ++f)
        std::fill_n(target + f * places, last - first, bias[group * filters + f]);
    gemm<S>(filters, last - first, w.depth(), view(weight + group * filters * w.depth(), w.depth()),
            view(matrix, last - first), matrix_view(target, places), bias != nullptr);
  };
  parallel_for(s.batch * s.groups * chunks, grain_for(cost_of(filters * chunk * w.depth())),
               [&](int64_t begin, int64_t end) {
                 std::vector<S> matrix(static_cast<size_t>(w.depth() * chunk));
                 for (int64_t t = begin; t < end; ++t) one(t, matrix.data());
               });
}

template <typename S>
void convolve_data_gradient(const ConvolutionSizes& s, const S* d_out, const S* weight, S* d_data) {
  const Window w(s);
  const int64_t filters = s.group_filters(), places = w.out_size(), chunk = w.chunk();
  const int64_t image = w.channels * w.in_size();
  const auto one = [&](int64_t at, S* matrix) {
    std::fill_n(d_data + at * image, image, S(0));
    const S* d = d_out + at * filters * places;
    const S* filter = weight + at % s.groups * filters * w.depth();
    for (int64_t first = 0; first < places; first += chunk) {
      const int64_t last = std::min(places, first + chunk);
      gemm<S>(w.depth(), last - first, filters, view(filter, w.depth(), true),
              view(d + first, places), matrix_view(matrix, last - first));
      scatter(w, matrix, first, last, d_data + at * image);
    }
  };
  parallel_for(s.batch * s.groups, grain_for(cost_of(filters * places * w.depth())),
               [&](int64_t begin, int64_t end) {
                 std::vector<S> matrix(static_cast<size_t>(w.depth() * chunk));
                 for (int64_t t = begin; t < end; ++t) one(t, matrix.data());
               });
}

template <typename S>
void convolve_weight_gradient(const ConvolutionSizes& s, const S* data, const S* d_out, S* d_weight,
                              S* d_bias) {
  const Window w(s);
  const int64_t filters = s.group_filters(), places = w.out_size(), chunk = w.chunk();
  const int64_t image = w.channels * w.in_size();
  std::fill_n(d_weight, s.filters * w.depth(), S(0));
  std::vector<S> matrix(static_cast<size_t>(w.depth() * chunk));
  for (int64_t at = 0; at < s.batch * s.groups; ++at)
    for (int64_t first = 0; first < places; first += chunk) {
      const int64_t last = std::min(places, first + chunk);
      gather(w, data + at * image, first, last, matrix.data());
      gemm<S>(filters, w.depth(), last - first, view(d_out + at * filters * places + first, places),
              view<S>(matrix.data(), last - first, true),
              matrix_view(d_weight + at % s.groups * filters * w.depth(), w.depth()), true);
    }
  if (!d_bias) return;
  std::fill_n(d_bias, s.filters, S(0));
  for (int64_t row = 0; row < s.batch * s.filters; ++row)
    for (int64_t i = 0; i < places; ++i) d_bias[row % s.filters] += d_out[row * places + i];
}

#define MX_INSTANTIATE(S)                                                                \
  template void convolve(const ConvolutionSizes&, const S*, const S*, const S*, S*);     \
  template void convolve_data_gradient(const ConvolutionSizes&, const S*, const S*, S*); \
  template void convolve_weight_gradient(const ConvolutionSizes&, const S*, const S*, S*, S*)
MX_INSTANTIATE(float);
MX_INSTANTIATE(double);
MX_INSTANTIATE(int64_t);
#undef MX_INSTANTIATE

DType sum_dtype(DType dtype) {
  if (dtype == DType::kFloat64) return dtype;
  return is_floating(dtype) ? DType::kFloat32 : DType::kInt64;
}

namespace {

/// Swaps axes 1 and 2 of (batch, rows, columns).
void transpose(const void* from, void* to, int64_t batch, int64_t rows, int64_t columns,
               DType dtype) {
  visit_width(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* source = static_cast<const T*>(from);
    T* target = static_cast<T*>(to);
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < columns; ++c)
          target[(b * columns + c) * rows + r] = source[(b * rows + r) * columns + c];
  });
}

bool has_channels(const Shape& shape) { return shape.ndim() > 2; }

}  // namespace

bool ChannelsFirst::is_direct(const Tensor& tensor) const {
  return tensor.dtype == sum_dtype(tensor.dtype) && !(channels_last_ && has_channels(tensor.shape));
}

const void* ChannelsFirst::prepare_input(const Tensor& tensor) {
  if (is_direct(tensor)) return tensor.data;
  const DType sum = sum_dtype(tensor.dtype);
  const void* data = tensor.data;
  if (sum != tensor.dtype) {
    void* wide = scratch_.get(static_cast<size_t>(tensor.size() * dtype_size(sum)));
    convert_elements(tensor.dtype, data, sum, wide, tensor.size());
    data = wide;
  }
  if (!channels_last_ || !has_channels(tensor.shape)) return data;
  const Shape& shape = tensor.shape;
  void* first = scratch_.get(static_cast<size_t>(tensor.size() * dtype_size(sum)));
  transpose(data, first, shape[0], shape.size(1, shape.ndim() - 1), shape.back(), sum);
  return first;
}

void* ChannelsFirst::prepare_output(const Tensor& tensor) {
  if (is_direct(tensor)) return tensor.data;
  const int64_t width = dtype_size(sum_dtype(tensor.dtype));
  void* data = scratch_.get(static_cast<size_t>(tensor.size() * width));
  pending_.push_back({tensor, data});
  return data;
}

void ChannelsFirst::store() {
  for (const auto& [target, data] : pending_) {
    const DType sum = sum_dtype(target.dtype);
    const Shape& shape = target.shape;
    const void* ordered = data;
    if (channels_last_ && has_channels(shape)) {
      void* last = scratch_.get(static_cast<size_t>(target.size() * dtype_size(sum)));
      transpose(data, last, shape[0], shape.back(), shape.size(1, shape.ndim() - 1), sum);
      ordered = last;
    }
    convert_elements(sum, ordered, target.dtype, target.data, target.size());
  }
}

}  // namespace mx::cpu
