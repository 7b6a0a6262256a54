// Transaction: one request and its answer on their way through, whatever the client speaks. The subclass is
// the client's side (Http1Client, Http2Stream); the upstream's side and the order of things are here.
//
//   begin ─▶ decide ─┬─ respond ──────────────────────────────────────────────▶ over
//              ▲     ├─ serve ─▶ serving (pump_content) ──────────────────────▶ over
//              └─────┼─ later
//                    └─ forward ─▶ connecting ─▶ exchanging (request ∥ answer) ─▶ over
//                                    │   ▲ another upstream; or a fresh connection for an idempotent request
//                                    that met a └───┘ kept one closed
//
// Invariants: up_ is set exactly while connecting or exchanging. Back-pressure: bytes are read from a side
// only when what was read before has been taken by the other; at most one block per direction is held.
// Threads: one worker.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/memory_budget.h"
#include "base/result.h"
#include "codec/http1_chunked.h"
#include "codec/http1_head.h"
#include "net/reading_pace.h"
#include "proxy/pipe_pool.h"
#include "proxy/site.h"
#include "proxy/upstream.h"
#include "runtime/turns.h"

namespace landfall::proxy {

class Transaction;
class Worker;

// The site's hold on a transaction that it has not decided yet, or whose content is still coming. It outlives
// the transaction. Worker's thread only.
class Later {
 public:
  explicit Later(Transaction& transaction) : transaction_(&transaction) {}
  Transaction* transaction() const { return transaction_; }  // null: it is over, the client has gone
  void decided();  // its decision has been filled; from inside Site::decide() too
  void more();     // its content's source has changed

 private:
  friend class Transaction;
  Transaction* transaction_;
};

class Transaction : public UpstreamUser, public TurnTaker {
 public:
  // --- what a site may look at ---
  bool has_head() const { return head_ != nullptr; }
  const http1::RequestHead& head() const { return *head_; }
  const ClientInfo& client() const { return *client_; }
  Decision& decision() { return decision_; }
  const Decision& decision() const { return decision_; }
  Worker& worker() const { return worker_; }
  Outcome outcome() const { return outcome_; }
  int status() const { return status_; }                    // sent to the client; 0 if none was
  int upstream_status() const { return upstream_status_; }  // 0 if none came
  uint64_t bytes_received() const { return bytes_received_; }
  uint64_t bytes_sent() const { return bytes_sent_; }
  bool is_tunnel() const { return tunnel_; }
  // Monotonic; 0: not reached.
  int64_t begun_ns() const { return begun_ns_; }
  int64_t forwarded_ns() const { return forwarded_ns_; }  // the head was given to the upstream
  int64_t answered_ns() const { return answered_ns_; }    // the first byte of the answer's head came
  int64_t replied_ns() const { return replied_ns_; }      // the head of an answer was given to the client
  int64_t finished_ns() const { return finished_ns_; }
  const std::string& upstream_address() const { return upstream_address_; }
  // For a site that decides later; the same object each time.
  std::shared_ptr<Later> later();
  // Collects the request's body, without its coding. `done`, which runs later unless the client goes away,
  // gets it or an Error: it is longer than the limit, or there is no memory for it (ENOMEM). To be called in
  // Site::decide().
  void collect_body(size_t limit_bytes, std::move_only_function<void(Result<std::string>)> done);
  // Of the answer whose head is being passed on (in Site::add_response_fields only).
  bool answer_sets_cookie(std::string_view name) const;

 protected:
  Transaction(Worker& worker, Site& site, const ClientInfo& client);
  ~Transaction();

  // --- for the client's side ---
  void begin(const http1::RequestHead& head);
  void pump();  // do what can be done now
  void take_turn() override { pump(); }
  void fail_begin(int status);    // answer to a head that could not be read
  void client_gone(Outcome why);  // give everything up
  void reset();                   // for the next request
  bool active() const { return active_; }
  bool check_deadline(int64_t now_ns);  // true: it had passed, and was dealt with
  void touch() { touched_ = true; }     // something moved: the deadline begins anew, at the next look at it

  // --- what the client's side does ---
  // The request's body, in the coding for the upstream (framed already, if the head says so).
  virtual std::string_view body_view() = 0;
  virtual void consume_body(size_t bytes) = 0;
  virtual bool body_complete() const = 0;      // all of it has been consumed
  virtual bool body_broken() const = 0;        // malformed framing
  virtual bool read_body() = 0;                // get more from the client; false: none now
  virtual bool body_needs_chunks() const = 0;  // unframed, of unknown length
  // The answer.
  virtual bool passes_chunked() const = 0;  // takes the upstream's chunked coding as it is
  virtual void send_interim(const http1::ResponseHead& head) = 0;  // 1xx
  virtual void send_head(const http1::ResponseHead& head, std::string_view extra_fields) = 0;
  virtual void send_local(int status, std::string_view fields, std::string_view body) = 0;  // a whole answer
  // The head of an answer of the site's. The body follows by write_body() and write_file() unless bodiless.
  enum class Follows : uint8_t { body, nothing };
  virtual void send_served_head(int status, const Decision& decision, Follows follows) = 0;
  virtual bool can_write() const = 0;                    // room for more body
  virtual bool waits_for_reader() const = 0;             // the client must take something first
  virtual uint64_t sharers() const { return 1; }         // of the client's connection: its streams
  virtual size_t write_body(std::string_view data) = 0;  // takes some; 0: no room
  virtual bool client_may_splice() const { return false; }
  virtual size_t splice_body(Pipe&) { return 0; }  // out of the pipe, as write_body()
  // The same from a file. nullopt: it cannot be read, or is shorter.
  virtual std::optional<size_t> write_file(int fd, uint64_t offset, uint64_t size);
  virtual void finish_answer() = 0;  // the body is over
  virtual void abort_answer() = 0;   // visibly cut
  virtual bool flush_answer() = 0;   // true if something moved
  virtual bool answer_flushed() const = 0;
  virtual void over() = 0;          // last call; may destroy this
  virtual void begin_tunnel() = 0;  // from here on body_view() is all that comes

  Worker& worker_;
  Site& site_;
  const ClientInfo* client_;
  const http1::RequestHead* head_ = nullptr;
  uint64_t bytes_received_ = 0, bytes_sent_ = 0;
  int status_ = 0;
  net::ReadingPace pace_;
  bool answer_begun_ = false, answer_complete_ = false, tunnel_ = false;

 private:
  friend class Later;
  void on_upstream_ready() final;
  // After this many more bytes: true if that is enough for now; then another turn will come after others'.
  bool ends_turn(size_t bytes);
  void read_ahead();
  void carry_out();
  void wait_without_deadline() {
    touched_ = false;
    deadline_ns_ = 0;
  }
  void respond_decided();
  void serve_decided();
  bool pump_content();
  bool pump_collecting();
  void end_collecting(Result<std::string> result);
  void connect();
  void write_request_head(std::string& out);
  void on_connect_failed();
  void on_connect_slow(int64_t now_ns);
  bool pump_request();
  bool pump_answer();
  bool read_answer_head();
  bool on_answer_head();
  bool pump_answer_body();
  bool may_splice();
  bool splice_answer();
  std::string_view answer_view();
  void consume_answer(size_t bytes);
  void on_upstream_end();
  void fail(int status, Outcome outcome);
  void drop_upstream(bool reusable);
  void finish(Outcome outcome);
  bool is_idempotent() const;

  Decision decision_;
  std::shared_ptr<UpstreamConnection> up_;
  std::shared_ptr<Upstream> upstream_;
  std::string upstream_address_;
  Outcome outcome_ = Outcome::answered;
  int upstream_status_ = 0;
  int64_t begun_ns_ = 0, forwarded_ns_ = 0, answered_ns_ = 0, replied_ns_ = 0, finished_ns_ = 0,
          deadline_ns_ = 0;

  // --- later, serve ---
  struct Collecting {
    size_t limit = 0;
    std::move_only_function<void(Result<std::string>)> done;
    std::string body;
    MemoryBudget::Share share{whole_messages()};
    http1::ChunkedDecoder chunks;
    bool continued = false;
  };
  std::shared_ptr<Later> later_;
  std::unique_ptr<Collecting> collecting_;
  uint64_t content_at_ = 0;
  bool deciding_ = false, serving_ = false;

  bool touched_ = false, active_ = false, pumping_ = false, again_ = false, connected_ = false;
  bool body_taken_ = false;  // part of the body has gone beyond up_->out: cannot be sent again
  bool last_chunk_queued_ = false, request_sent_ = false;
  bool upgrading_ = false;  // the upstream was asked for a tunnel
  uint8_t attempts_ = 0, interim_answers_ = 0;
  size_t turn_bytes_ = 0;
  int64_t connect_began_ns_ = 0;

  bool answer_head_seen_ = false, upstream_reusable_ = false, decode_chunks_ = false, answer_ended_ = false;
  http1::BodyKind answer_kind_ = http1::BodyKind::none;
  uint64_t answer_left_ = 0;
  http1::ChunkedDecoder chunks_;
  std::unique_ptr<Pipe> pipe_;  // while a body is spliced
  size_t framed_ = 0;           // bytes at the front of up_->in known to belong to the body
};

}  // namespace landfall::proxy
