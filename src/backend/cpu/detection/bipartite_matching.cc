#include "ops/detection/bipartite_matching.h"

#include <algorithm>
#include <vector>

#include "backend/cpu/common/fill.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// One table: pairs in the order of their scores; of equal ones the first in the table.
template <typename T>
void match(const T* scores, int64_t rows, int64_t columns, const BipartiteMatchingParam& p,
           T* column_of, T* row_of) {
  using C = ComputeType<T>;
  const auto threshold = static_cast<C>(p.threshold);
  const auto score = [&](int64_t i) { return static_cast<C>(scores[i]); };
  const auto better = [&](C a, C b) { return p.is_ascend ? a < b : a > b; };
  std::vector<int64_t> order;
  for (int64_t i = 0; i < rows * columns; ++i)
    if (better(score(i), threshold)) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return better(score(a), score(b)) || (score(a) == score(b) && a < b);
  });
  int64_t count = 0;
  for (int64_t i : order) {
    const int64_t row = i / columns, column = i % columns;
    if (static_cast<C>(column_of[row]) >= 0 || static_cast<C>(row_of[column]) >= 0) continue;
    column_of[row] = static_cast<T>(static_cast<C>(column));
    row_of[column] = static_cast<T>(static_cast<C>(row));
    if (++count > p.topk && p.topk > 0) return;
  }
}

void matching(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<BipartiteMatchingParam>();
  const int ndim = in[0].ndim();
  const int64_t tables = in[0].shape.size(0, ndim - 2);
  const int64_t rows = in[0].shape[ndim - 2], columns = in[0].shape.back();
  for (size_t i : {0u, 1u}) fill_value(out[i], -1);
  visit_floating(in[0].dtype, "_contrib_bipartite_matching", [&]<typename T>(TypeTag<T>) {
    parallel_for(tables, grain_for(30.0 * static_cast<double>(rows * columns + 1)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t t = begin; t < end; ++t)
                     match(in[0].as<T>() + t * rows * columns, rows, columns, p,
                           out[0].as<T>() + t * rows, out[1].as<T>() + t * columns);
                 });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_bipartite_matching", "native").run(matching);

}  // namespace
}  // namespace mx
