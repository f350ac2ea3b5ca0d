#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {

PrimitiveKernel::Argument PrimitiveKernel::make_argument(int arg, size_t index,
                                                         const dnnl::memory::desc& given,
                                                         const dnnl::memory::desc& wanted,
                                                         bool is_output) {
  Argument argument{arg, index, given, wanted, nullptr};
  if (given == wanted) return argument;
  const auto& from = is_output ? wanted : given;
  const auto& to = is_output ? given : wanted;
  const dnnl::reorder::primitive_desc desc(engine(), from, engine(), to, thread_safe_attr());
  argument.reorder =
      std::make_shared<Reorder>(Reorder{dnnl::reorder(desc), desc.scratchpad_desc()});
  return argument;
}

void PrimitiveKernel::input(int arg, size_t index, const dnnl::memory::desc& given,
                            const dnnl::memory::desc& wanted) {
  inputs_.push_back(make_argument(arg, index, given, wanted, false));
}

void PrimitiveKernel::output(int arg, size_t index, const dnnl::memory::desc& given,
                             const dnnl::memory::desc& wanted) {
  outputs_.push_back(make_argument(arg, index, given, wanted, true));
}

void PrimitiveKernel::run_reorder(const Argument& argument, const dnnl::memory& from,
                                  const dnnl::memory& to, KernelContext& context) {
  execute(argument.reorder->primitive, argument.reorder->scratchpad, context,
          {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

void PrimitiveKernel::run(const Params&, KernelContext& context, Inputs in, Outputs out) {
  std::unordered_map<int, dnnl::memory> args;
  for (const Argument& a : inputs_) {
    const dnnl::memory given = memory_of(a.given, in[a.index].data);
    if (!a.reorder) {
      args.emplace(a.arg, given);
      continue;
    }
    const dnnl::memory wanted = memory_of(a.wanted, context.scratch->get(a.wanted.get_size()));
    run_reorder(a, given, wanted, context);
    args.emplace(a.arg, wanted);
  }
  for (const Argument& a : outputs_) {
    const bool direct = !a.reorder && context.wants(a.index);
    void* data = direct ? out[a.index].data : context.scratch->get(a.wanted.get_size());
    args.emplace(a.arg, memory_of(a.wanted, data));
  }
  execute(primitive_, scratchpad_, context, args);
  for (const Argument& a : outputs_)
    if (a.reorder && context.wants(a.index))
      run_reorder(a, args.at(a.arg), memory_of(a.given, out[a.index].data), context);
}

}  // namespace mx::onednn
