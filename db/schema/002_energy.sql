-- What a power meter measured in a run. A run without a meter has no row; a run whose meter failed has one
-- that says why, and no figures.

CREATE TABLE energies (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  meter TEXT NOT NULL, -- "lpm01a", "ppk2", "csv"
  meter_detail TEXT NOT NULL, -- version, calibration, file
  supply_volts REAL NOT NULL,
  supply_source TEXT NOT NULL, -- who says so: "set on the meter", "probe", "board file"
  sample_hz REAL NOT NULL,
  samples INTEGER NOT NULL,
  missing INTEGER NOT NULL, -- samples that the meter lost
  overloads INTEGER NOT NULL, -- samples beyond the meter's range
  alignment TEXT NOT NULL CHECK (alignment IN ('trigger', 'events', 'correlation', 'none')),
  alignment_quality REAL NOT NULL, -- 0 to 1: share of edges that matched, or the correlation
  alignment_seconds REAL NOT NULL, -- how far edges lie from where the cycles say, root mean square
  drift_ppm REAL NOT NULL, -- of the meter's clock against the core's; corrected
  idle_before_watts REAL, -- the core asleep, before the first block and after the last
  idle_after_watts REAL,
  findings TEXT NOT NULL, -- what is to be known about the samples; may be empty
  trouble TEXT NOT NULL, -- why there are no figures; empty when there are
  CHECK (trouble = '' OR alignment = 'none')
) STRICT;

-- Per execution of a layer, or of the whole inference (number 0); joules with a 90 % interval from sampling
-- and alignment.
CREATE TABLE layer_energies (
  run_id INTEGER NOT NULL REFERENCES energies (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  executions INTEGER NOT NULL CHECK (executions > 0),
  samples INTEGER NOT NULL, -- that lie wholly within
  seconds REAL NOT NULL, -- of all executions
  joules REAL NOT NULL,
  joules_low REAL NOT NULL,
  joules_high REAL NOT NULL,
  average_watts REAL NOT NULL,
  peak_watts REAL NOT NULL,
  PRIMARY KEY (run_id, number),
  CHECK (joules_low <= joules AND joules <= joules_high)
) STRICT, WITHOUT ROWID;

-- The samples, compressed (docs/database.md).
CREATE TABLE energy_traces (
  run_id INTEGER PRIMARY KEY REFERENCES energies (run_id) ON DELETE CASCADE,
  data BLOB NOT NULL
) STRICT;
