#include "ops/detection/bipartite_matching.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_matching_shape(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() < 2) c.fail_in(0, "has ", data.ndim(), " axes; expected (..., rows, columns)");
  Shape rows(std::span(data.begin(), data.end() - 1)), columns = rows;
  columns[data.ndim() - 2] = data.back();
  c.set_out(0, rows);
  c.set_out(1, columns);
}

const OpBuilder matching =
    OpBuilder("_contrib_bipartite_matching")
        .doc(
            "Pairs rows and columns of a table of scores, best score first: for each row its "
            "column, and for each column its row, or -1.")
        .params<BipartiteMatchingParam>()
        .input("data", "Scores of shape (..., rows, columns).")
        .num_outputs([](const Params&) { return 2u; })
        .infer_shape(infer_matching_shape)
        .gradient(elemwise::zero_gradient);

}  // namespace
}  // namespace mx
