// Functions in their process, as a worker runs them.
#include "javascript/runner.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

namespace landfall::javascript {
namespace {

class RunnerTest : public ::testing::Test {
 protected:
  static std::shared_ptr<const Function> function(const std::string& code) {
    return std::make_shared<const Function>(Function{.version = code, .code = code});
  }
  Ran run(const std::string& code, const std::string& event = "{}") { return run(function(code), event); }
  Ran run(const std::shared_ptr<const Function>& code, const std::string& event = "{}") {
    std::optional<Ran> result;
    runner_->run(code, event, [&](Ran ran) { result = std::move(ran); });
    while (!result) loop_->run_once(-1);
    return *result;
  }

  std::unique_ptr<EventLoop> loop_ = *EventLoop::create();
  std::unique_ptr<Runner> runner_ = Runner::create(*loop_);
};

TEST_F(RunnerTest, there_is_no_process_before_the_first_run) {
  EXPECT_EQ(runner_->pid(), 0);
  run("function handler(e) { return e }");
  EXPECT_GT(runner_->pid(), 0);
}

TEST_F(RunnerTest, modern_javascript_runs_and_its_log_comes_with_the_result) {
  const Ran ran =
      run("async function handler({request}) { const [a, ...rest] = request.uri.split('/'); await null;"
          "  console.log('uri', request.uri, {rest}); return {...request, uri: `/${rest.map(x => x ?\? "
          "'').join('-')}`}; }",
          R"({"request":{"uri":"/a/é"}})");
  EXPECT_EQ(ran.end, End::ok) << ran.output;
  EXPECT_EQ(ran.output, R"({"uri":"/a-é"})");
  EXPECT_EQ(ran.log, "uri /a/é {\"rest\":[\"a\",\"é\"]}\n");
  EXPECT_GT(ran.cpu_us, 0u);
}

TEST_F(RunnerTest, no_run_sees_what_another_left) {
  const auto counter = function(
      "let n = 0; Object.prototype.seen ?\?= 0;"
      "function handler() { Object.prototype.seen++; globalThis.x = (globalThis.x ?\? 0) + 1; return {n: "
      "++n, x, seen: ({}).seen} }");
  EXPECT_EQ(run(counter).output, R"({"n":1,"x":1,"seen":1})");
  EXPECT_EQ(run(counter).output, R"({"n":1,"x":1,"seen":1})");
}

TEST_F(RunnerTest, tells_why_a_function_has_no_result) {
  EXPECT_EQ(run("function handler(").end, End::not_loaded);
  EXPECT_EQ(run("function other() {}").end, End::not_loaded);
  EXPECT_EQ(run("function handler() { throw new Error('no'); }").output, "Error: no");
  EXPECT_EQ(run("async function handler() { throw new TypeError('no'); }").output, "TypeError: no");
  EXPECT_EQ(run("function handler() {}").end, End::bad_result);
  EXPECT_EQ(run("async function handler() { await new Promise(() => 0); }").end, End::bad_result);
  EXPECT_EQ(run("function handler() { const a = {}; a.a = a; return a; }").end, End::bad_result);
  EXPECT_EQ(run("x = 1; function handler() { return {} }").end, End::not_loaded) << "strict mode";
}

TEST_F(RunnerTest, no_loop_and_no_hunger_for_memory_lasts) {
  for (const char* body :
       {"for (;;) {}", "try { for (;;) {} } catch (e) { return {} } finally { for (;;) {} }",
        "return {x: /(a+)+$/.test('a'.repeat(60) + 'b')}", "let a = []; for (;;) a.push([a.length])",
        "return new Uint8Array(2 ** 30)", "return {x: new Array(2 ** 28).fill('y').join('')}",
        "let s = 'x'; for (;;) s += s", "return (function f() { return f() + 1 })()",
        "for (;;) console.log('x'.repeat(1000))"}) {
    const Ran ran = run("function handler() { " + std::string(body) + " }");
    EXPECT_NE(ran.end, End::ok) << body;
    EXPECT_LE(ran.log.size(), kMaxLogBytes);
  }
  EXPECT_EQ(run("async function handler() { for (;;) await null; }").end, End::out_of_time);
  EXPECT_EQ(run("function handler() { return {} }").end, End::ok) << "and the next one works";
}

TEST_F(RunnerTest, there_is_no_way_to_make_code_and_nothing_to_reach_the_world_with) {
  EXPECT_EQ(run("function handler() { return eval('({})') }").end, End::threw);
  EXPECT_EQ(run("function handler() { return Function('return {}')() }").end, End::threw);
  EXPECT_EQ(run("function handler() { return (async () => 0).constructor('return {}')() }").end, End::threw);
  const Ran ran =
      run("function handler() { return {names: ['setTimeout', 'setInterval', 'fetch', 'XMLHttpRequest', "
          "'process', 'os',"
          " 'read', 'load', 'WebAssembly', 'SharedArrayBuffer', 'Atomics'].filter(n => n in globalThis)} }");
  EXPECT_EQ(ran.output, R"({"names":[]})");
}

// A token as AWS's own sample checks it.
TEST_F(RunnerTest, a_function_can_hash_sign_and_encode) {
  const Ran ran = run(R"js(
import crypto from 'crypto';
const qs = require('querystring');
function handler() {
  const h = (kind, text) => crypto.createHash(kind).update(text).digest('hex');
  return {
    md5: h('md5', 'abc'), sha1: h('sha1', 'abc'), sha256: h('sha256', 'abc'),
    hmac: crypto.createHmac('sha256', 'Jefe').update('what do ya want ').update('for nothing?').digest('hex'),
    token: crypto.createHmac('sha256', 'key').update('a.b').digest('base64url'),
    buffer: Buffer.from('é€😀').toString('hex'), back: Buffer.from('w6nigqzwn5iA', 'base64').toString(),
    joined: Buffer.concat([Buffer.from('a'), Buffer.from([98, 99])]).toString(), equal: Buffer.from('a').equals(Buffer.from('61', 'hex')),
    atob: atob('aGk='), btoa: btoa('hi'), query: qs.parse('a=1&b=x%20y&a=2'), string: qs.stringify({a: [1, 2], b: 'x y'}),
    text: new TextDecoder().decode(new TextEncoder().encode('ü')), own: typeof Buffer,
  };
})js");
  EXPECT_EQ(ran.end, End::ok) << ran.output;
  EXPECT_EQ(
      ran.output,
      R"({"md5":"900150983cd24fb0d6963f7d28e17f72","sha1":"a9993e364706816aba3e25717850c26c9cd0d89d",)"
      R"("sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",)"
      R"("hmac":"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",)"
      R"("token":"3Rfj8sed4y4_P6ZlA-NMcRtY1BnrkQ9eKdFQXOc6rgg","buffer":"c3a9e282acf09f9880","back":"é€😀",)"
      R"("joined":"abc","equal":true,"atob":"hi","btoa":"aGk=","query":{"a":["1","2"],"b":"x y"},)"
      R"("string":"a=1&a=2&b=x%20y","text":"ü","own":"function"})");
  EXPECT_EQ(run("import cf from 'cloudfront'; function handler() { return {} }").output,
            "Error: Cannot find module \"cloudfront\"");
  EXPECT_EQ(
      run("const atob = 1; function Buffer() { return 2 } function handler() { return {atob, b: Buffer()} }")
          .output,
      R"({"atob":1,"b":2})");
}

TEST_F(RunnerTest, a_process_that_is_killed_costs_only_the_run_it_was_at) {
  run("function handler() { return {} }");
  const pid_t first = runner_->pid();
  std::optional<Ran> cut, next;
  runner_->run(function("function handler() { for (;;) {} }"), "{}", [&](Ran ran) { cut = std::move(ran); });
  runner_->run(function("function handler() { return {} }"), "{}", [&](Ran ran) { next = std::move(ran); });
  ::kill(first, SIGKILL);
  while (!next) loop_->run_once(-1);
  EXPECT_EQ(cut->end, End::died);
  EXPECT_EQ(next->end, End::ok);
  EXPECT_NE(runner_->pid(), first);
}

TEST_F(RunnerTest, the_process_is_confined) {
  run("function handler() { return {} }");
  std::ifstream status("/proc/" + std::to_string(runner_->pid()) + "/status");
  const std::string text{std::istreambuf_iterator<char>(status), {}};
  EXPECT_NE(text.find("Seccomp:\t2"), std::string::npos);
  EXPECT_NE(text.find("NoNewPrivs:\t1"), std::string::npos);
}

TEST_F(RunnerTest, the_process_ends_when_nobody_has_needed_it_for_a_while) {
  runner_ = Runner::create(*loop_, {.idle_ms = 1});
  run("function handler() { return {} }");
  EXPECT_GT(runner_->pid(), 0);
  while (runner_->pid() != 0) loop_->run_once(-1);
  EXPECT_EQ(run("function handler() { return {} }").end, End::ok);
}

}  // namespace
}  // namespace landfall::javascript
