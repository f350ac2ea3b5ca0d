#include "dispatch/invoke.h"

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <unordered_map>

#include "device/cpu_library.h"
#include "dispatch/anomaly.h"
#include "dispatch/eager_plan.h"
#include "dispatch/meeting.h"
#include "dispatch/random_state.h"
#include "dispatch/run_kernel.h"
#include "dispatch/sparse_invoke.h"
#include "engine/priority.h"
#include "ir/common_params.h"
#include "profile/profile.h"

namespace mx {
namespace {

/// One application, as it runs.
struct Call {
  const Op* op;
  const Params* params;
  std::span<const NDArray> in, out;
  std::span<const WriteMode> modes;
  const ChosenKernel* chosen;
  Device device;
  bool is_train;
};

/// The same with everything that it refers to, for work that runs later.
struct OwnedCall {
  Call call;
  Params params;
  std::vector<NDArray> in, out;
  std::vector<WriteMode> modes;
  std::shared_ptr<const EagerPlan> plan;
  std::string source, node;
};

Tensor tensor_of(const NDArray& array) { return {array.data(), array.shape(), array.dtype()}; }

bool may_run_in_place(const Op& op, uint32_t input, uint32_t output) {
  return std::find(op.inplace.begin(), op.inplace.end(), std::pair(input, output)) !=
         op.inplace.end();
}

/// The inputs by the chunk in which they lie, so that operators with thousands of inputs and
/// outputs need not compare each with each.
class InputsByChunk {
 public:
  explicit InputsByChunk(const Call& call) : in_(call.in) {
    if (call.in.size() * call.out.size() <= kFewPairs) return;
    for (uint32_t i = 0; i < in_.size(); ++i) sorted_.emplace_back(in_[i].chunk().get(), i);
    std::sort(sorted_.begin(), sorted_.end());
  }
  /// Whether `test(i)` holds for any input i in that chunk.
  template <typename Test>
  bool any(const Chunk* chunk, const Test& test) const {
    if (sorted_.empty()) {
      for (uint32_t i = 0; i < in_.size(); ++i)
        if (in_[i].chunk().get() == chunk && test(i)) return true;
      return false;
    }
    auto found = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(chunk, 0u));
    for (; found != sorted_.end() && found->first == chunk; ++found)
      if (test(found->second)) return true;
    return false;
  }

 private:
  static constexpr size_t kFewPairs = 256;
  std::span<const NDArray> in_;
  std::vector<std::pair<const Chunk*, uint32_t>> sorted_;
};

/// Whether output `o` overlaps an input that the operator may not overwrite while it reads.
bool needs_copy(const Call& call, const InputsByChunk& inputs, uint32_t o) {
  return inputs.any(call.out[o].chunk().get(), [&](uint32_t i) {
    if (call.op->input_kind(*call.params, i) == InputKind::kAuxiliary) return false;
    return !call.in[i].same_memory(call.out[o]) || !may_run_in_place(*call.op, i, o);
  });
}

/// Gives outputs, and inputs that are updated, memory of their own.
void own_written_memory(const Call& call, const InputsByChunk& inputs,
                        const KernelContext& context) {
  for (uint32_t o = 0; o < call.out.size(); ++o) {
    const NDArray& array = call.out[o];
    const bool keeps = !array.is_whole_chunk() || context.adds(o) ||
                       inputs.any(array.chunk().get(), [](uint32_t) { return true; });
    array.chunk()->make_unique(keeps);
  }
  if (!call.op->mutates_inputs()) return;
  for (uint32_t i = 0; i < call.in.size(); ++i)
    if (call.op->input_kind(*call.params, i) == InputKind::kAuxiliary)
      call.in[i].chunk()->make_unique(true);
}

void execute(const Call& call) {
  Workspace scratch(call.device);
  KernelContext context{call.device, nullptr, call.is_train, nullptr, call.modes, &scratch};
  if (!call.device.is_host())
    context.stream = device_interface(call.device.type).stream(call.device.id);
  if (call.op->is_random) context.random = &random_state(call.device);
  const InputsByChunk inputs(call);
  own_written_memory(call, inputs, context);
  std::byte memory[1024];  // enough for most operators: no allocation
  std::pmr::monotonic_buffer_resource resource(memory, sizeof memory);
  std::pmr::vector<Tensor> tensors(&resource);
  tensors.reserve(call.in.size() + call.out.size());
  for (const NDArray& array : call.in) tensors.push_back(tensor_of(array));
  for (const NDArray& array : call.out) tensors.push_back(tensor_of(array));
  const std::span<Tensor> in(tensors.data(), call.in.size());
  const std::span<Tensor> out(tensors.data() + call.in.size(), call.out.size());
  for (uint32_t o = 0; o < out.size(); ++o)
    if (needs_copy(call, inputs, o)) out[o].data = scratch.get(call.out[o].bytes());
  run_kernel(*call.chosen, *call.params, context, in, out);
  for (uint32_t o = 0; o < out.size(); ++o)
    if (void* target = call.out[o].data(); out[o].data != target)
      copy_bytes(target, call.device, out[o].data, call.device, call.out[o].bytes());
}

std::function<void()> owned_work(const Call& call, std::shared_ptr<const EagerPlan> plan) {
  auto owned = std::make_shared<OwnedCall>(OwnedCall{call,
                                                     *call.params,
                                                     {call.in.begin(), call.in.end()},
                                                     {call.out.begin(), call.out.end()},
                                                     {call.modes.begin(), call.modes.end()},
                                                     std::move(plan),
                                                     anomaly::current_source(),
                                                     std::string(profile::current_node())});
  owned->call.params = &owned->params;
  owned->call.in = owned->in;
  owned->call.out = owned->out;
  owned->call.modes = owned->modes;
  owned->call.chosen = &owned->plan->kernel;
  return [owned] {
    const anomaly::SourceScope scope(owned->source);
    std::optional<profile::NodeScope> node;
    if (!owned->node.empty()) node.emplace(owned->node);
    execute(owned->call);
  };
}

/// Whether writing an output needs what is in its chunk.
bool updates(const Call& call, uint32_t o) {
  return !call.out[o].is_whole_chunk() ||
         (o < call.modes.size() && call.modes[o] == WriteMode::kAdd);
}

void push(const Call& call, const std::shared_ptr<const EagerPlan>& plan) {
  std::byte memory[256];  // as above
  std::pmr::monotonic_buffer_resource resource(memory, sizeof memory);
  std::pmr::vector<Var*> vars(2 * (call.in.size() + call.out.size()) + 1, &resource);
  // Reads from the front, writes from the back; what is updated stands in both.
  size_t reads = 0, first_write = vars.size();
  const bool mutates = call.op->mutates_inputs();
  for (uint32_t i = 0; i < call.in.size(); ++i) {
    vars[reads++] = &call.in[i].var();
    if (mutates && call.op->input_kind(*call.params, i) == InputKind::kAuxiliary)
      vars[--first_write] = &call.in[i].var();
  }
  size_t bytes = 0;
  for (uint32_t o = 0; o < call.out.size(); ++o) {
    vars[--first_write] = &call.out[o].var();
    if (updates(call, o)) vars[reads++] = &call.out[o].var();
    bytes += call.out[o].bytes();
  }
  if (call.op->is_random) vars[--first_write] = &random_state(call.device).var();
  std::optional<ScopedSerial> serial;
  if (plan->is_small) serial.emplace();
  // Asked for before anything is held.
  const anomaly::SourceScope source;
  PushOptions options{call.op->name.c_str()};
  options.priority = current_priority();
  options.bytes = bytes;
  Engine::get().push_or_queue(
      [&] { execute(call); }, [&] { return owned_work(call, plan); }, std::span(vars.data(), reads),
      std::span(vars.data() + first_write, vars.size() - first_write), plan->is_small, options);
  if (!plan->is_small) Engine::get().wait_for_room();
}

Device device_of(const Op& op, std::span<const NDArray> in, const InvokeOptions& options,
                 const std::vector<NDArray>& out) {
  if (in.empty()) return out.empty() || !out[0] ? options.device : out[0].device();
  for (const NDArray& array : in)
    require(array.device().compute() == in[0].device().compute(), op.name, ": inputs are on ",
            in[0].device(), " and ", array.device(), "; expected one device");
  return in[0].device();
}

[[noreturn]] void fail_without_kernel(const Op& op, const Params& params,
                                      std::span<const NDArray> in, const EagerPlan& plan,
                                      bool is_train, Device device) {
  std::vector<TensorDesc> in_descs, out_descs;
  for (const NDArray& array : in) in_descs.push_back({array.shape(), array.dtype()});
  for (const TensorType& type : plan.out_types) out_descs.push_back({type.shape, type.dtype});
  std::string refusals = device.is_host() ? cpu_library_problem() : "";
  choose_kernel({op, params, in_descs, out_descs, is_train}, device.compute().type, &refusals);
  fail(ErrorKind::kNotImplemented, op.name, ": no kernel on ", device, " for ",
       dtype_name(in.empty() ? plan.out_types[0].dtype : in[0].dtype()),
       refusals.empty() ? "" : " (" + refusals + ")");
}

/// Runs the operator as a small graph of others, one after the other.
void invoke_decomposition(const Op& op, const Params& params, std::span<const NDArray> in,
                          std::vector<NDArray>& out, const InvokeOptions& options);

/// What the kernel says of its outputs' shapes, when the inputs are ready.
std::vector<Shape> measure(const Op& op, const Params& params, std::span<const NDArray> in,
                           const Kernel& kernel, Device device) {
  std::vector<Var*> reads;
  for (const NDArray& array : in) reads.push_back(&array.var());
  std::vector<Shape> shapes;
  Engine::get().run_here(
      [&] {
        Workspace scratch(device);
        KernelContext context{device, nullptr, false, nullptr, {}, &scratch};
        std::vector<Tensor> tensors;
        for (const NDArray& array : in) tensors.push_back(tensor_of(array));
        shapes = kernel.measure(params, context, tensors);
      },
      reads, {}, op.name.c_str());
  return shapes;
}

/// For shapes that follow from data: waits for the inputs, then runs as with known shapes.
void invoke_measured(const Op& op, const Params& params, std::span<const NDArray> given,
                     std::vector<NDArray>& out, const InvokeOptions& options, const EagerPlan& plan,
                     Device device) {
  std::vector<NDArray> in(given.begin(), given.end());
  for (NDArray& array : in)
    if (!array.is_dense()) {
      const NDArray dense(array.shape(), array.dtype(), array.device());
      convert_array(array, dense);
      array = dense;
    }
  if (!plan.kernel && op.decomposition) return invoke_decomposition(op, params, in, out, options);
  if (!plan.kernel) fail_without_kernel(op, params, in, plan, options.is_train, device);
  const std::vector<Shape> shapes = measure(op, params, in, *plan.kernel.kernel, device);
  for (size_t i = 0; i < out.size(); ++i) {
    if (!out[i]) out[i] = NDArray(shapes[i], plan.out_types[i].dtype, device);
    require(out[i].shape() == shapes[i] && out[i].is_dense(), op.name, ": out=", out[i].shape(),
            " does not fit the data; expected a dense array of shape ", shapes[i]);
  }
  const auto known = eager_plan({op, params, in, out, options.is_train, device});
  push({&op, &params, in, out, options.write_modes, &known->kernel, device, options.is_train},
       known);
}

/// Copies meet in the engine; outside of training each is alone.
bool meets(const Op& op, const InvokeOptions& options) {
  return options.is_train && op.has_trait("meeting");
}

void invoke_meeting(const Params& params, std::span<const NDArray> in, std::vector<NDArray>& out,
                    const EagerPlan& plan) {
  const TensorType& type = plan.out_types[0];
  const NDArray sum(type.shape, type.dtype, in[0].device());
  meet(params.as<MeetingParam>(), in[0], sum);
  if (out[0])
    convert_array(sum, out[0]);
  else
    out[0] = sum;
}

}  // namespace

namespace {

void infer_output_storage(const Op& op, const Params& params, std::span<const TensorType> in,
                          std::span<const TensorType> known_out, std::vector<TensorType>& out) {
  if (op.infer_storage || op.keeps_zeros) {
    std::vector<StorageKind> kinds;
    for (const TensorType& type : in) kinds.push_back(type.storage);
    const std::vector<StorageKind> out_kinds = infer_storage(op, params, kinds);
    for (size_t i = 0; i < out.size(); ++i) out[i].storage = out_kinds[i];
  }
  for (size_t i = 0; i < std::min(known_out.size(), out.size()); ++i)
    if (known_out[i].shape.has_rank()) out[i].storage = known_out[i].storage;
}

}  // namespace

std::vector<TensorType> infer_output_types(const Op& op, const Params& params,
                                           std::span<const TensorType> in,
                                           std::span<const TensorType> known_out) {
  std::vector<Shape> in_shapes(in.size()), out_shapes(op.num_outputs(params));
  std::vector<DType> in_dtypes(in.size()), out_dtypes(out_shapes.size(), DType::kUnknown);
  for (size_t i = 0; i < in.size(); ++i) in_shapes[i] = in[i].shape, in_dtypes[i] = in[i].dtype;
  for (size_t i = 0; i < std::min(known_out.size(), out_shapes.size()); ++i)
    out_shapes[i] = known_out[i].shape, out_dtypes[i] = known_out[i].dtype;
  ShapeContext shapes(op, params, in_shapes, out_shapes);
  op.infer_shape(shapes);
  DTypeContext dtypes(op, params, in_dtypes, out_dtypes, in_shapes);
  op.infer_dtype(dtypes);
  std::vector<TensorType> out(out_shapes.size());
  for (size_t i = 0; i < out.size(); ++i) {
    require(out_shapes[i].is_known() || op.has_trait("shape_from_data"), op.name,
            ": the shape of output ", i, " cannot be told from the inputs; it is ", out_shapes[i]);
    out[i] = {out_shapes[i], out_dtypes[i] == DType::kUnknown ? DType::kFloat32 : out_dtypes[i]};
  }
  infer_output_storage(op, params, in, known_out, out);
  return out;
}

void invoke(const Op& op, const Params& params, std::span<const NDArray> in,
            std::vector<NDArray>& out, const InvokeOptions& options) {
  require(in.size() == op.num_inputs(params), op.name, ": ", in.size(),
          " inputs were given; expected ", op.num_inputs(params));
  for (size_t i = 0; i < in.size(); ++i)
    if (!in[i])
      fail(ErrorKind::kValue, op.name, ": ", op.input_name(params, static_cast<uint32_t>(i)),
           " is missing");
  const Device device = device_of(op, in, options, out);
  if (!device.is_host()) device_interface(device.type);  // its kernels come with the plug-in
  const std::shared_ptr<const EagerPlan> plan =
      eager_plan({op, params, in, out, options.is_train, device});
  const std::vector<TensorType>& out_types = plan->out_types;
  out.resize(out_types.size());
  if (plan->follows_data) return invoke_measured(op, params, in, out, options, *plan, device);
  if (plan->is_sparse) return invoke_sparse(op, params, in, out, options, plan);
  if (meets(op, options)) return invoke_meeting(params, in, out, *plan);
  if (!plan->kernel) {
    if (op.decomposition) return invoke_decomposition(op, params, in, out, options);
    fail_without_kernel(op, params, in, *plan, options.is_train, device);
  }
  for (size_t i = 0; i < out.size(); ++i)
    if (!out[i]) out[i] = NDArray(out_types[i].shape, out_types[i].dtype, device);
  push({&op, &params, in, out, options.write_modes, &plan->kernel, device, options.is_train}, plan);
}

namespace {

/// Runs one part of a decomposition, of which only the outputs with WriteMode::kWrite are read.
using RunPart = std::function<void(const Node& part, const std::vector<NDArray>& in,
                                   std::vector<NDArray>& out, std::span<const WriteMode> modes)>;

/// What is read of each part: outputs that no other part reads, nor anybody else, are left out.
std::vector<WriteMode> modes_of(const NodePtr& node, const ValueMap<bool>& is_read) {
  std::vector<WriteMode> modes;
  for (uint32_t i = 0; i < node->num_outputs(); ++i)
    modes.push_back(is_read.count({node, i}) ? WriteMode::kWrite : WriteMode::kNull);
  return modes;
}

std::vector<NDArray> run_parts(const Op& op, const Params& params, std::span<const NDArray> in,
                               const RunPart& run_part) {
  std::vector<Value> values;
  ValueMap<NDArray> arrays;
  for (const NDArray& array : in) {
    values.push_back({make_variable(""), 0});
    arrays[values.back()] = array;
  }
  const std::vector<TensorType> types = types_of(in);
  DecomposeContext context(params, values, types, op.num_outputs(params));
  op.decomposition(context);
  ValueMap<bool> is_read;
  for (const Value& value : context.out()) is_read[value] = true;
  for (const NodePtr& node : context.nodes())
    for (const Value& value : node->inputs) is_read[value] = true;
  for (const NodePtr& node : context.nodes()) {
    std::vector<NDArray> node_in, node_out;
    for (const Value& value : node->inputs) node_in.push_back(arrays.at(value));
    run_part(*node, node_in, node_out, modes_of(node, is_read));
    for (uint32_t i = 0; i < node_out.size(); ++i) arrays[{node, i}] = node_out[i];
  }
  std::vector<NDArray> results;
  for (const Value& value : context.out()) results.push_back(arrays.at(value));
  return results;
}

}  // namespace

std::vector<NDArray> invoke_parts(const Op& op, const Params& params, std::span<const NDArray> in,
                                  const InvokePart& invoke_part) {
  return run_parts(op, params, in,
                   [&](const Node& node, const auto& node_in, auto& node_out,
                       std::span<const WriteMode>) { invoke_part(node, node_in, node_out); });
}

namespace {

void invoke_decomposition(const Op& op, const Params& params, std::span<const NDArray> in,
                          std::vector<NDArray>& out, const InvokeOptions& options) {
  const std::vector<NDArray> results = run_parts(
      op, params, in,
      [&](const Node& node, const auto& node_in, auto& node_out, std::span<const WriteMode> modes) {
        invoke(*node.op, node.params, node_in, node_out, {options.is_train, modes, options.device});
      });
  for (size_t i = 0; i < out.size(); ++i) {
    const NDArray& result = results[i];
    const bool adds = i < options.write_modes.size() && options.write_modes[i] == WriteMode::kAdd;
    if (!out[i]) {
      out[i] = result;
    } else if (adds) {
      const NDArray sum_in[] = {out[i], result};
      std::vector<NDArray> sum_out{out[i]};
      // Operators of numbers do not take bool.
      const bool is_bool = out[i].dtype() == DType::kBool;
      const Op& add = get_op(is_bool ? "_npi_add" : "elemwise_add");
      invoke(add, add.default_params(), sum_in, sum_out, {});
    } else {
      convert_array(result, out[i]);
    }
  }
}

}  // namespace
}  // namespace mx
