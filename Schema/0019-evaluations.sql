-- Evaluation sessions: ideas on an agenda are rated by members on stated criteria, and a curator
-- decides about each. And what voters like about an idea.

CREATE TABLE evaluations (
  id           uuid        PRIMARY KEY,
  title        text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
  starts_at    timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL,
  state        text        NOT NULL CHECK (state IN ('planned', 'live', 'closed')),
  current_idea uuid,
  made_by      uuid        NOT NULL REFERENCES members,
  made_at      timestamptz NOT NULL,
  started_at   timestamptz,
  closed_at    timestamptz,
  CONSTRAINT evaluations_last CHECK (starts_at < ends_at),
  CONSTRAINT evaluations_current CHECK (current_idea IS NULL OR state = 'live'),
  CONSTRAINT evaluations_life CHECK (
    (closed_at IS NOT NULL) = (state = 'closed')
    AND (state = 'closed' OR (started_at IS NOT NULL) = (state = 'live')))
);
COMMENT ON TABLE evaluations IS 'reference';

CREATE FUNCTION guard_evaluations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'closed' OR (OLD.state = 'live' AND NEW.state = 'planned') THEN
    RAISE EXCEPTION 'an evaluation that is % stays so', OLD.state
      USING ERRCODE = 'check_violation', TABLE = 'evaluations', CONSTRAINT = 'evaluations_forward';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER evaluations_guarded BEFORE UPDATE ON evaluations
  FOR EACH ROW EXECUTE FUNCTION guard_evaluations();
CREATE TRIGGER evaluations_stay BEFORE DELETE OR TRUNCATE ON evaluations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

CREATE TABLE evaluation_criteria (
  evaluation_id uuid     NOT NULL REFERENCES evaluations,
  number        smallint NOT NULL CHECK (number BETWEEN 1 AND 10),
  name          text     NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
  scale         smallint NOT NULL CHECK (scale BETWEEN 2 AND 10),
  description   text     NOT NULL CHECK (char_length(description) BETWEEN 1 AND 300),
  CONSTRAINT evaluation_criteria_once PRIMARY KEY (evaluation_id, number),
  CONSTRAINT evaluation_criteria_names UNIQUE (evaluation_id, name),
  CONSTRAINT evaluation_criteria_scale UNIQUE (evaluation_id, number, scale)
);
COMMENT ON TABLE evaluation_criteria IS 'reference';

-- The agenda. `live`: its session is under way and nothing is decided yet; an idea is so in one
-- session at a time. `carried`: the session closed without a decision. `elsewhere`: the decision
-- was made outside the session.
CREATE TABLE evaluation_entries (
  evaluation_id uuid        NOT NULL REFERENCES evaluations,
  idea_id       uuid        NOT NULL REFERENCES ideas,
  place         integer     NOT NULL CHECK (place BETWEEN 1 AND 100),
  live          boolean     NOT NULL DEFAULT false,
  decision      text        CHECK (decision IN (
    'accept', 'decline', 'review', 'carried', 'elsewhere')),
  reason        text        CHECK (char_length(reason) BETWEEN 1 AND 2000),
  decided_by    uuid        REFERENCES members,
  decided_at    timestamptz,
  CONSTRAINT evaluation_entries_once PRIMARY KEY (evaluation_id, idea_id),
  CONSTRAINT evaluation_entries_undecided CHECK (NOT (live AND decision IS NOT NULL)),
  CONSTRAINT evaluation_entries_decided CHECK (
    (decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)
    AND (decision IS NOT NULL OR reason IS NULL)
    AND (coalesce(decision, 'elsewhere') = 'elsewhere' OR reason IS NOT NULL))
);
CREATE UNIQUE INDEX evaluation_entries_one ON evaluation_entries (idea_id) WHERE live;
CREATE INDEX evaluation_entries_of_idea ON evaluation_entries (idea_id);
COMMENT ON TABLE evaluation_entries IS 'by work';

-- `scale` is the criterion's, so that the score can be held against it.
CREATE TABLE evaluation_ratings (
  evaluation_id uuid        NOT NULL,
  idea_id       uuid        NOT NULL,
  member_id     uuid        NOT NULL REFERENCES members,
  criterion     smallint    NOT NULL,
  scale         smallint    NOT NULL,
  score         smallint    NOT NULL,
  rated_at      timestamptz NOT NULL,
  CONSTRAINT evaluation_ratings_once PRIMARY KEY (evaluation_id, idea_id, member_id, criterion),
  CONSTRAINT evaluation_ratings_on_scale CHECK (score BETWEEN 1 AND scale),
  CONSTRAINT evaluation_ratings_of_entry FOREIGN KEY (evaluation_id, idea_id)
    REFERENCES evaluation_entries,
  CONSTRAINT evaluation_ratings_of_criterion FOREIGN KEY (evaluation_id, criterion, scale)
    REFERENCES evaluation_criteria (evaluation_id, number, scale)
);
CREATE INDEX evaluation_ratings_of_member ON evaluation_ratings (member_id, evaluation_id);
COMMENT ON TABLE evaluation_ratings IS 'by work';

CREATE FUNCTION guard_ratings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  evaluation uuid := coalesce(NEW.evaluation_id, OLD.evaluation_id);
BEGIN
  IF (SELECT state FROM evaluations WHERE id = evaluation) IS DISTINCT FROM 'live' THEN
    RAISE EXCEPTION 'ratings change only while their session is live'
      USING ERRCODE = 'check_violation', TABLE = 'evaluation_ratings',
            CONSTRAINT = 'evaluation_ratings_live';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER evaluation_ratings_live BEFORE INSERT OR UPDATE OR DELETE ON evaluation_ratings
  FOR EACH ROW EXECUTE FUNCTION guard_ratings();

-- How many gave each score, 1 first: what the ratings count to, so that a live tally is read
-- without reading them.
CREATE TABLE evaluation_tallies (
  evaluation_id uuid     NOT NULL,
  idea_id       uuid     NOT NULL,
  criterion     smallint NOT NULL,
  scale         smallint NOT NULL,
  counts        bigint[] NOT NULL,
  CONSTRAINT evaluation_tallies_once PRIMARY KEY (evaluation_id, idea_id, criterion),
  CONSTRAINT evaluation_tallies_counts CHECK (cardinality(counts) = scale AND 0 <= ALL (counts)),
  CONSTRAINT evaluation_tallies_of_entry FOREIGN KEY (evaluation_id, idea_id)
    REFERENCES evaluation_entries,
  CONSTRAINT evaluation_tallies_of_criterion FOREIGN KEY (evaluation_id, criterion, scale)
    REFERENCES evaluation_criteria (evaluation_id, number, scale)
);
COMMENT ON TABLE evaluation_tallies IS 'by work';

-- What a voter likes about an idea, for its author. It counts while the vote stands that it was
-- written with. `place` is random: the order of a list tells nothing about who wrote when.
CREATE TABLE idea_likings (
  idea_id    uuid        NOT NULL REFERENCES ideas,
  member_id  uuid        NOT NULL REFERENCES members,
  place      bigint      NOT NULL CHECK (place > 0),
  words      text[]      NOT NULL,
  note       text        NOT NULL CHECK (char_length(note) <= 280),
  written_at timestamptz NOT NULL,
  CONSTRAINT idea_likings_once PRIMARY KEY (idea_id, member_id),
  CONSTRAINT idea_likings_place UNIQUE (idea_id, place),
  CONSTRAINT idea_likings_some CHECK (note <> '' OR cardinality(words) > 0),
  CONSTRAINT idea_likings_words CHECK (
    cardinality(words) <= 5
    AND words <@ ARRAY['usefulness', 'originality', 'design', 'price', 'sustainability',
                       'simplicity', 'quality', 'safety', 'fun', 'timing'])
);
COMMENT ON TABLE idea_likings IS 'by work';
