-- What was learned from runs about one board with one runtime. A calibration keeps what it was made from, so
-- that it can be judged when the runs are gone.

CREATE TABLE calibrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32),
  created TEXT NOT NULL, -- UTC
  board_id INTEGER NOT NULL REFERENCES boards (id),
  runtime_id INTEGER NOT NULL REFERENCES runtimes (id),
  costs_sha256 TEXT NOT NULL, -- of the kernel tables: with others the terms are others
  provenance TEXT NOT NULL CHECK (provenance IN ('measured', 'imported')),
  tool_version TEXT NOT NULL,
  runs INTEGER NOT NULL,
  models INTEGER NOT NULL,
  -- Mean absolute error of whole models, each predicted from the others.
  error_before REAL NOT NULL,
  error_after REAL NOT NULL,
  -- Relative half widths of 90 % intervals.
  board_band REAL NOT NULL,
  layer_band REAL NOT NULL
) STRICT;

CREATE INDEX calibrations_by_board ON calibrations (board_id, runtime_id);

CREATE TABLE calibration_parameters (
  calibration_id INTEGER NOT NULL REFERENCES calibrations (id) ON DELETE CASCADE,
  name TEXT NOT NULL, -- "scale", "branches", "flash stalls", "operator fee"
  fitted INTEGER NOT NULL CHECK (fitted IN (0, 1)),
  uncalibrated REAL NOT NULL,
  value REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  why TEXT NOT NULL, -- it was not fitted
  PRIMARY KEY (calibration_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE calibration_inputs (
  calibration_id INTEGER NOT NULL REFERENCES calibrations (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  run_uuid TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  model TEXT NOT NULL,
  layer INTEGER, -- from 1; NULL: the whole inference
  measured REAL NOT NULL, -- cycles
  before REAL NOT NULL, -- predicted without calibration
  after REAL NOT NULL, -- and with it
  weight REAL NOT NULL, -- 1; less: taken for an outlier
  PRIMARY KEY (calibration_id, position)
) STRICT, WITHOUT ROWID;

-- Lists say how many layers of each run there are, and how many were not timed.
CREATE INDEX layers_timed ON layers (run_id, runs);
