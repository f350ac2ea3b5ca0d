#pragma once
#include <memory>
#include <string>

#include "ir/graph.h"
#include "ir/op.h"

namespace mx {

/// Brings what a file of an older version says about nodes to what 1.9.1 means; see
/// docs/formats/symbol_json.md. `version` is 800 for files before 0.9, 10901 for 1.9.1.
class SymbolUpgrade {
 public:
  SymbolUpgrade(int64_t version, std::string source);

  /// Renames attributes of a variable.
  void upgrade_variable(Node& node) const;

  /// Renames attributes of an operator's node, reads its arguments, moves attributes such as
  /// weight_lr_mult to the input that they mean, and adds the inputs that files before 0.9 leave
  /// out. `has_param`: the arguments were under "param".
  /// Throws: ValueError for wrong attributes and a wrong number of inputs.
  void upgrade_operator(Node& node, bool has_param) const;

 private:
  void rename_attributes(Node& node) const;
  void complete_inputs(Node& node) const;
  void mark_doubts(Node& node) const;

  int64_t version_;
  std::shared_ptr<const LegacyOrigin> origin_;
};

}  // namespace mx
