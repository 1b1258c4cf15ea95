#pragma once

#include <string>
#include <vector>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// What is wrong with each recording -> diagnostics, and `report.damaged`. Adds the recordings to `files`; gives the first.
ir::FileId report_recordings(const std::vector<std::string>& paths, const std::vector<const ReadStats*>& stats, ir::Files& files,
                       ReplayReport& report, ir::Diagnostics&);

/// Fields that the recordings lack.
void report_fields(const ReplayReport&, ir::FileId, ir::Diagnostics&);

/// Clusters that the recordings name and the settings do not.
void report_clusters(const std::vector<std::string>& foreign, const std::string& adopted, const std::string& own, ir::FileId,
                     ir::Diagnostics&);

}  // namespace weir::simulator
