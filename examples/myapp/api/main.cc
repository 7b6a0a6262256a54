// The reference application's API.
//   POST /items {"name": "..."}   creates            PostgreSQL
//   GET  /items                   the newest 100
//   GET  /items/ID                through Redis: X-Cache says HIT or MISS
//   PUT  /uploads/NAME            any body           S3, under uploads/, from where the CDN serves it
//   GET  /health
// Every answer names the instance and the zone that gave it. All configuration comes from environment
// properties.
#include <curl/curl.h>
#include <signal.h>

#include <atomic>
#include <boost/json.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "http_server.h"
#include "instance_metadata.h"
#include "item_cache.h"
#include "items.h"
#include "uploads.h"

namespace myapp {

namespace json = boost::json;

namespace {

constexpr int kListed = 100;
constexpr size_t kNameBytes = 1000;

std::string property(const char* name, const std::string& fallback = "") {
  const char* value = std::getenv(name);
  return value && *value ? value : fallback;
}

// libpq's quoting: https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
std::string quoted(const std::string& value) {
  std::string result = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string database() {
  return "host=" + quoted(property("DB_HOST", "127.0.0.1")) + " port=" + quoted(property("DB_PORT", "5432")) +
         " dbname=" + quoted(property("DB_NAME", "myapp")) + " user=" + quoted(property("DB_USER", "myapp")) +
         " password=" + quoted(property("DB_PASSWORD")) +
         " connect_timeout=5 sslmode=prefer application_name=myapp";
}

Response error(int status, const std::string& message) {
  return {.status = status, .body = json::serialize(json::object{{"error", message}})};
}

json::object to_json(const Item& item) {
  return {{"id", item.id}, {"name", item.name}, {"created_at", item.created_at}};
}

class Application {
 public:
  Application()
      : items_(database()),
        cache_(property("REDIS_HOST", "127.0.0.1"), std::atoi(property("REDIS_PORT", "6379").c_str())),
        uploads_(property("BUCKET"), property("AWS_REGION", "us-east-1"), metadata_) {}

  Response handle(const Request& request) {
    Response response = guarded(request);
    response.headers["X-Instance-Id"] = metadata_.instance_id();
    response.headers["X-Availability-Zone"] = metadata_.availability_zone();
    return response;
  }

 private:
  Response guarded(const Request& request) {
    try {
      return route(request);
    } catch (const pqxx::failure& failure) {
      std::cerr << request.method << " " << request.path << ": database: " << failure.what() << std::endl;
      return error(503, "the database cannot be reached");
    }
  }

  Response route(const Request& request) {
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (request.path == "/health") return get ? health() : error(405, "GET only");
    if (request.path == "/items" || request.path == "/items/") {
      if (get) return list();
      return request.method == "POST" ? create(request) : error(405, "GET or POST");
    }
    if (request.path.starts_with("/items/"))
      return get ? read(request.path.substr(7)) : error(405, "GET only");
    if (request.path.starts_with("/uploads/"))
      return request.method == "PUT" ? upload(request) : error(405, "PUT only");
    if (request.path == "/")
      return {.body = json::serialize(json::object{{"application", "myapp"}, {"items", "/items"}})};
    return error(404, "no such path");
  }

  // Says whether *this instance* can do its work: it must have reached the database once (its configuration
  // and its network are right). A database that is away later is not cured by replacing every instance, so it
  // is only reported.
  Response health() {
    bool database_answers = true;
    try {
      if (!table_exists_) items_.create_table_if_absent();
      table_exists_ = true;
      items_.check();
    } catch (const pqxx::failure& failure) {
      database_answers = false;
      std::cerr << "health: database: " << failure.what() << std::endl;
    }
    const json::object body{{"status", table_exists_ ? "ok" : "no database yet"},
                            {"database", database_answers},
                            {"cache", cache_.ping()}};
    return {.status = table_exists_ ? 200 : 503, .body = json::serialize(body)};
  }

  Response create(const Request& request) {
    boost::system::error_code failed;
    const json::value body = json::parse(request.body, failed);
    const json::value* name = !failed && body.is_object() ? body.as_object().if_contains("name") : nullptr;
    if (!name || !name->is_string() || name->as_string().empty() || name->as_string().size() > kNameBytes)
      return error(400, "a JSON object with a \"name\" of 1 to 1000 bytes");
    if (!table_exists_) items_.create_table_if_absent();
    table_exists_ = true;
    const Item item = items_.add(std::string(name->as_string()));
    return {.status = 201,
            .body = json::serialize(to_json(item)),
            .headers = {{"Location", "/items/" + std::to_string(item.id)}}};
  }

  Response list() {
    if (!table_exists_) items_.create_table_if_absent();
    table_exists_ = true;
    json::array array;
    for (const Item& item : items_.newest(kListed)) array.push_back(to_json(item));
    return {.body = json::serialize(json::object{{"items", std::move(array)}})};
  }

  Response read(const std::string& text) {
    int64_t id = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failed != std::errc() || end != text.data() + text.size()) return error(404, "no such item");
    if (auto cached = cache_.get(id)) return {.body = *cached, .headers = {{"X-Cache", "HIT"}}};
    const auto item = items_.find(id);
    if (!item) return error(404, "no such item");
    const std::string body = json::serialize(to_json(*item));
    cache_.put(id, body);
    return {.body = body, .headers = {{"X-Cache", "MISS"}}};
  }

  Response upload(const Request& request) {
    const std::string name = request.path.substr(9);
    if (!Uploads::is_valid_name(name)) return error(400, "a name of letters, digits, '.', '_' and '-'");
    const auto type = request.headers.find("content-type");
    const auto result = uploads_.put(
        name, type == request.headers.end() ? "application/octet-stream" : type->second, request.body);
    if (result.status != 200) {
      std::cerr << "upload " << name << ": S3 answered " << result.status << ": " << result.error
                << std::endl;
      return error(502, "S3 refused the upload");
    }
    return {
        .status = 201,
        .body = json::serialize(json::object{{"key", "uploads/" + name}, {"bytes", request.body.size()}})};
  }

  InstanceMetadata metadata_;
  Items items_;
  ItemCache cache_;
  Uploads uploads_;
  std::atomic<bool> table_exists_{false};
};

}  // namespace
}  // namespace myapp

int main() {
  signal(SIGPIPE, SIG_IGN);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  myapp::Application application;
  const int port = std::atoi(myapp::property("PORT", "5000").c_str());
  try {
    myapp::serve(static_cast<uint16_t>(port),
                 [&](const myapp::Request& request) { return application.handle(request); });
  } catch (const std::system_error& failure) {
    std::cerr << failure.what() << std::endl;
    return 1;
  }
}
