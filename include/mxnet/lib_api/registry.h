#pragma once
// What a library registers: operators, partitioners, passes.
#include "graph.h"

namespace mxnet {
namespace ext {

using Options = Attributes;
using Tensors = std::vector<MXTensor>;
using UnsignedShapes = std::vector<std::vector<unsigned int>>;

/// An operator with a state: an object for each node.
class CustomStatefulOp {
 public:
  virtual ~CustomStatefulOp() = default;
  template <class Op, typename... Args>
  static CustomStatefulOp* create(Args... args) {
    CustomStatefulOp* op = new Op(args...);
    op->created_ = true;
    return op;
  }
  bool wasCreated() const { return created_; }
  virtual MXReturnValue Forward(Tensors* inputs, Tensors* outputs, const OpResource& res) = 0;
  virtual MXReturnValue Backward(Tensors*, Tensors*, const OpResource&) {
    MX_ERROR_MSG << "the operator has no backward function";
    return MX_FAIL;
  }

  bool ignore_warn = false;

 private:
  bool created_ = false;
};

/// Grows a part of a graph from a node.
class CustomOpSelector {
 public:
  virtual ~CustomOpSelector() = default;
  virtual bool Select(int node) = 0;
  virtual bool SelectInput(int node, int input) = 0;
  virtual bool SelectOutput(int node, int output) = 0;
  virtual void Filter(const std::vector<int>& candidates, std::vector<int>* keep) {
    keep->insert(keep->end(), candidates.begin(), candidates.end());
  }
  virtual void Reset() {}
};

typedef MXReturnValue (*fcomp_t)(const Attributes&, Tensors* in, Tensors* out, const OpResource&);
typedef MXReturnValue (*parseAttrs_t)(const Attributes&, int* num_in, int* num_out);
typedef MXReturnValue (*inferType_t)(const Attributes&, std::vector<int>* in,
                                     std::vector<int>* out);
typedef inferType_t inferSType_t;
typedef MXReturnValue (*inferShape_t)(const Attributes&, UnsignedShapes* in, UnsignedShapes* out);
typedef MXReturnValue (*mutateInputs_t)(const Attributes&, std::vector<int>* inputs);
typedef MXReturnValue (*createOpState_t)(const Attributes&, const MXContext&,
                                         const UnsignedShapes& in_shapes,
                                         const std::vector<int> in_types, CustomStatefulOp**);
typedef MXReturnValue (*graphPass_t)(Graph*, const Options&);
typedef MXReturnValue (*supportedOps_t)(const Graph*, std::vector<int>* ids, const Options&);
typedef MXReturnValue (*createSelector_t)(const Graph*, CustomOpSelector**, const Options&);
typedef MXReturnValue (*reviewSubgraph_t)(const Graph*, int id, bool* accept, const Options&,
                                          Attributes* attrs);

/// Functions by device name, in the order in which they were set.
template <typename Function>
struct ByDevice {
  std::vector<const char*> devices;
  std::vector<Function> functions;
  void set(Function function, const char* device) {
    for (const char* each : devices)
      if (std::string(each) == device)
        throw std::runtime_error(std::string("a function for ") + device + " was set before");
    devices.push_back(device);
    functions.push_back(function);
  }
};

class CustomOp {
 public:
  explicit CustomOp(const char* op_name) : name(op_name) {}

  CustomOp& setForward(fcomp_t function, const char* device) {
    forward.set(function, device);
    return *this;
  }
  CustomOp& setBackward(fcomp_t function, const char* device) {
    backward.set(function, device);
    return *this;
  }
  CustomOp& setCreateOpState(createOpState_t function, const char* device) {
    create.set(function, device);
    return *this;
  }
  CustomOp& setParseAttrs(parseAttrs_t function) {
    parse_attrs = function;
    return *this;
  }
  CustomOp& setInferType(inferType_t function) {
    infer_type = function;
    return *this;
  }
  CustomOp& setInferSType(inferSType_t function) {
    infer_storage_type = function;
    return *this;
  }
  CustomOp& setInferShape(inferShape_t function) {
    infer_shape = function;
    return *this;
  }
  CustomOp& setMutateInputs(mutateInputs_t function) {
    mutate_inputs = function;
    return *this;
  }
  CustomOp& setIsSubgraphOp() {
    isSGop = true;
    return *this;
  }

  const char* name;
  parseAttrs_t parse_attrs = nullptr;
  inferType_t infer_type = nullptr;
  inferSType_t infer_storage_type = nullptr;
  inferShape_t infer_shape = nullptr;
  mutateInputs_t mutate_inputs = nullptr;
  bool isSGop = false;
  ByDevice<fcomp_t> forward, backward;
  ByDevice<createOpState_t> create;
};

class CustomPass {
 public:
  explicit CustomPass(const char* pass_name) : name(pass_name) {}
  CustomPass& setBody(graphPass_t function) {
    pass = function;
    return *this;
  }

  const char* name;
  graphPass_t pass = nullptr;
};

class CustomPartitioner {
 public:
  explicit CustomPartitioner(const char* backend_name) : name(backend_name) {}
  CustomPartitioner& addStrategy(const char* strategy, const char* op) {
    strategies.push_back(strategy);
    op_names.push_back(op);
    return *this;
  }
  CustomPartitioner& setSupportedOps(const char* strategy, supportedOps_t function) {
    supported_map[strategy] = function;
    return *this;
  }
  CustomPartitioner& setCreateSelector(const char* strategy, createSelector_t function) {
    selector_map[strategy] = function;
    return *this;
  }
  CustomPartitioner& setReviewSubgraph(const char* strategy, reviewSubgraph_t function) {
    review_map[strategy] = function;
    return *this;
  }
  supportedOps_t getSupportedOps(int index) { return find(supported_map, index); }
  createSelector_t getCreateSelector(int index) { return find(selector_map, index); }
  reviewSubgraph_t getReviewSubgraph(int index) { return find(review_map, index); }

  const char* name;
  std::map<std::string, supportedOps_t> supported_map;
  std::map<std::string, createSelector_t> selector_map;
  std::map<std::string, reviewSubgraph_t> review_map;
  std::vector<const char*> strategies, op_names;

 private:
  template <typename Function>
  Function find(const std::map<std::string, Function>& functions, int index) const {
    const auto found = functions.find(strategies.at(static_cast<size_t>(index)));
    return found == functions.end() ? nullptr : found->second;
  }
};

/// All that a library registers of one kind. Hidden, so that each library has its own.
template <class T>
class Registry {
 public:
  __attribute__((visibility("hidden"))) static Registry* get() {
    static Registry instance;
    return &instance;
  }
  T& add(const char* name) {
    entries_.push_back(std::make_unique<T>(name));
    return *entries_.back();
  }
  int size() { return static_cast<int>(entries_.size()); }
  T& get(int index) { return *entries_.at(static_cast<size_t>(index)); }

 private:
  std::vector<std::unique_ptr<T>> entries_;
};

}  // namespace ext
}  // namespace mxnet

#define MX_LIBRARY_JOIN_(a, b) a##b
#define MX_LIBRARY_JOIN(a, b) MX_LIBRARY_JOIN_(a, b)
#define MX_LIBRARY_REGISTER(Type, Name)                                                          \
  [[maybe_unused]] static mxnet::ext::Type& MX_LIBRARY_JOIN(mx_library_##Type##_, __COUNTER__) = \
      mxnet::ext::Registry<mxnet::ext::Type>::get()->add(#Name)
#define REGISTER_OP(Name) MX_LIBRARY_REGISTER(CustomOp, Name)
#define REGISTER_PARTITIONER(Name) MX_LIBRARY_REGISTER(CustomPartitioner, Name)
#define REGISTER_PASS(Name) MX_LIBRARY_REGISTER(CustomPass, Name)
