// Graphs as CSR matrices of edge numbers: parts of them, and samples of neighborhoods. The
// names are those of the Deep Graph Library, for which MXNet 1.9.1 has them.
#include "ops/graph/dgl.h"

#include "ir/op.h"

namespace mx {
namespace {

void need_matrix(ShapeContext& c, size_t i) {
  if (c.in(i).has_rank() && c.in(i).ndim() != 2)
    c.fail_in(i, "has ", c.in(i).ndim(), " axes; expected a matrix");
}

void need_vector(ShapeContext& c, size_t i) {
  if (c.in(i).has_rank() && c.in(i).ndim() != 1)
    c.fail_in(i, "has ", c.in(i).ndim(), " axes; expected a list of vertices");
}

void infer_adjacency(ShapeContext& c) {
  need_matrix(c, 0);
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

void infer_subgraph(ShapeContext& c) {
  need_matrix(c, 0);
  const size_t count = c.num_in() - 1;
  for (size_t i = 0; i < count; ++i) {
    need_vector(c, i + 1);
    if (!c.in(i + 1).has_rank()) continue;
    const Shape square{c.in(i + 1)[0], c.in(i + 1)[0]};
    c.set_out(i, square);
    if (c.params<SubgraphParam>().return_mapping) c.set_out(i + count, square);
  }
}

void infer_compact(ShapeContext& c) {
  const auto& p = c.params<CompactParam>();
  const auto graphs = static_cast<size_t>(p.graphs());
  require(p.num_args % 2 == 0 && p.graph_sizes.ndim() == p.graphs(), c.op_name(),
          ": num_args=", p.num_args, " and graph_sizes=", p.graph_sizes,
          " do not fit; expected graphs, as many lists of vertices, and a size for each graph");
  for (size_t i = 0; i < graphs; ++i) {
    need_matrix(c, i);
    need_vector(c, i + graphs);
    const int64_t size = p.graph_sizes[static_cast<int>(i)];
    c.set_out(i, {size, size});
    if (p.return_mapping) c.set_out(i + graphs, {size, size});
  }
}

/// Outputs come in kinds, each with one for each list of seeds.
template <size_t kWeights>
void infer_sample(ShapeContext& c) {
  need_matrix(c, 0);
  const int64_t most = c.params<NeighborSampleParam>().max_num_vertices;
  const size_t seeds = c.num_in() - 1 - kWeights;
  if (kWeights && c.in(0).ndim() == 2) c.set_in(1, {c.in(0)[0]});
  for (size_t i = 0; i < seeds; ++i) {
    need_vector(c, 1 + kWeights + i);
    c.set_out(i, {most + 1});
    c.set_out(seeds + i, {most, c.in(0).ndim() == 2 ? c.in(0)[1] : Shape::kUnknownDim});
    if (kWeights) c.set_out(2 * seeds + i, {most});
    c.set_out((2 + kWeights) * seeds + i, {most});
  }
}

void all_int64(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(i, DType::kInt64);
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, DType::kInt64);
}

void int64_and_weights(DTypeContext& c) {
  const size_t seeds = c.num_in() - 2;
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(i, i == 1 ? DType::kFloat32 : DType::kInt64);
  for (size_t i = 0; i < c.num_out(); ++i)
    c.set_out(i, i / seeds == 2 ? DType::kFloat32 : DType::kInt64);
}

void all_csr(StorageContext& c, size_t outputs) {
  for (size_t i = 0; i < outputs; ++i) c.set_out(i, StorageKind::kCsr);
}

template <size_t kWeights>
void second_kind_is_csr(StorageContext& c) {
  const size_t seeds = c.num_in() - 1 - kWeights;
  for (size_t i = 0; i < seeds; ++i) c.set_out(seeds + i, StorageKind::kCsr);
}

constexpr const char* kNumbers = "it is about numbers of edges and vertices";

const OpBuilder adjacency = OpBuilder("_contrib_dgl_adjacency")
                                .doc("The graph with 1 for each edge.")
                                .input("data", "Graph (CSR).")
                                .infer_shape(infer_adjacency)
                                .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kFloat32); })
                                .infer_storage([](StorageContext& c) { all_csr(c, 1); })
                                .zero_gradient(kNumbers);

const OpBuilder subgraph =
    OpBuilder("_contrib_dgl_subgraph")
        .doc(
            "The graphs of some vertices each (sorted numbers), and the edges between them, which "
            "get new numbers. With return_mapping the old numbers of the edges, too.")
        .params<SubgraphParam>()
        .variadic("num_args")
        .num_outputs([](const Params& params) {
          const auto& p = params.as<SubgraphParam>();
          return static_cast<uint32_t>((p.num_args - 1) * (p.return_mapping ? 2 : 1));
        })
        .infer_shape(infer_subgraph)
        .infer_dtype(all_int64)
        .infer_storage([](StorageContext& c) {
          all_csr(c, (c.num_in() - 1) * (c.params<SubgraphParam>().return_mapping ? 2 : 1));
        })
        .zero_gradient(kNumbers);

const OpBuilder compact =
    OpBuilder("_contrib_dgl_graph_compact")
        .doc(
            "Samples with the numbers of their vertices in the sample in place of those in the "
            "graph, and new numbers of the edges. With return_mapping the old ones, too.")
        .params<CompactParam>()
        .variadic("num_args")
        .num_outputs([](const Params& params) {
          const auto& p = params.as<CompactParam>();
          return static_cast<uint32_t>(p.graphs() * (p.return_mapping ? 2 : 1));
        })
        .infer_shape(infer_compact)
        .infer_dtype(all_int64)
        .infer_storage([](StorageContext& c) {
          const auto& p = c.params<CompactParam>();
          all_csr(c, static_cast<size_t>(p.graphs() * (p.return_mapping ? 2 : 1)));
        })
        .zero_gradient(kNumbers);

const OpBuilder uniform_sample =
    OpBuilder("_contrib_dgl_csr_neighbor_uniform_sample")
        .doc(
            "Vertices around each list of seeds: at most num_neighbor of the neighbors of a "
            "vertex, drawn without repetition, up to num_hops away. Outputs, one for each list: "
            "the sorted vertices, with their number at the end; the drawn edges (a row for each "
            "vertex of the sample); how far each vertex is away. What is not used is 0.")
        .params<NeighborSampleParam>()
        .variadic("num_args")
        .random()
        .num_outputs([](const Params& params) {
          return static_cast<uint32_t>(3 * (params.as<NeighborSampleParam>().num_args - 1));
        })
        .infer_shape(infer_sample<0>)
        .infer_dtype(all_int64)
        .infer_storage(second_kind_is_csr<0>)
        .zero_gradient(kNumbers);

const OpBuilder non_uniform_sample =
    OpBuilder("_contrib_dgl_csr_neighbor_non_uniform_sample")
        .doc(
            "The same with a weight for each vertex, in proportion to which it is drawn. The "
            "weights of the sample's vertices come before the distances.")
        .params<NeighborSampleParam>()
        .variadic("num_args")
        .random()
        .num_outputs([](const Params& params) {
          const int64_t inputs = params.as<NeighborSampleParam>().num_args;
          require(inputs >= 3, "_contrib_dgl_csr_neighbor_non_uniform_sample: num_args=", inputs,
                  " is too small; expected a graph, weights and seeds");
          return static_cast<uint32_t>(4 * (inputs - 2));
        })
        .infer_shape(infer_sample<1>)
        .infer_dtype(int64_and_weights)
        .infer_storage(second_kind_is_csr<1>)
        .zero_gradient(kNumbers);

}  // namespace
}  // namespace mx
