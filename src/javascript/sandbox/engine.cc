#include "javascript/sandbox/engine.h"

#include <js/CompilationAndEvaluation.h>
#include <js/ContextOptions.h>
#include <js/Conversions.h>
#include <js/ErrorReport.h>
#include <js/Exception.h>
#include <js/GCAPI.h>
#include <js/Initialization.h>
#include <js/Interrupt.h>
#include <js/JSON.h>
#include <js/Principals.h>
#include <js/Promise.h>
#include <js/SourceText.h>
#include <js/Stack.h>
#include <js/experimental/JSStencil.h>
#include <jsapi.h>
#include <jsfriendapi.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "javascript/sandbox/library.h"

namespace landfall::javascript {
namespace {

constexpr size_t kStackBytes = 512 * 1024;  // of a script's recursion
constexpr size_t kCollectAfterRuns = 64;    // globals; a collection costs as much as some runs
constexpr uint32_t kNurseryBytes = 1024 * 1024;

// For the signal handler and SpiderMonkey's callbacks, which have no place for a pointer of ours.
JSContext* running_context = nullptr;
volatile sig_atomic_t time_is_up = 0;
bool memory_is_out = false;
std::string* running_log = nullptr;

// The urgent kind, which regular expressions heed too. It takes the lock of Atomics.wait, which this thread
// never holds: there is no shared memory to wait on.
void on_alarm(int) {
  time_is_up = 1;
  if (running_context != nullptr) JS_RequestInterruptCallback(running_context);
}

bool on_interrupt(JSContext*) { return time_is_up == 0; }  // false: ends the script, uncatchably

void on_out_of_memory(JSContext*, void*) { memory_is_out = true; }

bool no_code_from_text(JSContext*, JS::RuntimeCode, JS::HandleString) { return false; }
constexpr JSSecurityCallbacks kSecurity{no_code_from_text, nullptr};

// hash(algorithm, key or null, bytes) of library.h.
bool hash_call(JSContext* cx, unsigned count, JS::Value* values) {
  const JS::CallArgs arguments = JS::CallArgsFromVp(count, values);
  if (!arguments.requireAtLeast(cx, "hash", 3)) return false;
  const auto bytes_of = [&](unsigned index, std::string& out) {
    JS::RootedString text(cx, JS::ToString(cx, arguments[index]));
    if (!text) return false;
    const JS::UniqueChars chars = JS_EncodeStringToLatin1(cx, text);
    if (!chars) return false;
    out.assign(chars.get(), JS_GetStringLength(text));
    return true;
  };
  std::string algorithm, key, data;
  if (!bytes_of(0, algorithm) || !bytes_of(1, key) || !bytes_of(2, data)) return false;
  const EVP_MD* kind = algorithm == "md5" ? EVP_md5() : algorithm == "sha1" ? EVP_sha1() : EVP_sha256();
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const auto* begin = reinterpret_cast<const unsigned char*>(data.data());
  const bool good = arguments[1].isNull() ? EVP_Digest(begin, data.size(), out, &size, kind, nullptr) == 1
                                          : HMAC(kind, key.data(), static_cast<int>(key.size()), begin,
                                                 data.size(), out, &size) != nullptr;
  if (!good) {
    JS_ReportErrorASCII(cx, "the hash failed");
    return false;
  }
  JSString* result = JS_NewStringCopyN(cx, reinterpret_cast<const char*>(out), size);
  if (result == nullptr) return false;
  arguments.rval().setString(result);
  return true;
}

RefPtr<JS::Stencil>* library = nullptr;  // the engine's

bool is_of_library(jsid id) {
  if (!id.isString()) return false;
  JSLinearString* name = id.toLinearString();
  for (const char* one : kLibraryNames)
    if (JS_LinearStringEqualsAscii(name, one)) return true;
  return false;
}

bool define_library(JSContext* cx, JS::HandleObject global) {
  JS::RootedScript script(cx, JS::InstantiateGlobalStencil(cx, JS::InstantiateOptions(), *library));
  JS::RootedValue make(cx), made(cx), value(cx);
  JSFunction* hash = JS_NewFunction(cx, hash_call, 3, 0, "hash");
  if (!script || hash == nullptr) return false;
  JS::RootedValue argument(cx, JS::ObjectValue(*JS_GetFunctionObject(hash)));
  if (!JS_ExecuteScript(cx, script, &make) ||
      !JS::Call(cx, JS::UndefinedHandleValue, make, JS::HandleValueArray(argument), &made))
    return false;
  JS::RootedObject all(cx, &made.toObject());
  for (const char* name : kLibraryNames)
    if (!JS_GetProperty(cx, all, name, &value) ||
        !JS_DefineProperty(cx, global, name, value, JSPROP_RESOLVING))
      return false;
  return true;
}

bool resolve(JSContext* cx, JS::HandleObject global, JS::HandleId id, bool* resolved) {
  if (!JS_ResolveStandardClass(cx, global, id, resolved)) return false;
  if (*resolved || !is_of_library(id)) return true;
  *resolved = true;
  return define_library(cx, global);
}

bool may_resolve(const JSAtomState& names, jsid id, JSObject* global) {
  return is_of_library(id) || JS_MayResolveStandardClass(names, id, global);
}

constexpr JSClassOps kGlobalOps{
    nullptr, nullptr, nullptr, JS_NewEnumerateStandardClasses, resolve, may_resolve,
    nullptr, nullptr, nullptr, JS_GlobalObjectTraceHook};
const JSClass kGlobalClass{"global", JSCLASS_GLOBAL_FLAGS, &kGlobalOps};

// A line `import name from 'module';` as the const that it comes to here, where all modules are there
// already.
std::string imports_as_requires(std::string_view code) {
  std::string out;
  while (!code.empty()) {
    const size_t end = std::min(code.find('\n'), code.size());
    std::string line(code.substr(0, end));
    char name[65], module[65];
    if (std::sscanf(line.c_str(), " import %64[A-Za-z0-9_$] from %*1['\"]%64[a-z]", name, module) == 2)
      line = "const " + std::string(name) + " = require('" + module + "');";
    out += line;
    if (end < code.size()) out += '\n';
    code.remove_prefix(std::min(end + 1, code.size()));
  }
  return out;
}

std::string text_of(JSContext* cx, JS::HandleValue value) {
  JS::RootedString string(cx, JS::ToString(cx, value));
  if (!string) {
    JS_ClearPendingException(cx);
    return "(a value that cannot be shown)";
  }
  JS::UniqueChars bytes = JS_EncodeStringToUTF8(cx, string);
  return bytes ? std::string(bytes.get()) : std::string();
}

bool append_utf16(const char16_t* text, uint32_t length, void* out) {
  static_cast<std::u16string*>(out)->append(text, length);
  return true;
}

// Lone surrogates, which UTF-8 does not have, become U+FFFD.
std::string to_utf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    uint32_t c = text[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
    else if (c >= 0xD800 && c < 0xE000)
      c = 0xFFFD;
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | c >> 12);
      out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | c >> 18);
      out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
      out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

// False: `value` has no JSON (undefined, a function, a cycle).
bool to_json(JSContext* cx, JS::MutableHandleValue value, std::string& out) {
  std::u16string text;
  if (!JS_Stringify(cx, value, nullptr, JS::NullHandleValue, append_utf16, &text)) return false;
  out = to_utf8(text);
  return true;
}

// console.log(...): strings as they are, everything else as JSON.
bool log_call(JSContext* cx, unsigned count, JS::Value* values) {
  const JS::CallArgs arguments = JS::CallArgsFromVp(count, values);
  std::string line;
  for (unsigned i = 0; i < arguments.length(); ++i) {
    JS::RootedValue value(cx, arguments[i]);
    std::string part;
    if (!value.isObject() || !to_json(cx, &value, part) || part.empty() || part == "undefined") {
      if (JS_IsExceptionPending(cx)) JS_ClearPendingException(cx);
      if (time_is_up != 0) return false;
      part = text_of(cx, value);
    }
    if (i > 0) line += ' ';
    line += part;
  }
  line += '\n';
  if (running_log != nullptr && running_log->size() < kMaxLogBytes)
    running_log->append(line, 0, kMaxLogBytes - running_log->size());
  arguments.rval().setUndefined();
  return true;
}

int64_t cpu_us() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
}

class SpiderMonkey final : public Engine {
 public:
  explicit SpiderMonkey(const EngineLimits& limits) : limits_(limits) {}
  ~SpiderMonkey() override {
    loaded_.clear();
    library_ = nullptr;
    if (cx_ != nullptr) {
      running_context = nullptr;
      JS_DestroyContext(cx_);
    }
    if (started_) JS_ShutDown();
  }

  bool start() {
    JS::DisableJitBackend();
    if (!JS_Init()) return false;
    started_ = true;
    cx_ = JS_NewContext(limits_.heap_bytes);
    if (cx_ == nullptr || !js::UseInternalJobQueues(cx_) || !JS::InitSelfHostedCode(cx_)) return false;
    JS_SetGCParameter(cx_, JSGC_MAX_NURSERY_BYTES, kNurseryBytes);
    JS_SetNativeStackQuota(cx_, kStackBytes);
    JS_SetSecurityCallbacks(cx_, &kSecurity);
    JS_AddInterruptCallback(cx_, on_interrupt);
    JS::SetOutOfMemoryCallback(cx_, on_out_of_memory, nullptr);
    JS::ContextOptionsRef(cx_).setWasm(false).setAsmJS(false).setAsyncStack(false);
    running_context = cx_;
    if (!compile_library()) return false;
    struct sigaction action{};
    action.sa_handler = on_alarm;
    action.sa_flags = SA_RESTART;
    if (::sigaction(SIGALRM, &action, nullptr) != 0) return false;
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGALRM;
    return ::timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) == 0;
  }

  Ran load(uint32_t function, std::string_view code) override {
    return timed([&](Ran& ran) {
      loaded_.erase(function);
      JS::RootedObject global(cx_, new_global());
      if (!global) return ran.end = End::out_of_memory, void();
      JSAutoRealm realm(cx_, global);
      JS::CompileOptions options(cx_);
      options.setFileAndLine("function.js", 1).setForceStrictMode();
      JS::SourceText<mozilla::Utf8Unit> source;
      RefPtr<JS::Stencil> stencil;
      const std::string script = imports_as_requires(code);
      if (source.init(cx_, script.data(), script.size(), JS::SourceOwnership::Borrowed))
        stencil = JS::CompileGlobalScriptToStencil(cx_, options, source);
      if (!stencil) return fail(ran, End::not_loaded);
      JS::RootedValue handler(cx_);
      if (!evaluate(stencil, global, &handler, ran)) {
        if (ran.end == End::threw) ran.end = End::not_loaded;
        return;
      }
      loaded_[function] = stencil;
      ran.end = End::ok;
    });
  }

  Ran run(uint32_t function, std::string_view event) override {
    return timed([&](Ran& ran) {
      const auto stencil = loaded_.find(function);
      if (stencil == loaded_.end()) return ran.end = End::not_loaded, void();
      JS::RootedObject global(cx_, new_global());
      if (!global) return ran.end = End::out_of_memory, void();
      JSAutoRealm realm(cx_, global);
      JS::RootedValue handler(cx_), argument(cx_), result(cx_);
      if (!evaluate(stencil->second, global, &handler, ran)) return;
      JS::RootedString text(cx_, JS_NewStringCopyUTF8N(cx_, JS::UTF8Chars(event.data(), event.size())));
      if (!text || !JS_ParseJSON(cx_, text, &argument)) return fail(ran, End::threw);
      if (!JS::Call(cx_, JS::UndefinedHandleValue, handler, JS::HandleValueArray(argument), &result))
        return fail(ran, End::threw);
      if (!settle(&result, ran)) return;
      if (!result.isObject()) {
        ran.end = End::bad_result;
        ran.output = "The function must return an object.";
        return;
      }
      if (!to_json(cx_, &result, ran.output)) return fail(ran, End::bad_result);
      ran.end = End::ok;
      if (ran.output.size() <= limits_.output_bytes) return;
      ran.end = End::bad_result;
      ran.output = "The function's result is too large.";
    });
  }

  void idle() override {
    if (runs_ < kCollectAfterRuns) return;
    runs_ = 0;
    JS_GC(cx_);
  }

 private:
  bool compile_library() {
    JS::RootedObject global(cx_, new_global());
    if (!global) return false;
    JSAutoRealm realm(cx_, global);
    JS::CompileOptions options(cx_);
    options.setFileAndLine("library.js", 1);
    JS::SourceText<mozilla::Utf8Unit> source;
    if (source.init(cx_, kLibrary, sizeof kLibrary - 1, JS::SourceOwnership::Borrowed))
      library_ = JS::CompileGlobalScriptToStencil(cx_, options, source);
    library = &library_;
    return library_ != nullptr;
  }

  template <class Body>
  Ran timed(Body&& body) {
    Ran ran;
    ++runs_;
    time_is_up = 0;
    memory_is_out = false;
    running_log = &ran.log;
    const int64_t began = cpu_us();
    const itimerspec until{.it_interval = {},
                           .it_value = {limits_.run_us / 1'000'000, limits_.run_us % 1'000'000 * 1000}};
    ::timer_settime(timer_, 0, &until, nullptr);
    body(ran);
    const itimerspec never{};
    ::timer_settime(timer_, 0, &never, nullptr);
    ran.cpu_us = static_cast<uint32_t>(cpu_us() - began);
    running_log = nullptr;
    if (JS_IsExceptionPending(cx_)) JS_ClearPendingException(cx_);
    return ran;
  }

  JSObject* new_global() {
    if (runs_ >= 4 * kCollectAfterRuns) {  // never idle
      runs_ = 0;
      JS_GC(cx_);
    }
    JS::RealmOptions options;
    options.creationOptions().setSharedMemoryAndAtomicsEnabled(false).setWeakRefsEnabled(
        JS::WeakRefSpecifier::Disabled);
    JS::RootedObject global(
        cx_, JS_NewGlobalObject(cx_, &kGlobalClass, nullptr, JS::FireOnNewGlobalHook, options));
    if (!global) return nullptr;
    JSAutoRealm realm(cx_, global);
    JS::RootedObject console(cx_, JS_NewPlainObject(cx_));
    if (!console || !JS_DefineProperty(cx_, global, "console", console, 0)) return nullptr;
    for (const char* name : {"log", "error"})
      if (!JS_DefineFunction(cx_, console, name, log_call, 0, 0)) return nullptr;
    return global;
  }

  // Runs the code and finds its handler.
  bool evaluate(const RefPtr<JS::Stencil>& stencil, JS::HandleObject global, JS::MutableHandleValue handler,
                Ran& ran) {
    JS::RootedScript script(cx_, JS::InstantiateGlobalStencil(cx_, JS::InstantiateOptions(), stencil));
    JS::RootedValue ignored(cx_);
    if (!script || !JS_ExecuteScript(cx_, script, &ignored)) return fail(ran, End::threw), false;
    if (JS_GetProperty(cx_, global, "handler", handler) && handler.isObject() &&
        JS::IsCallable(&handler.toObject()))
      return true;
    ran.end = End::not_loaded;
    ran.output = "The function must have a function named handler.";
    return false;
  }

  // An async handler's promise: its jobs are run until it is settled, or nothing is left that could.
  bool settle(JS::MutableHandleValue result, Ran& ran) {
    js::RunJobs(cx_);
    if (time_is_up != 0) return fail(ran, End::threw), false;
    if (!result.isObject()) return true;
    JS::RootedObject promise(cx_, &result.toObject());
    if (!JS::IsPromiseObject(promise)) return true;
    switch (JS::GetPromiseState(promise)) {
      case JS::PromiseState::Fulfilled:
        result.set(JS::GetPromiseResult(promise));
        return true;
      case JS::PromiseState::Rejected: {
        JS::RootedValue reason(cx_, JS::GetPromiseResult(promise));
        ran.end = End::threw;
        ran.output = text_of(cx_, reason);
        return false;
      }
      case JS::PromiseState::Pending:
        ran.end = End::bad_result;
        ran.output = "The function's promise is never settled.";
        return false;
    }
    return false;
  }

  // What is pending, or why nothing is.
  void fail(Ran& ran, End otherwise) {
    if (time_is_up != 0) {
      ran.end = End::out_of_time;
      ran.output = "The function used up its time.";
    } else if (memory_is_out) {
      ran.end = End::out_of_memory;
      ran.output = "The function used up its memory.";
    } else {
      ran.end = otherwise;
      JS::RootedValue thrown(cx_);
      if (!JS_IsExceptionPending(cx_) || !JS_GetPendingException(cx_, &thrown)) return;
      JS_ClearPendingException(cx_);
      ran.output = text_of(cx_, thrown);
    }
    if (JS_IsExceptionPending(cx_)) JS_ClearPendingException(cx_);
    if (ran.output.size() > limits_.output_bytes) ran.output.resize(limits_.output_bytes);
  }

  const EngineLimits limits_;
  bool started_ = false;
  JSContext* cx_ = nullptr;
  timer_t timer_{};
  size_t runs_ = 0;
  RefPtr<JS::Stencil> library_;
  std::unordered_map<uint32_t, RefPtr<JS::Stencil>> loaded_;
};

}  // namespace

std::unique_ptr<Engine> Engine::create(const EngineLimits& limits) {
  auto engine = std::make_unique<SpiderMonkey>(limits);
  return engine->start() ? std::move(engine) : nullptr;
}

}  // namespace landfall::javascript
