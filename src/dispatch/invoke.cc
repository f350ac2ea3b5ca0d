#include "dispatch/invoke.h"

#include <algorithm>
#include <unordered_map>

#include "dispatch/random_state.h"
#include "dispatch/run_kernel.h"

namespace mx {
namespace {

/// Work on at most this many elements runs in the caller's thread when nothing is in its way.
constexpr int64_t kInlineElements = 16384;

struct Call {
  const Op* op;
  Params params;
  std::vector<NDArray> in, out;
  std::vector<WriteMode> modes;
  ChosenKernel chosen;
  Device device;
  bool is_train;
};

Tensor tensor_of(const NDArray& array) { return {array.data(), array.shape(), array.dtype()}; }

TensorDesc desc_of(const NDArray& array) { return {array.shape(), array.dtype()}; }

bool may_run_in_place(const Op& op, uint32_t input, uint32_t output) {
  return std::find(op.inplace.begin(), op.inplace.end(), std::pair(input, output)) !=
         op.inplace.end();
}

/// Whether output `o` overlaps an input that the operator may not overwrite while it reads.
bool needs_copy(const Call& call, uint32_t o) {
  for (uint32_t i = 0; i < call.in.size(); ++i) {
    if (call.in[i].chunk() != call.out[o].chunk()) continue;
    if (call.op->input_kind(call.params, i) == InputKind::kAuxiliary) continue;
    if (!call.in[i].same_memory(call.out[o]) || !may_run_in_place(*call.op, i, o)) return true;
  }
  return false;
}

void execute(const Call& call) {
  Workspace scratch(call.device);
  KernelContext context{call.device, nullptr, call.is_train, nullptr, call.modes, &scratch};
  if (!call.device.is_host())
    context.stream = device_interface(call.device.type).stream(call.device.id);
  if (call.op->is_random) context.random = &random_state(call.device);
  std::vector<Tensor> in(call.in.size()), out(call.out.size());
  for (uint32_t o = 0; o < call.out.size(); ++o) {
    const bool keeps = call.out[o].byte_offset() != 0 || context.adds(o) ||
                       call.out[o].bytes() < call.out[o].chunk()->buffer()->bytes() * 7 / 8;
    bool read_too = keeps;
    for (const NDArray& input : call.in) read_too |= input.chunk() == call.out[o].chunk();
    call.out[o].chunk()->make_unique(read_too);
  }
  for (uint32_t i = 0; i < call.in.size(); ++i)
    if (call.op->mutates_inputs() && call.op->input_kind(call.params, i) == InputKind::kAuxiliary)
      call.in[i].chunk()->make_unique(true);
  for (uint32_t i = 0; i < call.in.size(); ++i) in[i] = tensor_of(call.in[i]);
  for (uint32_t o = 0; o < call.out.size(); ++o) out[o] = tensor_of(call.out[o]);
  std::vector<Tensor> targets = out;
  for (uint32_t o = 0; o < call.out.size(); ++o)
    if (needs_copy(call, o)) targets[o].data = scratch.get(call.out[o].bytes());
  run_kernel(call.chosen, call.params, context, in, targets);
  for (uint32_t o = 0; o < call.out.size(); ++o)
    if (targets[o].data != out[o].data)
      copy_bytes(out[o].data, call.device, targets[o].data, call.device, call.out[o].bytes());
}

void push(Call call) {
  std::vector<Var*> reads, writes;
  int64_t elements = 0;
  for (uint32_t i = 0; i < call.in.size(); ++i) {
    const bool mutated =
        call.op->mutates_inputs() && call.op->input_kind(call.params, i) == InputKind::kAuxiliary;
    (mutated ? writes : reads).push_back(&call.in[i].var());
    elements += call.in[i].size();
  }
  for (const NDArray& array : call.out) {
    if (std::find(writes.begin(), writes.end(), &array.var()) == writes.end())
      writes.push_back(&array.var());
    elements += array.size();
  }
  if (call.op->is_random) writes.push_back(&random_state(call.device).var());
  const bool on_gpu = !call.device.is_host();  // a push to a stream returns at once
  const bool small = on_gpu || elements <= kInlineElements;
  const char* name = call.op->name.c_str();
  std::optional<ScopedSerial> serial;
  if (small) serial.emplace();
  // The work owns the call: small work is queued too when something is in its way.
  Engine::get().push([call = std::move(call)] { execute(call); }, reads, writes, small, name);
}

std::vector<TensorType> types_of(std::span<const NDArray> arrays) {
  std::vector<TensorType> types;
  types.reserve(arrays.size());
  for (const NDArray& array : arrays)
    types.push_back(array ? TensorType{array.shape(), array.dtype()} : TensorType{});
  return types;
}

Device device_of(const Op& op, std::span<const NDArray> in, const InvokeOptions& options,
                 const std::vector<NDArray>& out) {
  if (in.empty()) return out.empty() || !out[0] ? options.device : out[0].device();
  for (const NDArray& array : in)
    require(array.device().compute() == in[0].device().compute(), op.name, ": inputs are on ",
            in[0].device(), " and ", array.device(), "; expected one device");
  return in[0].device();
}

/// Runs the operator as a small graph of others, one after the other.
void invoke_decomposition(const Op& op, const Params& params, std::span<const NDArray> in,
                          std::vector<NDArray>& out, const InvokeOptions& options);

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
  DTypeContext dtypes(op, params, in_dtypes, out_dtypes);
  op.infer_dtype(dtypes);
  std::vector<TensorType> out(out_shapes.size());
  for (size_t i = 0; i < out.size(); ++i) {
    require(out_shapes[i].is_known(), op.name, ": the shape of output ", i,
            " cannot be told from the inputs; it is ", out_shapes[i]);
    out[i] = {out_shapes[i], out_dtypes[i] == DType::kUnknown ? DType::kFloat32 : out_dtypes[i]};
  }
  return out;
}

void invoke(const Op& op, const Params& params, std::span<const NDArray> in,
            std::vector<NDArray>& out, const InvokeOptions& options) {
  require(in.size() == op.num_inputs(params), op.name, ": ", in.size(),
          " inputs were given; expected ", op.num_inputs(params));
  for (size_t i = 0; i < in.size(); ++i)
    if (!in[i]) fail(ErrorKind::kValue, op.name, ": ", op.input_names(params)[i], " is missing");
  const Device device = device_of(op, in, options, out);
  if (!device.is_host()) device_interface(device.type);  // its kernels come with the plug-in
  const std::vector<TensorType> in_types = types_of(in);
  const std::vector<TensorType> out_types = infer_output_types(op, params, in_types, types_of(out));
  out.resize(out_types.size());
  std::vector<TensorDesc> in_descs(in.size()), out_descs(out.size());
  for (size_t i = 0; i < in.size(); ++i) in_descs[i] = desc_of(in[i]);
  for (size_t i = 0; i < out.size(); ++i) out_descs[i] = {out_types[i].shape, out_types[i].dtype};
  const KernelQuery query{op, params, in_descs, out_descs, options.is_train};
  std::string refusals;
  Call call{&op, params, {in.begin(), in.end()}, {}, {}, {}, device, options.is_train};
  {
    int64_t elements = 0;
    for (const TensorDesc& t : in_descs) elements += t.shape.size();
    for (const TensorDesc& t : out_descs) elements += t.shape.size();
    std::optional<ScopedSerial> serial;  // the number of threads is part of a prepared kernel
    if (elements <= kInlineElements) serial.emplace();
    call.chosen = choose_and_prepare(query, device.compute().type, true, nullptr);
  }
  if (!call.chosen) {
    if (op.decomposition) return invoke_decomposition(op, params, in, out, options);
    choose_kernel(query, device.compute().type, &refusals);
    fail(ErrorKind::kNotImplemented, op.name, ": no kernel on ", device, " for ",
         in.empty() ? dtype_name(out_types[0].dtype) : dtype_name(in_types[0].dtype),
         refusals.empty() ? "" : " (" + refusals + ")");
  }
  for (size_t i = 0; i < out.size(); ++i)
    if (!out[i]) out[i] = NDArray(out_types[i].shape, out_types[i].dtype, device);
  call.out = out;
  call.modes.assign(options.write_modes.begin(), options.write_modes.end());
  push(std::move(call));
}

namespace {

void invoke_decomposition(const Op& op, const Params& params, std::span<const NDArray> in,
                          std::vector<NDArray>& out, const InvokeOptions& options) {
  std::vector<Value> values;
  ValueMap<NDArray> arrays;
  for (const NDArray& array : in) {
    values.push_back({make_variable(""), 0});
    arrays[values.back()] = array;
  }
  const std::vector<TensorType> types = types_of(in);
  DecomposeContext context(params, values, types, out.size());
  op.decomposition(context);
  for (const NodePtr& node : context.nodes()) {
    std::vector<NDArray> node_in, node_out;
    for (const Value& value : node->inputs) node_in.push_back(arrays.at(value));
    InvokeOptions node_options{options.is_train, {}, options.device};
    invoke(*node->op, node->params, node_in, node_out, node_options);
    for (uint32_t i = 0; i < node_out.size(); ++i) arrays[{node, i}] = node_out[i];
  }
  for (size_t i = 0; i < out.size(); ++i) {
    const NDArray& result = arrays.at(context.out()[i]);
    const bool adds = i < options.write_modes.size() && options.write_modes[i] == WriteMode::kAdd;
    if (!out[i]) {
      out[i] = result;
    } else if (adds) {
      const NDArray sum_in[] = {out[i], result};
      std::vector<NDArray> sum_out{out[i]};
      invoke(get_op("elemwise_add"), get_op("elemwise_add").default_params(), sum_in, sum_out, {});
    } else {
      copy_array(result, out[i]);
    }
  }
}

}  // namespace
}  // namespace mx
