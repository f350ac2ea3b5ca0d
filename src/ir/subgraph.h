#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/param.h"
#include "ir/graph.h"

namespace mx {

class Op;
class Symbol;

/// Name of the parameter that holds the graphs of a node, such as the body of a loop. Nodes keep it
/// among their attributes as text; files write it beside them, and users do not see it there.
inline constexpr std::string_view kSubgraphsKey = "subgraphs";

/// The graphs inside a node: a field of its parameters, `Subgraphs subgraphs`. As text a JSON list
/// of symbols. Equal when the text is. Cheap to copy.
class Subgraphs {
 public:
  Subgraphs() = default;
  /// Throws: ValueError for text that is not a list of symbols.
  explicit Subgraphs(std::string text);

  size_t size() const;
  const Symbol& operator[](size_t i) const;
  const std::string& text() const;
  bool operator==(const Subgraphs& other) const { return text() == other.text(); }

 private:
  std::shared_ptr<const std::string> text_;
  std::shared_ptr<const std::vector<Symbol>> graphs_;
};

/// The graphs inside a node with these parameters, or nullptr.
const Subgraphs* subgraphs_in(const Params& params);
/// Whether an operator with these parameters has the trait, or one inside of its graphs.
bool any_has_trait(const Op& op, const Params& params, std::string_view trait);
/// Whether an operator, or one in the graphs of its node, runs the user's code.
bool runs_user_code(const Op& op, const Params& params);

/// A graph taken out of another one, to be put into a node.
struct CutGraph {
  std::vector<Value> outputs;
  /// The variables that stand for values of the graph around it, and these values.
  std::vector<std::pair<NodePtr, Value>> from_outside;
};
/// Copies what `outputs` need, up to the operators that are not inside: their outputs become
/// variables with the names of the outputs.
CutGraph cut_graph(const std::vector<Value>& outputs,
                   const std::function<bool(const Node&)>& is_inside);

namespace codec {
template <>
struct Codec<Subgraphs> {
  static constexpr std::string_view kName = "Symbol[]";
  static bool parse(std::string_view text, Subgraphs& value);
  static bool assign(const AttrValue& from, Subgraphs& value);
  static std::string print(const Subgraphs& value) { return value.text(); }
  static size_t hash(const Subgraphs& value) { return std::hash<std::string>{}(value.text()); }
};
}  // namespace codec

}  // namespace mx
