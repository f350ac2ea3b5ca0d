#include "autograd/control_flow.h"

#include "autograd/autograd.h"
#include "autograd/node_by_node.h"
#include "autograd/tape.h"
#include "ops/control_flow/cond.h"
#include "ops/control_flow/while_loop.h"
#include "ops/matrix/concat.h"

namespace mx::autograd {
namespace {

std::vector<NDArray> run_graph(const InnerGraph& graph, std::span<const NDArray> in,
                               Device device) {
  ValueMap<NDArray> values;
  for (size_t i = 0; i < graph.size(); ++i)
    values[{graph.argument(i)->shared_from_this(), 0}] = in[graph.location(i)];
  run_node_by_node(topological_order(graph.outputs()), values, device);
  std::vector<NDArray> out;
  for (const Value& value : graph.outputs()) out.push_back(values.at(value));
  return out;
}

/// Waits for a condition. No gradient passes it.
bool holds(const Op& op, const InnerGraph& condition, std::span<const NDArray> in, Device device) {
  const ScopedMode mode(false, is_training());
  const NDArray result = run_graph(condition, in, device)[0];
  require(result.shape().size() == 1, op.name, ": the condition has shape ", result.shape(),
          "; expected one element");
  double number = 0;
  cast_to(detach(result), DType::kFloat64, false).copy_to_host(&number);
  return number != 0;
}

NDArray apply(const char* name, const Params& params, std::span<const NDArray> in) {
  std::vector<NDArray> out;
  invoke_recorded(get_op(name), params, in, out);
  return out[0];
}

/// Zeros for some steps.
NDArray padding(const TensorType& row, int64_t steps, Device device) {
  Shape shape({steps});
  for (const int64_t size : row.shape) shape.push_back(size);
  const Op& op = get_op("_zeros");
  const AttrMap attrs{{"shape", to_string(shape)}, {"dtype", std::string(dtype_name(row.dtype))}};
  std::vector<NDArray> out;
  invoke_recorded(op, op.parse_params(attrs), {}, out, device);
  return out[0];
}

/// Rows behind each other, and zeros up to `steps`.
NDArray stacked(const std::vector<NDArray>& rows, const TensorType& row, int64_t steps,
                Device device) {
  const auto count = static_cast<int64_t>(rows.size());
  if (count == 0) return padding(row, steps, device);
  NDArray all = apply("stack", Params::of(StackParam{0, count}), rows);
  if (count == steps) return all;
  const NDArray parts[] = {all, padding(row, steps - count, device)};
  return apply("Concat", Params::of(ConcatParam{2, 0}), parts);
}

/// The types of one step's results, from those of the inputs: for loops without a step.
std::vector<TensorType> row_types(const InnerGraph& body, std::span<const NDArray> in) {
  GraphTypes types(body.outputs());
  for (size_t i = 0; i < body.size(); ++i)
    types.at(body.argument(i), 0) = {in[body.location(i)].shape(), in[body.location(i)].dtype()};
  infer_shapes(types);
  infer_dtypes(types);
  std::vector<TensorType> rows;
  for (const Value& value : body.outputs()) rows.push_back(types[value]);
  return rows;
}

std::vector<NDArray> run_while_loop(const Op& op, const WhileLoopParam& p,
                                    std::span<const NDArray> in, Device device) {
  const InnerGraph condition = p.condition(), body = p.body();
  const size_t num_stacked = p.num_stacked();
  const std::vector<TensorType> types = row_types(body, in);
  std::vector<NDArray> now(in.begin(), in.end());
  std::vector<std::vector<NDArray>> rows(num_stacked);
  int64_t steps = 0;
  for (; steps < p.max_iterations && holds(op, condition, now, device); ++steps) {
    const std::vector<NDArray> out = run_graph(body, now, device);
    for (size_t i = 0; i < out.size(); ++i)
      if (i < num_stacked)
        rows[i].push_back(out[i]);
      else
        now[p.variable(i - num_stacked)] = out[i];
  }
  std::vector<NDArray> results;
  for (size_t i = 0; i < num_stacked; ++i)
    results.push_back(stacked(rows[i], types[i], p.max_iterations, device));
  for (size_t i = 0; i < p.num_variables(); ++i) {
    const NDArray& last = now[p.variable(i)];
    results.push_back(steps > 0 ? last : apply("_copy", Params::of(NoParam{}), {&last, 1}));
  }
  return results;
}

}  // namespace

std::vector<NDArray> run_control_flow(const Op& op, const Params& params,
                                      std::span<const NDArray> in, Device device) {
  if (!in.empty()) device = in[0].device();
  if (*params.schema()->type == typeid(WhileLoopParam))
    return run_while_loop(op, params.as<WhileLoopParam>(), in, device);
  const auto& p = params.as<CondParam>();
  return run_graph(p.branch(holds(op, p.condition(), in, device)), in, device);
}

}  // namespace mx::autograd
