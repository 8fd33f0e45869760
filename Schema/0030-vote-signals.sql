-- Signals of rings and sock puppets among the votes, and what persons decide about them.

-- Up to where votes have been looked at. Any number of workers; one at a time holds the row.
CREATE TABLE vote_watch (
  once    boolean     PRIMARY KEY DEFAULT true CHECK (once),
  through timestamptz NOT NULL
);
COMMENT ON TABLE vote_watch IS 'local';
INSERT INTO vote_watch (through) VALUES (date_bin('5 minutes', now(), '2000-01-01'));

-- Members who voted for the same ideas within five minutes of each other, and for which.
CREATE TABLE vote_pairs (
  a       uuid        NOT NULL,
  b       uuid        NOT NULL,
  ideas   uuid[]      NOT NULL,
  last_at timestamptz NOT NULL,
  CONSTRAINT vote_pairs_once PRIMARY KEY (a, b),
  CONSTRAINT vote_pairs_order CHECK (a < b)
);
CREATE INDEX vote_pairs_age ON vote_pairs (last_at);
COMMENT ON TABLE vote_pairs IS 'local';

-- Votes of a day for an idea from one network; `origin` 0 counts all, and the young among them.
CREATE TABLE vote_days (
  day     date    NOT NULL,
  idea_id uuid    NOT NULL,
  origin  integer NOT NULL,
  votes   integer NOT NULL CHECK (votes > 0),
  young   integer NOT NULL CHECK (young BETWEEN 0 AND votes),
  CONSTRAINT vote_days_once PRIMARY KEY (day, idea_id, origin)
);
COMMENT ON TABLE vote_days IS 'local';

CREATE TABLE vote_signals (
  id         uuid        PRIMARY KEY,
  -- What it is about: the same finding again makes no second signal.
  about      text        NOT NULL CONSTRAINT vote_signals_once UNIQUE,
  kind       text        NOT NULL
    CHECK (kind IN ('burst', 'origin', 'young', 'lockstep', 'reciprocal')),
  -- The method and its version.
  method     text        NOT NULL,
  score      integer     NOT NULL CHECK (score BETWEEN 0 AND 1000),
  evidence   jsonb       NOT NULL,
  state      text        NOT NULL
    CHECK (state IN ('open', 'held', 'released', 'upheld', 'dismissed')),
  -- Votes have come to it that the rules have not looked at yet.
  pending    boolean     NOT NULL,
  found_at   timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX vote_signals_by_state ON vote_signals (state, id);
CREATE INDEX vote_signals_pending ON vote_signals (id) WHERE pending;
COMMENT ON TABLE vote_signals IS 'local';

-- The votes that a signal names. They stay on record, whatever becomes of the votes.
CREATE TABLE vote_signal_votes (
  signal_id uuid NOT NULL REFERENCES vote_signals,
  idea_id   uuid NOT NULL,
  member_id uuid NOT NULL,
  CONSTRAINT vote_signal_votes_once PRIMARY KEY (signal_id, idea_id, member_id)
);
CREATE INDEX vote_signal_votes_of ON vote_signal_votes (idea_id, member_id);
CREATE INDEX vote_signal_votes_member ON vote_signal_votes (member_id);
COMMENT ON TABLE vote_signal_votes IS 'local';
CREATE TRIGGER vote_signal_votes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON vote_signal_votes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who decided what about a signal and why. `decided_by` NULL: the rules did, by the worker.
CREATE TABLE vote_signal_decisions (
  signal_id  uuid        NOT NULL REFERENCES vote_signals,
  number     integer     NOT NULL CHECK (number > 0),
  decision   text        NOT NULL CHECK (decision IN ('hold', 'release', 'uphold', 'dismiss')),
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  decided_by uuid        REFERENCES members,
  decided_at timestamptz NOT NULL,
  votes      integer     NOT NULL CHECK (votes >= 0),
  CONSTRAINT vote_signal_decisions_once PRIMARY KEY (signal_id, number),
  -- The rules hold; only persons decide.
  CONSTRAINT vote_signal_decisions_by CHECK (decided_by IS NOT NULL OR decision = 'hold')
);
COMMENT ON TABLE vote_signal_decisions IS 'local';
CREATE TRIGGER vote_signal_decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE
  ON vote_signal_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What became of each vote by a decision.
CREATE TABLE vote_hold_events (
  signal_id uuid        NOT NULL,
  number    integer     NOT NULL,
  idea_id   uuid        NOT NULL,
  member_id uuid        NOT NULL,
  cast_at   timestamptz NOT NULL,
  CONSTRAINT vote_hold_events_once PRIMARY KEY (signal_id, number, idea_id, member_id),
  CONSTRAINT vote_hold_events_of FOREIGN KEY (signal_id, number)
    REFERENCES vote_signal_decisions DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE vote_hold_events IS 'local';
CREATE TRIGGER vote_hold_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON vote_hold_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Gates count votes, and nothing else yet.
ALTER TABLE vote_policies DROP COLUMN gates_count;

-- The signal that holds a vote.
ALTER TABLE held_votes ADD COLUMN signal_id uuid;
CREATE INDEX held_votes_of_signal ON held_votes (signal_id);
