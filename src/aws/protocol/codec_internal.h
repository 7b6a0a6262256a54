// What the codecs of this folder share. Not for others.
#pragma once

#include <string>
#include <string_view>

#include "aws/protocol/codec.h"
#include "aws/protocol/shape.h"
#include "aws/service_error.h"
#include "codec/uri.h"
#include "codec/xml.h"

namespace landfall::aws {

// Counts list elements over a whole request; throws nothing: the caller turns false into its protocol's
// error.
class ElementBudget {
 public:
  bool take(size_t count);

 private:
  size_t used_ = 0;
};

// query.cc: query and ec2.
void decode_query(const OperationModel& operation, const codec::Pairs& parameters, void* in);
void decode_ec2(const OperationModel& operation, const codec::Pairs& parameters, void* in);
WireResponse encode_query(const OperationModel& operation, const void* out, std::string_view request_id);
WireResponse encode_ec2(const OperationModel& operation, const void* out, std::string_view request_id);

// xml_shape.cc: structs as XML elements.
enum class EmptyLists : bool { omitted, written };
struct XmlStyle {
  Protocol protocol;
  EmptyLists nested_empty_lists;
};
// The members of a struct, those that travel in the body, inside an element that is already open.
void write_members(codec::XmlWriter& writer, const Shape& shape, const void* value, const XmlStyle& style,
                   EmptyLists empty_lists);
void write_attributes(codec::XmlWriter& writer, const Shape& shape, const void* value);
// False if a value is malformed or a limit is passed; `where` then says where.
bool read_members(codec::XmlNode element, const Shape& shape, void* value, ElementBudget& budget,
                  std::string& where);

// rest_xml.cc
void decode_rest_xml(const OperationModel& operation, const WireRequest& request, void* in);
WireResponse encode_rest_xml(const OperationModel& operation, const void* out, std::string_view request_id);

// json_codec.cc, cbor_codec.cc
void decode_json(const OperationModel& operation, std::string_view body, void* in);
WireResponse encode_json(Protocol protocol, const OperationModel& operation, const void* out,
                         std::string_view request_id);
void decode_cbor(const OperationModel& operation, std::string_view body, void* in);
WireResponse encode_cbor(const OperationModel& operation, const void* out, std::string_view request_id);

}  // namespace landfall::aws
