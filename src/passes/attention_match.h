#pragma once
#include <optional>
#include <unordered_set>

#include "ir/infer_graph.h"
#include "ops/nn/attention/fused_attention.h"
#include "passes/rewrite.h"
#include "passes/strided_view.h"

namespace mx {

/// Attention found in a graph: what is read, each as a view with roles.
struct AttentionMatch {
  /// The samples and heads, the rows and the columns of matrices.
  enum Role { kHeads, kRows, kColumns };

  StridedView queries, keys, values, out;
  std::optional<StridedView> mask, lengths;
  int64_t num_heads = 1;       ///< of a sample
  FusedAttentionParam params;  ///< all but the views
};

/// What a match may do where gradients will be taken.
struct AttentionGradients {
  /// Nodes whose results change with what gradients are wanted of.
  std::unordered_set<const Node*> differentiated;
};

/// The attention whose weighted sum `node` computes, if it is one that one operator can compute.
/// With `gradients`, masks and lengths that have some are left alone, and queries, keys and values
/// are followed through what keeps all elements only: no element of theirs is read by two heads.
std::optional<AttentionMatch> match_attention(const Node& node, const GraphTypes& types,
                                              const UseCounts& uses,
                                              const AttentionGradients* gradients = nullptr);

/// A view as the operator takes it; nothing where it needs more steps than there are.
std::optional<HeadView> head_view(const StridedView& view, int64_t heads);

}  // namespace mx
