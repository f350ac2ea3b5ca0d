#include "ops/detection/box_nms.h"

#include "ir/op.h"
#include "ops/indexing/rows.h"

namespace mx {
namespace {

void check_columns(const ShapeContext& c, const BoxNmsParam& p, int64_t width) {
  const auto check = [&](const char* name, int64_t column, int64_t last) {
    require(column >= 0 && last < width, c.op_name(), ": ", name, "=", column,
            " is out of range; expected columns of data=", c.in(0));
  };
  const auto apart = [&](const char* name, int64_t column) {
    check(name, column, column);
    require(column < p.coord_start || column > p.coord_start + 3, c.op_name(), ": ", name, "=",
            column, " is one of the four coordinates from coord_start=", p.coord_start,
            " on; expected another column");
  };
  check("coord_start", p.coord_start, p.coord_start + 3);
  apart("score_index", p.score_index);
  if (p.id_index < 0) return;
  apart("id_index", p.id_index);
  require(p.id_index != p.score_index, c.op_name(), ": id_index=", p.id_index,
          " is score_index; expected another column");
}

void infer_nms_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() < 2) c.fail_in(0, "has ", data.ndim(), " axes; expected at least 2");
  if (data.back() >= 0) check_columns(c, c.params<BoxNmsParam>(), data.back());
  c.set_out(1, Shape(std::span(data.begin(), data.end() - 1)));
}

void infer_nms_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_out(1, DType::kInt64);
}

/// As 1.9.1: rows send their gradient back unchanged, whatever the forms of the coordinates.
void nms_gradient(GradContext& g) {
  g.set(0, g.call("_add_rows", {g.d_out(), g.out(1)}, ShapeParam{g.in_shape(0)}));
}

const OpBuilder nms =
    OpBuilder("_contrib_box_nms")
        .alias("_contrib_box_non_maximum_suppression")
        .doc("Non-maximum suppression: the boxes that stay, best first, then rows of -1.")
        .params<BoxNmsParam>()
        .input("data", "Boxes of shape (..., boxes, columns).")
        .num_outputs([](const Params&) { return 2u; })
        .num_visible_outputs([](const Params&) { return 1u; })
        .infer_shape(infer_nms_shape)
        .infer_dtype(infer_nms_dtype)
        .gradient(nms_gradient);

}  // namespace
}  // namespace mx
