#pragma once
#include <vector>

#include "backend/cpu/onednn/onednn.h"

namespace mx::onednn {

/// A prepared kernel made of one primitive. Where the primitive wants a tensor in another format
/// than it has, a reorder runs before or behind. Thread safety: run() may be called by many
/// threads.
class PrimitiveKernel : public PreparedKernel {
 public:
  /// A primitive made with thread_safe_attr().
  template <typename PrimitiveDesc>
  static std::shared_ptr<PrimitiveKernel> of(const dnnl::primitive& primitive,
                                             const PrimitiveDesc& desc) {
    return std::make_shared<PrimitiveKernel>(primitive, desc.scratchpad_desc());
  }
  PrimitiveKernel(dnnl::primitive primitive, dnnl::memory::desc scratchpad)
      : primitive_(std::move(primitive)), scratchpad_(std::move(scratchpad)) {}

  /// Input `index` has the format `given`; the primitive reads `wanted` as argument `arg`.
  void input(int arg, size_t index, const dnnl::memory::desc& given,
             const dnnl::memory::desc& wanted);
  /// Output `index` has the format `given`; the primitive writes `wanted` as argument `arg`.
  void output(int arg, size_t index, const dnnl::memory::desc& given,
              const dnnl::memory::desc& wanted);

  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override;

 private:
  struct Reorder {
    dnnl::reorder primitive;
    dnnl::memory::desc scratchpad;
  };
  struct Argument {
    int arg;
    size_t index;
    dnnl::memory::desc given, wanted;
    std::shared_ptr<Reorder> reorder;  ///< nullptr where the formats are the same
  };
  static Argument make_argument(int arg, size_t index, const dnnl::memory::desc& given,
                                const dnnl::memory::desc& wanted, bool is_output);
  static void run_reorder(const Argument& argument, const dnnl::memory& from,
                          const dnnl::memory& to, KernelContext& context);

  dnnl::primitive primitive_;
  dnnl::memory::desc scratchpad_;
  std::vector<Argument> inputs_, outputs_;
};

}  // namespace mx::onednn
