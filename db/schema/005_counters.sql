-- What the DWT's profile counters of 8 bits counted in one more execution of a layer. A layer that was not
-- counted has no row; one of whose counts SWO lost some has a row without them.

CREATE TABLE layer_counters (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number INTEGER NOT NULL, -- of the layer, from 1
  cycles INTEGER NOT NULL, -- of this execution
  cpi INTEGER, -- cycles beyond one an instruction, waits for instructions among them
  exc INTEGER, -- cycles of entering and leaving exceptions
  sleep INTEGER, -- cycles asleep
  lsu INTEGER, -- cycles beyond one of loads and stores
  fold INTEGER, -- instructions that took no cycle
  PRIMARY KEY (run_id, number),
  CHECK ((cpi IS NULL) = (exc IS NULL) AND (cpi IS NULL) = (sleep IS NULL) AND (cpi IS NULL) = (lsu IS NULL)
    AND (cpi IS NULL) = (fold IS NULL))
) STRICT, WITHOUT ROWID;
