-- Budgets of votes, votes that are held, and marks of where a vote came from.

-- What is asked of votes; the newest row counts from when it was made, and nothing before it.
CREATE TABLE vote_policies (
  number      integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  budget      text        NOT NULL CHECK (budget IN ('none', 'per_period', 'outstanding')),
  votes       integer     CHECK (votes BETWEEN 1 AND 100000),
  period      text        CHECK (period IN ('day', 'week', 'month')),
  -- Signals from this score on hold their votes at once; NULL: a curator decides.
  hold_score  integer     CHECK (hold_score BETWEEN 1 AND 1000),
  gates_count text        NOT NULL CHECK (gates_count IN ('votes', 'weighted')),
  reason      text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  made_by     uuid        REFERENCES members,
  made_at     timestamptz NOT NULL,
  CONSTRAINT vote_policies_votes CHECK ((budget <> 'none') = (votes IS NOT NULL)),
  CONSTRAINT vote_policies_period CHECK ((budget = 'per_period') = (period IS NOT NULL))
);
COMMENT ON TABLE vote_policies IS 'reference';
CREATE TRIGGER vote_policies_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON vote_policies
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO vote_policies (budget, gates_count, reason, made_at)
VALUES ('none', 'votes', 'As it was before there were policies.', now());

-- What a member has spent of one budget: of a day, a week or a month that began then, or of all
-- votes outstanding. `allowed` is what the policy said last, or what was spent already.
CREATE TABLE vote_accounts (
  member_id uuid        NOT NULL,
  kind      text        NOT NULL CHECK (kind IN ('day', 'week', 'month', 'outstanding')),
  began_at  timestamptz NOT NULL,
  spent     integer     NOT NULL,
  allowed   integer     NOT NULL,
  CONSTRAINT vote_accounts_once PRIMARY KEY (member_id, kind, began_at),
  CONSTRAINT vote_accounts_kept CHECK (spent BETWEEN 0 AND allowed)
) WITH (fillfactor = 80);
COMMENT ON TABLE vote_accounts IS 'by member';

-- The votes that were charged, and to which account.
CREATE TABLE vote_charges (
  member_id uuid        NOT NULL,
  idea_id   uuid        NOT NULL,
  kind      text        NOT NULL,
  began_at  timestamptz NOT NULL,
  CONSTRAINT vote_charges_once PRIMARY KEY (member_id, idea_id)
);
CREATE INDEX vote_charges_outstanding ON vote_charges (idea_id) WHERE kind = 'outstanding';
COMMENT ON TABLE vote_charges IS 'by member';

-- Where a vote came from: keyed hashes of the client's network and of its session, comparable
-- within the day of their key only. NULL: it was not cast over the network.
ALTER TABLE votes ADD COLUMN origin integer, ADD COLUMN session integer;
ALTER TABLE merged_votes ADD COLUMN origin integer, ADD COLUMN session integer,
  -- It was held when the duplicate was merged.
  ADD COLUMN held boolean NOT NULL DEFAULT false;

-- Votes since a moment are found by it: new ones lie together.
CREATE INDEX votes_moment ON votes USING brin (cast_at)
  WITH (pages_per_range = 32, autosummarize = on);

-- The keys of the marks, one a day; destroyed when nobody looks back so far.
CREATE TABLE mark_keys (
  day     date        PRIMARY KEY,
  key     bytea       NOT NULL CHECK (octet_length(key) = 16),
  made_at timestamptz NOT NULL
);
COMMENT ON TABLE mark_keys IS 'local';

-- Votes that do not count: held until a person decides, or kept out for good. They are no rows of
-- `votes`; all that counts votes counts without them. `released` is only found at a duplicate: it
-- counts once the merge is taken back.
CREATE TABLE held_votes (
  idea_id   uuid        NOT NULL,
  member_id uuid        NOT NULL REFERENCES members,
  cast_at   timestamptz NOT NULL,
  origin    integer,
  session   integer,
  state     text        NOT NULL CHECK (state IN ('held', 'upheld', 'released')),
  reason    text        CHECK (char_length(reason) BETWEEN 1 AND 2000),
  -- Its voter took it back; it stays held if it is cast again.
  withdrawn boolean     NOT NULL DEFAULT false,
  held_at   timestamptz NOT NULL,
  CONSTRAINT held_votes_once PRIMARY KEY (idea_id, member_id),
  CONSTRAINT held_votes_reason CHECK (state <> 'upheld' OR reason IS NOT NULL)
);
CREATE INDEX held_votes_of_member ON held_votes (member_id, cast_at);
COMMENT ON TABLE held_votes IS 'by work';

-- How many rows of held_votes an idea has: where there are some, votes are judged one by one.
ALTER TABLE tallies ADD COLUMN held integer NOT NULL DEFAULT 0 CHECK (held >= 0);

CREATE FUNCTION check_held_votes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh JOIN votes USING (idea_id, member_id)) THEN
    RAISE EXCEPTION 'a vote either counts or is held'
      USING ERRCODE = 'check_violation', TABLE = 'held_votes', CONSTRAINT = 'held_votes_or_votes';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER held_votes_do_not_count AFTER INSERT ON held_votes
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION check_held_votes();
