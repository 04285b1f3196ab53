/// For tests of the transport: an application that says back what it got, with no world around it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "api/testing.h"
#include "api/transport.h"

namespace mineward::api::testing {

/// Says back what it got. /slow waits until it is let go; /refuse is answered in plan(); /guarded is not
/// admitted; /live is a WebSocket whose text comes back in capitals.
class Echo final : public Application {
 public:
  void plan(Exchange& exchange) override {
    const std::string_view target = exchange.request.target;
    exchange.plan.body_limit = 100'000;
    if (target == "/refuse") exchange.plan.answer = text("refused", 403);
    exchange.plan.admit_first = target == "/guarded";
    if (target == "/slow") exchange.plan.lane = Lane::uploads;
    exchange.plan.live = target == "/live";
  }
  std::optional<Response> admit(Exchange& exchange) override {
    if (!exchange.plan.admit_first) return std::nullopt;
    return text("not admitted", 401);
  }
  Response answer(Exchange& exchange) override {
    ++answered;
    const Request& request = exchange.request;
    if (request.target == "/slow") {
      entered.count_down();
      let_go.wait();
    }
    if (request.target == "/large") return text(std::string(32u << 20, 'x'));
    return text(std::string(name_of(request.method)) + " " + request.target + " " + request.body);
  }
  LiveStart open_live(Exchange&) override { return {hub.join("s", {}, {record::RecordId{1}}, 10), {}}; }
  void live_message(LiveClient& client, std::string_view text) override {
    std::string capitals(text);
    for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    client.reply(std::make_shared<const std::string>(std::move(capitals)));
  }
  void live_closed(const std::shared_ptr<LiveClient>& client) override { hub.leave(client); }
  LiveHub hub;
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
  std::atomic<int> answered{0};  ///< requests that came through whole
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

}  // namespace mineward::api::testing
