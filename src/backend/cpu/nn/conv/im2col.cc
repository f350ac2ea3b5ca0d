// im2col and col2im walk along the last axis: the windows whose element k lies on data are a range
// along each axis, found once for all planes, and with a stride of 1 the elements are copied, or
// added, as one run.
#include "ops/nn/conv/im2col.h"

#include <algorithm>
#include <vector>

#include "backend/common/window_grid.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

struct Range {
  int64_t first, last;
};

/// Windows whose element k lies on data, along an axis.
Range windows_on_data(const WindowGrid& g, int axis, int64_t k) {
  const int64_t start = g.place(axis, 0, k), stride = g.stride[axis], count = g.out[axis];
  const int64_t first = start >= 0 ? 0 : (-start + stride - 1) / stride;
  const int64_t behind = g.in[axis] - start;
  const int64_t last = behind <= 0 ? 0 : (behind - 1) / stride + 1;
  return {std::min(first, count), std::clamp(last, std::min(first, count), count)};
}

/// An element of the windows: its place in the first one, and those in which it lies on data.
struct WindowElement {
  int64_t start;
  Range range[3];
  bool always;  ///< lies on data in all windows

  WindowElement(const WindowGrid& g, int64_t number) : start(0), always(true) {
    const int64_t k[3] = {number / g.kernel[2] / g.kernel[1], number / g.kernel[2] % g.kernel[1],
                          number % g.kernel[2]};
    for (int axis = 0; axis < 3; ++axis) {
      range[axis] = windows_on_data(g, axis, k[axis]);
      start = start * g.in[axis] + g.place(axis, 0, k[axis]);
      always = always && range[axis].first == 0 && range[axis].last == g.out[axis];
    }
  }
};

std::vector<WindowElement> window_elements(const WindowGrid& g) {
  std::vector<WindowElement> elements;
  for (int64_t k = 0; k < g.kernel_size(); ++k) elements.emplace_back(g, k);
  return elements;
}

/// Calls line(place on data, output, count) for each line of windows in which the element lies on
/// data.
template <typename F>
void for_each_line(const WindowGrid& g, const WindowElement& element, const F& line) {
  const auto& [z, y, x] = element.range;
  const int64_t skipped = element.start + x.first * g.stride[2], count = x.last - x.first;
  for (int64_t oz = z.first; oz < z.last; ++oz)
    for (int64_t oy = y.first; oy < y.last; ++oy)
      line(skipped + (oz * g.stride[0] * g.in[1] + oy * g.stride[1]) * g.in[2],
           (oz * g.out[1] + oy) * g.out[2] + x.first, count);
}

/// Where an element of a plane and one of its columns are the same.
struct Pair {
  int32_t place, column;
};

/// All pairs of a plane whose lines are too short for loops of their own, as long as they are few
/// enough for the first cache; else none.
std::vector<Pair> pairs_of_short_lines(const WindowGrid& g,
                                       const std::vector<WindowElement>& elements) {
  constexpr int64_t kShortLine = 12, kMostPairs = 2048;
  const int64_t size = g.out_size();
  std::vector<Pair> pairs;
  if (g.out[2] > kShortLine || size * g.kernel_size() > kMostPairs) return pairs;
  int64_t row = 0;
  for (const WindowElement& element : elements) {
    for_each_line(g, element, [&](int64_t place, int64_t out, int64_t count) {
      for (int64_t o = 0; o < count; ++o)
        pairs.push_back(
            {static_cast<int32_t>(place + o * g.stride[2]), static_cast<int32_t>(row + out + o)});
    });
    row += size;
  }
  return pairs;
}

template <typename T>
void gather_row(const WindowGrid& g, const WindowElement& element, const T* plane, T* row) {
  const int64_t stride = g.stride[2];
  if (!element.always) std::fill_n(row, g.out_size(), static_cast<T>(0));
  if (stride == 1)
    return for_each_line(g, element, [&](int64_t place, int64_t out, int64_t count) {
      std::copy_n(plane + place, count, row + out);
    });
  for_each_line(g, element, [&](int64_t place, int64_t out, int64_t count) {
    for (int64_t o = 0; o < count; ++o) row[out + o] = plane[place + o * stride];
  });
}

template <typename T, typename C>
void scatter_row(const WindowGrid& g, const WindowElement& element, const T* row, C* plane) {
  const int64_t stride = g.stride[2];
  if (stride == 1)
    return for_each_line(g, element, [&](int64_t place, int64_t out, int64_t count) {
      const T* from = row + out;
      C* to = plane + place;
#pragma GCC ivdep
      for (int64_t o = 0; o < count; ++o) to[o] += static_cast<C>(from[o]);
    });
  for_each_line(g, element, [&](int64_t place, int64_t out, int64_t count) {
    for (int64_t o = 0; o < count; ++o) plane[place + o * stride] += static_cast<C>(row[out + o]);
  });
}

template <typename T>
void gather_pairs(const std::vector<Pair>& pairs, const T* plane, T* columns, int64_t size) {
  if (static_cast<int64_t>(pairs.size()) < size) std::fill_n(columns, size, static_cast<T>(0));
  for (const Pair& pair : pairs) columns[pair.column] = plane[pair.place];
}

template <typename T, typename C>
void scatter_pairs(const std::vector<Pair>& pairs, const T* columns, C* plane) {
  for (const Pair& pair : pairs) plane[pair.place] += static_cast<C>(columns[pair.column]);
}

void im2col(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const WindowGrid grid(params.as<Im2ColParam>(), in[0].shape.data() + 2);
  if (out[0].size() == 0) return;
  const auto elements = window_elements(grid);
  const auto pairs = pairs_of_short_lines(grid, elements);
  const auto window = static_cast<int64_t>(elements.size());
  const int64_t rows = out[0].shape[0] * out[0].shape[1], size = grid.out_size();
  visit_floating(in[0].dtype, "im2col", [&]<typename T>(TypeTag<T>) {
    const T* data = in[0].as<T>();
    T* columns = out[0].as<T>();
    if (!pairs.empty())
      return parallel_for(rows / window, grain_for(static_cast<double>(window * size)),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t plane = begin; plane < end; ++plane)
                              gather_pairs(pairs, data + plane * grid.in_size(),
                                           columns + plane * window * size, window * size);
                          });
    parallel_for(rows, grain_for(0.5 * static_cast<double>(size) + 20),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t r = begin; r < end; ++r)
                     gather_row(grid, elements[static_cast<size_t>(r % window)],
                                data + r / window * grid.in_size(), columns + r * size);
                 });
  });
}

/// Adds the columns of one plane.
template <typename T, typename C>
void scatter(const WindowGrid& grid, const std::vector<WindowElement>& elements,
             const std::vector<Pair>& pairs, const T* columns, C* plane) {
  if (!pairs.empty()) return scatter_pairs(pairs, columns, plane);
  for (const WindowElement& element : elements) {
    scatter_row(grid, element, columns, plane);
    columns += grid.out_size();
  }
}

void col2im(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const WindowGrid grid(params.as<Col2ImParam>(), out[0].shape.data() + 2);
  if (out[0].size() == 0) return;
  const auto elements = window_elements(grid);
  const auto pairs = pairs_of_short_lines(grid, elements);
  const int64_t planes = out[0].shape[0] * out[0].shape[1], size = grid.in_size();
  const int64_t columns = grid.kernel_size() * grid.out_size();
  visit_floating(in[0].dtype, "col2im", [&]<typename T>(TypeTag<T>) {
    const GradientSums<T> sums(out[0], *context.scratch);
    parallel_for(planes, grain_for(0.5 * static_cast<double>(columns + size)),
                 [&](int64_t begin, int64_t end) {
                   sums.clear(begin * size, end * size);
                   for (int64_t plane = begin; plane < end; ++plane)
                     scatter(grid, elements, pairs, in[0].as<T>() + plane * columns,
                             sums.data() + plane * size);
                   sums.take(begin * size, end * size);
                 });
  });
}

const KernelBuilder k1 = KernelBuilder("im2col", "native").run(im2col);
const KernelBuilder k2 = KernelBuilder("col2im", "native").run(col2im);

}  // namespace
}  // namespace mx::cpu
