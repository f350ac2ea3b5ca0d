// Chooses between two arrays. The condition is turned into bools a block at a time; elements are
// only moved, so that the loop depends on their width alone.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kBlock = 1024;

template <typename T>
void choose_elements(const Tensor& condition, const T* x, const T* y, T* out, int64_t begin,
                     int64_t end) {
  bool chosen[kBlock];
  uint8_t bytes[kBlock];
  for (int64_t at = begin; at < end; at += kBlock) {
    const int64_t n = std::min(kBlock, end - at);
    const char* source = condition.as<char>() + at * dtype_size(condition.dtype);
    convert_elements(condition.dtype, source, DType::kBool, chosen, n);
    std::memcpy(bytes, chosen, static_cast<size_t>(n));  // loops over bools are not vectorised
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) {
      const T first = static_cast<T>(T(0) - static_cast<T>(bytes[i]));  // all bits, or none
      out[at + i] = static_cast<T>((x[at + i] & first) | (y[at + i] & static_cast<T>(~first)));
    }
  }
}

template <typename T>
void choose_rows(const Tensor& condition, const T* x, const T* y, T* out, int64_t length,
                 int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    bool first = false;
    const char* source = condition.as<char>() + row * dtype_size(condition.dtype);
    convert_elements(condition.dtype, source, DType::kBool, &first, 1);
    const T* from = (first ? x : y) + row * length;
    if (from != out + row * length) std::copy_n(from, length, out + row * length);
  }
}

void where(const Params&, KernelContext&, Inputs in, Outputs out) {
  const bool by_row = !(in[0].shape == out[0].shape);
  const int64_t rows = in[0].size(), length = rows == 0 ? 0 : out[0].size() / rows;
  visit_width(out[0].dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T *x = in[1].as<T>(), *y = in[2].as<T>();
    parallel_for(rows, std::max<int64_t>(1, 16384 / std::max<int64_t>(length, 1)),
                 [&](int64_t begin, int64_t end) {
                   if (by_row)
                     choose_rows(in[0], x, y, out[0].as<T>(), length, begin, end);
                   else
                     choose_elements(in[0], x, y, out[0].as<T>(), begin, end);
                 });
  });
}

const KernelBuilder k1 = KernelBuilder("where", "native").run(where);

}  // namespace
}  // namespace mx::cpu
