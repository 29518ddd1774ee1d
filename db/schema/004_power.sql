-- What a calibration learned of the power while computing; none for one that no energies taught.
CREATE TABLE power_calibrations (
  calibration_id INTEGER PRIMARY KEY REFERENCES calibrations (id) ON DELETE CASCADE,
  value REAL NOT NULL CHECK (value > 0), -- factor on the power of the board's file
  low REAL NOT NULL,
  high REAL NOT NULL,
  band REAL NOT NULL, -- relative half width of a 90 % interval
  -- Mean absolute error of whole models, each predicted from the others.
  error_before REAL NOT NULL,
  error_after REAL NOT NULL
) STRICT;

-- Average power of one run's inferences, W.
CREATE TABLE power_calibration_inputs (
  calibration_id INTEGER NOT NULL REFERENCES power_calibrations (calibration_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  run_uuid TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  model TEXT NOT NULL,
  measured REAL NOT NULL,
  before REAL NOT NULL,
  after REAL NOT NULL,
  weight REAL NOT NULL,
  PRIMARY KEY (calibration_id, position)
) STRICT, WITHOUT ROWID;
