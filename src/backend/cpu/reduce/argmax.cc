// Where the largest and the smallest elements are. Rows that lie side by side are searched many at
// a time; a long row block by block for the best value, and then the best block for its place.
#include "ops/reduce/argmax.h"

#include <limits>
#include <type_traits>
#include <vector>

#include "backend/common/convert.h"
#include "backend/cpu/rows.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Elements that are searched between two looks at the best one so far, or columns at a time.
constexpr int32_t kBlock = 512;

struct Larger {
  template <typename C>
  static bool better(C x, C best) {
    return x > best || (x != x && best == best);
  }
};
struct Smaller {
  template <typename C>
  static bool better(C x, C best) {
    return x < best || (x != x && best == best);
  }
};

template <typename C>
struct Found {
  C best;
  int64_t where;
};

/// The first place of `wanted`, which is there, among n <= kBlock elements.
template <typename C>
int64_t place_of(C wanted, const C* x, int64_t n) {
  if (wanted != wanted) return std::find_if(x, x + n, [](C v) { return v != v; }) - x;
  const auto smaller = [](int32_t a, int32_t b) { return a < b ? a : b; };
  const auto place = [&](int64_t i) { return x[i] == wanted ? static_cast<int32_t>(i) : kBlock; };
  return reduce_lanes<int32_t>(n, kBlock, kBlock, place, smaller, smaller);
}

/// Searches elements [begin, end) of an array, end > begin.
template <typename Order, typename C>
Found<C> search_row(const Tensor& in, int64_t begin, int64_t end) {
  C room[kBlock];
  Found<C> found{*read_elements(in, begin, 1, room), begin};
  for (int64_t at = begin; at < end; at += kBlock) {
    const int64_t n = std::min<int64_t>(kBlock, end - at);
    const C* x = read_elements(in, at, n, room);
    const auto best = [](C a, C b) { return Order::better(b, a) ? b : a; };
    const auto value = [x](int64_t i) { return x[i]; };
    const C top = reduce_lanes<C>(n, x[0], x[0], value, best, best);
    if (Order::better(top, found.best)) found = {top, at};
  }
  const int64_t n = std::min<int64_t>(kBlock, end - found.where);
  found.where += place_of(found.best, read_elements(in, found.where, n, room), n) - begin;
  return found;
}

/// One long row, shared out among the threads.
template <typename Order, typename C>
Found<C> search_in_parts(const Tensor& in, int64_t begin, int64_t end) {
  const int64_t parts = parallel_threads(), length = end - begin;
  std::vector<Found<C>> found(static_cast<size_t>(parts));
  parallel_for(parts, 1, [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) {
      const int64_t from = begin + length * p / parts;
      auto& part = found[static_cast<size_t>(p)];
      part = search_row<Order, C>(in, from, begin + length * (p + 1) / parts);
      part.where += from - begin;
    }
  });
  Found<C> best = found[0];
  for (const auto& part : found)
    if (Order::better(part.best, best.best)) best = part;
  return best;
}

/// Searches `width` <= kBlock columns of `length` elements, element i of column j is x[i * step +
/// j].
template <typename Order, typename Place, typename C>
void search_columns(const C* x, int64_t length, int64_t step, int64_t width, int64_t* where) {
  C best[kBlock];
  Place place[kBlock] = {};
  std::copy_n(x, width, best);
  for (int64_t i = 1; i < length; ++i) {
    const C* row = x + i * step;
    const auto here = static_cast<Place>(i);
#pragma GCC ivdep
    for (int64_t j = 0; j < width; ++j) {
      const bool better = Order::better(row[j], best[j]);
      best[j] = better ? row[j] : best[j];
      place[j] = better ? here : place[j];
    }
  }
  std::copy_n(place, width, where);
}

/// One search; everything that its parts share. C is the type of the comparisons.
template <typename Order, typename C>
class Search {
 public:
  Search(const Tensor& in, const Tensor& out, const RowView& view)
      : in_(in), out_(out), view_(view) {}

  void run() const {
    if (view_.inner > 1)
      run_columns();
    else if (view_.length <= kShortRow)
      run_short_rows();
    else
      run_rows();
  }

 private:
  void store(const int64_t* where, int64_t at, int64_t n) const {
    convert_elements(DType::kInt64, where, out_.dtype,
                     out_.as<char>() + at * dtype_size(out_.dtype), n);
  }

  void columns(const C* x, int64_t step, int64_t width, int64_t to) const {
    int64_t where[kBlock];
    if (sizeof(C) < 8 && view_.length <= std::numeric_limits<int32_t>::max())
      search_columns<Order, int32_t>(x, view_.length, step, width, where);
    else
      search_columns<Order, int64_t>(x, view_.length, step, width, where);
    store(where, to, width);
  }

  void run_rows() const {
    const int64_t n = view_.length, rows = view_.outer;
    const bool split = rows < parallel_threads() && n >= (1 << 16);
    const auto search = [&](int64_t r) {
      const int64_t where = (split ? search_in_parts<Order, C>(in_, r * n, r * n + n)
                                   : search_row<Order, C>(in_, r * n, r * n + n))
                                .where;
      store(&where, r, 1);
    };
    if (split)
      for (int64_t r = 0; r < rows; ++r) search(r);
    else
      parallel_for(rows, grain_for(0.2 * static_cast<double>(n) + 20),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t r = begin; r < end; ++r) search(r);
                   });
  }

  void run_short_rows() const {
    const int64_t n = view_.length, blocks = (view_.outer + kBlock - 1) / kBlock;
    parallel_for(
        blocks, grain_for(0.5 * static_cast<double>(kBlock * n)), [&](int64_t begin, int64_t end) {
          C room[kShortRow * kBlock], turned[kShortRow * kBlock];
          for (int64_t b = begin; b < end; ++b) {
            const int64_t first = b * kBlock, rows = std::min<int64_t>(kBlock, view_.outer - first);
            const C* x = read_elements(in_, first * n, rows * n, room);
            turn_tile(x, n, turned, rows, rows, n);
            columns(turned, rows, rows, first);
          }
        });
  }

  void run_columns() const {
    const int64_t n = view_.length, inner = view_.inner, blocks = (inner + kBlock - 1) / kBlock;
    const int64_t cost = n * std::min<int64_t>(inner, kBlock);
    parallel_for(view_.outer * blocks, grain_for(0.5 * static_cast<double>(cost)),
                 [&](int64_t begin, int64_t end) {
                   std::vector<C> room;
                   for (int64_t b = begin; b < end; ++b) {
                     const int64_t o = b / blocks, first = b % blocks * kBlock;
                     const int64_t width = std::min<int64_t>(kBlock, inner - first);
                     const int64_t at = o * n * inner + first, to = o * inner + first;
                     if (in_.dtype == DTypeOf<C>::value) {
                       columns(in_.as<C>() + at, inner, width, to);
                       continue;
                     }
                     room.resize(static_cast<size_t>(n * width));
                     for (int64_t i = 0; i < n; ++i)
                       copy_elements(in_, at + i * inner, width, room.data() + i * width);
                     columns(room.data(), width, width, to);
                   }
                 });
  }

  const Tensor &in_, &out_;
  const RowView& view_;
};

template <typename Order>
void search(const Tensor& in, const Tensor& out, const std::optional<int64_t>& axis) {
  if (out.size() == 0) return;
  const RowView view = axis ? RowView(in.shape, *axis, "argmax") : RowView(1, in.size(), 1);
  visit_dtype(in.dtype, "argmax", [&]<typename T>(TypeTag<T>) {
    using C = std::conditional_t<std::is_same_v<T, bool>, uint8_t, ComputeType<T>>;
    Search<Order, C>(in, out, view).run();
  });
}

template <typename Order>
void arg_kernel(const Params& params, KernelContext&, Inputs in, Outputs out) {
  search<Order>(in[0], out[0], params.as<ArgmaxParam>().axis);
}

void argmax_channel(const Params&, KernelContext&, Inputs in, Outputs out) {
  search<Larger>(in[0], out[0], 1);
}

const KernelBuilder k1 = KernelBuilder("argmax", "native").run(arg_kernel<Larger>);
const KernelBuilder k2 = KernelBuilder("argmin", "native").run(arg_kernel<Smaller>);
const KernelBuilder k3 = KernelBuilder("argmax_channel", "native").run(argmax_channel);

}  // namespace
}  // namespace mx::cpu
