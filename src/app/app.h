/// app/: the `mineward` command line and its wiring.
///
/// Is for: commands, configuration, putting the folders together into one running node, the example region.
/// Never: decides anything about a reading, a record or a duty; holds logic that another folder could hold.
/// Start reading at: main.cpp (commands), then node.h (what runs together).
#pragma once
