#include "library/graph_text.h"
#include "library/partition.h"
#include "library/registered.h"

namespace mx::library {
namespace {

/// One way of a partitioner to choose parts, and the operator that stands for such a part.
struct Strategy {
  std::string name, op;
  UserFunction supported_ops = nullptr, create_selector = nullptr, review = nullptr;
};

struct Partitioner {
  std::shared_ptr<const Library> library;
  std::vector<Strategy> strategies;
};

/// What the library says of each node by itself: kNone, kAny, or the number of its part.
std::vector<int> supported_nodes(const Library& library, const Strategy& strategy,
                                 const std::string& graph, size_t count,
                                 const CAttributes& options) {
  std::vector<int> ids(count, Partition::kNone);
  const int success = library.function<CallSupportedOps>("_partCallSupportedOps")(
      strategy.supported_ops, graph.c_str(), static_cast<int>(count), ids.data(), options.keys(),
      options.values(), options.count());
  library.check(success, strategy.name, "the function for supported operators");
  return ids;
}

/// The library's object that grows parts node by node.
class Selector {
 public:
  Selector(const Library& library, const Strategy& strategy, const std::string& graph,
           const CAttributes& options)
      : library_(library) {
    const int success = library.function<CallCreateSelector>("_partCallCreateSelector")(
        strategy.create_selector, graph.c_str(), &selector_, options.keys(), options.values(),
        options.count());
    library.check(success && selector_, strategy.name, "the function that creates a selector");
  }

  bool select(int node) const {
    int selected = 0;
    library_.function<CallSelect>("_partCallSelect")(selector_, node, &selected);
    return selected != 0;
  }
  bool select_input(int node, int input) const {
    return select_edge("_partCallSelectInput", node, input);
  }
  bool select_output(int node, int output) const {
    return select_edge("_partCallSelectOutput", node, output);
  }
  std::vector<int> filter(std::vector<int> candidates) const {
    library_.function<CallReset>("_partCallReset")(selector_);
    int *kept = nullptr, count = 0;
    library_.function<CallFilter>("_partCallFilter")(
        selector_, candidates.data(), static_cast<int>(candidates.size()), &kept, &count);
    std::vector<int> result(kept, kept + count);
    library_.free(kept);
    return result;
  }

 private:
  bool select_edge(const char* function, int node, int other) const {
    int selected = 0;
    library_.function<CallSelectEdge>(function)(selector_, node, other, &selected);
    return selected != 0;
  }

  const Library& library_;
  void* selector_ = nullptr;
};

/// Grows a part from each node that the selector takes and that is in no part yet.
std::vector<int> selected_nodes(const Selector& selector, const Partition& partition) {
  std::vector<int> ids(partition.size(), Partition::kNone);
  int next = 0;
  for (int start = 0; start < static_cast<int>(ids.size()); ++start) {
    if (ids[start] != Partition::kNone || partition.is_variable(start)) continue;
    if (!selector.select(start)) continue;
    std::vector<int> found{start};
    std::vector<bool> seen(ids.size());
    seen[start] = true;
    for (size_t i = 0; i < found.size(); ++i) {
      const auto visit = [&](const std::vector<int>& others, const auto& wants) {
        for (const int other : others)
          if (!seen[other] && ids[other] == Partition::kNone && !partition.is_variable(other) &&
              wants(found[i], other)) {
            seen[other] = true;
            found.push_back(other);
          }
      };
      visit(partition.inputs(found[i]),
            [&](int node, int other) { return selector.select_input(node, other); });
      visit(partition.users(found[i]),
            [&](int node, int other) { return selector.select_output(node, other); });
    }
    for (const int node : selector.filter(found)) ids.at(static_cast<size_t>(node)) = next;
    ++next;
  }
  return ids;
}

/// Asks whether a part is wanted; adds the attributes that the library gives to its node.
bool accepts(const Library& library, const Strategy& strategy, const Symbol& part, int id,
             const OptimizeRequest& request, AttrMap& attrs) {
  if (!strategy.review) return true;
  OptimizeRequest plain = request;
  plain.infer = false;
  const std::string graph = graph_text(part, plain);
  const CAttributes options(request.options);
  const CArrays params(request.parameters), states(request.states);
  int accepted = 1, count = 0;
  char **keys = nullptr, **values = nullptr;
  const int success = library.function<CallReview>("_partCallReviewSubgraph")(
      strategy.review, graph.c_str(), id, &accepted, options.keys(), options.values(),
      options.count(), &keys, &values, &count, params.names.data(), params.count(),
      params.data.data(), params.shapes.data(), params.ndim.data(), params.dtypes.data(),
      params.versions.data(), params.devices.data(), params.device_ids.data(), states.names.data(),
      states.count(), states.data.data(), states.shapes.data(), states.ndim.data(),
      states.dtypes.data(), states.versions.data(), states.devices.data(),
      states.device_ids.data());
  library.check(success, strategy.name, "the function that reviews parts");
  for (int i = 0; i < count; ++i) {
    attrs[keys[i]] = values[i];
    library.free(keys[i]);
    library.free(values[i]);
  }
  if (keys) library.free(keys);
  if (values) library.free(values);
  return accepted != 0;
}

Symbol apply(const Partitioner& partitioner, const Strategy& strategy, const Symbol& symbol,
             const OptimizeRequest& request) {
  const Library& library = *partitioner.library;
  const std::string graph = graph_text(symbol, request);
  const CAttributes options(request.options);
  Partition partition(symbol);
  std::vector<int> ids;
  if (strategy.create_selector)
    ids = selected_nodes(Selector(library, strategy, graph, options), partition);
  else
    ids = supported_nodes(library, strategy, graph, partition.size(), options);
  return partition.replace(ids, strategy.op, [&](const Symbol& part, int id, AttrMap& attrs) {
    return accepts(library, strategy, part, id, request, attrs);
  });
}

Strategy read_strategy(const Library& library, int partitioner, int index) {
  const char *name = nullptr, *op = nullptr;
  Strategy strategy;
  library.function<GetStrategy>("_partRegGet")(partitioner, index, &name, &strategy.supported_ops,
                                               &strategy.create_selector, &strategy.review, &op);
  strategy.name = name;
  strategy.op = op ? op : "";
  require(strategy.supported_ops || strategy.create_selector, "library.load: strategy ", name,
          " of ", library.path(),
          " chooses nothing; expected a function for supported operators or a selector");
  return strategy;
}

}  // namespace

std::vector<std::string> register_partitioners(const std::shared_ptr<const Library>& library) {
  std::vector<std::string> names;
  const int count = library->function<Count>("_partRegSize")();
  for (int i = 0; i < count; ++i) {
    const char* name = nullptr;
    const int strategies = library->function<CountStrategies>("_partRegGetCount")(i, &name);
    Partitioner partitioner{library, {}};
    for (int j = 0; j < strategies; ++j)
      partitioner.strategies.push_back(read_strategy(*library, i, j));
    registered<Partitioner>().add(name, std::move(partitioner));
    names.push_back(name);
  }
  return names;
}

std::optional<Optimized> run_partitioner(const Symbol& symbol, const std::string& name,
                                         const OptimizeRequest& request) {
  const std::optional<Partitioner> partitioner = registered<Partitioner>().find(name);
  if (!partitioner) return std::nullopt;
  Symbol result = symbol;
  for (const Strategy& strategy : partitioner->strategies)
    result = apply(*partitioner, strategy, result, request);
  return Optimized{result, {}, {}};
}

std::optional<Optimized> optimize_for(const Symbol& symbol, const std::string& name,
                                      const OptimizeRequest& request) {
  if (auto optimized = run_pass(symbol, name, request)) return optimized;
  return run_partitioner(symbol, name, request);
}

}  // namespace mx::library
