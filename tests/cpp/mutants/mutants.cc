// Faults to plant into the library, so that a test can show that the operator tables find them.
// tests/python/harness/test_mutants.py loads this library, plants one and runs the tables.
#include <string_view>

#include "dispatch/kernel_registry.h"

namespace mx {
namespace {

/// Runs the kernel that the library has.
void run_original(const char* op, const Params& params, KernelContext& context, Inputs in,
                  Outputs out) {
  for (const Kernel* kernel : kernels_of(get_op(op), DeviceType::kCpu))
    if (kernel->name != "mutant" && kernel->run) return kernel->run(params, context, in, out);
}

bool is_float(const Tensor& tensor) { return tensor.dtype == DType::kFloat32 && tensor.size() > 0; }

void zero(const Tensor& tensor) {
  std::fill_n(tensor.as<float>(), is_float(tensor) ? tensor.size() : 0, 0.0f);
}

Op& op_to_change(const char* name) { return const_cast<Op&>(get_op(name)); }

void plant_kernel(const char* op, KernelFn run, bool adds = false) {
  KernelBuilder builder(op, "mutant");
  builder.run(run).priority(99);
  if (adds) builder.can_add();
}

/// Changes the gradient that an operator passes to input `i`.
template <typename Change>
void plant_gradient(const char* op, size_t i, Change change) {
  Op& target = op_to_change(op);
  target.gradient = [right = target.gradient, i, change](GradContext& context) {
    right(context);
    context.set(i, change(context, context.d_in()[i]));
  };
}

struct Mutant {
  std::string_view name;
  void (*plant)();
};

constexpr int64_t kLarge = 65536;

// Faults of kernels.
constexpr Mutant kKernelMutants[] = {
    {"state_lost",
     [] {
       plant_kernel("sgd_mom_update",
                    [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
                      run_original("sgd_mom_update", p, c, in, out);
                      zero(in[2]);
                    });
     }},
    {"state_lost_when_large",
     [] {
       plant_kernel("adam_update", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("adam_update", p, c, in, out);
         if (in[3].size() > kLarge) zero(in[3]);
       });
     }},
    {"wrong_when_large",
     [] {
       plant_kernel("sum", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("sum", p, c, in, out);
         if (in[0].size() > kLarge && is_float(out[0])) out[0].as<float>()[0] += 1000;
       });
     }},
    {"wrong_in_second_thread",
     [] {
       plant_kernel("exp", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("exp", p, c, in, out);
         if (!is_float(out[0])) return;
         parallel_for(out[0].size(), kLarge, [&](int64_t begin, int64_t) {
           if (begin > 0) out[0].as<float>()[begin] = 0;
         });
       });
     }},
    {"wrong_at_odd_sizes",
     [] {
       plant_kernel("sqrt", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("sqrt", p, c, in, out);
         const int64_t size = out[0].size();
         if (is_float(out[0]) && size % 8) out[0].as<float>()[size - 1] = 0;
       });
     }},
    {"wrong_at_odd_addresses",
     [] {
       plant_kernel("tanh", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("tanh", p, c, in, out);
         if (reinterpret_cast<uintptr_t>(in[0].data) % 32) zero(out[0]);
       });
     }},
    {"reads_after_writing",
     [] {
       plant_kernel("elemwise_sub", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         if (!is_float(out[0])) return run_original("elemwise_sub", p, c, in, out);
         float* y = out[0].as<float>();
         for (int64_t i = 0; i < out[0].size(); ++i) y[i] = in[0].as<float>()[i];
         for (int64_t i = 0; i < out[0].size(); ++i) y[i] -= in[1].as<float>()[i];
       });
     }},
    {"writes_behind_the_end",
     [] {
       plant_kernel("ones_like", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("ones_like", p, c, in, out);
         if (is_float(out[0])) out[0].as<float>()[out[0].size()] = 1;
       });
     }},
    {"reads_before_the_start",
     [] {
       plant_kernel("square", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("square", p, c, in, out);
         if (is_float(out[0])) out[0].as<float>()[0] += 0 * in[0].as<float>()[-1];
       });
     }},
    {"writes_its_input",
     [] {
       plant_kernel("abs", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("abs", p, c, in, out);
         zero(in[0].data == out[0].data ? Tensor{} : in[0]);
       });
     }},
    {"sums_in_half_precision",
     [] {
       plant_kernel("sum", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         if (in[0].dtype != DType::kFloat16 || out[0].size() != 1)
           return run_original("sum", p, c, in, out);
         float16 sum(0.0f);
         for (int64_t i = 0; i < in[0].size(); ++i)
           sum = float16(static_cast<float>(sum) + static_cast<float>(in[0].as<float16>()[i]));
         out[0].as<float16>()[0] = sum;
       });
     }},
};

// Faults in what kernels make of write modes.
constexpr Mutant kModeMutants[] = {
    {"writes_instead_of_adding",
     [] {
       plant_kernel(
           "elemwise_mul",
           [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
             run_original("elemwise_mul", p, c, in, out);
           },
           true);
     }},
    {"needs_the_other_output",
     [] {
       plant_kernel("SliceChannel", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("SliceChannel", p, c, in, out);
         if (!c.wants(0) && out.size() > 1) zero(out[1]);
       });
     }},
    {"unwanted_output_behind_its_end",
     [] {
       plant_kernel("SliceChannel", [](const Params& p, KernelContext& c, Inputs in, Outputs out) {
         run_original("SliceChannel", p, c, in, out);
         if (!c.wants(0) && is_float(out[0])) out[0].as<float>()[out[0].size()] = 1;
       });
     }},
};

// Faults in what operators say of themselves.
constexpr Mutant kOperatorMutants[] = {
    {"gradient_slightly_off",
     [] {
       plant_gradient("erf", 0,
                      [](auto& c, Value g) { return c.mul_scalar(std::move(g), 1.0002); });
     }},
    {"gradient_lost", [] { plant_gradient("dot", 1, [](auto&, Value) { return Value{}; }); }},
    {"second_gradient_off",
     [] {
       plant_gradient("_backward_tanh", 1,
                      [](auto& c, Value g) { return c.mul_scalar(std::move(g), 1.01); });
     }},
    {"decomposition_slightly_off",
     [] {
       Op& target = op_to_change("_backward_LayerNorm");
       target.decomposition = [right = target.decomposition](DecomposeContext& c) {
         right(c);
         c.set(0, c.mul_scalar(c.out()[0], 1.001));
       };
     }},
    {"reverse_in_place",
     [] {
       op_to_change("reverse").inplace = {{0, 0}};
     }},
    {"normalization_in_place",
     [] {
       op_to_change("LRN").inplace = {{0, 0}};
     }},
    {"take_in_place",
     [] {
       op_to_change("take").inplace = {{0, 0}};
     }},
    {"wrong_dtype",
     [] {
       op_to_change("argmax").infer_dtype = [](DTypeContext& c) { c.set_out(0, DType::kFloat64); };
     }},
};

}  // namespace
}  // namespace mx

/// Plants the fault of that name for the rest of the process, before operators run.
/// Returns false when there is none of that name.
extern "C" __attribute__((visibility("default"))) bool plant_mutant(const char* name) {
  const auto plant_from = [&](const auto& mutants) {
    for (const mx::Mutant& mutant : mutants)
      if (mutant.name == name) return mutant.plant(), true;
    return false;
  };
  return plant_from(mx::kKernelMutants) || plant_from(mx::kModeMutants) ||
         plant_from(mx::kOperatorMutants);
}
