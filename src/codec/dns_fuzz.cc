// Both readers take any bytes; what they accept, the writer can write and the reader read again.
#include <cstdlib>

#include "codec/dns.h"
#include "codec/dns_rdata.h"

using namespace landfall::dns;

namespace {

void rewrite(const Message& message) {
  static uint8_t buffer[kMaxMessageBytes];
  Query query{
      .id = message.id, .has_question = true, .name = message.question, .type = message.question_type};
  MessageWriter writer(buffer, sizeof buffer);
  writer.begin_response(query, {});
  size_t written = 0;
  for (const Record& record : message.records) {
    (void)rdata_to_text(record.type, record.rdata);
    if (writer.record(record.section, record.owner.wire(), record.type, record.ttl, record.rdata)) ++written;
  }
  auto again = parse_message({buffer, writer.finish()});
  if (!again || again->records.size() != written) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Query query;
  (void)parse_query({data, size}, query);
  if (auto message = parse_message({data, size})) rewrite(*message);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (Type type : {Type::TXT, Type::CAA, Type::MX, Type::SOA, Type::NAPTR, Type::CNAME}) {
    if (auto rdata = rdata_from_text(type, text)) (void)rdata_to_text(type, *rdata);
  }
  return 0;
}
