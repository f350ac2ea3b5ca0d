#include "dispatch/kernel_registry.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/registry_lock.h"

namespace mx {
namespace {

struct Registry {
  std::vector<std::unique_ptr<Kernel>> kernels;
  /// Sorted lists, made when first asked for: plug-ins register after the start.
  std::unordered_map<const Op*, std::vector<const Kernel*>> by_op[2];
  std::shared_mutex lists_mutex;  ///< guards by_op
};

Registry& registry() {
  static auto* instance = new Registry;  // never destroyed: work at exit still chooses kernels
  return *instance;
}

/// Names of kernels that tests force upon operators.
thread_local std::unordered_map<const Op*, std::string> forced_kernels;
thread_local uint64_t forced_version = 0;

const char* reason_of_force(const Kernel& kernel, const Op& op) {
  const auto found = forced_kernels.find(&op);
  return found == forced_kernels.end() || found->second == kernel.name ? nullptr
                                                                       : "another one is forced";
}

int device_slot(DeviceType device) { return device == DeviceType::kGpu ? 1 : 0; }

bool all_plain(std::span<const TensorDesc> tensors) {
  return std::all_of(tensors.begin(), tensors.end(),
                     [](const TensorDesc& t) { return t.layout == Layout::kPlain; });
}

bool any_sparse(std::span<const TensorDesc> tensors) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [](const TensorDesc& t) { return t.storage != StorageKind::kDefault; });
}

const char* reason_to_refuse(const Kernel& kernel, const KernelQuery& query) {
  if (!kernel.choose_layouts && !(all_plain(query.in) && all_plain(query.out)))
    return "works on plain layouts only";
  const bool is_sparse = any_sparse(query.in) || any_sparse(query.out);
  if (is_sparse != (kernel.run_sparse != nullptr))
    return is_sparse ? "works on dense arrays only" : "works on sparse arrays only";
  return kernel.refuse ? kernel.refuse(query) : nullptr;
}

std::vector<const Kernel*> collect(const Op& op, DeviceType device) {
  // The trait names an operator of the same parameters, whose kernels compute this one as well.
  const auto trait = op.traits.find("kernels_from");
  const Op* other = trait == op.traits.end() ? &op : &get_op(trait->second);
  std::vector<const Kernel*> found;
  for (const auto& kernel : registry().kernels) {
    if (kernel->device != device) continue;
    const Op* computed = find_op(kernel->op);
    if (computed == &op || computed == other) found.push_back(kernel.get());
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Kernel* a, const Kernel* b) { return a->priority > b->priority; });
  return found;
}

}  // namespace

std::vector<const Kernel*> kernels_of(const Op& op, DeviceType device) {
  const RegistryReading reading;
  Registry& all = registry();
  auto& map = all.by_op[device_slot(device)];
  {
    std::shared_lock lock(all.lists_mutex);
    const auto found = map.find(&op);
    if (found != map.end()) return found->second;
  }
  std::unique_lock lock(all.lists_mutex);
  return map[&op] = collect(op, device);
}

const Kernel* choose_kernel(const KernelQuery& query, DeviceType device, std::string* refusals) {
  for (const Kernel* kernel : kernels_of(query.op, device)) {
    const char* reason = reason_to_refuse(*kernel, query);
    if (!reason && !forced_kernels.empty()) reason = reason_of_force(*kernel, query.op);
    if (!reason) return kernel;
    if (refusals) *refusals += (refusals->empty() ? "" : "; ") + kernel->name + ": " + reason;
  }
  return nullptr;
}

uint64_t forced_kernels_version() { return forced_version; }

void force_kernel(const Op& op, std::string name) {
  static std::atomic<uint64_t> versions{0};
  if (name.empty())
    forced_kernels.erase(&op);
  else
    forced_kernels[&op] = std::move(name);
  forced_version = forced_kernels.empty() ? 0 : ++versions;
}

std::vector<const Kernel*> all_kernels() {
  const RegistryReading reading;
  std::vector<const Kernel*> all;
  for (const auto& kernel : registry().kernels) all.push_back(kernel.get());
  return all;
}

std::vector<std::string> check_kernel_registry() {
  std::vector<std::string> problems;
  for (const Kernel* kernel : all_kernels()) {
    if (!find_op(kernel->op))
      problems.push_back("kernel " + kernel->op + "/" + kernel->name + " has no operator");
    if (!!kernel->run + !!kernel->prepare + !!kernel->run_sparse != 1)
      problems.push_back("kernel " + kernel->op + "/" + kernel->name +
                         " needs one of run, prepare and run_sparse");
  }
  for (const Op* op : all_ops())
    if (!op->decomposition && !op->runs_user_code && !op->has_trait("control_flow") &&
        kernels_of(*op, DeviceType::kCpu).empty())
      problems.push_back("operator " + op->name + " has neither a CPU kernel nor a decomposition");
  return problems;
}

KernelBuilder::KernelBuilder(std::string op, std::string name, DeviceType device) {
  registry().kernels.push_back(std::make_unique<Kernel>());
  kernel_ = registry().kernels.back().get();
  kernel_->op = std::move(op);
  kernel_->name = std::move(name);
  kernel_->device = device;
  const std::unique_lock lock(registry().lists_mutex);
  registry().by_op[device_slot(device)].clear();
}

KernelBuilder& KernelBuilder::run(KernelFn fn) {
  kernel_->run = fn;
  return *this;
}
KernelBuilder& KernelBuilder::prepare(PreparedPtr (*fn)(const KernelQuery&)) {
  kernel_->prepare = fn;
  return *this;
}
KernelBuilder& KernelBuilder::measure(MeasureFn fn) {
  kernel_->measure = fn;
  return *this;
}
KernelBuilder& KernelBuilder::run_sparse(SparseKernelFn fn) {
  kernel_->run_sparse = fn;
  return *this;
}
KernelBuilder& KernelBuilder::refuse(const char* (*fn)(const KernelQuery&)) {
  kernel_->refuse = fn;
  return *this;
}
KernelBuilder& KernelBuilder::choose_layouts(LayoutChoice (*fn)(const KernelQuery&)) {
  kernel_->choose_layouts = fn;
  return *this;
}
KernelBuilder& KernelBuilder::priority(int value) {
  kernel_->priority = value;
  return *this;
}
KernelBuilder& KernelBuilder::can_add() {
  kernel_->adds = true;
  return *this;
}

}  // namespace mx
