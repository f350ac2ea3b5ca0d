// One axis after the other: rows are summed along whole lines, which vectorises, and the sum of a
// line is then taken apart into columns. A plane belongs to one task.
#include "backend/cpu/common/resample.h"

#include <algorithm>
#include <vector>

#include "backend/cpu/common/gradient_sums.h"

namespace mx::cpu {
namespace {

std::vector<Taps> all_taps(const AxisMap& map) {
  std::vector<Taps> taps(static_cast<size_t>(map.out));
  for (int64_t o = 0; o < map.out; ++o) taps[static_cast<size_t>(o)] = map.taps(o);
  return taps;
}

/// The columns that some tap reads when those are few, so that going to each costs less than going
/// through all; else empty.
std::vector<int64_t> few_columns(const std::vector<Taps>& taps, int64_t width) {
  std::vector<int64_t> columns;
  for (const Taps& t : taps) {
    const int64_t begin = columns.empty() ? t.first : std::max(t.first, columns.back() + 1);
    for (int64_t i = begin; i < t.last; ++i) columns.push_back(i);
    if (static_cast<int64_t>(columns.size()) > width / 8) return {};
  }
  return columns;
}

/// line[i] = sum of a row's taps at column i, for all columns or for those that are listed.
template <typename T, typename C>
void sum_rows(const Taps& taps, const T* plane, int64_t width, const std::vector<int64_t>& listed,
              C* line) {
  for (const int64_t i : listed) {
    line[i] = C(0);
    for (int64_t r = taps.first; r < taps.last; ++r)
      line[i] += static_cast<C>(plane[r * width + i]) * static_cast<C>(taps.weight(r));
  }
  if (!listed.empty()) return;
  std::fill_n(line, width, C(0));
  for (int64_t r = taps.first; r < taps.last; ++r) {
    const C weight = static_cast<C>(taps.weight(r));
    const T* row = plane + r * width;
    for (int64_t i = 0; i < width; ++i) line[i] += static_cast<C>(row[i]) * weight;
  }
}

template <typename T, typename C>
void resample_plane(const std::vector<Taps>& rows, const std::vector<Taps>& columns, int64_t width,
                    const std::vector<int64_t>& listed, const T* plane, T* out, C* line) {
  for (const Taps& row : rows) {
    sum_rows(row, plane, width, listed, line);
    for (const Taps& column : columns) {
      C rest = 0;
      for (int64_t i = column.first + 1; i < column.last; ++i) rest += line[i];
      *out++ = static_cast<T>(line[column.first] * static_cast<C>(column.head) +
                              rest * static_cast<C>(column.rest));
    }
  }
}

template <typename T, typename C>
void spread_plane(const std::vector<Taps>& rows, const std::vector<Taps>& columns, int64_t width,
                  const T* d_out, C* plane, C* line) {
  for (const Taps& row : rows) {
    std::fill_n(line, width, C(0));
    for (const Taps& column : columns) {
      const C d = static_cast<C>(*d_out++), rest = d * static_cast<C>(column.rest);
      line[column.first] += d * static_cast<C>(column.head);
      for (int64_t i = column.first + 1; i < column.last; ++i) line[i] += rest;
    }
    for (int64_t r = row.first; r < row.last; ++r) {
      const C weight = static_cast<C>(row.weight(r));
      for (int64_t i = 0; i < width; ++i) plane[r * width + i] += line[i] * weight;
    }
  }
}

int64_t grain_of(int64_t in_size, int64_t out_size) {
  return grain_for(0.3 * static_cast<double>(in_size) + 2.0 * static_cast<double>(out_size) + 1);
}

}  // namespace

void resample(const AxisMap& rows, const AxisMap& columns, const Tensor& data, const Tensor& out) {
  if (out.size() == 0) return;
  const auto row_taps = all_taps(rows), column_taps = all_taps(columns);
  const auto listed = few_columns(column_taps, columns.in);
  const int64_t in_size = rows.in * columns.in, out_size = rows.out * columns.out;
  visit_floating(data.dtype, "resample", [&]<typename T>(TypeTag<T>) {
    parallel_for(
        out.size() / out_size, grain_of(in_size, out_size), [&](int64_t begin, int64_t end) {
          std::vector<ComputeType<T>> line(static_cast<size_t>(columns.in));
          for (int64_t p = begin; p < end; ++p)
            resample_plane(row_taps, column_taps, columns.in, listed, data.as<T>() + p * in_size,
                           out.as<T>() + p * out_size, line.data());
        });
  });
}

void resample_backward(const AxisMap& rows, const AxisMap& columns, const Tensor& d_out,
                       const Tensor& d_data, Workspace& scratch) {
  if (d_data.size() == 0) return;
  const auto row_taps = all_taps(rows), column_taps = all_taps(columns);
  const int64_t in_size = rows.in * columns.in, out_size = rows.out * columns.out;
  visit_floating(d_data.dtype, "resample", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const GradientSums<T> sums(d_data, scratch);
    parallel_for(d_data.size() / in_size, grain_of(in_size, out_size),
                 [&](int64_t begin, int64_t end) {
                   std::vector<C> line(static_cast<size_t>(columns.in));
                   sums.clear(begin * in_size, end * in_size);
                   for (int64_t p = begin; p < end; ++p)
                     spread_plane(row_taps, column_taps, columns.in, d_out.as<T>() + p * out_size,
                                  sums.data() + p * in_size, line.data());
                   sums.take(begin * in_size, end * in_size);
                 });
  });
}

}  // namespace mx::cpu
