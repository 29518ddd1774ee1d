-- What built the code that ran: "GCC 12.2.1"; empty where nobody says.

ALTER TABLE runs ADD COLUMN compiler TEXT NOT NULL DEFAULT '';
