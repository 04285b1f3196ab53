// `mineward user`: accounts from the console.
#include <fmt/format.h>

#include "api/accounts.h"
#include "app/command_support.h"
#include "base/text.h"

namespace mineward::app {
namespace {

using record::Actor;
using record::Record;
using record::RecordId;

Actor console() {
  Actor actor = Actor::system("system:console");
  actor.origin = "cli";
  return actor;
}

int refused(const record::Refusal& refusal) {
  std::cerr << "mineward: " << refusal.error.text() << "\n";
  for (const auto& fault : refusal.faults)
    std::cerr << fmt::format("  {}: {} {}\n", fault.field, fault.code, fault.message);
  return kFaults;
}

Result<Record> find(record::Store& store, std::string_view type, std::string_view field,
                    const std::string& value) {
  record::ListQuery query;
  query.type = type;
  query.filters = {{std::string(field), record::Filter::Op::eq, {value}}};
  MW_ASSIGN(record::Page page, store.list(console(), query));
  if (page.records.empty()) return not_found(fmt::format("found no {} with {} \"{}\"", type, field, value));
  return std::move(page.records.front());
}

}  // namespace

int user_add(const UserOptions& options) {
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  const auto organisation = find(node->store(), "organisation", "code", options.organisation);
  if (!organisation) return fail(organisation.error());
  api::NewAccount account;
  account.name = options.name;
  account.display_name = options.display_name;
  account.organisation = organisation->id;
  account.roles = options.roles;
  account.password = api::make_password(node->random());
  account.must_change_password = true;
  const auto outcome = api::create_account(node->store(), console(), account);
  if (const auto* refusal = std::get_if<record::Refusal>(&outcome)) return refused(*refusal);
  std::cout << account.password << "\n";
  std::cerr << "made account " << options.name
            << "; the password above must be changed at the first sign-in\n";
  return kDone;
}

int user_disable(const UserOptions& options) {
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  const auto account = find(node->store(), "account", "name", options.name);
  if (!account) return fail(account.error());
  if (const Status done = api::disable_account(node->store(), console(), account->id); !done)
    return fail(done.error());
  std::cerr << "disabled " << options.name << "; its sessions have ended\n";
  return kDone;
}

int user_reset(const UserOptions& options) {
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  const auto account = find(node->store(), "account", "name", options.name);
  if (!account) return fail(account.error());
  const std::string password = api::make_password(node->random());
  const Status done = api::set_password(node->store(), console(), account->id, password, true);
  if (!done) return fail(done.error());
  std::cout << password << "\n";
  std::cerr << "the password above must be changed at the next sign-in\n";
  return kDone;
}

int user_list(const UserOptions& options) {
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  record::ListQuery query;
  query.type = "account";
  query.sort = "id";
  query.descending = false;
  query.limit = 500;
  do {
    const auto page = node->store().list(console(), query);
    if (!page) return fail(page.error());
    for (const Record& account : page->records) {
      const auto roles = account.fields.find("roles");
      const auto* codes =
          roles == account.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&roles->second);
      const auto disabled = account.fields.find("disabled");
      const bool off = disabled != account.fields.end() && std::get_if<bool>(&disabled->second) &&
                       std::get<bool>(disabled->second);
      std::cout << fmt::format("{}\t{}\t{}\t{}\n", account.text("name"), account.text("display_name"),
                               codes ? join(*codes, ",") : "", off ? "disabled" : "active");
    }
    query.after = page->next;
  } while (!query.after.empty());
  return kDone;
}

}  // namespace mineward::app
