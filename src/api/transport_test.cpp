#include "api/transport.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "api/testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Client;

/// Says back what it got. /slow waits until it is let go; /refuse is answered in plan(); /guarded is not
/// admitted.
class Echo final : public Application {
 public:
  void plan(Exchange& exchange) override {
    const std::string_view target = exchange.request.target;
    exchange.plan.body_limit = 100'000;
    if (target == "/refuse") exchange.plan.answer = text("refused", 403);
    exchange.plan.admit_first = target == "/guarded";
    if (target == "/slow") exchange.plan.lane = Lane::uploads;
  }
  std::optional<Response> admit(Exchange&) override { return text("not admitted", 401); }
  Response answer(Exchange& exchange) override {
    const Request& request = exchange.request;
    if (request.target == "/slow") {
      entered.count_down();
      let_go.wait();
    }
    if (request.target == "/large") return text(std::string(32u << 20, 'x'));
    return text(std::string(name_of(request.method)) + " " + request.target + " " + request.body);
  }
  LiveStart open_live(Exchange&) override { return {nullptr, text("no", 403)}; }
  void live_message(LiveClient&, std::string_view) override {}
  void live_closed(const std::shared_ptr<LiveClient>&) override {}
  Response refusal(int status, std::string_view code, std::string_view, const std::string&) override {
    return text(std::string(code), status);
  }
  static Response text(std::string body, int status = 200) {
    Response response;
    response.status = status;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
  }
  std::latch entered{1}, let_go{1};
};

class TransportTest : public ::testing::Test {
 protected:
  void start(TransportOptions options = {}) {
    transport_ = make_transport(std::move(options), echo_, clock_);
    const Status started = transport_->start();
    ASSERT_TRUE(started) << started.error().text();
  }
  std::uint16_t port() const { return transport_->port(); }

  ManualClock clock_{ArrivalTime{1'768'176'000'000}};
  Echo echo_;
  std::unique_ptr<Transport> transport_;
};

TEST_F(TransportTest, AnswersWhatHttpAllowsAndRefusesWhatItForbids) {
  TransportOptions options;
  options.header_limit = 2048;
  start(options);
  const std::string host = "Host: x\r\n";
  const std::string long_field = "X: " + std::string(4000, 'a') + "\r\n";
  const struct {
    const char* why;
    std::string request;
    int status;
    const char* body;
  } cases[] = {
      {"plain GET", "GET /a?b=1 HTTP/1.1\r\n" + host + "\r\n", 200, "GET /a?b=1 "},
      {"body by length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 200, "POST / abc"},
      {"body in chunks",
       "POST / HTTP/1.1\r\n" + host +
           "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n",
       200, "POST / abcde"},
      {"empty body in chunks", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       200, "POST / "},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200, "GET / "},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad_input"},
      {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "bad_input"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", 400, "bad_input"},
      {"no HTTP", "hello there\r\n\r\n", 400, "bad_input"},
      {"length and chunks",
       "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400,
       "bad_input"},
      {"two lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400,
       "bad_input"},
      {"negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400, "bad_input"},
      {"bad chunk size", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
       400, "bad_input"},
      {"head too large", "GET / HTTP/1.1\r\n" + host + long_field + "\r\n", 431, "too_large"},
      {"length over the limit", "POST / HTTP/1.1\r\n" + host + "Content-Length: 100001\r\n\r\n", 413,
       "too_large"},
      {"length at the limit",
       "POST / HTTP/1.1\r\n" + host + "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'y'), 200,
       nullptr},
      {"chunks over the limit",
       "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n186A1\r\n" +
           std::string(100'001, 'z'),
       413, "too_large"},
      {"absurd length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 18446744073709551615\r\n\r\n", 413,
       "too_large"},
      {"bad escape in the path", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400, "bad_input"},
      {"NUL in the path", "GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400, "bad_input"},
      {"absolute form", "GET http://x/ HTTP/1.1\r\n" + host + "\r\n", 400, "bad_input"},
      {"answered before the body", "POST /refuse HTTP/1.1\r\n" + host + "Content-Length: 50000\r\n\r\n", 403,
       "refused"},
      {"not admitted before the body", "POST /guarded HTTP/1.1\r\n" + host + "Content-Length: 50000\r\n\r\n",
       401, "not admitted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Client client(port());
    const Answer answer = client.ask(c.request);
    EXPECT_EQ(answer.status, c.status);
    if (c.body) {
      EXPECT_EQ(answer.body, c.body);
    }
    if (answer.header("connection") == "close") {
      EXPECT_TRUE(client.closed());
    }
  }
}

TEST_F(TransportTest, KeepsTheConnectionAndAnswersInOrderWhenPipelined) {
  start();
  Client client(port());
  client.send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhiGET /3 "
      "HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, "GET /1 ");
  EXPECT_EQ(client.receive().body, "POST /2 hi");
  EXPECT_EQ(client.receive().body, "GET /3 ");
  const Answer head = [&] {
    client.send("HEAD /4 HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.receive(false);
  }();
  EXPECT_EQ(head.header("content-length"), "8");
  EXPECT_EQ(client.ask("GET /5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").body, "GET /5 ")
      << "HEAD sent a body";
  EXPECT_TRUE(client.closed());
}

TEST_F(TransportTest, TakesARequestByteForByte) {
  start();
  Client client(port());
  for (const char c : std::string("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"))
    client.send({&c, 1});
  EXPECT_EQ(client.receive().body, "POST /x ok");
}

TEST_F(TransportTest, SaysContinueWhenAsked) {
  start();
  Client client(port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.take(25), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("ok").body, "POST / ok");
}

TEST_F(TransportTest, GivesUpOnSlowClients) {
  TransportOptions options;
  options.idle_timeout = options.header_timeout = options.read_timeout = Millis(50);
  start(options);
  Client silent(port());
  EXPECT_TRUE(silent.closed());
  Client slow_head(port());
  slow_head.send("GET / HTTP/1.1\r\nHos");
  EXPECT_TRUE(slow_head.closed());
  Client slow_body(port());
  slow_body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(slow_body.receive().status, 0) << "half a body gets no answer, only the end";
}

TEST_F(TransportTest, CutsAClientThatDoesNotRead) {
  TransportOptions options;
  options.write_timeout = Millis(100);
  options.max_connections = 1;
  start(options);
  Client client(port(), 4096);
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(client.take(8), "HTTP/1.1");
  // There is room for one: another is served only after the server gave up on the first, which reads no
  // further.
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < give_up) {
    Client second(port());
    status = second.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status;
  }
  EXPECT_EQ(status, 200);
  EXPECT_LT(client.take(64u << 20).size(), 32u << 20) << "the answer was cut";
}

TEST_F(TransportTest, StopLetsARunningRequestFinish) {
  start();
  Client idle(port());
  idle.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  Client client(port());
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  echo_.entered.wait();
  auto stopped = std::async(std::launch::async, [&] { transport_->stop(Millis(20'000)); });
  EXPECT_TRUE(idle.closed()) << "idle connections end at once";
  echo_.let_go.count_down();
  const Answer answer = client.receive();
  EXPECT_EQ(answer.body, "GET /slow ");
  EXPECT_EQ(answer.header("connection"), "close");
  stopped.get();
  EXPECT_FALSE(Client(port()).connected());
}

TEST_F(TransportTest, RefusesWhatAFullLaneCannotTake) {
  TransportOptions options;
  options.upload_threads = 1;
  options.upload_queue = 0;
  start(options);
  Client client(port());
  const Answer answer = client.ask("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("retry-after"), "2");
  EXPECT_EQ(client.ask("GET /page HTTP/1.1\r\nHost: x\r\n\r\n").status, 200) << "another lane goes on";
}

TEST_F(TransportTest, RefusesBodiesOverTheSharedBudget) {
  TransportOptions options;
  options.body_bytes_in_flight = 10;
  start(options);
  Client client(port());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n").status, 503);
  Client second(port());
  EXPECT_EQ(second.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789").status, 200);
  EXPECT_EQ(second.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789").status, 200)
      << "the budget comes back";
}

TEST_F(TransportTest, RefusesConnectionsOverTheLimit) {
  TransportOptions options;
  options.max_connections = 1;
  start(options);
  Client first(port());
  EXPECT_EQ(first.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  Client second(port());
  EXPECT_TRUE(second.closed());
}

TEST_F(TransportTest, SaysWhyItCannotListen) {
  start();
  TransportOptions taken;
  taken.port = port();
  auto second = make_transport(taken, echo_, clock_);
  const Status started = second->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::unavailable);
  TransportOptions bad_key;
  bad_key.tls_certificate = bad_key.tls_key = "/nonexistent/key.pem";
  EXPECT_EQ(make_transport(bad_key, echo_, clock_)->start().error().code, Errc::bad_input);
}

}  // namespace
}  // namespace mineward::api
