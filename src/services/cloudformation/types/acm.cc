// AWS::CertificateManager::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

namespace {

// With DNS validation and a HostedZoneId, CloudFormation itself writes the validation record.
void write_validation_records(Work& w, const object& p, const object& certificate) {
  const auto* options = p.if_contains("DomainValidationOptions");
  if (options == nullptr || !options->is_array()) return;
  for (const auto& option : options->as_array()) {
    const std::string zone = text_at(option.as_object(), "HostedZoneId"),
                      domain = text_at(option.as_object(), "DomainName");
    if (zone.empty()) continue;
    for (const auto& validation : certificate.at("DomainValidationOptions").as_array()) {
      if (text_at(validation.as_object(), "DomainName") != domain) continue;
      const object record{
          {"Name", text_at_path(validation.as_object(), "ResourceRecord.Name")},
          {"Type", "CNAME"},
          {"TTL", 300},
          {"ResourceRecords",
           {object{{"Value", text_at_path(validation.as_object(), "ResourceRecord.Value")}}}}};
      w.invoke("route53", "ChangeResourceRecordSets",
               {{"HostedZoneId", zone},
                {"ChangeBatch",
                 object{{"Changes", {object{{"Action", "UPSERT"}, {"ResourceRecordSet", record}}}}}}});
    }
  }
}

}  // namespace

void add_acm_types(Registry& registry) {
  registry["AWS::CertificateManager::Certificate"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input =
                pick(p, {"DomainName", "SubjectAlternativeNames", "ValidationMethod", "KeyAlgorithm"});
            if (const auto logging = text_at(p, "CertificateTransparencyLoggingPreference"); !logging.empty())
              input["Options"] = object{{"CertificateTransparencyLoggingPreference", logging}};
            if (!p.contains("ValidationMethod")) input["ValidationMethod"] = "EMAIL";
            input["Tags"] = w.tags(p);
            const object made = w.invoke("acm", "RequestCertificate", input);
            return Model{.physical_id = text_at(made, "CertificateArn"), .progress = "record"};
          },
      .settled =
          [](Work& w, const object& p, Model& m) {
            const object found = w.invoke("acm", "DescribeCertificate", {{"CertificateArn", m.physical_id}});
            const object& certificate = found.at("Certificate").as_object();
            const std::string status = text_at(certificate, "Status");
            if (status == "FAILED" || status == "VALIDATION_TIMED_OUT")
              throw ServiceError("NotStabilized", 400,
                                 "Certificate " + m.physical_id + " is " + status + " " +
                                     text_at(certificate, "FailureReason"));
            if (m.progress == "record") {
              write_validation_records(w, p, certificate);
              m.progress = "issue";
            }
            if (status != "ISSUED") return false;
            m.progress.clear();
            return true;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            // The validation record stays, as CloudFormation leaves it... except that a zone of the same
            // stack could then not be deleted: the HostedZone type removes such records itself.
            return gone_after(
                [&] { w.invoke("acm", "DeleteCertificate", {{"CertificateArn", m.physical_id}}); },
                {"ResourceNotFoundException"});
          },
      .fixed = {"DomainName", "SubjectAlternativeNames", "ValidationMethod", "KeyAlgorithm",
                "DomainValidationOptions"},
      .updatable = {"CertificateTransparencyLoggingPreference", "Tags"},
      .required = {"DomainName"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            const std::string logging = text_at(p, "CertificateTransparencyLoggingPreference");
            if (logging != text_at(before, "CertificateTransparencyLoggingPreference"))
              w.invoke("acm", "UpdateCertificateOptions",
                       {{"CertificateArn", m.physical_id},
                        {"Options", object{{"CertificateTransparencyLoggingPreference",
                                            logging.empty() ? "ENABLED" : logging}}}});
            if (!w.tags_differ(before, p)) return;
            json::array gone;
            for (const auto& key : w.tags_gone(before, p)) gone.push_back(object{{"Key", key}});
            if (!gone.empty())
              w.invoke("acm", "RemoveTagsFromCertificate",
                       {{"CertificateArn", m.physical_id}, {"Tags", gone}});
            w.invoke("acm", "AddTagsToCertificate", {{"CertificateArn", m.physical_id}, {"Tags", w.tags(p)}});
          },
  });
}

}  // namespace landfall::cloudformation
