#include "dispatch/run_kernel.h"

#include <iostream>

#include "base/env.h"
#include "dispatch/anomaly.h"
#include "dispatch/kernel_cost.h"
#include "dispatch/prepared_cache.h"
#include "profile/profile.h"

namespace mx {
namespace {

void print_choice(const KernelQuery& query, const Kernel* kernel, const std::string& refusals) {
  std::string line = "remx: " + query.op.name;
  for (const TensorDesc& in : query.in) {
    line += concat(" ", dtype_name(in.dtype), in.shape);
    if (in.storage != StorageKind::kDefault) line += concat(" ", storage_name(in.storage));
  }
  line += kernel ? " -> " + kernel->name : std::string(" -> no kernel");
  if (!refusals.empty()) line += " (refused: " + refusals + ")";
  std::cerr << line + "\n";
}

bool any_add(std::span<const WriteMode> modes) {
  for (WriteMode mode : modes)
    if (mode == WriteMode::kAdd) return true;
  return false;
}

std::string types_text(Inputs tensors) {
  std::string text;
  for (const Tensor& tensor : tensors)
    text += concat(text.empty() ? "" : " ", dtype_name(tensor.dtype), tensor.shape);
  return text;
}

void describe(const ChosenKernel& chosen, Inputs in, Outputs out, profile::Span& span) {
  span.add("kernel", chosen.kernel->name);
  span.add("in", types_text(in));
  span.add("out", types_text({out.data(), out.size()}));
  span.add("bytes", kernel_bytes(in, out));
  if (const double flops = kernel_flops(chosen.kernel->op, in, out); flops > 0)
    span.add("flops", flops);
}

/// What reads nothing makes the values that it was asked for, NaN and Inf among them.
void call_checked(const ChosenKernel& chosen, const Params& params, KernelContext& context,
                  Inputs in, Outputs out) {
  const bool may_check = !in.empty() && anomaly::all_finite(in, context);
  run_part(chosen, params, context, in, out);
  if (may_check) anomaly::check_results(chosen.kernel->op, out, context);
}

void call(const ChosenKernel& chosen, const Params& params, KernelContext& context, Inputs in,
          Outputs out) {
  profile::Span span(chosen.kernel->op);
  if (span) [[unlikely]]
    describe(chosen, in, out, span);
  if (anomaly::is_on()) [[unlikely]]
    return call_checked(chosen, params, context, in, out);
  run_part(chosen, params, context, in, out);
}

}  // namespace

ChosenKernel choose_and_prepare(const KernelQuery& query, DeviceType device, bool use_cache,
                                std::string* refusals) {
  static const bool verbose = env::flag("REMX_VERBOSE");
  std::string reasons;
  const Kernel* kernel = choose_kernel(query, device, verbose || refusals ? &reasons : nullptr);
  if (verbose) print_choice(query, kernel, reasons);
  if (refusals) *refusals += reasons;
  if (!kernel) return {};
  if (!kernel->prepare) return {.kernel = kernel};
  return {.kernel = kernel,
          .prepared = use_cache ? prepared_for(*kernel, query) : kernel->prepare(query)};
}

void add_into(const Tensor& target, const Tensor& addend, KernelContext& context) {
  const Op& op = get_op("elemwise_add");
  const Params& params = op.default_params();
  const TensorDesc desc{target.shape, target.dtype, target.layout};
  const TensorDesc in[] = {desc, desc};
  const ChosenKernel chosen =
      choose_and_prepare({op, params, in, {&desc, 1}}, context.device.compute().type, true);
  internal_check(static_cast<bool>(chosen), "elemwise_add: no kernel for ",
                 dtype_name(target.dtype));
  KernelContext plain{context.device, context.stream, context.is_train, nullptr, {},
                      context.scratch};
  const Tensor sources[] = {target, addend};
  call(chosen, params, plain, sources, {&target, 1});
}

void run_part(const ChosenKernel& chosen, const Params& params, KernelContext& context, Inputs in,
              Outputs out) {
  if (chosen.finite && context.is_finite)
    chosen.finite->run_finite(params, context, in, out);
  else if (chosen.prepared)
    chosen.prepared->run(params, context, in, out);
  else
    chosen.kernel->run(params, context, in, out);
}

void run_kernel(const ChosenKernel& chosen, const Params& params, KernelContext& context, Inputs in,
                Outputs out) {
  if (chosen.kernel->adds || !any_add(context.write_modes))
    return call(chosen, params, context, in, out);
  std::vector<Tensor> targets(out.begin(), out.end());
  std::vector<WriteMode> modes(context.write_modes.begin(), context.write_modes.end());
  for (size_t i = 0; i < targets.size(); ++i)
    if (modes[i] == WriteMode::kAdd) {
      targets[i].data =
          context.scratch->get(layout_bytes(out[i].shape, out[i].dtype, out[i].layout));
      modes[i] = WriteMode::kWrite;
    }
  KernelContext beside = context;
  beside.write_modes = modes;
  call(chosen, params, beside, in, targets);
  for (size_t i = 0; i < targets.size(); ++i)
    if (targets[i].data != out[i].data) add_into(out[i], targets[i], context);
}

}  // namespace mx
