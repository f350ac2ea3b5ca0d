#include "ir/cast_policy.h"

#include <algorithm>
#include <atomic>

namespace mx {
namespace {

std::atomic<const CastPolicy*> active{nullptr};

}  // namespace

CastPolicy::CastPolicy(DType low) : low_(low) {
  if (low != DType::kFloat16 && low != DType::kBfloat16)
    fail(ErrorKind::kType, "CastPolicy: target_dtype=", dtype_name(low),
         " is no low precision; expected float16 or bfloat16");
}

void CastPolicy::set_rule(std::string_view op, CastRule rule) {
  const Op* found = find_op(op);
  if (found && found->name == op) rules_[found] = rule;
}

void CastPolicy::add_condition(std::string_view op, Condition condition) {
  if (const Op* found = find_op(op)) conditions_[found].push_back(std::move(condition));
}

CastRule CastPolicy::rule_of(const Op& op) const {
  const auto found = rules_.find(&op);
  return found == rules_.end() ? CastRule::kKeep : found->second;
}

bool CastPolicy::is_conditionally_float32(const Op& op, const Params& params) const {
  const auto found = conditions_.find(&op);
  if (found == conditions_.end()) return false;
  const AttrMap attrs = params.to_attrs();
  return std::any_of(found->second.begin(), found->second.end(), [&](const Condition& condition) {
    const auto value = attrs.find(condition.parameter);
    return value != attrs.end() && std::find(condition.values.begin(), condition.values.end(),
                                             value->second) != condition.values.end();
  });
}

const CastPolicy* active_cast_policy() { return active.load(std::memory_order_acquire); }
void set_active_cast_policy(const CastPolicy* policy) {
  active.store(policy, std::memory_order_release);
}

}  // namespace mx
