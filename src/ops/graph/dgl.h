#pragma once
#include "base/param.h"

namespace mx {

/// What the operators on graphs share: a graph is a square CSR matrix whose element (u, v) is the
/// number of the edge from vertex u to vertex v.
struct SubgraphParam {
  int num_args = 0;
  bool return_mapping = false;
  static void describe(ParamBuilder<SubgraphParam>& fields) {
    fields.required("num_args", &SubgraphParam::num_args, "Number of inputs, with the graph.")
        .range(2)
        .required("return_mapping", &SubgraphParam::return_mapping,
                  "Whether to return the numbers that the edges have in the graph, too.");
  }
};

struct CompactParam {
  int num_args = 0;
  bool return_mapping = false;
  Shape graph_sizes;
  static void describe(ParamBuilder<CompactParam>& fields) {
    fields
        .required("num_args", &CompactParam::num_args,
                  "Number of inputs: graphs, and then the vertices of each.")
        .range(2)
        .required("return_mapping", &CompactParam::return_mapping,
                  "Whether to return the numbers that the edges had, too.")
        .required("graph_sizes", &CompactParam::graph_sizes, "Number of vertices of each graph.");
  }
};

struct NeighborSampleParam {
  int num_args = 0;
  int64_t num_hops = 1, num_neighbor = 2, max_num_vertices = 100;
  static void describe(ParamBuilder<NeighborSampleParam>& fields) {
    fields
        .required("num_args", &NeighborSampleParam::num_args,
                  "Number of inputs, with the graph (and the weights).")
        .range(2)
        .add("num_hops", &NeighborSampleParam::num_hops, "How far from a seed to go.")
        .range(0)
        .add("num_neighbor", &NeighborSampleParam::num_neighbor,
             "How many neighbors of a vertex are drawn, each once; all if there are no more.")
        .range(0)
        .add("max_num_vertices", &NeighborSampleParam::max_num_vertices,
             "How many vertices a sample has at most.")
        .range(1);
  }
};

}  // namespace mx
