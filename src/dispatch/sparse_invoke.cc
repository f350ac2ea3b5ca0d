#include "dispatch/sparse_invoke.h"

#include <atomic>
#include <iostream>

#include "base/env.h"
#include "dispatch/anomaly.h"
#include "dispatch/random_state.h"
#include "dispatch/sparse_tensor.h"
#include "ir/common_params.h"
#include "profile/profile.h"

namespace mx {
namespace {

/// One application with everything that it refers to; it may run later.
struct SparseCall {
  const Op& op;
  Params params;
  std::vector<NDArray> in, out;
  std::vector<WriteMode> modes;
  std::shared_ptr<const EagerPlan> plan;
  Device device;
  bool is_train;

  bool updates(uint32_t input) const {
    return op.mutates_inputs() && op.input_kind(params, input) == InputKind::kAuxiliary;
  }
  bool in_place(uint32_t input, uint32_t output) const {
    return in[input].same_memory(out[output]) &&
           std::find(op.inplace.begin(), op.inplace.end(), std::pair(input, output)) !=
               op.inplace.end();
  }
  KernelContext context(Workspace& scratch) const {
    KernelContext context{device, nullptr, is_train, nullptr, modes, &scratch};
    if (op.is_random) context.random = &random_state(device);
    return context;
  }
};

/// Writes the stored values of output 0 with the operator's dense kernel.
void run_on_values(const SparseCall& call, KernelContext& context) {
  SparseTensor in(call.in[0]), out(call.out[0]);
  out.allocate_like(in);
  const Tensor from = in.values(), to = out.values();
  const TensorDesc in_desc{from.shape, from.dtype}, out_desc{to.shape, to.dtype};
  const ChosenKernel chosen =
      choose_and_prepare({call.op, call.params, {&in_desc, 1}, {&out_desc, 1}, call.is_train},
                         call.device.compute().type, false);
  if (!chosen)
    fail(ErrorKind::kNotImplemented, call.op.name, ": no kernel for ", dtype_name(from.dtype));
  run_kernel(chosen, call.params, context, {&from, 1}, {&to, 1});
  out.commit();
}

/// Dense outputs that overlap an input which the kernel still reads are computed beside it.
std::vector<NDArray> separate_outputs(const SparseCall& call) {
  std::vector<NDArray> targets = call.out;
  for (uint32_t o = 0; o < targets.size(); ++o)
    for (uint32_t i = 0; targets[o].is_dense() && i < call.in.size(); ++i)
      if (call.in[i].chunk() == call.out[o].chunk() && !call.in_place(i, o)) {
        targets[o] = NDArray(call.out[o].shape(), call.out[o].dtype(), call.device);
        break;
      }
  return targets;
}

std::vector<Tensor> values_of(const std::vector<SparseTensor>& tensors) {
  std::vector<Tensor> values;
  for (const SparseTensor& tensor : tensors) values.push_back(tensor.values());
  return values;
}

void run_sparse_kernel(const SparseCall& call, KernelContext& context) {
  const std::vector<NDArray> targets = separate_outputs(call);
  std::vector<SparseTensor> in(call.in.begin(), call.in.end());
  std::vector<SparseTensor> out(targets.begin(), targets.end());
  for (uint32_t i = 0; i < in.size(); ++i)
    if (call.updates(i)) in[i].start_from(in[i]);
  const bool checks = anomaly::is_on() && anomaly::all_finite(values_of(in), context);
  {
    const profile::Span span(call.plan->kernel.kernel->op);
    call.plan->kernel.kernel->run_sparse(call.params, context, in, out);
  }
  if (checks && !in.empty()) {
    std::vector<Tensor> results = values_of(out);
    anomaly::check_results(call.op.name, results, context);
  }
  for (uint32_t i = 0; i < in.size(); ++i)
    if (call.updates(i)) in[i].commit();
  for (uint32_t o = 0; o < out.size(); ++o) {
    out[o].commit();
    if (!targets[o].same_memory(call.out[o]))
      copy_bytes(call.out[o].data(), call.device, targets[o].data(), call.device,
                 call.out[o].bytes());
  }
}

void execute(const SparseCall& call) {
  Workspace scratch(call.device);
  KernelContext context = call.context(scratch);
  for (const NDArray& array : call.out) array.chunk()->make_unique(true);
  for (uint32_t i = 0; i < call.in.size(); ++i)
    if (call.updates(i)) call.in[i].chunk()->make_unique(true);
  call.plan->kernel ? run_sparse_kernel(call, context) : run_on_values(call, context);
}

void push(std::shared_ptr<const SparseCall> call) {
  std::vector<Var*> reads, writes;
  for (uint32_t i = 0; i < call->in.size(); ++i)
    (call->updates(i) ? writes : reads).push_back(&call->in[i].var());
  for (const NDArray& array : call->out)
    if (std::find(writes.begin(), writes.end(), &array.var()) == writes.end())
      writes.push_back(&array.var());
  if (call->op.is_random) writes.push_back(&random_state(call->device).var());
  const bool is_small = call->plan->is_small;
  const char* name = call->op.name.c_str();
  std::optional<ScopedSerial> serial;
  if (is_small) serial.emplace();
  const anomaly::SourceScope source;  // asked for before anything is held
  const auto work = [call = std::move(call), text = anomaly::current_source()] {
    const anomaly::SourceScope scope(text);
    execute(*call);
  };
  Engine::get().push(work, reads, writes, is_small, {name});
}

NDArray new_array(const TensorType& type, Device device) {
  return type.storage == StorageKind::kDefault
             ? NDArray(type.shape, type.dtype, device)
             : zero_sparse(type.storage, type.shape, type.dtype, device);
}

void cast_into(const NDArray& from, const NDArray& to) {
  static const Op& op = get_op("cast_storage");
  std::vector<NDArray> out{to};
  invoke(op, op.parse_params({{"stype", std::string(storage_name(to.storage()))}}), {&from, 1},
         out);
}

NDArray dense_copy(const NDArray& array) {
  NDArray dense(array.shape(), array.dtype(), array.device());
  cast_into(array, dense);
  return dense;
}

void add_into_array(const NDArray& addend, const NDArray& target) {
  static const Op& op = get_op("_grad_add");
  const NDArray both[] = {target, addend};
  std::vector<NDArray> out{target};
  invoke(op, op.default_params(), both, out);
}

std::string kinds_text(std::span<const NDArray> arrays) {
  std::string text;
  for (const NDArray& array : arrays)
    text += concat(text.empty() ? "" : ", ", storage_name(array.storage()));
  return text;
}

std::atomic<int64_t> num_fallbacks = 0;

void report_fallback(const Op& op, std::span<const NDArray> in, std::span<const NDArray> out) {
  num_fallbacks.fetch_add(1, std::memory_order_relaxed);
  static const bool verbose =
      env::flag("REMX_VERBOSE") || env::flag("MXNET_STORAGE_FALLBACK_LOG_VERBOSE");
  if (!verbose) return;
  std::cerr << concat("remx: ", op.name, ": no kernel for (", kinds_text(in), ") -> (",
                      kinds_text(out), "); works on dense copies\n");
}

/// The storage fallback.
void invoke_on_dense_copies(const Op& op, const Params& params, std::span<const NDArray> in,
                            std::vector<NDArray>& out, const InvokeOptions& options) {
  report_fallback(op, in, out);
  std::vector<NDArray> dense_in(in.begin(), in.end()), dense_out = out;
  for (NDArray& array : dense_in)
    if (!array.is_dense()) array = dense_copy(array);
  for (NDArray& array : dense_out)
    if (!array.is_dense()) array = NDArray(array.shape(), array.dtype(), array.device());
  invoke(op, params, dense_in, dense_out, options);
  for (uint32_t i = 0; op.mutates_inputs() && i < in.size(); ++i)
    if (!in[i].is_dense() && op.input_kind(params, i) == InputKind::kAuxiliary)
      cast_into(dense_in[i], in[i]);
  for (size_t o = 0; o < out.size(); ++o)
    if (!out[o].is_dense()) cast_into(dense_out[o], out[o]);
}

bool any_adds(std::span<const WriteMode> modes) {
  return std::find(modes.begin(), modes.end(), WriteMode::kAdd) != modes.end();
}

/// Computes beside the outputs that are to be added to, then adds.
void invoke_and_add(const Op& op, const Params& params, std::span<const NDArray> in,
                    std::vector<NDArray>& out, const InvokeOptions& options,
                    const std::shared_ptr<const EagerPlan>& plan) {
  std::vector<NDArray> results = out;
  InvokeOptions writing = options;
  writing.write_modes = {};
  for (size_t o = 0; o < out.size(); ++o)
    if (o < options.write_modes.size() && options.write_modes[o] != WriteMode::kWrite)
      results[o] = new_array(plan->out_types[o], out[o].device());
  invoke_sparse(op, params, in, results, writing, plan);
  for (size_t o = 0; o < out.size(); ++o)
    if (o < options.write_modes.size() && options.write_modes[o] == WriteMode::kAdd)
      add_into_array(results[o], out[o]);
}

}  // namespace

int64_t num_storage_fallbacks() { return num_fallbacks; }

void invoke_sparse(const Op& op, const Params& params, std::span<const NDArray> in,
                   std::vector<NDArray>& out, const InvokeOptions& options,
                   const std::shared_ptr<const EagerPlan>& plan) {
  if (any_adds(options.write_modes)) return invoke_and_add(op, params, in, out, options, plan);
  const Device device = in.empty() ? options.device : in[0].device();
  for (size_t i = 0; i < out.size(); ++i)
    if (!out[i]) out[i] = new_array(plan->out_types[i], device);
  const bool on_values = op.keeps_zeros && op.keeps_zeros(params) && in.size() == 1 &&
                         in[0].storage() == out[0].storage();
  if (!plan->kernel && !on_values) return invoke_on_dense_copies(op, params, in, out, options);
  push(std::make_shared<SparseCall>(
      SparseCall{op,
                 params,
                 {in.begin(), in.end()},
                 out,
                 {options.write_modes.begin(), options.write_modes.end()},
                 plan,
                 device,
                 options.is_train}));
}

void convert_array(const NDArray& from, const NDArray& to) {
  require(from.shape() == to.shape(), "copyto: shape=", to.shape(), " of the target differs from ",
          from.shape(), "; expected equal shapes");
  if (from.dtype() != to.dtype()) {
    static const Op& op = get_op("Cast");
    std::vector<NDArray> out{from.storage() == to.storage() ? to : NDArray()};
    invoke(op, Params::of(CastParam{to.dtype()}), {&from, 1}, out);
    if (from.storage() == to.storage()) return;
    return convert_array(out[0], to);
  }
  if (from.storage() == to.storage()) return copy_array(from, to, true);
  cast_into(from, to);
}

}  // namespace mx
