#include "runtime/cached_op.h"

#include <algorithm>

#include "autograd/autograd.h"
#include "dispatch/eager_plan.h"
#include "runtime/graph_pieces.h"
#include "runtime/watch.h"

namespace mx {

CachedOp::CachedOp(Symbol symbol, const AttrMap& flags)
    : symbol_(std::make_shared<const CachedSymbol>(std::move(symbol), flags)),
      cache_(std::make_shared<InferenceCache>()),
      arenas_(std::make_shared<ArenaPool>()),
      capacity_(std::max<size_t>(cache_->capacity(), 1)) {
  if (symbol_->runs_user_code && !symbol_->runs_node_by_node)
    pieces_ = std::make_unique<const GraphPieces>(symbol_->symbol);
}

CachedOp::~CachedOp() = default;

namespace {

/// Compiled graphs know dense arrays alone: of a large table they would compute a dense gradient.
bool is_or_wants_sparse(const NDArray& array) {
  if (!array.is_dense()) return true;
  if (!autograd::is_recording()) return false;
  const Variable* variable = autograd::variable_of(array);
  return variable && variable->grad && !variable->grad.is_dense();
}

}  // namespace

std::vector<NDArray> CachedOp::operator()(std::span<const NDArray> in, Device device) {
  if (!in.empty() && in[0]) device = in[0].device();
  check(in, device);
  const bool any_sparse = std::any_of(in.begin(), in.end(), is_or_wants_sparse);
  const std::shared_ptr<const NodeVisit> hook = this->hook();
  if (hook) return symbol_->run_eagerly(in, device, *hook);
  if (symbol_->runs_node_by_node || any_sparse) return symbol_->run_eagerly(in, device);
  if (pieces_) return run_pieces(in, device);
  const bool is_train = autograd::is_training() && symbol_->depends_on_mode;
  const bool record = autograd::is_recording() &&
                      std::any_of(in.begin(), in.end(),
                                  [](const NDArray& array) { return autograd::is_known(array); });
  Call call{in, device, is_train};
  if (record || is_train) return train(call, record);
  const std::shared_ptr<const Entry> found = entry(call);
  const ArenaLease arena = arenas_->lend();
  return found->inference->run(symbol_->for_graph(in), arena.get());
}

void CachedOp::set_hook(Hook hook, bool all) {
  std::shared_ptr<const NodeVisit> visit;
  if (hook)
    visit = std::make_shared<const NodeVisit>(
        [hook = std::move(hook), all](const NodePtr& node, auto in, auto out) {
          const autograd::ScopedMode mode(false, autograd::is_training());
          for (uint32_t i = 0; all && i < in.size(); ++i)
            hook(input_name(*node, i), node->op->name, autograd::detach(in[i]));
          for (uint32_t i = 0; i < node->op->num_visible_outputs(node->params); ++i)
            hook(output_name({node, i}), node->op->name, autograd::detach(out[i]));
        });
  std::lock_guard lock(hook_mutex_);
  hook_.swap(visit);  // the old one goes without the lock: it may need the interpreter's
}

std::shared_ptr<const NodeVisit> CachedOp::hook() {
  std::lock_guard lock(hook_mutex_);
  return hook_;
}

void CachedOp::check(std::span<const NDArray> in, Device device) const {
  const std::vector<Node*>& inputs = symbol_->inputs.all;
  require(in.size() == inputs.size(), "CachedOp: ", in.size(), " arrays were given; expected ",
          inputs.size(), ", one for each input");
  for (size_t i = 0; i < in.size(); ++i) {
    require(static_cast<bool>(in[i]), "CachedOp: ", inputs[i]->name,
            " holds nothing; expected an array with elements");
    require(in[i].device() == device, "CachedOp: ", inputs[i]->name, " is on ", in[i].device(),
            "; expected ", device, ", as the other inputs");
  }
}

std::vector<NDArray> CachedOp::run_pieces(std::span<const NDArray> in, Device device) const {
  ValueMap<NDArray> values;
  const std::vector<Node*>& inputs = symbol_->inputs.all;
  for (size_t i = 0; i < in.size(); ++i) values[{inputs[i]->shared_from_this(), 0}] = in[i];
  pieces_->run(values, device);
  std::vector<NDArray> out;
  for (const Value& value : symbol_->symbol.outputs()) out.push_back(values.at(value));
  return out;
}

std::vector<NDArray> CachedOp::train(const Call& given, bool record) {
  Call call = given;
  call.trains = true;
  call.wanted.assign(call.in.size(), false);
  for (size_t i = 0; record && i < call.in.size(); ++i)
    call.wanted[i] = autograd::is_known(call.in[i]);
  const std::shared_ptr<const Entry> found = entry(call);
  const auto run =
      std::make_shared<CachedRun>(found->training, symbol_->for_graph(call.in), arenas_);
  std::vector<NDArray> out = run->outputs();
  if (record) autograd::record_computation(run, call.in, out);
  return out;
}

CachedOp::Entry::Entry(const std::shared_ptr<const CachedSymbol>& symbol, const Call& call,
                       const std::shared_ptr<InferenceCache>& cache)
    : in(types_of(call.in)),
      device(call.device),
      is_train(call.is_train),
      trains(call.trains),
      wanted(call.wanted) {
  const GraphTypes types = symbol->infer(call.in);
  if (trains)
    training = std::make_shared<const CachedTraining>(symbol, types, device, is_train, wanted);
  else
    inference = std::make_unique<CachedInference>(*symbol, types, device, cache);
}

bool CachedOp::Entry::fits(const Call& call) const {
  return is_train == call.is_train && trains == call.trains && device == call.device &&
         wanted == call.wanted && same_types(in, call.in);
}

std::shared_ptr<const CachedOp::Entry> CachedOp::entry(const Call& call) {
  std::shared_ptr<const Entry> left;  // released without the lock
  std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return entry->fits(call); });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front();
  }
  auto made = std::make_shared<const Entry>(symbol_, call, cache_);
  if (entries_.size() >= capacity_) {
    left = std::move(entries_.back());
    entries_.pop_back();
  }
  entries_.push_front(made);
  return made;
}

}  // namespace mx
