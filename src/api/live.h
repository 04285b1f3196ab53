/// Live push without sockets: who gets which message, and what is dropped when a browser is slow.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "record/record.h"
#include "watch/watch.h"

namespace mineward::api {

using Message = std::shared_ptr<const std::string>;

/// Bounds of one client's queue. Values and headcounts are states, so only the newest of a mine is kept; of
/// reminders the newest. Alarms are kept in order up to the bound; one more and the client is lost: it is
/// closed with 1013 and reloads over HTTP. Upload rows push out the oldest.
struct LiveLimits {
  std::size_t alarms = 256;
  std::size_t uploads = 64;
};

/// One browser. Any thread.
class LiveClient {
 public:
  LiveClient(std::string session, record::Actor actor, std::set<record::RecordId> organisations,
             LiveLimits limits);

  /// The next message to send: alarms first, then a reminder, headcounts, uploads, values. Null when there is
  /// none.
  Message next();
  /// Whether an event is in the client's scope and wanted.
  bool wants(watch::LiveEvent::Kind kind, record::RecordId mine, record::RecordId organisation) const;
  /// Queues a message if it is in the client's scope and wanted. Never blocks.
  void offer(const watch::LiveEvent& event, const Message& message);
  /// Only the newest `values` of these mines are sent.
  void watch_mines(std::set<record::RecordId> mines);
  /// Queues an answer of the connection itself, such as a pong.
  void reply(Message message);

  bool lost() const;  ///< too slow for its alarms
  /// Ends the connection with this close code (the session ended, the server stops).
  void end(std::uint16_t close_code);
  std::uint16_t close_code() const;  ///< 0 = go on
  /// Called (outside locks) whenever there may be something to send or to end.
  void on_wake(std::function<void()> wake);

  const std::string& session() const { return session_; }
  const record::Actor& actor() const { return actor_; }
  void set_organisations(std::set<record::RecordId> organisations);

 private:
  void wake();
  /// wants(), for a caller that holds queue_mutex_.
  bool takes(watch::LiveEvent::Kind kind, record::RecordId mine, record::RecordId organisation) const;

  const std::string session_;
  const record::Actor actor_;
  const LiveLimits limits_;
  mutable std::mutex queue_mutex_;  // guards everything below
  std::set<record::RecordId> organisations_, mines_;
  std::deque<Message> alarms_, uploads_;
  Message reminder_;  ///< the newest: whoever hears of one reads the list
  std::map<record::RecordId, Message> people_, values_;
  std::uint16_t close_code_ = 0;
  std::function<void()> wake_;
};

/// All browsers. publish() is called from the watch's worker threads and only moves pointers.
class LiveHub {
 public:
  explicit LiveHub(LiveLimits limits = {}) : limits_(limits) {}
  /// Joins a client; null when there are `max_clients` already.
  std::shared_ptr<LiveClient> join(std::string session, record::Actor actor,
                                   std::set<record::RecordId> organisations, std::size_t max_clients);
  void leave(const std::shared_ptr<LiveClient>& client);
  void publish(const watch::LiveEvent& event);
  /// Whether publish() of such an event would reach somebody now.
  bool wants(watch::LiveEvent::Kind kind, record::RecordId mine, record::RecordId organisation) const;
  std::vector<std::shared_ptr<LiveClient>> clients() const;
  /// Ends the connections of a session, at sign-out.
  void end_session(std::string_view session, std::uint16_t close_code);
  /// Ends all and takes no more; when it returns, no publish() is under way.
  void close(std::uint16_t close_code);

 private:
  const LiveLimits limits_;
  std::shared_mutex open_mutex_;  // guards open_; held shared while publishing
  bool open_ = true;
  mutable std::mutex clients_mutex_;  // guards clients_
  std::set<std::shared_ptr<LiveClient>> clients_;
};

}  // namespace mineward::api
