// topk, sort, argsort. Values come with their indices, which the gradient needs.
#include "ops/indexing/topk.h"

#include "ir/op.h"

namespace mx {
namespace {

/// Shape of `k` elements along the axis; `k` < 1 takes all.
Shape selected_shape(const ShapeContext& c, const std::optional<int64_t>& given_axis, int64_t k) {
  const Shape& data = c.in(0);
  if (data.ndim() == 0) c.fail_in(0, "has no dimension; expected at least one");
  if (!given_axis && !data.is_known()) return Shape::unknown_dims(1);
  const int axis = given_axis ? normalize_axis(*given_axis, data.ndim(), c.op_name()) : 0;
  const int64_t size = given_axis ? data[axis] : data.size();
  require(size < 0 || k <= size, c.op_name(), ": k=", k, " is larger than the ", size,
          " elements of data=", data, " to choose from; expected at most as many");
  Shape selected = given_axis ? data : Shape{size};
  if (k >= 1) selected[axis] = k;
  return selected;
}

bool has_values(const Params& params) {
  const TopKReturn kind = params.as<TopKParam>().ret_typ;
  return kind == TopKReturn::kValue || kind == TopKReturn::kBoth;
}

void infer_topk(ShapeContext& c) {
  const auto& p = c.params<TopKParam>();
  if (!c.in(0).has_rank()) return;
  const Shape selected = selected_shape(c, p.axis, p.k);
  if (p.ret_typ == TopKReturn::kMask) return c.set_out(0, c.in(0));
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, selected);
}

void infer_topk_dtype(DTypeContext& c) {
  const auto& p = c.params<TopKParam>();
  if (p.ret_typ == TopKReturn::kIndices) return c.set_out(0, p.dtype);
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.num_out() > 1) c.set_out(1, p.ret_typ == TopKReturn::kBoth ? p.dtype : DType::kInt64);
}

void infer_sort(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const Shape sorted = selected_shape(c, c.params<SortParam>().axis, 0);
  c.set_out(0, sorted);
  c.set_out(1, sorted);
}

void infer_sort_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_out(1, DType::kInt64);
}

void infer_argsort(ShapeContext& c) {
  const auto& p = c.params<ArgsortParam>();
  if (!c.in(0).has_rank()) return;
  c.set_out(0, selected_shape(c, p.axis, 0));
}

void infer_argsort_dtype(DTypeContext& c) { c.set_out(0, c.params<ArgsortParam>().dtype); }

/// Refuses shapes that differ elsewhere than along the axis.
void check_along_axis(const ShapeContext& c, const Shape& whole, const Shape& part) {
  const auto& axis = c.params<AlongAxisParam>().axis;
  if (!axis || !whole.is_known() || !part.is_known()) return;
  bool fits = whole.ndim() == part.ndim() && -whole.ndim() <= *axis && *axis < whole.ndim();
  const int64_t along = *axis < 0 ? *axis + whole.ndim() : *axis;
  for (int i = 0; fits && i < whole.ndim(); ++i) fits = i == along || whole[i] == part[i];
  if (!fits) c.fail_in(1, "does not lie along axis=", *axis, " of ", whole, "; expected that");
}

void infer_put_along_axis(ShapeContext& c) {
  c.set_out(0, c.params<AlongAxisParam>().shape);
  c.set_in(0, c.in(1));
  c.set_in(1, c.in(0));
  check_along_axis(c, c.out(0), c.in(1));
}

void infer_take_along_axis(ShapeContext& c) {
  c.set_out(0, c.params<AlongAxisParam>().shape);
  c.set_in(1, c.out(0));
  check_along_axis(c, c.in(0), c.in(1));
}

void infer_along_axis_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

void put_along(GradContext& g, const std::optional<int64_t>& axis) {
  g.set(0, g.call("_put_along_axis", {g.d_out(), g.out(1)}, AlongAxisParam{axis, g.in_shape(0)}));
}

void topk_gradient(GradContext& g) {
  if (has_values(g.raw_params())) put_along(g, g.params<TopKParam>().axis);
}
void sort_gradient(GradContext& g) { put_along(g, g.params<SortParam>().axis); }

/// Each of the two is the other's gradient.
void along_axis_gradient(GradContext& g, const char* other) {
  const auto& p = g.params<AlongAxisParam>();
  g.set(0, g.call(other, {g.d_out(), g.in(1)}, AlongAxisParam{p.axis, g.in_shape(0)}));
}

const OpBuilder topk =
    OpBuilder("topk")
        .trait("method", "topk")
        .alias("_npx_topk")
        .doc("The largest or smallest elements along an axis, in order, or where they are.")
        .params<TopKParam>()
        .input("data", "Array of one axis or more.")
        .num_outputs([](const Params& p) { return has_values(p) ? 2u : 1u; })
        .num_visible_outputs([](const Params& p) {
          return p.as<TopKParam>().ret_typ == TopKReturn::kBoth ? 2u : 1u;
        })
        .infer_shape(infer_topk)
        .infer_dtype(infer_topk_dtype)
        .gradient(topk_gradient);

const OpBuilder sort = OpBuilder("sort")
                           .trait("method", "sort")
                           .alias("_npi_sort")
                           .doc("The elements in order along an axis.")
                           .params<SortParam>()
                           .input("data", "Array of one axis or more.")
                           .num_outputs([](const Params&) { return 2u; })
                           .num_visible_outputs([](const Params&) { return 1u; })
                           .infer_shape(infer_sort)
                           .infer_dtype(infer_sort_dtype)
                           .gradient(sort_gradient);

const OpBuilder argsort = OpBuilder("argsort")
                              .trait("method", "argsort")
                              .alias("_npi_argsort")
                              .doc("The indices that put the elements in order along an axis.")
                              .params<ArgsortParam>()
                              .input("data", "Array of one axis or more.")
                              .infer_shape(infer_argsort)
                              .infer_dtype(infer_argsort_dtype)
                              .zero_gradient("indices do not change with small changes");

const OpBuilder put_along_axis =
    OpBuilder("_put_along_axis")
        .doc("An array of zeros with data put where the indices along an axis say.")
        .params<AlongAxisParam>()
        .input("data", "Array of any shape.")
        .input("indices", "Array of the same shape; each index once in a row.")
        .infer_shape(infer_put_along_axis)
        .infer_dtype(infer_along_axis_dtype)
        .gradient([](GradContext& g) { along_axis_gradient(g, "_take_along_axis"); });

const OpBuilder take_along_axis =
    OpBuilder("_take_along_axis")
        .doc("The elements of data that the indices along an axis say.")
        .params<AlongAxisParam>()
        .input("data", "Array of any shape.")
        .input("indices", "Array of the result's shape.")
        .infer_shape(infer_take_along_axis)
        .infer_dtype(infer_along_axis_dtype)
        .gradient([](GradContext& g) { along_axis_gradient(g, "_put_along_axis"); });

}  // namespace
}  // namespace mx
