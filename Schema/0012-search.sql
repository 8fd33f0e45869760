-- Searching ideas, and finding those that are like one another.
--
-- What is searched lies apart from the ideas: with the words in it an idea's row would be so long
-- that every read paid for it. A row is written when the idea is made, and again when its texts or
-- its state change. A vote touches neither table.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE idea_texts (
  idea_id   uuid        PRIMARY KEY,
  author_id uuid        NOT NULL,  -- only for the key that carries changes over
  opened_at timestamptz NOT NULL,
  state     text        NOT NULL,
  title     text        NOT NULL,
  pitch     text        NOT NULL,
  -- Everything that is said about the idea: title A, pitch B, problem and solution C.
  words     tsvector    NOT NULL,
  CONSTRAINT idea_texts_follow_ideas FOREIGN KEY (idea_id, author_id, opened_at, state)
    REFERENCES ideas (id, author_id, opened_at, state) ON UPDATE CASCADE
);
COMMENT ON TABLE idea_texts IS 'by work';

-- 'english' rather than 'simple': "tangled cables" has to find a cable that never tangles, and its
-- stop words are the longest lists of an index. Other languages are cut by the same rule on both
-- sides, so that they are found as they are written, and by a few other endings.
CREATE FUNCTION idea_words(title text, pitch text, problem text, solution text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.english', title), 'A')
    || setweight(to_tsvector('pg_catalog.english', pitch), 'B')
    || setweight(to_tsvector('pg_catalog.english', problem), 'C')
    || setweight(to_tsvector('pg_catalog.english', solution), 'C')
$$;

INSERT INTO idea_texts (idea_id, author_id, opened_at, state, title, pitch, words)
SELECT id, author_id, opened_at, state, title, pitch, idea_words(title, pitch, problem, solution)
FROM ideas;

-- Without a list of pending entries, which every search would have to read through: ideas are
-- written seldom and searched often.
CREATE INDEX idea_texts_words ON idea_texts USING gin (words) WITH (fastupdate = off);
CREATE INDEX idea_texts_title ON idea_texts USING gin (title gin_trgm_ops)
  WITH (fastupdate = off);
-- For words that are everywhere: the newest ideas that have them are found at once.
CREATE INDEX idea_texts_new ON idea_texts (state, opened_at DESC, idea_id DESC);
-- The planner chooses between the two by how frequent a word is.
ALTER TABLE idea_texts ALTER words SET STATISTICS 500;
ANALYZE idea_texts;

-- Every idea is found.
CREATE FUNCTION open_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO idea_texts (idea_id, author_id, opened_at, state, title, pitch, words)
  SELECT id, author_id, opened_at, state, title, pitch,
         idea_words(title, pitch, problem, solution)
  FROM fresh;
  RETURN NULL;
END $$;
CREATE TRIGGER ideas_open_texts AFTER INSERT ON ideas
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION open_texts();

CREATE FUNCTION follow_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE idea_texts t
  SET title = n.title, pitch = n.pitch,
      words = idea_words(n.title, n.pitch, n.problem, n.solution)
  FROM fresh n JOIN former o USING (id)
  WHERE t.idea_id = n.id AND (n.title, n.pitch, n.problem, n.solution)
    IS DISTINCT FROM (o.title, o.pitch, o.problem, o.solution);
  RETURN NULL;
END $$;
CREATE TRIGGER ideas_follow_texts AFTER UPDATE ON ideas
  REFERENCING NEW TABLE AS fresh OLD TABLE AS former
  FOR EACH STATEMENT EXECUTE FUNCTION follow_texts();
