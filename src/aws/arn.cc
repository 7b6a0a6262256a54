#include "aws/arn.h"

namespace landfall::aws {
namespace {

// Takes the text before the next ':' off `rest`; nullopt if there is none.
std::optional<std::string_view> take_field(std::string_view& rest) {
  const size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view field = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  return field;
}

}  // namespace

std::string_view ArnView::resource_type() const {
  const size_t end = resource.find_first_of("/:");
  return end == std::string_view::npos ? std::string_view() : resource.substr(0, end);
}

std::string_view ArnView::resource_name() const {
  const size_t end = resource.find_first_of("/:");
  return end == std::string_view::npos ? resource : resource.substr(end + 1);
}

std::optional<ArnView> split_arn(std::string_view text) {
  if (take_field(text) != "arn") return std::nullopt;
  const auto partition = take_field(text), service = take_field(text), region = take_field(text),
             account = take_field(text);
  if (!account || partition->empty() || service->empty() || text.empty()) return std::nullopt;
  return ArnView{*partition, *service, *region, *account, text};
}

std::optional<Arn> parse_arn(std::string_view text) {
  const auto view = split_arn(text);
  if (!view) return std::nullopt;
  return Arn{std::string(view->partition), std::string(view->service), std::string(view->region),
             std::string(view->account), std::string(view->resource)};
}

std::string to_string(const Arn& arn) {
  return "arn:" + arn.partition + ":" + arn.service + ":" + arn.region + ":" + arn.account + ":" +
         arn.resource;
}

std::string make_arn(std::string_view service, std::string_view region, std::string_view account,
                     std::string_view resource) {
  return to_string(Arn{.service = std::string(service),
                       .region = std::string(region),
                       .account = std::string(account),
                       .resource = std::string(resource)});
}

}  // namespace landfall::aws
