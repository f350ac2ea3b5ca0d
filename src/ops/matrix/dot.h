#pragma once
#include <optional>

#include "base/param.h"
#include "base/storage_kind.h"

namespace mx {

/// Parameters of dot and batch_dot.
struct DotParam {
  bool transpose_a = false;
  bool transpose_b = false;
  std::optional<StorageKind> forward_stype;

  static void describe(ParamBuilder<DotParam>& fields) {
    fields.add("transpose_a", &DotParam::transpose_a,
               "Whether the first axis of lhs (batch_dot: of each matrix) is summed over.");
    fields.add("transpose_b", &DotParam::transpose_b,
               "Whether the last axis of rhs (batch_dot: of each matrix) is summed over.");
    fields
        .add("forward_stype", &DotParam::forward_stype,
             "Storage kind of the result; when not given it follows from the inputs.")
        .choice("csr", StorageKind::kCsr)
        .choice("default", StorageKind::kDefault)
        .choice("row_sparse", StorageKind::kRowSparse);
  }
};

/// A product as matrices: (m x k) times (k x n), `batch` times.
struct DotSizes {
  int64_t batch = 1, m = 1, n = 1, k = 1;
};
/// Of `dot`: all axes of lhs but the summed one are rows, all of rhs but the summed one columns.
DotSizes dot_sizes(const Shape& lhs, const Shape& rhs, const DotParam& param);
/// Of `batch_dot`: the last two axes are matrices.
DotSizes batch_dot_sizes(const Shape& lhs, const Shape& rhs, const DotParam& param);

}  // namespace mx
