// Attention in one operator, made by the graph compiler of the operators that it consists of.
#include "ops/nn/attention/fused_attention.h"

#include <algorithm>
#include <utility>

#include "base/checked.h"
#include "ir/op.h"

namespace mx {

void FusedAttentionParam::describe(ParamBuilder<FusedAttentionParam>& fields) {
  using P = FusedAttentionParam;
  const char* place = "Input, offset and steps (batch, head, row, column).";
  fields.add("num_args", &P::num_args, "Number of inputs.").required().at_least(1);
  fields.add("batch", &P::batch, "Number of samples.").at_least(0);
  fields.add("heads", &P::heads, "Number of heads.").at_least(1);
  fields.add("queries", &P::queries, "Number of queries.").at_least(0);
  fields.add("keys", &P::keys, "Number of keys and values.").at_least(0);
  fields.add("size", &P::size, "Numbers in a query or key.").at_least(0);
  fields.add("value_size", &P::value_size, "Numbers in a value.").at_least(0);
  fields.add("query_view", &P::query_view, place).required();
  fields.add("key_view", &P::key_view, place).required();
  fields.add("value_view", &P::value_view, place).required();
  fields.add("out_view", &P::out_view, place).required();
  fields.add("out_shape", &P::out_shape, "Shape of the result.").required();
  fields.add("scale", &P::scale, "Factor of the products of queries and keys.");
  fields.add("mask", &P::mask, "What the mask does with the scores.")
      .choice("none", AttentionMask::kNone)
      .choice("add", AttentionMask::kAdd)
      .choice("where", AttentionMask::kWhere);
  fields.add("mask_view", &P::mask_view, place);
  fields.add("mask_factor", &P::mask_factor, "Factor of a mask that is added.");
  fields.add("fill", &P::fill, "Score where the mask is zero.");
  fields.add("mask_weights", &P::mask_weights, "Whether the weights are multiplied by the mask.");
  fields.add("length_view", &P::length_view, "Of the numbers of keys that count.");
}

void FusedAttentionParam::validate(std::string_view op) const {
  const auto check = [&](const char* name, const Shape& view, bool needed) {
    require(view.ndim() == HeadView::kFields || (!needed && view.ndim() == 0), op, ": ", name, "=",
            view, " is not a view; expected ", HeadView::kFields, " numbers");
  };
  check("query_view", query_view, true);
  check("key_view", key_view, true);
  check("value_view", value_view, true);
  check("out_view", out_view, true);
  check("mask_view", mask_view, has_mask());
  check("length_view", length_view, false);
}

namespace {

/// Throws: unless all elements of the view, (rows x columns) for each head, lie in the tensor.
void check_view(const ShapeContext& c, const char* name, const Shape& fields, const Shape& tensor,
                int64_t rows, int64_t columns) {
  const auto& p = c.params<FusedAttentionParam>();
  const HeadView view = HeadView::of(fields);
  if (p.batch * p.heads == 0 || rows == 0 || columns == 0) return;
  Checked last = view.offset;
  const std::pair<int64_t, int64_t> axes[] = {{p.batch, view.batch_step},
                                              {p.heads, view.head_step},
                                              {rows, view.row_step},
                                              {columns, view.column_step}};
  bool ascends = view.offset >= 0;
  for (const auto& [size, step] : axes) {
    ascends = ascends && step >= 0;
    if (ascends) last = last + Checked(size - 1) * Checked(step);
  }
  require(ascends && last.get(c.op_name(), name, fields) < tensor.size(), c.op_name(), ": ", name,
          "=", fields, " leaves its array; expected a view of ", tensor);
}

/// Throws: unless all views lie in their arrays; those of inputs count from input `first` on.
void check_views(const ShapeContext& c, size_t first) {
  const auto& p = c.params<FusedAttentionParam>();
  const auto count = static_cast<int64_t>(c.num_in() - first);
  const auto check_input = [&](const char* name, const Shape& view, int64_t rows, int64_t columns) {
    require(view[0] >= 0 && view[0] < count, c.op_name(), ": ", name, "=", view, " names input ",
            view[0], "; expected one below ", count);
    const Shape& tensor = c.in(first + static_cast<size_t>(view[0]));
    if (tensor.is_known()) check_view(c, name, view, tensor, rows, columns);
  };
  check_input("query_view", p.query_view, p.queries, p.size);
  check_input("key_view", p.key_view, p.keys, p.size);
  check_input("value_view", p.value_view, p.keys, p.value_size);
  if (p.has_mask()) check_input("mask_view", p.mask_view, p.queries, p.keys);
  if (p.has_lengths()) check_input("length_view", p.length_view, p.queries, 1);
  check_view(c, "out_view", p.out_view, p.out_shape, p.queries, p.value_size);
}

void infer_fused_attention(ShapeContext& c) {
  const auto& p = c.params<FusedAttentionParam>();
  c.set_out(0, p.out_shape);
  c.set_out(1, {p.batch, p.heads, p.queries});
  check_views(c, 0);
}

void infer_fused_attention_dtype(DTypeContext& c) {
  const auto& p = c.params<FusedAttentionParam>();
  for (const Shape* view : {&p.query_view, &p.key_view, &p.value_view})
    c.set_out(0, c.in(static_cast<size_t>((*view)[0])));
  if (c.out(0) != DType::kUnknown && !is_floating(c.out(0)))
    fail(ErrorKind::kType, c.op_name(), ": queries have dtype ", dtype_name(c.out(0)),
         "; expected a floating dtype");
  for (const Shape* view : {&p.query_view, &p.key_view, &p.value_view})
    c.set_in(static_cast<size_t>((*view)[0]), c.out(0));
  if (c.out(0) != DType::kUnknown)
    c.set_out(1, c.out(0) == DType::kFloat64 ? DType::kFloat64 : DType::kFloat32);
}

/// What the backward operator reads before the inputs of the forward one: d_out, out, log_sums.
constexpr size_t kOfResult = 3;

/// Masks and lengths count as constants.
void fused_attention_gradient(GradContext& g) {
  auto p = g.params<FusedAttentionParam>();
  std::vector<Value> inputs{g.d_out(), g.out(0), g.out(1)};
  for (size_t i = 0; i < g.num_in(); ++i) inputs.push_back(g.in(i));
  p.num_args = static_cast<int64_t>(inputs.size());
  const NodePtr node = g.call_node("_backward_fused_attention", inputs, Params::of(p));
  for (const Shape* view : {&p.query_view, &p.key_view, &p.value_view}) {
    const auto tensor = static_cast<uint32_t>((*view)[0]);
    g.set(tensor, {node, tensor});
  }
}

void infer_backward(ShapeContext& c) {
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, c.in(kOfResult + i));
  check_views(c, kOfResult);
}

void infer_backward_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, c.in(kOfResult + i));
}

const OpBuilder fused_attention =
    OpBuilder("_fused_attention")
        .doc(
            "Attention: scores, mask, softmax and weighted sum of values, without the scores "
            "ever being stored.")
        .params<FusedAttentionParam>()
        .variadic("num_args")
        .outputs({"output", "log_sums"})
        .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
        .infer_shape(infer_fused_attention)
        .infer_dtype(infer_fused_attention_dtype)
        .gradient(fused_attention_gradient);

const OpBuilder fused_attention_backward =
    OpBuilder("_backward_fused_attention")
        .doc("Gradients of attention; scores are computed again.")
        .params<FusedAttentionParam>()
        .variadic("num_args")
        .num_outputs([](const Params& params) {
          const auto count = params.as<FusedAttentionParam>().num_args;
          return static_cast<uint32_t>(std::max<int64_t>(count - int64_t{kOfResult}, 0));
        })
        .infer_shape(infer_backward)
        .infer_dtype(infer_backward_dtype)
        .not_differentiable("second derivatives are taken of the operators that it was made of");

}  // namespace
}  // namespace mx
