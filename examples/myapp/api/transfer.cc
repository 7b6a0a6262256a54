#include "transfer.h"

#include <curl/curl.h>

#include <memory>

namespace myapp {

namespace {

size_t append(char* bytes, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

}  // namespace

TransferResult perform(const Transfer& transfer) {
  TransferResult result;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  curl_slist* list = nullptr;
  for (const std::string& header : transfer.headers) list = curl_slist_append(list, header.c_str());
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list, curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, transfer.method.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, transfer.timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &result.body);
  if (transfer.method != "GET") {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, transfer.body.data());
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK)
    result.error = curl_easy_strerror(code);
  else
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &result.status);
  return result;
}

}  // namespace myapp
