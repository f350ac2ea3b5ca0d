// Cost: one read and one write per element. Tiles of 64 x 64 elements keep both sides in the first
// level cache; turn.h turns them.
#include "backend/cpu/common/strided_copy.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <utility>

#include "backend/cpu/common/turn.h"
#include "base/parallel.h"

namespace mx {
namespace {

struct Wide16 {
  uint64_t part[2];
};

/// Elements of 3, 5 ... bytes do not exist; widths are 1, 2, 4, 8 and (joined) 16.
template <typename F>
void visit_bytes(int64_t bytes, F&& f) {
  switch (bytes) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    case 8:
      return f(uint64_t{});
    default:
      return f(Wide16{});
  }
}

/// Short rows of 2 to 16 bytes become single wider elements. `address` holds the bits of both
/// pointers, which must be aligned for the wider type.
void widen(std::vector<CopyDim>& dims, int64_t& bytes, uintptr_t address) {
  while (dims.size() > 1 && dims.back().src_step == 1 && dims.back().dst_step == 1) {
    const int64_t n = dims.back().size;
    if (n * bytes > 16 || (n & (n - 1)) != 0) return;
    if (address % static_cast<uintptr_t>(std::min<int64_t>(n * bytes, 8)) != 0) return;
    for (size_t i = 0; i + 1 < dims.size(); ++i)
      if (dims[i].src_step % n != 0 || dims[i].dst_step % n != 0) return;
    dims.pop_back();
    for (CopyDim& d : dims) d.src_step /= n, d.dst_step /= n;
    bytes *= n;
    dims = joined_dims(std::move(dims));
  }
}

/// Walks the outer dimensions; offsets in elements.
class Odometer {
 public:
  Odometer(const std::vector<CopyDim>& dims, int64_t position) : dims_(dims), index_(dims.size()) {
    for (size_t i = dims.size(); i-- > 0;) {
      index_[i] = position % dims[i].size;
      position /= dims[i].size;
      src += index_[i] * dims[i].src_step;
      dst += index_[i] * dims[i].dst_step;
    }
  }
  void next() {
    for (size_t i = dims_.size(); i-- > 0;) {
      src += dims_[i].src_step;
      dst += dims_[i].dst_step;
      if (++index_[i] < dims_[i].size) return;
      src -= dims_[i].src_step * dims_[i].size;
      dst -= dims_[i].dst_step * dims_[i].size;
      index_[i] = 0;
    }
  }
  int64_t src = 0, dst = 0;

 private:
  const std::vector<CopyDim>& dims_;
  std::vector<int64_t> index_;
};

/// d[k] = s[k * step]; with the step known, loads become shuffles of whole vectors.
template <int64_t kStep, typename T>
void take_every(const T* __restrict s, T* __restrict d, int64_t n) {
  for (int64_t k = 0; k < n; ++k) d[k] = s[k * kStep];
}

template <typename T>
void copy_spread_row(const T* s, T* d, const CopyDim& row) {
  if (row.dst_step != 1) {
    for (int64_t k = 0; k < row.size; ++k) d[k * row.dst_step] = s[k * row.src_step];
    return;
  }
  switch (row.src_step) {
    case 0:
      std::fill_n(d, row.size, *s);
      return;
    case -1:
      return take_every<-1>(s, d, row.size);
    case 2:
      return take_every<2>(s, d, row.size);
    case 3:
      return take_every<3>(s, d, row.size);
    case 4:
      return take_every<4>(s, d, row.size);
    default:
      for (int64_t k = 0; k < row.size; ++k) d[k] = s[k * row.src_step];
  }
}

/// `count` short rows without gaps in them; with their length known, a copy is a few moves.
template <int64_t kLength, typename T>
void copy_short_rows(const T* s, T* d, int64_t count, const CopyDim& line) {
  for (int64_t i = 0; i < count; ++i, s += line.src_step, d += line.dst_step)
    for (int64_t k = 0; k < kLength; ++k) d[k] = s[k];
}

/// Rows of three elements, such as pixels, that come to lie one behind the other, in order: each is
/// moved as four elements, of which the row after it replaces the last. So is none whose fourth
/// element lies behind the source or the destination.
template <typename T>
void copy_threes(const T* s, T* d, int64_t count, const CopyDim& line) {
  const auto copy = [&](int64_t i, size_t elements) {
    std::memcpy(d + 3 * i, s + i * line.src_step, elements * sizeof(T));
  };
  const int64_t first = line.src_step < 0 ? std::min<int64_t>(1, count) : 0;
  for (int64_t i = 0; i < first; ++i) copy(i, 3);
  for (int64_t i = first; i < count - 1; ++i) copy(i, 4);
  if (first < count) copy(count - 1, 3);
}

/// `count` rows that lie as `line` tells.
template <typename T>
void copy_line(const T* s, T* d, int64_t count, const CopyDim& line, const CopyDim& row) {
  const bool whole = row.src_step == 1 && row.dst_step == 1;
  if (whole && row.size == 2) return copy_short_rows<2>(s, d, count, line);
  if (whole && row.size == 3 && line.dst_step == 3 && std::abs(line.src_step) >= 3)
    return copy_threes(s, d, count, line);
  if (whole && row.size == 3) return copy_short_rows<3>(s, d, count, line);
  if (whole && row.size == 4) return copy_short_rows<4>(s, d, count, line);
  for (int64_t i = 0; i < count; ++i, s += line.src_step, d += line.dst_step)
    if (whole)
      std::memcpy(d, s, static_cast<size_t>(row.size) * sizeof(T));
    else
      copy_spread_row(s, d, row);
}

template <typename T>
void copy_rows(const T* src, T* dst, std::vector<CopyDim> outer, const CopyDim& row) {
  CopyDim line{1, 0, 0};
  if (!outer.empty()) {
    line = outer.back();
    outer.pop_back();
  }
  const double cost = 5 + static_cast<double>(row.size) * static_cast<double>(sizeof(T)) * 0.1;
  parallel_for(copy_count(outer) * line.size, grain_for(cost), [&](int64_t begin, int64_t end) {
    Odometer at(outer, begin / line.size);
    for (int64_t i = begin, within = begin % line.size; i < end; at.next(), within = 0) {
      const int64_t count = std::min(line.size - within, end - i);
      copy_line(src + at.src + within * line.src_step, dst + at.dst + within * line.dst_step, count,
                line, row);
      i += count;
    }
  });
}

/// One plain copy, split among threads.
void copy_flat(const void* src, void* dst, int64_t bytes) {
  parallel_for(bytes, int64_t{1} << 18, [&](int64_t begin, int64_t end) {
    std::memcpy(static_cast<char*>(dst) + begin, static_cast<const char*>(src) + begin,
                static_cast<size_t>(end - begin));
  });
}

constexpr int64_t kTile = 64;

/// Asks for a tile that is read next: its rows are too short and too far apart for the processor to
/// see a pattern.
template <typename T>
void prefetch_tile(const T* src, int64_t step, int64_t rows, int64_t columns) {
  constexpr int64_t kLine = 64 / sizeof(T);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; j += kLine) __builtin_prefetch(src + i * step + j, 0, 2);
}

/// `along_dst` has destination step 1, `along_src` has source step 1.
template <typename T>
void copy_turned(const T* src, T* dst, const std::vector<CopyDim>& outer, const CopyDim& along_src,
                 const CopyDim& along_dst) {
  const int64_t columns = (along_src.size + kTile - 1) / kTile;
  const int64_t rows = (along_dst.size + kTile - 1) / kTile, tiles = rows * columns;
  const auto place = [&](int64_t t) {
    return std::pair(t % tiles % rows * kTile, t % tiles / rows * kTile);
  };
  const double elements = static_cast<double>(std::min(kTile, along_src.size)) *
                          static_cast<double>(std::min(kTile, along_dst.size));
  parallel_for(
      copy_count(outer) * tiles, grain_for(10 + elements * 0.5), [&](int64_t begin, int64_t end) {
        Odometer at(outer, begin / tiles);
        for (int64_t t = begin; t < end; ++t) {
          const auto [i, j] = place(t);
          if ((t + 1) % tiles != 0) {
            const auto [next_i, next_j] = place(t + 1);
            prefetch_tile(src + at.src + next_i * along_dst.src_step + next_j, along_dst.src_step,
                          std::min(kTile, along_dst.size - next_i),
                          std::min(kTile, along_src.size - next_j));
          }
          turn_tile(src + at.src + i * along_dst.src_step + j, along_dst.src_step,
                    dst + at.dst + j * along_src.dst_step + i, along_src.dst_step,
                    std::min(kTile, along_dst.size - i), std::min(kTile, along_src.size - j));
          if ((t + 1) % tiles == 0) at.next();
        }
      });
}

template <typename T>
void copy_box(const T* src, T* dst, std::vector<CopyDim> dims) {
  const CopyDim inner = dims.back();
  dims.pop_back();
  if (inner.dst_step == 1 && inner.src_step != 1) {
    const auto along_src =
        std::find_if(dims.begin(), dims.end(), [](const CopyDim& d) { return d.src_step == 1; });
    if (along_src != dims.end()) {
      const CopyDim other = *along_src;
      dims.erase(along_src);
      return copy_turned(src, dst, dims, other, inner);
    }
  }
  copy_rows(src, dst, std::move(dims), inner);
}

}  // namespace

void strided_copy(const void* src, void* dst, std::vector<CopyDim> dims, int64_t element_bytes) {
  if (copy_count(dims) == 0) return;
  dims = joined_dims(std::move(dims));
  widen(dims, element_bytes, reinterpret_cast<uintptr_t>(src) | reinterpret_cast<uintptr_t>(dst));
  if (dims.empty()) dims.push_back({1, 1, 1});
  if (dims.size() == 1 && dims[0].src_step == 1 && dims[0].dst_step == 1)
    return copy_flat(src, dst, dims[0].size * element_bytes);
  visit_bytes(element_bytes, [&]<typename T>(T) {
    copy_box(static_cast<const T*>(src), static_cast<T*>(dst), std::move(dims));
  });
}

}  // namespace mx
