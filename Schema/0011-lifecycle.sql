-- The life of an idea: its states and how they may follow each other, every change of state on
-- record, former texts, gates that votes must pass, and merges of duplicates.

CREATE TABLE idea_transitions (
  old_state text NOT NULL,
  new_state text NOT NULL,
  CONSTRAINT idea_transitions_once PRIMARY KEY (old_state, new_state)
);
COMMENT ON TABLE idea_transitions IS 'reference';
INSERT INTO idea_transitions VALUES
  ('draft', 'submitted'), ('draft', 'open'), ('draft', 'withdrawn'),
  ('submitted', 'open'), ('submitted', 'declined'), ('submitted', 'removed'),
  ('submitted', 'withdrawn'),
  ('open', 'qualified'), ('open', 'in_review'), ('open', 'in_evaluation'), ('open', 'accepted'),
  ('open', 'declined'), ('open', 'expired'), ('open', 'duplicate'), ('open', 'removed'),
  ('open', 'withdrawn'),
  ('qualified', 'in_review'), ('qualified', 'in_evaluation'), ('qualified', 'accepted'),
  ('qualified', 'declined'), ('qualified', 'duplicate'), ('qualified', 'removed'),
  ('qualified', 'withdrawn'),
  ('in_review', 'open'), ('in_review', 'in_evaluation'), ('in_review', 'accepted'),
  ('in_review', 'declined'), ('in_review', 'duplicate'), ('in_review', 'removed'),
  ('in_review', 'withdrawn'),
  ('in_evaluation', 'in_review'), ('in_evaluation', 'accepted'), ('in_evaluation', 'declined'),
  ('in_evaluation', 'removed'),
  ('expired', 'open'), ('expired', 'qualified'), ('expired', 'removed'),
  ('duplicate', 'open'), ('duplicate', 'qualified'), ('duplicate', 'in_review'),
  ('withdrawn', 'removed');

-- A draft may be unfinished; what others read is whole. `opened_at` of a draft is when it was
-- begun: it is set again when it opens.
ALTER TABLE ideas
  DROP CONSTRAINT ideas_state_check,
  DROP CONSTRAINT ideas_decided,
  DROP CONSTRAINT ideas_title_check,
  DROP CONSTRAINT ideas_pitch_check,
  DROP CONSTRAINT ideas_problem_check,
  DROP CONSTRAINT ideas_solution_check,
  DROP CONSTRAINT ideas_category_check,
  ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  ADD COLUMN changes integer NOT NULL DEFAULT 0 CHECK (changes >= 0),
  ADD COLUMN last_change integer GENERATED ALWAYS AS (nullif(changes, 0)) STORED,
  ADD COLUMN ancestor_id uuid REFERENCES ideas,
  ADD CONSTRAINT ideas_state CHECK (state IN (
    'draft', 'submitted', 'open', 'qualified', 'in_review', 'in_evaluation', 'accepted',
    'declined', 'expired', 'duplicate', 'removed', 'withdrawn')),
  ADD CONSTRAINT ideas_decided CHECK (
    (state IN ('accepted', 'declined', 'expired', 'duplicate', 'removed', 'withdrawn'))
    = (decided_at IS NOT NULL)),
  ADD CONSTRAINT ideas_short CHECK (
    char_length(title) <= 100 AND char_length(pitch) <= 140 AND char_length(problem) <= 5000
    AND char_length(solution) <= 5000 AND char_length(category) <= 40),
  ADD CONSTRAINT ideas_whole CHECK (
    state IN ('draft', 'withdrawn', 'removed')
    OR (char_length(title) >= 10 AND pitch <> '' AND problem <> '' AND solution <> ''
        AND category <> '')),
  ADD CONSTRAINT ideas_own_ancestor CHECK (ancestor_id <> id);
CREATE INDEX ideas_of_ancestor ON ideas (ancestor_id) WHERE ancestor_id IS NOT NULL;

-- Who changed an idea's state, when and why. `changed_by` NULL: the rules did, by the worker.
CREATE TABLE idea_history (
  idea_id    uuid        NOT NULL REFERENCES ideas,
  number     integer     NOT NULL CHECK (number > 0),
  old_state  text        NOT NULL,
  new_state  text        NOT NULL,
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  changed_by uuid        REFERENCES members,
  changed_at timestamptz NOT NULL,
  CONSTRAINT idea_history_once PRIMARY KEY (idea_id, number),
  CONSTRAINT idea_history_state UNIQUE (idea_id, number, new_state),
  CONSTRAINT idea_history_allowed FOREIGN KEY (old_state, new_state) REFERENCES idea_transitions
);
COMMENT ON TABLE idea_history IS 'by work';

-- A state that has changed is the one that the last row of the history tells.
ALTER TABLE ideas ADD CONSTRAINT ideas_as_history FOREIGN KEY (id, last_change, state)
  REFERENCES idea_history (idea_id, number, new_state) DEFERRABLE INITIALLY DEFERRED;

-- Texts that an edit has replaced. Edits of a draft leave none.
CREATE TABLE idea_versions (
  idea_id     uuid        NOT NULL REFERENCES ideas,
  version     integer     NOT NULL CHECK (version > 0),
  title       text        NOT NULL,
  pitch       text        NOT NULL,
  problem     text        NOT NULL,
  solution    text        NOT NULL,
  category    text        NOT NULL,
  replaced_at timestamptz NOT NULL,
  CONSTRAINT idea_versions_once PRIMARY KEY (idea_id, version)
);
COMMENT ON TABLE idea_versions IS 'by work';

CREATE FUNCTION guard_ideas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state THEN
    IF NOT EXISTS (SELECT FROM idea_transitions
                   WHERE old_state = OLD.state AND new_state = NEW.state) THEN
      RAISE EXCEPTION 'an idea does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_transition';
    END IF;
    IF NEW.changes <> OLD.changes + 1 THEN
      RAISE EXCEPTION 'a change of state is counted'
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_change_counted';
    END IF;
  END IF;
  IF (NEW.title, NEW.pitch, NEW.problem, NEW.solution, NEW.category)
     IS DISTINCT FROM (OLD.title, OLD.pitch, OLD.problem, OLD.solution, OLD.category) THEN
    IF OLD.state NOT IN ('draft', 'submitted', 'open') THEN
      RAISE EXCEPTION 'the texts of an idea that is % are frozen', OLD.state
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_frozen';
    END IF;
    IF OLD.state <> 'draft' AND NEW.version <> OLD.version + 1 THEN
      RAISE EXCEPTION 'an edit of what others have read makes a new version'
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_version_counted';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ideas_guarded BEFORE UPDATE ON ideas
  FOR EACH ROW EXECUTE FUNCTION guard_ideas();

-- What has happened stays on record. By trigger and not by taking rights away: foreign keys look
-- at these tables with the rights of their owner.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER idea_history_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON idea_history
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER idea_versions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON idea_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Chains of gates: so many votes within so many days, step after step. A chain never changes; an
-- idea keeps the numbers of the day its step began.
CREATE TABLE gate_chains (
  name       text        PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  made_at    timestamptz NOT NULL
);
COMMENT ON TABLE gate_chains IS 'reference';
CREATE TABLE gate_steps (
  chain text    NOT NULL REFERENCES gate_chains,
  step  integer NOT NULL CHECK (step BETWEEN 1 AND 10),
  votes bigint  NOT NULL CHECK (votes BETWEEN 1 AND 1000000000),
  days  integer NOT NULL CHECK (days BETWEEN 1 AND 3650),
  CONSTRAINT gate_steps_once PRIMARY KEY (chain, step)
);
COMMENT ON TABLE gate_steps IS 'reference';
CREATE TRIGGER gate_chains_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON gate_chains
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gate_steps_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON gate_steps
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Which chain ideas enter that open now; the newest row counts, and NULL means none.
CREATE TABLE gate_choices (
  number    integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chain     text        REFERENCES gate_chains,
  chosen_by uuid        REFERENCES members,
  chosen_at timestamptz NOT NULL
);
COMMENT ON TABLE gate_choices IS 'reference';
CREATE TRIGGER gate_choices_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON gate_choices
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO gate_chains VALUES ('200-in-30-days', now()), ('stepped', now());
INSERT INTO gate_steps VALUES
  ('200-in-30-days', 1, 200, 30),
  ('stepped', 1, 100, 60), ('stepped', 2, 1000, 365), ('stepped', 3, 5000, 183),
  ('stepped', 4, 10000, 183);
INSERT INTO gate_choices (chain, chosen_at) VALUES ('200-in-30-days', now());

-- The steps that ideas have reached.
CREATE TABLE idea_gates (
  idea_id   uuid        NOT NULL REFERENCES ideas,
  number    integer     NOT NULL CHECK (number > 0),
  chain     text        NOT NULL,
  step      integer     NOT NULL,
  votes     bigint      NOT NULL CHECK (votes > 0),
  began_at  timestamptz NOT NULL,
  deadline  timestamptz NOT NULL,
  warned_at timestamptz,
  outcome   text        CHECK (outcome IN ('passed', 'expired', 'overridden', 'closed')),
  ended_at  timestamptz,
  CONSTRAINT idea_gates_once PRIMARY KEY (idea_id, number),
  CONSTRAINT idea_gates_end CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CONSTRAINT idea_gates_of_chain FOREIGN KEY (chain, step) REFERENCES gate_steps
);
CREATE UNIQUE INDEX idea_gates_one ON idea_gates (idea_id) WHERE outcome IS NULL;
CREATE INDEX idea_gates_votes ON idea_gates (votes) WHERE outcome IS NULL;
CREATE INDEX idea_gates_deadline ON idea_gates (deadline) WHERE outcome IS NULL;
CREATE INDEX idea_gates_unwarned ON idea_gates (deadline)
  WHERE outcome IS NULL AND warned_at IS NULL;
COMMENT ON TABLE idea_gates IS 'by work';

-- The votes that stood when a gate was decided. `hash` is the SHA-256 of all of them in the order
-- of their members: 16 bytes of the member's id and 8 of the microseconds since 1970, big-endian.
CREATE TABLE tally_seals (
  idea_id    uuid        NOT NULL,
  number     integer     NOT NULL,
  sealed_at  timestamptz NOT NULL,
  electorate bigint      NOT NULL CHECK (electorate >= votes),
  votes      bigint      NOT NULL CHECK (votes >= 0),
  hash       bytea       NOT NULL CHECK (octet_length(hash) = 32),
  CONSTRAINT tally_seals_once PRIMARY KEY (idea_id, number),
  CONSTRAINT tally_seals_of_gate FOREIGN KEY (idea_id, number) REFERENCES idea_gates
);
COMMENT ON TABLE tally_seals IS 'by work';
CREATE TABLE sealed_votes (
  idea_id   uuid        NOT NULL,
  number    integer     NOT NULL,
  member_id uuid        NOT NULL REFERENCES members,
  cast_at   timestamptz NOT NULL,
  CONSTRAINT sealed_votes_once PRIMARY KEY (idea_id, number, member_id),
  CONSTRAINT sealed_votes_of_seal FOREIGN KEY (idea_id, number) REFERENCES tally_seals
    DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE sealed_votes IS 'by work';
CREATE TRIGGER tally_seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON tally_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_votes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_votes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION votes_hash(idea uuid) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(coalesce(string_agg(
    uuid_send(member_id) || int8send((extract(epoch FROM cast_at) * 1000000)::bigint), ''
    ORDER BY member_id), ''))
  FROM votes WHERE idea_id = idea
$$;

-- An idea that is another one's duplicate has given it its votes.
CREATE TABLE idea_merges (
  duplicate_id  uuid        NOT NULL REFERENCES ideas,
  number        integer     NOT NULL CHECK (number > 0),
  original_id   uuid        NOT NULL REFERENCES ideas,
  state_before  text        NOT NULL,
  votes_before  bigint      NOT NULL,
  hash_before   bytea       NOT NULL CHECK (octet_length(hash_before) = 32),
  original_hash bytea       NOT NULL CHECK (octet_length(original_hash) = 32),
  merged_by     uuid        NOT NULL REFERENCES members,
  merged_at     timestamptz NOT NULL,
  reason        text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  undone_by     uuid        REFERENCES members,
  undone_at     timestamptz,
  CONSTRAINT idea_merges_once PRIMARY KEY (duplicate_id, number),
  CONSTRAINT idea_merges_two CHECK (duplicate_id <> original_id),
  CONSTRAINT idea_merges_undone CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE UNIQUE INDEX idea_merges_one ON idea_merges (duplicate_id) WHERE undone_at IS NULL;
CREATE INDEX idea_merges_into ON idea_merges (original_id) WHERE undone_at IS NULL;
COMMENT ON TABLE idea_merges IS 'by work';

CREATE FUNCTION refuse_chains() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM idea_merges AS m
             WHERE m.undone_at IS NULL AND NEW.undone_at IS NULL
               AND (m.original_id = NEW.duplicate_id OR m.duplicate_id = NEW.original_id)) THEN
    RAISE EXCEPTION 'merges make no chains'
      USING ERRCODE = 'check_violation', TABLE = 'idea_merges', CONSTRAINT = 'idea_merges_no_chain';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER idea_merges_no_chain AFTER INSERT OR UPDATE ON idea_merges
  FOR EACH ROW EXECUTE FUNCTION refuse_chains();

-- The duplicate's votes as they were; `moved`: this one became a vote of the original.
CREATE TABLE merged_votes (
  duplicate_id uuid        NOT NULL,
  number       integer     NOT NULL,
  member_id    uuid        NOT NULL REFERENCES members,
  cast_at      timestamptz NOT NULL,
  moved        boolean     NOT NULL,
  CONSTRAINT merged_votes_once PRIMARY KEY (duplicate_id, number, member_id),
  CONSTRAINT merged_votes_of_merge FOREIGN KEY (duplicate_id, number) REFERENCES idea_merges
);
COMMENT ON TABLE merged_votes IS 'by work';
