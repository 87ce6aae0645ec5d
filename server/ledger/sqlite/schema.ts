/**
 * The tables of the ledger's one file. `entries` is the truth; all other tables are the projection folded from it, in
 * the same file so that one transaction holds both.
 */

/** The file in the data directory; SQLite keeps `ledger.sqlite-wal` beside it. */
export const LEDGER_FILE = "ledger.sqlite";
/** "PSLg": marks a file as this program's ledger (https://www.sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x50_53_4c_67;
/**
 * Of the file as a whole, kept in `user_version`. Any other is refused, never guessed at. 1 was written before the link was
 * frozen: polls had fewer rules, and so other hashes.
 */
export const SCHEMA_VERSION = 2;
/** Of the fold and its tables. A projection by another version is thrown away and folded anew from the entries. */
export const PROJECTION_VERSION = 6;

/** Append-only; positions are contiguous from 1. `kind` and `body` as `encodeChange` gives them. */
export const CREATE_ENTRIES = `
  CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
`;

/**
 * Ballots are clustered by voter, then by how they rank among the voter's ballots: the one that counts is the first or
 * the last row of a range, one seek away however many there are. `tag` is null where the voter is known by it, and
 * weight 1 and late 0 take no byte, so that an event without a roll pays nothing for them. The partial indexes find what
 * a log's first clock record must move, and what came after a barrier; they hold nothing else.
 *
 * `lf_bits` of a chunk is null where it was stored before that was noted.
 *
 * The roll has a row of its own: the hashes of a large one are 13 KB, and `folded` is written with every commit.
 */
export const CREATE_PROJECTION = `
  CREATE TABLE folded (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    event TEXT,
    key_destroyed INTEGER,
    lf_bits INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE folded_roll (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    roll TEXT NOT NULL
  ) STRICT;
  CREATE TABLE polls (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    options INTEGER NOT NULL,
    counts TEXT NOT NULL,
    up_to INTEGER NOT NULL,
    results TEXT NOT NULL,
    groups TEXT NOT NULL,
    random_uids TEXT NOT NULL,
    certify TEXT NOT NULL,
    tagless INTEGER NOT NULL,
    round INTEGER NOT NULL,
    first TEXT,
    state TEXT NOT NULL,
    moves INTEGER NOT NULL,
    windows TEXT NOT NULL,
    closed TEXT,
    tally TEXT NOT NULL,
    unsynced INTEGER NOT NULL,
    late INTEGER NOT NULL,
    barrier TEXT,
    latest_ms INTEGER NOT NULL,
    state_cursor INTEGER NOT NULL,
    tally_cursor INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE stations (
    place INTEGER PRIMARY KEY,
    station TEXT NOT NULL UNIQUE,
    key BLOB NOT NULL,
    cursor INTEGER NOT NULL,
    revoked INTEGER,
    forgot INTEGER,
    wish TEXT
  ) STRICT;
  CREATE TABLE logs (
    log TEXT PRIMARY KEY,
    station TEXT NOT NULL,
    first_hash BLOB NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    parent_log TEXT,
    parent_number INTEGER,
    standing TEXT NOT NULL,
    accepted INTEGER,
    opened_cursor INTEGER NOT NULL,
    grown_cursor INTEGER NOT NULL,
    head INTEGER NOT NULL,
    hash BLOB NOT NULL,
    clock_ms INTEGER,
    clock_server_ms INTEGER,
    last_ms INTEGER NOT NULL,
    drained TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE roll_chunks (
    hash TEXT PRIMARY KEY,
    bytes BLOB NOT NULL,
    lf_bits INTEGER
  ) STRICT;
  CREATE TABLE roll (
    tag BLOB PRIMARY KEY,
    voter INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    grp INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ballots (
    poll BLOB NOT NULL,
    voter BLOB NOT NULL,
    eligible INTEGER NOT NULL,
    synced INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    log BLOB NOT NULL,
    number INTEGER NOT NULL,
    option INTEGER NOT NULL,
    tag BLOB,
    weight INTEGER NOT NULL,
    late INTEGER NOT NULL,
    PRIMARY KEY (poll, voter, eligible, synced, at_ms, log, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX unsynced_ballots ON ballots (log, number) WHERE synced = 0;
  CREATE INDEX late_ballots ON ballots (poll, at_ms, log, number) WHERE late = 1;
`;

export const DROP_PROJECTION = `
  DROP TABLE IF EXISTS ballots;
  DROP TABLE IF EXISTS roll;
  DROP TABLE IF EXISTS roll_chunks;
  DROP TABLE IF EXISTS logs;
  DROP TABLE IF EXISTS stations;
  DROP TABLE IF EXISTS polls;
  DROP TABLE IF EXISTS folded_roll;
  DROP TABLE IF EXISTS folded;
`;
