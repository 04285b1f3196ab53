/// For tests: a node in a temporary folder in which the example's month was played, under a clock that a test
/// may set further.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "app/demo_month.h"
#include "base/clock.h"
#include "db/testing.h"

namespace mineward::app {

/// Everything of one played time. The node is destroyed before what it borrows.
struct PlayedMonth {
  db::TestFolder folder;
  Region region;
  MonthStory story;
  pack::CatalogPtr catalog;
  ArrivalTime from{}, to{};
  std::unique_ptr<ManualClock> real;   ///< stands still
  std::unique_ptr<ReplayClock> clock;  ///< the node's; set() takes it forward
  std::unique_ptr<Node> node;

  record::Store& store() const { return node->store(); }
  /// All records of a type, by id.
  std::vector<record::Record> records(const std::string& type) const;
  /// The one whose field has this text.
  record::Record one(const std::string& type, const std::string& field, const std::string& text) const;
};

/// The packs and the example region of the source tree.
pack::CatalogPtr example_catalog();
Region example_region();
std::string example_file(const std::string& name);
/// Reads examples/month.yaml; a mistake fails the test.
MonthStory example_story(const Region& region, const pack::Catalog& catalog);
/// Makes the example region and plays [from, to), Beijing times such as "2026-10-01 00:00:00". After a
/// failure (reported) `node` may be null.
std::unique_ptr<PlayedMonth> play_example(const std::string& from, const std::string& to,
                                          std::uint64_t seed = 20260112);

}  // namespace mineward::app
