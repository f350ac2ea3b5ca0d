// The products of multi-head attention on projections as 1.9.1 lays them out: (length, batch,
// heads * parts * size), where queries, keys and values of a head lie side by side.
#include "ops/nn/attention/interleaved_matmul.h"

#include <algorithm>
#include <cmath>

#include "ir/op.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/dot.h"
#include "ops/matrix/reshape.h"
#include "ops/matrix/slice.h"
#include "ops/matrix/transpose.h"

namespace mx {
namespace {

void check_projection(ShapeContext& c, size_t i, int64_t parts) {
  const Shape& shape = c.in(i);
  if (!shape.has_rank()) return;
  if (shape.ndim() != 3)
    c.fail_in(i, "has ", shape.ndim(), " axes; expected 3: length, batch and projection");
  const int64_t heads = c.params<InterleavedParam>().heads;
  if (shape[2] >= 0 && shape[2] % parts != 0)
    c.fail_in(i, "does not hold ", parts, " projections; expected a multiple of ", parts, " last");
  if (shape[2] >= 0 && shape[2] / parts % heads != 0)
    c.fail_in(i, "does not fit heads=", heads, "; expected a multiple of ", parts * heads,
              " as last size");
}

int64_t known_product(int64_t a, int64_t b) { return a < 0 || b < 0 ? Shape::kUnknownDim : a * b; }

template <AttentionKind kind>
void infer_qk(ShapeContext& c) {
  const int64_t heads = c.params<InterleavedParam>().heads;
  constexpr size_t keys = kind == AttentionKind::kSelf ? 0 : 1;
  check_projection(c, 0, kind == AttentionKind::kSelf ? 3 : 1);
  if (keys > 0) check_projection(c, keys, 2);
  if (keys > 0 && c.in(0).has_rank())
    c.set_in(keys, {Shape::kUnknownDim, c.in(0)[1], known_product(c.in(0)[2], 2)});
  if (!c.in(0).has_rank() || !c.in(keys).has_rank()) return;
  c.set_out(0, {known_product(c.in(0)[1], heads), c.in(0)[0], c.in(keys)[0]});
}

template <AttentionKind kind>
void infer_valatt(ShapeContext& c) {
  const int64_t heads = c.params<InterleavedParam>().heads;
  const int64_t parts = kind == AttentionKind::kSelf ? 3 : 2;
  check_projection(c, 0, parts);
  const Shape &projections = c.in(0), &attention = c.in(1);
  if (attention.has_rank() && attention.ndim() != 3)
    c.fail_in(1, "has ", attention.ndim(), " axes; expected 3: batch * heads, queries and keys");
  if (!projections.has_rank()) return;
  const int64_t queries = kind == AttentionKind::kSelf ? projections[0] : Shape::kUnknownDim;
  c.set_in(1, {known_product(projections[1], heads), queries, projections[0]});
  c.set_out(0, {c.in(1)[1], projections[1],
                projections[2] < 0 ? Shape::kUnknownDim : projections[2] / parts});
}

void floating_dtype(DTypeContext& c) {
  c.unify_all();
  if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(0), " has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
}

Value reshape_to(GraphBuilder& b, Value value, const Shape& shape) {
  return b.call("Reshape", {std::move(value)}, ReshapeParam{shape});
}

/// One part of projections as matrices: (batch * heads, length, size).
Value heads_of(DecomposeContext& c, size_t i, int64_t heads, int64_t parts, int64_t part) {
  const Shape& s = c.in_shape(i);
  const int64_t size = s[2] / (heads * parts);
  Value value = reshape_to(c, c.in(i), {s[0], s[1] * heads, parts * size});
  value = c.call("slice_axis", {value}, SliceAxisParam{2, part * size, (part + 1) * size});
  return c.call("transpose", {value}, TransposeParam{Shape{1, 0, 2}});
}

template <AttentionKind kind>
void decompose_qk(DecomposeContext& c) {
  constexpr bool self = kind == AttentionKind::kSelf;
  const int64_t heads = c.params<InterleavedParam>().heads;
  const Value q = heads_of(c, 0, heads, self ? 3 : 1, 0);
  const Value k = self ? heads_of(c, 0, heads, 3, 1) : heads_of(c, 1, heads, 2, 0);
  const int64_t size = c.in_shape(0)[2] / (heads * (self ? 3 : 1));
  const double scale = 1 / std::sqrt(static_cast<double>(std::max<int64_t>(size, 1)));
  c.set(0, c.mul_scalar(c.call("batch_dot", {q, k}, DotParam{false, true, {}}), scale));
}

template <AttentionKind kind>
void decompose_valatt(DecomposeContext& c) {
  constexpr bool self = kind == AttentionKind::kSelf;
  const int64_t heads = c.params<InterleavedParam>().heads, parts = self ? 3 : 2;
  const Value v = heads_of(c, 0, heads, parts, parts - 1);
  const Value product = c.call("batch_dot", {c.in(1), v}, DotParam{});
  const Value turned = c.call("transpose", {product}, TransposeParam{Shape{1, 0, 2}});
  const Shape& s = c.in_shape(0);
  c.set(0, reshape_to(c, turned, {c.in_shape(1)[1], s[1], s[2] / parts}));
}

/// The gradient is one operator on the gradient and the inputs; its own gradients follow from what
/// it is made of.
Op::Gradient fused_gradient(const std::string& backward) {
  return [backward](GradContext& g) {
    std::vector<Value> inputs{g.d_out()};
    for (size_t i = 0; i < g.num_in(); ++i) inputs.push_back(g.in(i));
    const NodePtr node = g.call_node(backward, inputs, g.raw_params());
    for (size_t i = 0; i < g.num_in(); ++i) g.set(i, {node, static_cast<uint32_t>(i)});
  };
}

/// Parts side by side again, from matrices (batch * heads, length, size); an empty one is zero.
Value joined(DecomposeContext& c, const Shape& shape, std::vector<Value> parts) {
  for (Value& part : parts)
    if (!part)
      part = c.zeros_like(*std::find_if(parts.begin(), parts.end(),
                                        [](const Value& v) { return static_cast<bool>(v); }));
  const auto count = static_cast<int64_t>(parts.size());
  const Value whole = count > 1 ? c.call("Concat", parts, ConcatParam{count, 2}) : parts[0];
  return reshape_to(c, c.call("transpose", {whole}, TransposeParam{Shape{1, 0, 2}}), shape);
}

template <AttentionKind kind>
void decompose_qk_backward(DecomposeContext& c) {
  constexpr bool self = kind == AttentionKind::kSelf;
  const int64_t heads = c.params<InterleavedParam>().heads;
  const Value q = heads_of(c, 1, heads, self ? 3 : 1, 0);
  const Value k = self ? heads_of(c, 1, heads, 3, 1) : heads_of(c, 2, heads, 2, 0);
  const int64_t size = c.in_shape(1)[2] / (heads * (self ? 3 : 1));
  const double scale = 1 / std::sqrt(static_cast<double>(std::max<int64_t>(size, 1)));
  const Value d = c.mul_scalar(c.in(0), scale);
  const Value d_q = c.call("batch_dot", {d, k}, DotParam{});
  const Value d_k = c.call("batch_dot", {d, q}, DotParam{true, false, {}});
  if (self) return c.set(0, joined(c, c.in_shape(1), {d_q, d_k, Value{}}));
  c.set(0, joined(c, c.in_shape(1), {d_q}));
  c.set(1, joined(c, c.in_shape(2), {d_k, Value{}}));
}

template <AttentionKind kind>
void decompose_valatt_backward(DecomposeContext& c) {
  constexpr bool self = kind == AttentionKind::kSelf;
  const int64_t heads = c.params<InterleavedParam>().heads, parts = self ? 3 : 2;
  const Value v = heads_of(c, 1, heads, parts, parts - 1);
  const Value d = heads_of(c, 0, heads, 1, 0);
  const Value d_v = c.call("batch_dot", {c.in(2), d}, DotParam{true, false, {}});
  std::vector<Value> all(static_cast<size_t>(parts));
  all.back() = d_v;
  c.set(0, joined(c, c.in_shape(1), all));
  c.set(1, c.call("batch_dot", {d, v}, DotParam{false, true, {}}));
}

OpBuilder attention(const std::string& name, const char* doc, std::vector<InputInfo> inputs) {
  OpBuilder builder(name);
  builder.doc(doc).params<InterleavedParam>().infer_dtype(floating_dtype);
  for (const InputInfo& input : inputs) builder.input(input.name, input.doc);
  return builder;
}

/// An operator and the one that computes its gradient.
void add_pair(const std::string& name, const char* doc, const std::vector<InputInfo>& inputs,
              Op::InferShape infer, Op::Decomposition forward, Op::Decomposition backward) {
  const std::string prefix = "_contrib_interleaved_matmul_";
  const std::string gradient = "_backward_interleaved_matmul_" + name;
  attention(prefix + name, doc, inputs)
      .infer_shape(std::move(infer))
      .gradient(fused_gradient(gradient))
      .decomposition(std::move(forward));
  std::vector<InputInfo> all{{"d_out", "Gradient of the result."}};
  all.insert(all.end(), inputs.begin(), inputs.end());
  attention(gradient, "Gradients of the inputs of an attention product.", all)
      .num_outputs([n = inputs.size()](const Params&) { return static_cast<uint32_t>(n); })
      .infer_shape([](ShapeContext& c) {
        for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, c.in(i + 1));
      })
      .decomposition(std::move(backward));
}

const InputInfo kQkv{"queries_keys_values", "(length, batch, heads * 3 * size)"};
const InputInfo kQueries{"queries", "(queries, batch, heads * size)"};
const InputInfo kKeysValues{"keys_values", "(keys, batch, heads * 2 * size)"};
const InputInfo kAttention{"attention", "(batch * heads, queries, keys)"};

constexpr const char* kScores =
    "Scores of attention: products of queries and keys of each head, divided by the root of their "
    "size. (batch * heads, queries, keys)";
constexpr const char* kResult = "Values of each head weighted by attention, as projections.";

[[maybe_unused]] const bool registered = [] {
  constexpr auto self = AttentionKind::kSelf, encdec = AttentionKind::kEncDec;
  add_pair("selfatt_qk", kScores, {kQkv}, infer_qk<self>, decompose_qk<self>,
           decompose_qk_backward<self>);
  add_pair("selfatt_valatt", kResult, {kQkv, kAttention}, infer_valatt<self>,
           decompose_valatt<self>, decompose_valatt_backward<self>);
  add_pair("encdec_qk", kScores, {kQueries, kKeysValues}, infer_qk<encdec>, decompose_qk<encdec>,
           decompose_qk_backward<encdec>);
  add_pair("encdec_valatt", kResult, {kKeysValues, kAttention}, infer_valatt<encdec>,
           decompose_valatt<encdec>, decompose_valatt_backward<encdec>);
  return true;
}();

}  // namespace
}  // namespace mx
