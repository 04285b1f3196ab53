/// For tests: two neighbouring counties with a mine each, a real store on SQLite, a real sample history, and
/// a server on loopback. Intake and watch are small stand-ins, so that the tests say what arrives and what is
/// pushed.
#pragma once

#include <condition_variable>
#include <memory>
#include <string>

#include "api/api.h"
#include "api/application.h"
#include "api/testing.h"

namespace mineward::api::testing {

/// Passes for a PNG picture.
std::string png_like(const std::string& rest);

/// Accepts everything; remembers the last upload. While `held`, accept() waits.
class FakeIntake final : public feed::Intake {
 public:
  feed::Receipt accept(const feed::Upload& upload) override;
  Status recover() override { return {}; }
  Status tick() override { return {}; }

  std::mutex mutex;
  std::condition_variable changed;
  feed::Upload last;
  int uploads = 0;
  bool held = false;
  feed::Verdict verdict = feed::Verdict::accepted;
};

/// Keeps the listener; answers from the store, within the scope.
class FakeWatch final : public watch::Watch {
 public:
  FakeWatch(record::Store& store, history::History& history) : store_(store), history_(history) {}
  Status apply(record::Writer&, const feed::AcceptedUpload&) override { return {}; }
  void committed(const feed::AcceptedUpload&, const feed::Receipt&) override {}
  void reset(record::RecordId) override {}
  std::uint64_t saved_seq() const override { return 0; }
  Status tick(ArrivalTime) override { return {}; }
  Status save() override { return {}; }
  void set_listener(watch::LiveListener l, watch::LiveInterest w) override {
    listener = std::move(l);
    wanted = std::move(w);
  }
  Result<watch::Underground> underground(const record::Actor& actor, record::RecordId mine) override;
  Result<watch::PointLimits> limits(const record::Actor& actor, record::RecordId point, EventTime) override;
  Result<std::vector<watch::MinePoints>> points(const record::Actor& actor,
                                                std::optional<record::RecordId> mine) override;
  Result<std::vector<watch::Concern>> board(const record::Actor& actor, ArrivalTime) override;

  watch::LiveListener listener;
  watch::LiveInterest wanted;

 private:
  record::Store& store_;
  history::History& history_;
};

/// A signed-in browser (cookie and CSRF token) or a machine (bearer token).
struct Session {
  std::string cookie, csrf, bearer;
};

/// A request as it goes over the wire.
std::string request_text(const std::string& method, const std::string& target, const Session& session,
                         const std::string& body = {}, const std::string& content_type = "application/json",
                         const std::string& more_headers = {});

/// One county with its mine and what belongs to it.
struct County {
  record::RecordId organisation, mine_organisation, mine, point, alarm, hazard, person, dispatcher;
  std::string attachment;  ///< sha-256, held by the hazard
};

class World {
 public:
  explicit World(ServerOptions options = {});
  ~World();

  /// Stops the server and starts another on the same data.
  void restart();
  Session sign_in(const std::string& name, const std::string& password = kPassword);
  /// One request on a connection of its own.
  Answer ask(const std::string& method, const std::string& target, const Session& session = {},
             const std::string& body = {}, const std::string& content_type = "application/json",
             const std::string& more_headers = {});
  Json json(const std::string& method, const std::string& target, const Session& session,
            const std::string& body = {});
  record::RecordId add_account(const std::string& name, record::RecordId organisation,
                               std::vector<std::string> roles, bool must_change_password = false);
  /// Waits for the 101; the next bytes are frames.
  std::unique_ptr<Client> open_live(const Session& session, const std::string& more_headers = {},
                                    int receive_buffer = 0);

  static constexpr const char* kPassword = "a good long phrase";
  ManualClock clock{ArrivalTime{1'768'176'000'000}};
  County here, there;
  record::RecordId province;
  std::unique_ptr<record::Store> store;
  std::unique_ptr<history::History> history;
  FakeIntake intake;
  std::unique_ptr<FakeWatch> watch;
  std::unique_ptr<duty::Duties> duties;
  RecordId region;
  ServerOptions options;
  std::unique_ptr<Server> server;
  pack::CatalogPtr catalog;
  Services services();
  /// Where everything is kept.
  const std::string& folder() const { return folder_; }

 private:
  record::RecordId add(const std::string& type, const record::Fields& fields);
  County add_county(const std::string& letter, record::RecordId region);

  std::string folder_;
  std::unique_ptr<Files> files_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<IdMaker> ids_;
};

}  // namespace mineward::api::testing
