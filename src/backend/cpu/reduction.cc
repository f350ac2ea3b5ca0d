#include <bit>
#include <cmath>
#include <cstddef>

#include "backend/common/reduce_plan.h"
#include "backend/cpu/reduce/loops.h"
#include "backend/cpu/rows.h"

namespace mx::cpu {
namespace {

constexpr int64_t kBlock = 1024;  // elements converted, or outputs made, at a time
constexpr int64_t kGrain = 16384;
constexpr int64_t kWidth = 8;  // bytes of a wide number

constexpr int64_t kNarrowRow = 32;  // kept runs of up to this length are taken side by side

/// Room for kBlock numbers of any compute type.
struct alignas(32) Block {
  std::byte bytes[kBlock * kWidth];
};

DType compute_dtype_of(DType dtype, const ReduceTable& table) {
  if (!is_floating(dtype)) return DType::kInt64;
  return dtype == DType::kFloat64 || !table.f32.row ? DType::kFloat64 : DType::kFloat32;
}

/// One reduction; everything that its parts share.
class Reduction {
 public:
  Reduction(const ReduceTable& table, Finish finish, const Tensor& in,
            const std::vector<bool>& reduced, const Tensor& out)
      : plan_(in.shape, reduced),
        finish_(finish),
        in_(in),
        out_(out),
        compute_(compute_dtype_of(in.dtype, table)),
        direct_(compute_ == in.dtype),
        loops_(compute_ == DType::kFloat64 ? table.f64
               : compute_ == DType::kInt64 ? table.i64
                                           : table.f32) {}

  void run(KernelContext& context) const {
    if (in_.size() == 0) return run_empty();
    if (has_short_rows())
      run_short_rows();
    else if (plan_.inner_is_reduced())
      run_rows(context);
    else
      run_columns(context);
  }

 private:
  const char* address(int64_t at) const { return in_.as<char>() + at * dtype_size(in_.dtype); }

  /// n <= kBlock neighbours from `at` on in the type of the computation.
  const void* elements(int64_t at, int64_t n, Block& buffer) const {
    if (direct_) return address(at);
    convert_elements(in_.dtype, address(at), compute_, buffer.bytes, n);
    return buffer.bytes;
  }

  /// The wide number takes in n neighbours from `at` on.
  void take_run(int64_t at, int64_t n, void* wide) const {
    if (direct_) return loops_.row(address(at), n, wide);
    if (loops_.float_row && in_.dtype == DType::kFloat32)
      return loops_.float_row(address(at), n, wide);
    Block buffer;
    for (int64_t i = 0; i < n; i += kBlock) {
      const int64_t count = std::min(kBlock, n - i);
      loops_.row(elements(at + i, count, buffer), count, wide);
    }
  }

  /// The wide number takes in elements [begin, end) of those that are reduced into one output.
  void take_elements(int64_t base, int64_t begin, int64_t end, void* wide) const {
    const int64_t inner = plan_.inner_size();
    if (end <= inner) return take_run(base + begin, end - begin, wide);
    Odometer<1> rows = plan_.rows();
    rows.seek(begin / inner);
    for (int64_t at = begin; at < end; rows.advance()) {
      const int64_t within = at % inner, n = std::min(inner - within, end - at);
      take_run(base + rows.offset()[0] + within, n, wide);
      at += n;
    }
  }

  /// Nothing to reduce: every output is what the reduction starts with.
  void run_empty() const {
    alignas(kWidth) std::byte wide[kWidth];
    for (int64_t o = 0; o < out_.size(); ++o) {
      loops_.clear_wide(wide, 1);
      store(wide, o, 1);
    }
  }

  /// Innermost run reduced: one output after the other; the elements are shared out when there are
  /// fewer outputs than threads.
  void run_rows(KernelContext& context) const {
    const int64_t outputs = plan_.kept().size(), count = plan_.count();
    if (outputs < parallel_threads() && count >= 2 * kGrain) return run_split(outputs, context);
    parallel_for(outputs, std::max<int64_t>(1, kGrain / std::max<int64_t>(count, 1)),
                 [&](int64_t begin, int64_t end) {
                   Odometer<1> kept = plan_.kept();
                   kept.seek(begin);
                   Block wide;
                   for (int64_t o = begin; o < end; o += kBlock) {
                     const int64_t n = std::min(kBlock, end - o);
                     loops_.clear_wide(wide.bytes, n);
                     for (int64_t i = 0; i < n; ++i, kept.advance())
                       take_elements(kept.offset()[0], 0, count, wide.bytes + i * kWidth);
                     store(wide.bytes, o, n);
                   }
                 });
  }

  /// Whether neighbouring outputs reduce rows of few elements, one after the other.
  bool has_short_rows() const {
    return plan_.inner_is_reduced() && plan_.inner_size() <= kShortRow && plan_.kept().ndim() > 0 &&
           plan_.kept().size(0) >= kShortRow;
  }

  /// A block of neighbouring outputs at a time: their short rows are turned into columns.
  void run_short_rows() const {
    const int64_t n = plan_.inner_size(), run = plan_.kept().size(0), width = kBlock / n;
    const int64_t blocks = (run + width - 1) / width, outer = plan_.kept().size() / run;
    const int64_t cost = plan_.count() * std::min(width, run);
    parallel_for(outer * blocks, std::max<int64_t>(1, kGrain / cost),
                 [&](int64_t begin, int64_t end) {
                   Block wide;
                   Odometer<1> kept = plan_.kept();
                   for (int64_t b = begin; b < end; ++b) {
                     const int64_t first = b / blocks * run + b % blocks * width;
                     const int64_t outputs = std::min(width, run - b % blocks * width);
                     kept.seek(first);
                     loops_.clear_wide(wide.bytes, outputs);
                     take_short_rows(kept.offset()[0], outputs, wide.bytes);
                     store(wide.bytes, first, outputs);
                   }
                 });
  }

  /// `outputs` wide numbers take in the rows that begin at base, one behind the other.
  void take_short_rows(int64_t base, int64_t outputs, void* wide) const {
    const int64_t n = plan_.inner_size(), row_count = plan_.rows().size();
    const int64_t width = dtype_size(compute_);
    Block buffer, turned, lanes;
    Odometer<1> rows = plan_.rows();
    rows.seek(0);
    for (int64_t r = 0; r < row_count; ++r, rows.advance()) {
      const void* x = elements(base + rows.offset()[0], outputs * n, buffer);
      visit_width(compute_, [&]<typename T>(TypeTag<T>) {
        turn_tile(static_cast<const T*>(x), n, reinterpret_cast<T*>(turned.bytes), outputs, outputs,
                  n);
      });
      loops_.clear_lanes(lanes.bytes, outputs);
      for (int64_t i = 0; i < n; ++i)
        loops_.columns(turned.bytes + i * outputs * width, lanes.bytes, outputs);
      loops_.flush(lanes.bytes, wide, outputs);
    }
  }

  void run_split(int64_t outputs, KernelContext& context) const {
    const int64_t count = plan_.count(), parts = parallel_threads();
    auto* partial = context.scratch->get_array<std::byte>(parts * kWidth);
    Odometer<1> kept = plan_.kept();
    kept.seek(0);
    for (int64_t o = 0; o < outputs; ++o, kept.advance()) {
      loops_.clear_wide(partial, parts);
      parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; ++p)
          take_elements(kept.offset()[0], count * p / parts, count * (p + 1) / parts,
                        partial + p * kWidth);
      });
      for (int64_t p = 1; p < parts; ++p) loops_.merge(partial + p * kWidth, partial, 1);
      store(partial, o, 1);
    }
  }

  /// Innermost run kept: a block of neighbouring outputs at a time.
  void run_columns(KernelContext& context) const {
    const int64_t inner = plan_.inner_size(), row_count = plan_.rows().size();
    const int64_t blocks = (inner + kBlock - 1) / kBlock, outer = plan_.kept().size();
    if (outer * blocks < parallel_threads() && row_count * inner >= 2 * kGrain)
      return run_columns_split(context);
    const int64_t cost = row_count * std::min(inner, kBlock);
    parallel_for(outer * blocks, std::max<int64_t>(1, kGrain / std::max<int64_t>(cost, 1)),
                 [&](int64_t begin, int64_t end) {
                   Block wide;
                   Odometer<1> kept = plan_.kept();
                   for (int64_t b = begin; b < end; ++b) {
                     kept.seek(b / blocks);
                     const int64_t first = b % blocks * kBlock, n = std::min(kBlock, inner - first);
                     loops_.clear_wide(wide.bytes, n);
                     take_rows(kept.offset()[0] + first, n, 0, row_count, wide.bytes);
                     store(wide.bytes, b / blocks * inner + first, n);
                   }
                 });
  }

  /// Few outputs, many rows: the rows are shared out.
  void run_columns_split(KernelContext& context) const {
    const int64_t inner = plan_.inner_size(), row_count = plan_.rows().size();
    const int64_t parts = parallel_threads();
    auto* partial = context.scratch->get_array<std::byte>(parts * inner * kWidth);
    Odometer<1> kept = plan_.kept();
    kept.seek(0);
    for (int64_t o = 0; o < plan_.kept().size(); ++o, kept.advance()) {
      loops_.clear_wide(partial, parts * inner);
      parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; ++p)
          for (int64_t first = 0; first < inner; first += kBlock)
            take_rows(kept.offset()[0] + first, std::min(kBlock, inner - first),
                      row_count * p / parts, row_count * (p + 1) / parts,
                      partial + (p * inner + first) * kWidth);
      });
      for (int64_t p = 1; p < parts; ++p)
        loops_.merge(partial + p * inner * kWidth, partial, inner);
      store(partial, o * inner, inner);
    }
  }

  /// n wide numbers take in rows [begin, end), each n neighbours from base on.
  void take_rows(int64_t base, int64_t n, int64_t begin, int64_t end, void* wide) const {
    Block lanes, buffer;
    Odometer<1> rows = plan_.rows();
    const int64_t run = rows.ndim() > 0 && n == plan_.inner_size() ? rows.size(0) : 1;
    rows.seek(begin);
    for (int64_t r = begin; r < end;) {
      const int64_t at = base + rows.offset()[0], left = std::min(end - r, run - r % run);
      if (n <= kNarrowRow && left > 1) {  // rows without gaps between them
        take_narrow_rows(at, n, left, wide);
        rows.seek(r += left);
        continue;
      }
      loops_.clear_lanes(lanes.bytes, n);
      for (const int64_t stop = std::min(end, r + kLaneRun); r < stop; ++r, rows.advance())
        loops_.columns(elements(base + rows.offset()[0], n, buffer), lanes.bytes, n);
      loops_.flush(lanes.bytes, wide, n);
    }
  }

  /// n wide numbers take in `count` rows of n elements without gaps: several rows side by side make
  /// one long row, whose groups of n sums are merged at the end.
  void take_narrow_rows(int64_t at, int64_t n, int64_t count, void* wide) const {
    Block lanes, buffer, sums;
    const auto most = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(kBlock / n)));
    while (count > 0) {
      int64_t side = std::min(most, static_cast<int64_t>(std::bit_floor<uint64_t>(count)));
      const int64_t width = side * n, steps = std::min(kLaneRun, count / side);
      loops_.clear_lanes(lanes.bytes, width);
      for (int64_t k = 0; k < steps; ++k, at += width)
        loops_.columns(elements(at, width, buffer), lanes.bytes, width);
      count -= steps * side;
      loops_.clear_wide(sums.bytes, width);
      loops_.flush(lanes.bytes, sums.bytes, width);
      for (side /= 2; side > 0; side /= 2)
        loops_.merge(sums.bytes + side * n * kWidth, sums.bytes, side * n);
      loops_.merge(sums.bytes, wide, n);
    }
  }

  /// Finishes n wide numbers and writes them as outputs from `at` on.
  void store(void* wide, int64_t at, int64_t n) const {
    const DType wide_dtype = compute_ == DType::kInt64 ? DType::kInt64 : DType::kFloat64;
    if (wide_dtype == DType::kInt64)
      finish_all(static_cast<int64_t*>(wide), n);
    else
      finish_all(static_cast<double*>(wide), n);
    convert_elements(wide_dtype, wide, out_.dtype, out_.as<char>() + at * dtype_size(out_.dtype),
                     n);
  }

  template <typename W>
  void finish_all(W* wide, int64_t n) const {
    const auto count = static_cast<W>(plan_.count());
    if (finish_ == Finish::kMean)
      for (int64_t i = 0; i < n; ++i)
        wide[i] = count == 0 && std::is_integral_v<W> ? 0 : wide[i] / count;
    if (finish_ == Finish::kSquareRoot)
      for (int64_t i = 0; i < n; ++i)
        wide[i] = static_cast<W>(std::sqrt(static_cast<double>(wide[i])));
  }

  ReducePlan plan_;
  Finish finish_;
  const Tensor &in_, &out_;
  DType compute_;
  bool direct_;
  ReduceLoops loops_;
};

}  // namespace

void reduce(const ReduceTable& table, Finish finish, const Tensor& in,
            const std::vector<bool>& reduced, const Tensor& out, KernelContext& context) {
  if (out.size() == 0) return;
  Reduction(table, finish, in, reduced, out).run(context);
}

}  // namespace mx::cpu
