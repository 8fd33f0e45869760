-- How the best of a project's entries are found: votes, duels, stars, jurors, guesses; what that
-- came to when the project closed; and what was picked.

-- What a member has spent of what the project allows each: votes that stand, duels judged.
CREATE TABLE project_choosers (
  product_id uuid    NOT NULL,
  project_id uuid    NOT NULL,
  member_id  uuid    NOT NULL,
  spent      integer NOT NULL,
  allowed    integer NOT NULL CHECK (allowed BETWEEN 1 AND 100000),
  PRIMARY KEY (product_id, project_id, member_id),
  CONSTRAINT choices_within_limit CHECK (spent BETWEEN 0 AND allowed)
) WITH (fillfactor = 80);
COMMENT ON TABLE project_choosers IS 'by work';
CREATE INDEX project_choosers_by_member ON project_choosers (member_id);

CREATE TABLE project_votes (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  member_id  uuid        NOT NULL,
  entry_id   uuid        NOT NULL,
  -- Which of the entry's standing votes it was when it was cast; 1 is the first.
  place      bigint      NOT NULL CHECK (place > 0),
  cast_at    timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id, member_id, entry_id),
  FOREIGN KEY (product_id, entry_id) REFERENCES project_entries
);
COMMENT ON TABLE project_votes IS 'by work';
CREATE INDEX project_votes_of_entry ON project_votes (product_id, entry_id);
CREATE INDEX project_votes_by_member ON project_votes (member_id);

-- How many votes of an entry stand.
CREATE TABLE entry_tallies (
  product_id uuid   NOT NULL,
  entry_id   uuid   NOT NULL,
  votes      bigint NOT NULL CHECK (votes >= 0),
  PRIMARY KEY (product_id, entry_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE entry_tallies IS 'by work';

-- Where each entry of a round of duels stands: the least compared and the nearest rating are found
-- by index. A trigger keeps a row for each entry that takes part.
CREATE TABLE duel_standings (
  product_id uuid    NOT NULL,
  project_id uuid    NOT NULL,
  entry_id   uuid    NOT NULL,
  takes_part boolean NOT NULL,
  duels      integer NOT NULL DEFAULT 0 CHECK (duels >= 0),
  -- Elo, in thousandths.
  rating     bigint  NOT NULL DEFAULT 1500000,
  PRIMARY KEY (product_id, entry_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE duel_standings IS 'by work';
CREATE INDEX duel_standings_least ON duel_standings (product_id, project_id, duels, entry_id)
  INCLUDE (rating) WHERE takes_part;
CREATE INDEX duel_standings_rating ON duel_standings (product_id, project_id, rating, entry_id)
  INCLUDE (duels) WHERE takes_part;

CREATE FUNCTION stand_in_duels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO duel_standings (product_id, project_id, entry_id, takes_part)
  SELECT NEW.product_id, NEW.project_id, NEW.id, NEW.state = 'entered' FROM projects
  WHERE product_id = NEW.product_id AND id = NEW.project_id AND choosing = 'duels'
  ON CONFLICT (product_id, entry_id) DO UPDATE SET takes_part = excluded.takes_part;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_stand_in_duels AFTER INSERT OR UPDATE OF state ON project_entries
  FOR EACH ROW EXECUTE FUNCTION stand_in_duels();

-- What a member has judged: the lower id of the two first, so that a pair is judged once.
CREATE TABLE duels (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  member_id  uuid        NOT NULL,
  low_id     uuid        NOT NULL,
  high_id    uuid        NOT NULL,
  -- NULL: skipped.
  winner_id  uuid,
  judged_at  timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id, member_id, low_id, high_id),
  FOREIGN KEY (product_id, low_id) REFERENCES project_entries,
  FOREIGN KEY (product_id, high_id) REFERENCES project_entries,
  CONSTRAINT duel_of_two CHECK (low_id < high_id),
  CONSTRAINT duel_won_by_one CHECK (winner_id IN (low_id, high_id))
);
COMMENT ON TABLE duels IS 'by work';
CREATE INDEX duels_won ON duels (product_id, winner_id);
CREATE INDEX duels_by_member ON duels (member_id);

-- The pair that a member was given last. It stays until it is judged or skipped: nobody looks for
-- the pairs that suit them.
CREATE TABLE duel_offers (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  member_id  uuid        NOT NULL,
  left_id    uuid        NOT NULL,
  right_id   uuid        NOT NULL,
  offered_at timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id, member_id),
  CONSTRAINT offer_of_two CHECK (left_id <> right_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE duel_offers IS 'by work';
CREATE INDEX duel_offers_by_member ON duel_offers (member_id);

CREATE TABLE entry_ratings (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  member_id  uuid        NOT NULL,
  entry_id   uuid        NOT NULL,
  -- By the criteria's order in the project's rules; 0: none yet.
  stars      bigint[]    NOT NULL,
  rated_at   timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id, member_id, entry_id),
  FOREIGN KEY (product_id, entry_id) REFERENCES project_entries,
  CONSTRAINT stars_on_criteria CHECK (
    cardinality(stars) BETWEEN 1 AND 10 AND 0 <= ALL (stars) AND 5 >= ALL (stars)
    AND 0 < ANY (stars))
);
COMMENT ON TABLE entry_ratings IS 'by work';
CREATE INDEX entry_ratings_of_entry ON entry_ratings (product_id, entry_id);
CREATE INDEX entry_ratings_by_member ON entry_ratings (member_id);

CREATE TABLE jury_scores (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  member_id  uuid        NOT NULL,
  entry_id   uuid        NOT NULL,
  score      integer     NOT NULL CHECK (score BETWEEN 0 AND 100),
  comment    text        NOT NULL CHECK (char_length(comment) <= 2000),
  scored_at  timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id, member_id, entry_id),
  FOREIGN KEY (product_id, entry_id) REFERENCES project_entries
);
COMMENT ON TABLE jury_scores IS 'by work';
CREATE INDEX jury_scores_of_entry ON jury_scores (product_id, entry_id);
CREATE INDEX jury_scores_by_member ON jury_scores (member_id);

-- One that stands for each member: the last before closing.
CREATE TABLE price_guesses (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  member_id  uuid        NOT NULL,
  -- In nanos of the currency that the project's rules name.
  guess      bigint      NOT NULL CHECK (guess > 0),
  guessed_at timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id, member_id)
);
COMMENT ON TABLE price_guesses IS 'by work';
CREATE INDEX price_guesses_by_member ON price_guesses (member_id);

-- Nobody chooses what they made themselves.
CREATE INDEX entry_makers_of_product ON entry_makers (product_id, member_id, entry_id);
CREATE FUNCTION refuse_own_choice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  chosen uuid[] := CASE TG_TABLE_NAME
    WHEN 'duels' THEN ARRAY[to_jsonb(NEW) ->> 'low_id', to_jsonb(NEW) ->> 'high_id']::uuid[]
    ELSE ARRAY[to_jsonb(NEW) ->> 'entry_id']::uuid[] END;
BEGIN
  IF EXISTS (SELECT FROM entry_makers WHERE product_id = NEW.product_id
             AND entry_id = ANY (chosen) AND member_id = NEW.member_id) THEN
    RAISE EXCEPTION 'nobody chooses an entry of their own'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'not_own_entry';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER votes_not_for_own BEFORE INSERT ON project_votes
  FOR EACH ROW EXECUTE FUNCTION refuse_own_choice();
CREATE TRIGGER duels_not_of_own BEFORE INSERT ON duels
  FOR EACH ROW EXECUTE FUNCTION refuse_own_choice();
CREATE TRIGGER ratings_not_of_own BEFORE INSERT ON entry_ratings
  FOR EACH ROW EXECUTE FUNCTION refuse_own_choice();
CREATE TRIGGER scores_not_of_own BEFORE INSERT ON jury_scores
  FOR EACH ROW EXECUTE FUNCTION refuse_own_choice();

-- That what was chosen is fixed, and how much of it there was.
CREATE TABLE project_seals (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  -- Entries that took part.
  entries    bigint      NOT NULL CHECK (entries >= 0),
  -- Members who chose.
  choosers   bigint      NOT NULL CHECK (choosers >= 0),
  sealed_at  timestamptz NOT NULL,
  PRIMARY KEY (product_id, project_id),
  FOREIGN KEY (product_id, project_id) REFERENCES projects
);
COMMENT ON TABLE project_seals IS 'by work';

-- Who led when the project closed.
CREATE TABLE sealed_tallies (
  product_id uuid    NOT NULL,
  project_id uuid    NOT NULL,
  entry_id   uuid    NOT NULL,
  rank       integer NOT NULL CHECK (rank > 0),
  -- In the unit of the way of choosing.
  score      bigint  NOT NULL,
  -- How many votes, duels, ratings or scores it rests on.
  count      bigint  NOT NULL CHECK (count >= 0),
  PRIMARY KEY (product_id, project_id, entry_id),
  FOREIGN KEY (product_id, entry_id) REFERENCES project_entries,
  CONSTRAINT one_at_each_rank UNIQUE (product_id, project_id, rank)
);
COMMENT ON TABLE sealed_tallies IS 'by work';

-- The reason, who and when are in `projects`.
CREATE TABLE project_decisions (
  product_id      uuid   NOT NULL,
  project_id      uuid   NOT NULL,
  -- False: nothing of it was taken.
  adopted         boolean NOT NULL,
  -- Why something was picked that did not lead.
  override_reason text   CHECK (char_length(override_reason) BETWEEN 1 AND 2000),
  -- Of price guesses: what it became, in nanos.
  final_price     bigint CHECK (final_price > 0),
  PRIMARY KEY (product_id, project_id),
  FOREIGN KEY (product_id, project_id) REFERENCES projects
);
COMMENT ON TABLE project_decisions IS 'by work';

CREATE TABLE project_picks (
  product_id uuid   NOT NULL,
  project_id uuid   NOT NULL,
  entry_id   uuid   NOT NULL,
  -- Its part of what the picks earn together.
  weight     bigint NOT NULL CHECK (weight BETWEEN 1 AND 1000000),
  PRIMARY KEY (product_id, project_id, entry_id),
  FOREIGN KEY (product_id, entry_id) REFERENCES project_entries
);
COMMENT ON TABLE project_picks IS 'by work';

CREATE TRIGGER project_seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON project_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_tallies_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_tallies
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON project_decisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_picks_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON project_picks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON
  project_seals, sealed_tallies, project_decisions, project_picks FROM CURRENT_USER;

CREATE FUNCTION guard_decided_projects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a project that is decided stays so'
    USING ERRCODE = 'check_violation', TABLE = 'projects', CONSTRAINT = 'projects_decided';
END $$;
CREATE TRIGGER projects_decided BEFORE UPDATE OR DELETE ON projects
  FOR EACH ROW WHEN (OLD.state = 'decided') EXECUTE FUNCTION guard_decided_projects();

INSERT INTO notification_kinds VALUES ('project_decided', true, 'at_once', 0);
