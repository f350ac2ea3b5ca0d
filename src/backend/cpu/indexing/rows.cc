#include "ops/indexing/rows.h"

#include <cstring>

#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void check_index(int64_t index, int64_t rows, const char* op) {
  if (index >= rows)
    fail(ErrorKind::kIndex, op, ": index=", index, " is out of range; expected less than ", rows);
}

void take_rows(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t count = in[1].size();
  if (count == 0) return;
  const int64_t width = out[0].size() / count, rows = width ? in[0].size() / width : 0;
  const auto bytes = static_cast<size_t>(width * dtype_size(in[0].dtype));
  parallel_for(count, grain_for(3 + 0.1 * static_cast<double>(bytes)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i) {
                   const int64_t from = in[1].as<int64_t>()[i];
                   check_index(from, rows, "_take_rows");
                   char* row = out[0].as<char>() + static_cast<size_t>(i) * bytes;
                   if (from < 0)
                     std::memset(row, 0, bytes);
                   else
                     std::memcpy(row, in[0].as<char>() + static_cast<size_t>(from) * bytes, bytes);
                 }
               });
}

void add_rows_at(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const int64_t count = in[1].size();
  const int64_t width = count ? in[0].size() / count : 0, rows = width ? out[0].size() / width : 0;
  auto* position = context.scratch->get_array<int64_t>(std::max<int64_t>(count, 1));
  for (int64_t i = 0; i < count; ++i) {
    const int64_t to = in[1].as<int64_t>()[i];
    check_index(to, rows, "_add_rows");
    position[i] = to < 0 ? -1 : to * width;
  }
  add_rows({position, 1, count, width, 0}, in[0], out[0], context);
}

const KernelBuilder k1 = KernelBuilder("_take_rows", "native").run(take_rows);
const KernelBuilder k2 = KernelBuilder("_add_rows", "native").run(add_rows_at);

}  // namespace
}  // namespace mx
