#include "api/live.h"

#include <algorithm>

#include "base/metrics.h"

namespace mineward::api {

using Kind = watch::LiveEvent::Kind;

namespace {

Counter& dropped(std::string_view labels) {
  return counter("live_dropped_total", "Live messages that a slow browser did not get", labels);
}

Message take_front(std::deque<Message>& queue) {
  Message message = std::move(queue.front());
  queue.pop_front();
  return message;
}

Message take_front(std::map<record::RecordId, Message>& states) {
  Message message = std::move(states.begin()->second);
  states.erase(states.begin());
  return message;
}

/// Whether one of the roles is asked for; nothing asked for is everybody.
bool has_one(const std::set<std::string>& roles, const std::vector<std::string>& asked) {
  return asked.empty() ||
         std::any_of(asked.begin(), asked.end(), [&](const auto& role) { return roles.contains(role); });
}

}  // namespace

LiveClient::LiveClient(std::string session, record::Actor actor, std::set<record::RecordId> organisations,
                       LiveLimits limits)
    : session_(std::move(session)),
      actor_(std::move(actor)),
      limits_(limits),
      organisations_(std::move(organisations)) {}

Message LiveClient::next() {
  const std::lock_guard lock(queue_mutex_);
  if (!alarms_.empty()) return take_front(alarms_);
  if (reminder_) return std::exchange(reminder_, nullptr);
  if (!people_.empty()) return take_front(people_);
  if (!uploads_.empty()) return take_front(uploads_);
  if (!values_.empty()) return take_front(values_);
  return nullptr;
}

bool LiveClient::takes(Kind kind, record::RecordId mine, record::RecordId organisation) const {
  const bool everybodys = kind == Kind::reminder && !organisation;  // a record that belongs to nobody
  return close_code_ == 0 && (everybodys || organisations_.contains(organisation)) &&
         (kind != Kind::values || mines_.contains(mine));
}

bool LiveClient::wants(Kind kind, record::RecordId mine, record::RecordId organisation) const {
  const std::lock_guard lock(queue_mutex_);
  return takes(kind, mine, organisation);
}

void LiveClient::offer(const watch::LiveEvent& event, const Message& message) {
  static Counter& values_dropped = dropped("kind=\"values\"");
  static Counter& uploads_dropped = dropped("kind=\"upload\"");
  static Counter& alarms_dropped = dropped("kind=\"alarm\"");
  {
    const std::lock_guard lock(queue_mutex_);
    if (!takes(event.kind, event.mine, event.organisation) || !has_one(actor_.roles, event.roles)) return;
    switch (event.kind) {
      case Kind::values:
        if (auto& slot = values_[event.mine]; slot) values_dropped.add();
        values_[event.mine] = message;
        break;
      case Kind::people: people_[event.mine] = message; break;
      case Kind::reminder: reminder_ = message; break;
      case Kind::upload:
        if (uploads_.size() >= limits_.uploads) {
          uploads_.pop_front();
          uploads_dropped.add();
        }
        uploads_.push_back(message);
        break;
      case Kind::alarm:
        if (alarms_.size() >= limits_.alarms) {
          alarms_dropped.add(alarms_.size() + 1);
          alarms_.clear();
          close_code_ = 1013;
        } else {
          alarms_.push_back(message);
        }
        break;
    }
  }
  wake();
}

void LiveClient::watch_mines(std::set<record::RecordId> mines) {
  const std::lock_guard lock(queue_mutex_);
  mines_ = std::move(mines);
  std::erase_if(values_, [this](const auto& slot) { return !mines_.contains(slot.first); });
}

void LiveClient::reply(Message message) {
  {
    const std::lock_guard lock(queue_mutex_);
    if (uploads_.size() >= limits_.uploads) return;
    uploads_.push_back(std::move(message));
  }
  wake();
}

bool LiveClient::lost() const { return close_code() == 1013; }

void LiveClient::end(std::uint16_t close_code) {
  {
    const std::lock_guard lock(queue_mutex_);
    if (close_code_ == 0) close_code_ = close_code;
  }
  wake();
}

std::uint16_t LiveClient::close_code() const {
  const std::lock_guard lock(queue_mutex_);
  return close_code_;
}

void LiveClient::on_wake(std::function<void()> wake) {
  const std::lock_guard lock(queue_mutex_);
  wake_ = std::move(wake);
}

void LiveClient::set_organisations(std::set<record::RecordId> organisations) {
  const std::lock_guard lock(queue_mutex_);
  organisations_ = std::move(organisations);
}

void LiveClient::wake() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(queue_mutex_);
    wake = wake_;
  }
  if (wake) wake();
}

std::shared_ptr<LiveClient> LiveHub::join(std::string session, record::Actor actor,
                                          std::set<record::RecordId> organisations, std::size_t max_clients) {
  auto client =
      std::make_shared<LiveClient>(std::move(session), std::move(actor), std::move(organisations), limits_);
  const std::shared_lock open(open_mutex_);
  if (!open_) return nullptr;
  const std::lock_guard lock(clients_mutex_);
  if (clients_.size() >= max_clients) return nullptr;
  clients_.insert(client);
  gauge("live_clients", "Browsers with a live connection").set(static_cast<std::int64_t>(clients_.size()));
  return client;
}

void LiveHub::leave(const std::shared_ptr<LiveClient>& client) {
  client->on_wake({});
  const std::lock_guard lock(clients_mutex_);
  clients_.erase(client);
  gauge("live_clients", "Browsers with a live connection").set(static_cast<std::int64_t>(clients_.size()));
}

bool LiveHub::wants(Kind kind, record::RecordId mine, record::RecordId organisation) const {
  const std::lock_guard lock(clients_mutex_);
  return std::any_of(clients_.begin(), clients_.end(),
                     [&](const auto& client) { return client->wants(kind, mine, organisation); });
}

void LiveHub::publish(const watch::LiveEvent& event) {
  const std::shared_lock lock(open_mutex_);
  if (!open_) return;
  const auto everyone = clients();
  if (everyone.empty()) return;
  const auto message = std::make_shared<const std::string>(event.json);
  for (const auto& client : everyone) client->offer(event, message);
}

std::vector<std::shared_ptr<LiveClient>> LiveHub::clients() const {
  const std::lock_guard lock(clients_mutex_);
  return {clients_.begin(), clients_.end()};
}

void LiveHub::end_session(std::string_view session, std::uint16_t close_code) {
  for (const auto& client : clients()) {
    if (client->session() == session) client->end(close_code);
  }
}

void LiveHub::close(std::uint16_t close_code) {
  {
    const std::unique_lock lock(open_mutex_);
    open_ = false;
  }
  for (const auto& client : clients()) client->end(close_code);
}

}  // namespace mineward::api
