/// The trips of a story as a mine would tell them: definition files of its people and areas, then position
/// files, one when somebody is down, one when he is where he works, one when he has come up.
#pragma once

#include <vector>

#include "app/month_story.h"
#include "app/simulator_format.h"

namespace mineward::app {

/// In order of arrival. A trip that does not end before `to` is left out: nobody would be there to tell its
/// end. An error when a trip names somebody or an area that the mine does not have.
Result<std::vector<UploadFile>> trip_files(const MonthStory& story, const Region& region, ArrivalTime from,
                                           ArrivalTime to, std::uint64_t seed);

}  // namespace mineward::app
