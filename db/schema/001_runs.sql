-- Runs and what they were runs of. A row of models, boards or runtimes is never changed: a board
-- file that was edited since gives a new row, so that an old run still says what it was held against.

CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  operators INTEGER NOT NULL,
  macs INTEGER NOT NULL
) STRICT;

CREATE TABLE boards (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64), -- of the board file's and core file's hashes
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  chip TEXT NOT NULL,
  core TEXT NOT NULL,
  clock_hz INTEGER NOT NULL
) STRICT;

CREATE TABLE runtimes (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64), -- of the runtime file
  name TEXT NOT NULL,
  version TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32), -- the same on every desk; id is not
  started TEXT NOT NULL, -- UTC, "2026-03-01T12:34:56Z"
  provenance TEXT NOT NULL CHECK (provenance IN ('measured', 'virtual', 'predicted', 'imported')),
  source TEXT NOT NULL, -- of an imported run: file and format; else empty
  model_id INTEGER NOT NULL REFERENCES models (id),
  board_id INTEGER NOT NULL REFERENCES boards (id),
  runtime_id INTEGER NOT NULL REFERENCES runtimes (id),
  tool_version TEXT NOT NULL,
  agent_version TEXT NOT NULL,
  agent_build TEXT NOT NULL,
  kernel_library TEXT NOT NULL,
  probe TEXT NOT NULL,
  calibration TEXT NOT NULL, -- behind the prediction; "none"
  input TEXT NOT NULL, -- "zeros", "xorshift 1", "file NAME SHA-256"
  warm_up INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  -- One inference, in cycles; NULL where there is no such number.
  predicted REAL,
  predicted_low REAL,
  predicted_high REAL,
  inference_runs INTEGER NOT NULL,
  inference_min INTEGER,
  inference_median INTEGER,
  inference_max INTEGER,
  -- Frames of the agent: received over SWO, missing there, missing in the ring too.
  swo_frames INTEGER NOT NULL,
  swo_lost INTEGER NOT NULL,
  unrepaired INTEGER NOT NULL,
  CHECK (inference_runs = 0 OR (inference_min <= inference_median AND inference_median <= inference_max))
) STRICT;

CREATE INDEX runs_by_model ON runs (model_id, board_id, runtime_id);

-- What the agent read back, beside what the board file says.
CREATE TABLE machine_states (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  expected TEXT NOT NULL, -- empty where the board file does not say
  agrees INTEGER NOT NULL CHECK (agrees IN (0, 1)),
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE layers (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number INTEGER NOT NULL, -- from 1, as in reports
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  kernel TEXT NOT NULL,
  shape TEXT NOT NULL,
  macs INTEGER,
  predicted REAL,
  predicted_low REAL,
  predicted_high REAL,
  predicted_basis TEXT NOT NULL,
  runs INTEGER NOT NULL, -- timed executions; 0: not measured
  cycles_min INTEGER,
  cycles_median INTEGER,
  cycles_max INTEGER,
  output_hashes TEXT NOT NULL, -- FNV-1a 32 of each output, 8 digits each: from the device
  reference_hashes TEXT NOT NULL, -- and from the same kernels on the host
  cause TEXT NOT NULL, -- of the residual; empty when none can be named
  trouble TEXT NOT NULL, -- why it was not measured; empty when it was
  PRIMARY KEY (run_id, number),
  CHECK (runs = 0 OR (cycles_min <= cycles_median AND cycles_median <= cycles_max))
) STRICT, WITHOUT ROWID;
