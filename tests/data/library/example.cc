// A library as its users write them: operators with and without a state, on dense and sparse
// arrays, a partitioner by a list, one by a selector, and a pass. Compiles with lib_api.h of
// MXNet 1.9.1 and with that of Remx.
#include <algorithm>
#include <cmath>
#include <iostream>

#include "lib_api.h"

using namespace mxnet::ext;
using Attrs = std::unordered_map<std::string, std::string>;
using Shapes = std::vector<std::vector<unsigned int>>;

namespace {

double number(const Attrs& attrs, const std::string& key, double fallback) {
  const auto found = attrs.find(key);
  return found == attrs.end() ? fallback : std::stod(found->second);
}

MXReturnValue one_in_one_out(const Attrs& attrs, int* num_in, int* num_out) {
  *num_in = *num_out = 1;
  if (!attrs.count("refuse")) return MX_SUCCESS;
  MX_ERROR_MSG << "refuse=" << attrs.at("refuse") << " was asked for";
  return MX_FAIL;
}
MXReturnValue two_in_one_out(const Attrs&, int* num_in, int* num_out) {
  *num_in = 2;
  *num_out = 1;
  return MX_SUCCESS;
}
MXReturnValue same_type(const Attrs&, std::vector<int>* in, std::vector<int>* out) {
  for (int& type : *in) type = in->at(0);
  out->at(0) = in->at(0);
  return MX_SUCCESS;
}
MXReturnValue same_shape(const Attrs&, Shapes* in, Shapes* out) {
  for (auto& shape : *in) shape = in->at(0);
  out->at(0) = in->at(0);
  return MX_SUCCESS;
}

// scaled_square: factor * x * x, with memory from the caller.

MXReturnValue square_forward(const Attrs& attrs, std::vector<MXTensor>* in,
                             std::vector<MXTensor>* out, const OpResource& resource) {
  const float factor = static_cast<float>(number(attrs, "factor", 1));
  const float* x = in->at(0).data<float>();
  const int64_t size = in->at(0).size();
  float* scratch = static_cast<float*>(resource.alloc_cpu(static_cast<int>(size) * 4));
  for (int64_t i = 0; i < size; ++i) scratch[i] = x[i] * x[i];
  for (int64_t i = 0; i < size; ++i) out->at(0).data<float>()[i] = factor * scratch[i];
  if (attrs.count("fail")) {
    MX_ERROR_MSG << "fail was asked for";
    return MX_FAIL;
  }
  return MX_SUCCESS;
}
MXReturnValue square_backward(const Attrs& attrs, std::vector<MXTensor>* in,
                              std::vector<MXTensor>* out, const OpResource&) {
  const float factor = static_cast<float>(number(attrs, "factor", 1));
  const float *d_out = in->at(0).data<float>(), *x = in->at(1).data<float>();
  for (int64_t i = 0; i < in->at(1).size(); ++i)
    out->at(0).data<float>()[i] = 2 * factor * x[i] * d_out[i];
  return MX_SUCCESS;
}
REGISTER_OP(scaled_square)
    .setForward(square_forward, "cpu")
    .setBackward(square_backward, "cpu")
    .setParseAttrs(one_in_one_out)
    .setInferType(same_type)
    .setInferShape(same_shape);

// counted_sum: x + y + how often it ran before.

class CountedSum : public CustomStatefulOp {
 public:
  explicit CountedSum(float step) : step_(step) {}
  MXReturnValue Forward(std::vector<MXTensor>* in, std::vector<MXTensor>* out,
                        const OpResource&) override {
    for (int64_t i = 0; i < in->at(0).size(); ++i)
      out->at(0).data<float>()[i] =
          in->at(0).data<float>()[i] + in->at(1).data<float>()[i] + step_ * calls_;
    ++calls_;
    return MX_SUCCESS;
  }
  MXReturnValue Backward(std::vector<MXTensor>* in, std::vector<MXTensor>* out,
                         const OpResource&) override {
    for (MXTensor& gradient : *out)
      for (int64_t i = 0; i < gradient.size(); ++i)
        gradient.data<float>()[i] = calls_ * in->at(0).data<float>()[i];
    return MX_SUCCESS;
  }

 private:
  float step_, calls_ = 0;
};
MXReturnValue create_counted_sum(const Attrs& attrs, const MXContext&, const Shapes&,
                                 const std::vector<int>, CustomStatefulOp** op) {
  *op = CustomStatefulOp::create<CountedSum>(static_cast<float>(number(attrs, "step", 1)));
  return MX_SUCCESS;
}
REGISTER_OP(counted_sum)
    .setCreateOpState(create_counted_sum, "cpu")
    .setParseAttrs(two_in_one_out)
    .setInferType(same_type)
    .setInferShape(same_shape);

// doubled_rows: a sparse array with its stored values doubled.

MXReturnValue same_storage(const Attrs&, std::vector<int>* in, std::vector<int>* out) {
  out->at(0) = in->at(0);
  return MX_SUCCESS;
}
MXReturnValue double_forward(const Attrs&, std::vector<MXTensor>* in, std::vector<MXTensor>* out,
                             const OpResource& resource) {
  if (in->at(0).stype == kDefaultStorage) {
    for (int64_t i = 0; i < in->at(0).size(); ++i)
      out->at(0).data<float>()[i] = 2 * in->at(0).data<float>()[i];
    return MX_SUCCESS;
  }
  MXSparse *x = in->at(0).data<MXSparse>(), *y = out->at(0).data<MXSparse>();
  resource.alloc_sparse(y, 0, static_cast<int>(x->indices_len), static_cast<int>(x->indptr_len));
  std::copy(x->indices, x->indices + x->indices_len, y->indices);
  if (x->indptr) std::copy(x->indptr, x->indptr + x->indptr_len, y->indptr);
  for (int64_t i = 0; i < x->data_len; ++i)
    static_cast<float*>(y->data)[i] = 2 * static_cast<float*>(x->data)[i];
  return MX_SUCCESS;
}
REGISTER_OP(doubled_rows)
    .setForward(double_forward, "cpu")
    .setParseAttrs(one_in_one_out)
    .setInferType(same_type)
    .setInferSType(same_storage)
    .setInferShape(same_shape);

// noise: random numbers; tally: adds what it reads to its second input.

MXReturnValue noise_forward(const Attrs&, std::vector<MXTensor>*, std::vector<MXTensor>* out,
                            const OpResource& resource) {
  std::uniform_real_distribution<float> uniform(0, 1);
  for (int64_t i = 0; i < out->at(0).size(); ++i)
    out->at(0).data<float>()[i] = uniform(resource.get_cpu_rand_states()[i % 4]);
  return MX_SUCCESS;
}
REGISTER_OP(noise)
    .setForward(noise_forward, "cpu")
    .setParseAttrs(one_in_one_out)
    .setInferType(same_type)
    .setInferShape(same_shape);

MXReturnValue second_input(const Attrs&, std::vector<int>* inputs) {
  inputs->push_back(1);
  return MX_SUCCESS;
}
MXReturnValue tally_forward(const Attrs&, std::vector<MXTensor>* in, std::vector<MXTensor>* out,
                            const OpResource&) {
  for (int64_t i = 0; i < in->at(0).size(); ++i) {
    float& total = in->at(1).data<float>()[i];
    total += in->at(0).data<float>()[i];
    out->at(0).data<float>()[i] = total;
  }
  return MX_SUCCESS;
}
REGISTER_OP(tally)
    .setForward(tally_forward, "cpu")
    .setParseAttrs(two_in_one_out)
    .setInferType(same_type)
    .setInferShape(same_shape)
    .setMutateInputs(second_input);

// _example_part: runs the graph inside, made of exp, log and elementwise sums.

class Part : public CustomStatefulOp {
 public:
  explicit Part(const std::string& json) : graph_(Graph::fromString(json)) {}
  ~Part() override { delete graph_; }
  MXReturnValue Forward(std::vector<MXTensor>* in, std::vector<MXTensor>* out,
                        const OpResource&) override {
    std::unordered_map<const mxnet::ext::Node*, std::vector<float>> values;
    size_t next = 0;
    for (size_t i = 0; i < graph_->size(); ++i) {  // inputs come first in files
      mxnet::ext::Node* node = graph_->getNode(i);
      if (node->op == "null") {
        const float* data = in->at(next).data<float>();
        values[node].assign(data, data + in->at(next).size());
        ++next;
        continue;
      }
      std::vector<float> result = values[node->inputs.at(0).node];
      for (size_t j = 0; j < result.size(); ++j)
        result[j] = node->op == "exp"   ? std::exp(result[j])
                    : node->op == "log" ? std::log(result[j])
                                        : result[j] + values[node->inputs.at(1).node][j];
      values[node] = result;
    }
    for (size_t i = 0; i < out->size(); ++i) {
      const std::vector<float>& result = values[graph_->outputs[i].node];
      std::copy(result.begin(), result.end(), out->at(i).data<float>());
    }
    return MX_SUCCESS;
  }

 private:
  Graph* graph_;
};
MXReturnValue create_part(const Attrs& attrs, const MXContext&, const Shapes&,
                          const std::vector<int>, CustomStatefulOp** op) {
  *op = CustomStatefulOp::create<Part>(attrs.at(MX_STR_SUBGRAPH_SYM_JSON));
  return MX_SUCCESS;
}
REGISTER_OP(_example_part).setIsSubgraphOp().setCreateOpState(create_part, "cpu");

bool is_wanted(const mxnet::ext::Node* node) {
  return node->op == "exp" || node->op == "log" || node->op == "elemwise_add";
}
MXReturnValue supported(const Graph* graph, std::vector<int>* ids, const Attrs&) {
  for (size_t i = 0; i < graph->size(); ++i)
    if (is_wanted(graph->getNode(i))) ids->at(i) = -1;
  return MX_SUCCESS;
}
MXReturnValue review(const Graph* graph, int id, bool* accept, const Attrs& options, Attrs* attrs) {
  *accept = !options.count("reject");
  (*attrs)["size"] = std::to_string(graph->size());
  (*attrs)["id"] = std::to_string(id);
  return MX_SUCCESS;
}
REGISTER_PARTITIONER(example_list)
    .addStrategy("chains", "_example_part")
    .setSupportedOps("chains", supported)
    .setReviewSubgraph("chains", review);

class Selector : public CustomOpSelector {
 public:
  explicit Selector(const Graph* graph) : graph_(graph) {}
  bool Select(int node) override { return is_wanted(graph_->getNode(node)); }
  bool SelectInput(int, int input) override { return is_wanted(graph_->getNode(input)); }
  bool SelectOutput(int, int) override { return false; }

 private:
  const Graph* graph_;
};
MXReturnValue create_selector(const Graph* graph, CustomOpSelector** selector, const Attrs&) {
  *selector = new Selector(graph);
  return MX_SUCCESS;
}
REGISTER_PARTITIONER(example_selector)
    .addStrategy("chains", "_example_part")
    .setCreateSelector("chains", create_selector);

// example_pass: exp becomes log, and with the option "bias" its input gets a new parameter added.

MXReturnValue pass(Graph* graph, const Attrs& options) {
  if (options.count("fail")) {
    MX_ERROR_MSG << "the pass was told to fail";
    return MX_FAIL;
  }
  const size_t size = graph->size();
  for (size_t i = 0; i < size; ++i) {
    mxnet::ext::Node* node = graph->getNode(i);
    if (node->op != "exp") continue;
    node->op = "log";
    if (!options.count("bias")) continue;
    mxnet::ext::Node* bias = graph->addNode(node->name + "_bias", "null");
    bias->alloc_arg({2}, MXContext::CPU(0), kFloat32);
    std::fill_n(bias->tensor->data<float>(), 2, static_cast<float>(std::stod(options.at("bias"))));
    mxnet::ext::Node* sum = graph->addNode(node->name + "_sum", "elemwise_add");
    sum->inputs = {node->inputs.at(0), {bias, 0}};
    node->inputs = {{sum, 0}};
  }
  return MX_SUCCESS;
}
REGISTER_PASS(example_pass).setBody(pass);

}  // namespace

MXReturnValue initialize(int version) {
  if (version >= 10700) return MX_SUCCESS;
  MX_ERROR_MSG << "version " << version << " is too old";
  return MX_FAIL;
}
