// Parts of graphs, and samples of neighborhoods. Vertices and edges are int64.
#include "ops/graph/dgl.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "backend/cpu/random/samplers.h"
#include "dispatch/random_state.h"
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// `first` graphs, and dense arrays behind them.
const char* refuse(const KernelQuery& query, size_t first) {
  for (size_t i = 0; i < query.in.size(); ++i)
    if (query.in[i].storage != (i < first ? StorageKind::kCsr : StorageKind::kDefault))
      return i < first ? "takes CSR graphs" : "takes dense vertices and weights";
  return nullptr;
}
const char* refuse_graph(const KernelQuery& query) { return refuse(query, 1); }
const char* refuse_graphs(const KernelQuery& query) {
  return refuse(query, static_cast<size_t>(query.params.as<CompactParam>().graphs()));
}

std::span<const int64_t> numbers_in(const SparseTensor& array) {
  return {array.values().as<int64_t>(), static_cast<size_t>(array.shape().size())};
}

void check_vertices(const char* op, std::span<const int64_t> vertices, int64_t count) {
  for (const int64_t vertex : vertices)
    if (vertex < 0 || vertex >= count)
      fail(ErrorKind::kIndex, op, ": vertex ", vertex, " is out of range; expected 0 to ",
           count - 1);
}

/// Edges of a graph that is being put together, row by row.
struct Edges {
  std::vector<int64_t> ends{0}, columns, numbers;

  void add(int64_t column, int64_t number) {
    columns.push_back(column);
    numbers.push_back(number);
  }
  void end_row() { ends.push_back(static_cast<int64_t>(columns.size())); }

  /// Rows that are missing have no edges.
  void write(SparseTensor& out, const std::vector<int64_t>& values) const {
    out.allocate(static_cast<int64_t>(columns.size()));
    int64_t* rest = std::copy(ends.begin(), ends.end(), out.indptr());
    std::fill(rest, out.indptr() + out.shape()[0] + 1, ends.back());
    std::copy(columns.begin(), columns.end(), out.indices());
    std::copy(values.begin(), values.end(), out.values().as<int64_t>());
  }
  /// With new numbers, and with the old ones where somebody wants them.
  void write_renumbered(SparseTensor& out, SparseTensor* mapping) const {
    std::vector<int64_t> renumbered(columns.size());
    std::iota(renumbered.begin(), renumbered.end(), int64_t{0});
    write(out, renumbered);
    if (mapping) write(*mapping, numbers);
  }
};

using Places = std::unordered_map<int64_t, int64_t>;

Places places_of(std::span<const int64_t> vertices) {
  Places places;
  for (size_t i = 0; i < vertices.size(); ++i) places.emplace(vertices[i], static_cast<int64_t>(i));
  return places;
}

void adjacency(const Params&, KernelContext&, std::span<SparseTensor> in,
               std::span<SparseTensor> out) {
  in[0].check_indices("_contrib_dgl_adjacency");
  out[0].allocate(in[0].count());
  std::copy_n(in[0].indptr(), in[0].shape()[0] + 1, out[0].indptr());
  std::copy_n(in[0].indices(), in[0].count(), out[0].indices());
  std::fill_n(out[0].values().as<float>(), in[0].count(), 1.0f);
}

/// The edges between vertices of the list, which keep the order that they have in the graph.
Edges edges_between(const SparseTensor& graph, std::span<const int64_t> vertices) {
  const Places places = places_of(vertices);
  const auto* numbers = graph.values().as<int64_t>();
  Edges edges;
  for (const int64_t vertex : vertices) {
    for (int64_t k = graph.indptr()[vertex]; k < graph.indptr()[vertex + 1]; ++k)
      if (const auto found = places.find(graph.indices()[k]); found != places.end())
        edges.add(found->second, numbers[k]);
    edges.end_row();
  }
  return edges;
}

void subgraph(const Params& params, KernelContext&, std::span<SparseTensor> in,
              std::span<SparseTensor> out) {
  constexpr const char* kName = "_contrib_dgl_subgraph";
  in[0].check_indices(kName);
  const size_t count = in.size() - 1;
  for (size_t i = 0; i < count; ++i) {
    const std::span<const int64_t> vertices = numbers_in(in[i + 1]);
    check_vertices(kName, vertices, std::min(in[0].shape()[0], in[0].shape()[1]));
    require(std::adjacent_find(vertices.begin(), vertices.end(), std::greater_equal<>()) ==
                vertices.end(),
            kName, ": arg", i + 1, " is not sorted; expected ascending vertices, each once");
    const bool mapped = params.as<SubgraphParam>().return_mapping;
    edges_between(in[0], vertices).write_renumbered(out[i], mapped ? &out[i + count] : nullptr);
  }
}

void compact(const Params& params, KernelContext&, std::span<SparseTensor> in,
             std::span<SparseTensor> out) {
  constexpr const char* kName = "_contrib_dgl_graph_compact";
  const auto& p = params.as<CompactParam>();
  const auto graphs = static_cast<size_t>(p.graphs());
  for (size_t i = 0; i < graphs; ++i) {
    const SparseTensor& graph = in[i];
    graph.check_indices(kName);
    const int64_t size = p.graph_sizes[static_cast<int>(i)];
    const std::span<const int64_t> vertices = numbers_in(in[i + graphs]);
    require(size >= 0 && size <= graph.shape()[0] && size <= in[i + graphs].shape()[0], kName,
            ": graph_sizes[", i, "]=", size,
            " is more than the sample has room for; expected the "
            "number of its vertices");
    const Places places = places_of(vertices.first(static_cast<size_t>(size)));
    Edges edges;
    for (int64_t row = 0; row < size; ++row) {
      for (int64_t k = graph.indptr()[row]; k < graph.indptr()[row + 1]; ++k) {
        const auto found = places.find(graph.indices()[k]);
        require(found != places.end(), kName, ": an edge leads to vertex ", graph.indices()[k],
                ", which is not among the vertices of graph ", i);
        edges.add(found->second, graph.values().as<int64_t>()[k]);
      }
      edges.end_row();
    }
    edges.write_renumbered(out[i], p.return_mapping ? &out[i + graphs] : nullptr);
  }
}

/// Which of `count` neighbors are drawn, ascending; all if there are no more than wanted.
class Drawer {
 public:
  Drawer(RandomStream& stream, const float* weights) : stream_(stream), weights_(weights) {}

  std::vector<int64_t> draw(const int64_t* neighbors, int64_t count, int64_t wanted) {
    std::vector<int64_t> order(static_cast<size_t>(count));
    std::iota(order.begin(), order.end(), int64_t{0});
    if (count <= wanted) return order;
    weights_ ? by_weight(order, neighbors, wanted) : evenly(order, wanted);
    order.resize(static_cast<size_t>(wanted));
    std::sort(order.begin(), order.end());
    return order;
  }

 private:
  void evenly(std::vector<int64_t>& order, int64_t wanted) {
    const auto count = static_cast<int64_t>(order.size());
    for (int64_t i = 0; i < wanted; ++i)
      std::swap(order[static_cast<size_t>(i)],
                order[static_cast<size_t>(i + sampler::below(stream_, count - i))]);
  }

  /// Efraimidis and Spirakis (2006): the largest u^(1 / weight), by their logarithms.
  void by_weight(std::vector<int64_t>& order, const int64_t* neighbors, int64_t wanted) {
    std::vector<double> keys(order.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      const double u = 1 - stream_.uniform<double>();
      const float weight = weights_[neighbors[i]];
      keys[i] = weight > 0 ? std::log(u) / static_cast<double>(weight)
                           : -std::numeric_limits<double>::infinity();
    }
    std::partial_sort(order.begin(), order.begin() + wanted, order.end(),
                      [&](int64_t a, int64_t b) {
                        return keys[static_cast<size_t>(a)] > keys[static_cast<size_t>(b)];
                      });
  }

  RandomStream& stream_;
  const float* weights_;
};

/// A sample around some seeds.
struct Sample {
  std::vector<std::pair<int64_t, int64_t>> distances;       ///< vertex and distance, by vertex
  std::unordered_map<int64_t, std::vector<int64_t>> drawn;  ///< places in the graph by vertex
};

/// Goes outwards, vertex by vertex, until the sample is full.
Sample sample_around(const SparseTensor& graph, std::span<const int64_t> seeds,
                     const NeighborSampleParam& p, Drawer& drawer) {
  Sample sample;
  std::unordered_map<int64_t, int64_t> seen;
  std::vector<int64_t> queue;
  const auto visit = [&](int64_t vertex, int64_t distance) {
    if (seen.emplace(vertex, distance).second) queue.push_back(vertex);
  };
  const auto most = static_cast<size_t>(p.max_num_vertices);
  for (const int64_t seed : seeds)
    if (seen.size() < most) visit(seed, 0);
  for (size_t next = 0; next < queue.size() && seen.size() < most; ++next) {
    const int64_t vertex = queue[next], distance = seen[vertex];
    if (distance >= p.num_hops) continue;
    const int64_t begin = graph.indptr()[vertex];
    const int64_t count = graph.indptr()[vertex + 1] - begin;
    std::vector<int64_t>& drawn = sample.drawn[vertex];
    for (const int64_t k : drawer.draw(graph.indices() + begin, count, p.num_neighbor)) {
      const int64_t neighbor = graph.indices()[begin + k];
      if (!seen.count(neighbor) && seen.size() >= most) break;
      visit(neighbor, distance + 1);
      drawn.push_back(begin + k);
    }
  }
  sample.distances.assign(seen.begin(), seen.end());
  std::sort(sample.distances.begin(), sample.distances.end());
  return sample;
}

/// Where the outputs of one list of seeds go; `weights` may be nobody's.
struct SampleOutputs {
  SparseTensor &vertices, &edges, *weights, &distances;
};

void write_sample(const SparseTensor& graph, const Sample& sample, const float* weights,
                  SampleOutputs out) {
  const int64_t most = out.edges.shape()[0];
  auto *vertices = out.vertices.values().as<int64_t>(),
       *distances = out.distances.values().as<int64_t>();
  std::fill_n(vertices, most + 1, int64_t{0});
  std::fill_n(distances, most, int64_t{0});
  vertices[most] = static_cast<int64_t>(sample.distances.size());
  float* found_weights = out.weights ? out.weights->values().as<float>() : nullptr;
  if (found_weights) std::fill_n(found_weights, most, 0.0f);
  Edges edges;
  for (const auto& [vertex, distance] : sample.distances) {
    *vertices++ = vertex;
    *distances++ = distance;
    if (found_weights) *found_weights++ = weights[vertex];
    if (const auto drawn = sample.drawn.find(vertex); drawn != sample.drawn.end())
      for (const int64_t k : drawn->second)
        edges.add(graph.indices()[k], graph.values().as<int64_t>()[k]);
    edges.end_row();
  }
  edges.write(out.edges, edges.numbers);
}

template <size_t kWeights>
void neighbor_sample(const Params& params, KernelContext& context, std::span<SparseTensor> in,
                     std::span<SparseTensor> out) {
  constexpr const char* kName = kWeights ? "_contrib_dgl_csr_neighbor_non_uniform_sample"
                                         : "_contrib_dgl_csr_neighbor_uniform_sample";
  const auto& p = params.as<NeighborSampleParam>();
  const SparseTensor& graph = in[0];
  graph.check_indices(kName);
  const int64_t count = std::min(graph.shape()[0], graph.shape()[1]);
  require(graph.shape()[0] == graph.shape()[1], kName, ": csr_matrix=", graph.shape(),
          " is no graph; expected as many rows as columns");
  const float* weights = kWeights ? in[1].values().as<float>() : nullptr;
  const size_t lists = in.size() - 1 - kWeights;
  context.random->with_single_stream([&](RandomStream& stream) {
    Drawer drawer(stream, weights);
    for (size_t i = 0; i < lists; ++i) {
      const std::span<const int64_t> seeds = numbers_in(in[1 + kWeights + i]);
      check_vertices(kName, seeds, count);
      write_sample(graph, sample_around(graph, seeds, p, drawer), weights,
                   {out[i], out[lists + i], kWeights ? &out[2 * lists + i] : nullptr,
                    out[(2 + kWeights) * lists + i]});
    }
  });
}

const KernelBuilder k1 =
    KernelBuilder("_contrib_dgl_adjacency", "sparse").refuse(refuse_graph).run_sparse(adjacency);
const KernelBuilder k2 =
    KernelBuilder("_contrib_dgl_subgraph", "sparse").refuse(refuse_graph).run_sparse(subgraph);
const KernelBuilder k3 =
    KernelBuilder("_contrib_dgl_graph_compact", "sparse").refuse(refuse_graphs).run_sparse(compact);
const KernelBuilder k4 = KernelBuilder("_contrib_dgl_csr_neighbor_uniform_sample", "sparse")
                             .refuse(refuse_graph)
                             .run_sparse(neighbor_sample<0>);
const KernelBuilder k5 = KernelBuilder("_contrib_dgl_csr_neighbor_non_uniform_sample", "sparse")
                             .refuse(refuse_graph)
                             .run_sparse(neighbor_sample<1>);

}  // namespace
}  // namespace mx
