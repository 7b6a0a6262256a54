#include "aws/protocol/refusals.h"

#include "aws/protocol/value.h"
#include "base/result.h"

namespace landfall::aws {
namespace {

struct Search {
  const Refusal& refusal;
  RefusalTable table;
  std::optional<Refused> found;

  // `rest`: what of the parameter's name is still to go through.
  void in_structure(const Shape& shape, const void* object, std::string_view rest, const std::string& path) {
    const size_t dot = rest.find('.');
    const std::string_view name = rest.substr(0, dot);
    const Member* member = shape.member(name);
    if (member == nullptr && table == RefusalTable::shared) return;
    LF_INVARIANT(member != nullptr, "no such parameter: " + std::string(refusal.parameter));
    if (!has_content(*member, object)) return;
    in_value(*member->shape, value_of(*member, object),
             dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1),
             (path.empty() ? "" : path + ".") + std::string(name));
  }

  void in_value(const Shape& shape, const void* value, std::string_view rest, const std::string& path) {
    if (shape.kind == Kind::list && (!rest.empty() || !refusal.harmless.empty())) {
      const size_t count = shape.list_ops->size(value);
      for (size_t i = 0; i < count && !found; ++i)
        in_value(*shape.element, shape.list_ops->at(value, i), rest, path + "." + std::to_string(i + 1));
      return;
    }
    if (!rest.empty()) return in_structure(shape, value, rest, path);
    Refused refused{.parameter = path, .value = {}, .why = refusal.why};
    if (is_scalar(shape.kind)) {
      refused.value = scalar_to_text(shape, TimestampFormat::iso8601, value);
      if (refused.value.empty() || refused.value == refusal.harmless) return;  // "" says nothing
      if (shape.sensitive) refused.value = "***";
    }
    found = std::move(refused);
  }
};

}  // namespace

std::string Refused::message() const {
  std::string out = "The parameter " + parameter;
  if (!value.empty()) out += " (" + value + ")";
  return out.append(" is not supported: ").append(why).append(".");
}

bool has_parameter(const Shape& shape, std::string_view parameter) {
  const Shape* at = &shape;
  while (true) {
    while (at->kind == Kind::list) at = at->element;
    const size_t dot = parameter.find('.');
    const Member* member = at->member(parameter.substr(0, dot));
    if (member == nullptr || dot == std::string_view::npos) return member != nullptr;
    at = member->shape;
    parameter.remove_prefix(dot + 1);
  }
}

std::optional<Refused> refused_in(const Shape& shape, const void* value, std::span<const Refusal> refusals,
                                  RefusalTable table) {
  for (const Refusal& refusal : refusals) {
    Search search{.refusal = refusal, .table = table, .found = {}};
    search.in_structure(shape, value, refusal.parameter, "");
    if (search.found) return std::move(search.found);
  }
  return std::nullopt;
}

}  // namespace landfall::aws
