// Pad: for each axis a table says which element of data an element of the result comes from; rows
// of the last axis are then copied. The gradient adds along the same tables.
#include "ops/matrix/pad.h"

#include <cstring>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Index in data for each of `size` + before + behind positions.
std::vector<int64_t> sources(PadMode mode, int64_t size, int64_t before, int64_t behind) {
  std::vector<int64_t> table(static_cast<size_t>(size + before + behind));
  for (int64_t i = 0; i < static_cast<int64_t>(table.size()); ++i) {
    int64_t at = i - before;
    if (mode == PadMode::kEdge)
      at = std::clamp<int64_t>(at, 0, size - 1);
    else if (at < 0)
      at = -at;
    else if (at >= size)
      at = 2 * (size - 1) - at;
    table[static_cast<size_t>(i)] = at;
  }
  return table;
}

/// The result as rows: `row_source[r]` is the start, in data, of what row r is made from; `column`
/// is the table of the last axis.
struct PadPlan {
  std::vector<int64_t> row_source, column;

  PadPlan(PadMode mode, const Shape& data, const Shape& widths) : row_source{0} {
    int64_t step = 1;
    std::vector<int64_t> steps = contiguous_strides(data);
    for (int axis = 0; axis + 1 < data.ndim(); ++axis) {
      const auto table = sources(mode, data[axis], widths[2 * axis], widths[2 * axis + 1]);
      std::vector<int64_t> next;
      next.reserve(row_source.size() * table.size());
      step = steps[static_cast<size_t>(axis)];
      for (int64_t row : row_source)
        for (int64_t at : table) next.push_back(row + at * step);
      row_source = std::move(next);
    }
    const int last = data.ndim() - 1;
    column = sources(mode, data[last], widths[2 * last], widths[2 * last + 1]);
  }
};

void pad_constant(const PadParam& p, const Tensor& data, const Tensor& out) {
  fill_value(out, p.constant_value);
  const auto from = contiguous_strides(data.shape), to = contiguous_strides(out.shape);
  std::vector<CopyDim> dims;
  int64_t first = 0;
  for (int i = 0; i < data.ndim(); ++i) {
    const auto k = static_cast<size_t>(i);
    dims.push_back({data.shape[i], from[k], to[k]});
    first += p.pad_width[2 * i] * to[k];
  }
  const int64_t width = dtype_size(out.dtype);
  strided_copy(data.data, out.as<char>() + first * width, std::move(dims), width);
}

void pad(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<PadParam>();
  if (p.mode == PadMode::kConstant) return pad_constant(p, in[0], out[0]);
  if (in[0].size() == 0) return;
  const PadPlan plan(p.mode, in[0].shape, p.pad_width);
  const auto rows = static_cast<int64_t>(plan.row_source.size());
  const auto columns = static_cast<int64_t>(plan.column.size());
  visit_width(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    parallel_for(rows, grain_for(static_cast<double>(columns)), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T* x = in[0].as<T>() + plan.row_source[static_cast<size_t>(r)];
        T* y = out[0].as<T>() + r * columns;
        for (int64_t c = 0; c < columns; ++c) y[c] = x[plan.column[static_cast<size_t>(c)]];
      }
    });
  });
}

/// Images are independent; rows of one image may come from one row, so they are added in order.
void pad_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PadBackwardParam>();
  fill_value(out[0], 0);
  if (out[0].size() == 0) return;
  const PadPlan plan(p.mode, out[0].shape, p.pad_width);
  const int64_t images = out[0].shape[0] * out[0].shape[1];
  const auto columns = static_cast<int64_t>(plan.column.size());
  const int64_t rows = static_cast<int64_t>(plan.row_source.size()) / images;
  visit_floating(in[0].dtype, "_backward_Pad", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    C* sums = out[0].as<C>();
    if constexpr (!std::is_same_v<C, T>) {
      sums = context.scratch->get_array<C>(out[0].size());
      std::fill_n(sums, out[0].size(), C(0));
    }
    const double cost = static_cast<double>(rows * columns);
    parallel_for(images, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin * rows; r < end * rows; ++r) {
        const T* dy = in[0].as<T>() + r * columns;
        C* dx = sums + plan.row_source[static_cast<size_t>(r)];
        for (int64_t c = 0; c < columns; ++c)
          dx[plan.column[static_cast<size_t>(c)]] += static_cast<C>(dy[c]);
      }
    });
    if constexpr (!std::is_same_v<C, T>)
      for (int64_t i = 0; i < out[0].size(); ++i) out[0].as<T>()[i] = static_cast<T>(sums[i]);
  });
}

const KernelBuilder k1 = KernelBuilder("Pad", "native").run(pad);
const KernelBuilder k2 = KernelBuilder("_backward_Pad", "native").run(pad_backward);

}  // namespace
}  // namespace mx
