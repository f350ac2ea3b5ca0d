#pragma once
#include "base/param.h"

namespace mx {

// What the operators on graphs share: a graph is a square CSR matrix whose element (u, v) is the
// number of the edge from vertex u to vertex v, int64 as everything that is a number of something.

struct SubgraphParam {
  int64_t num_args = 0;
  bool return_mapping = false;
  static void describe(ParamBuilder<SubgraphParam>& fields) {
    using P = SubgraphParam;
    fields.add("num_args", &P::num_args, "Number of inputs, with the graph.")
        .required()
        .at_least(2);
    fields
        .add("return_mapping", &P::return_mapping,
             "Whether to return the old numbers of the edges.")
        .required();
  }
};

struct CompactParam {
  int64_t num_args = 0;
  bool return_mapping = false;
  Shape graph_sizes;
  static void describe(ParamBuilder<CompactParam>& fields) {
    using P = CompactParam;
    fields.add("num_args", &P::num_args, "Number of inputs: graphs, and the vertices of each.")
        .required()
        .at_least(2);
    fields
        .add("return_mapping", &P::return_mapping,
             "Whether to return the old numbers of the edges.")
        .required();
    fields.add("graph_sizes", &P::graph_sizes, "Number of vertices of each graph.").required();
  }
  int64_t graphs() const { return num_args / 2; }
};

struct NeighborSampleParam {
  int64_t num_args = 0, num_hops = 1, num_neighbor = 2, max_num_vertices = 100;
  static void describe(ParamBuilder<NeighborSampleParam>& fields) {
    using P = NeighborSampleParam;
    fields.add("num_args", &P::num_args, "Number of inputs, with the graph and the weights.")
        .required()
        .at_least(2);
    fields.add("num_hops", &P::num_hops, "How far from a seed to go.").at_least(0);
    fields.add("num_neighbor", &P::num_neighbor, "How many neighbors of a vertex are drawn.")
        .at_least(0);
    fields.add("max_num_vertices", &P::max_num_vertices, "How many vertices a sample has at most.")
        .at_least(1);
  }
};

}  // namespace mx
