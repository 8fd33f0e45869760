-- What more an idea tells: features, similar products, tags and links. All may be absent, and are
-- NULL then: most ideas have none, and every list reads them.

-- Up to ten different tags of 1 to 30 characters, in lower case.
CREATE FUNCTION are_tags(tags text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT cardinality(tags) BETWEEN 1 AND 10 AND bool_and(char_length(t) BETWEEN 1 AND 30)
    AND count(DISTINCT t) = cardinality(tags)
  FROM unnest(tags) AS t
$$;
-- Up to ten {"url", "title"?}. Whether an address is well-formed is the application's to say.
CREATE FUNCTION are_links(links jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_typeof(links) = 'array' AND jsonb_array_length(links) BETWEEN 1 AND 10
    AND (SELECT bool_and(coalesce(
           char_length(l ->> 'url') <= 2000 AND l ->> 'url' ~* '^https?://[^/?#]'
           AND coalesce(char_length(l ->> 'title'), 1) BETWEEN 1 AND 200
           AND l - 'url' - 'title' = '{}', false))
         FROM jsonb_array_elements(links) AS l)
$$;

ALTER TABLE ideas
  ADD COLUMN features text CHECK (char_length(features) BETWEEN 1 AND 5000),
  ADD COLUMN similar_products text CHECK (char_length(similar_products) BETWEEN 1 AND 2000),
  ADD COLUMN tags text[] CHECK (are_tags(tags)),
  ADD COLUMN links jsonb CHECK (are_links(links));
ALTER TABLE idea_versions
  ADD COLUMN features text,
  ADD COLUMN similar_products text,
  ADD COLUMN tags text[],
  ADD COLUMN links jsonb;

CREATE OR REPLACE FUNCTION guard_ideas() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF (NEW.title, NEW.pitch, NEW.problem, NEW.solution, NEW.category, NEW.features,
      NEW.similar_products, NEW.tags, NEW.links)
     IS DISTINCT FROM (OLD.title, OLD.pitch, OLD.problem, OLD.solution, OLD.category, OLD.features,
                       OLD.similar_products, OLD.tags, OLD.links) THEN
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

-- Lists of one category. Where many votes decide the order, `tallies` is read and this is asked.
CREATE INDEX ideas_of_category ON ideas (category, state, opened_at DESC, id DESC);

-- Lists of one tag: narrow rows in the order of a list, which a vote does not touch.
CREATE TABLE idea_tags (
  idea_id   uuid        NOT NULL,
  tag       text        NOT NULL,
  author_id uuid        NOT NULL,  -- only for the key that carries changes over
  opened_at timestamptz NOT NULL,
  state     text        NOT NULL,
  CONSTRAINT idea_tags_once PRIMARY KEY (idea_id, tag),
  CONSTRAINT idea_tags_follow_ideas FOREIGN KEY (idea_id, author_id, opened_at, state)
    REFERENCES ideas (id, author_id, opened_at, state) ON UPDATE CASCADE
);
CREATE INDEX idea_tags_new ON idea_tags (tag, state, opened_at DESC, idea_id DESC);
COMMENT ON TABLE idea_tags IS 'by work';

-- How many ideas that everybody may read have a tag.
CREATE TABLE tag_counts (
  tag   text   PRIMARY KEY,
  ideas bigint NOT NULL CHECK (ideas >= 0)
) WITH (fillfactor = 70);
CREATE INDEX tag_counts_most ON tag_counts (ideas DESC, tag) WHERE ideas > 0;
COMMENT ON TABLE tag_counts IS 'local';

CREATE FUNCTION is_public(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT state NOT IN ('draft', 'submitted', 'removed')
$$;

-- Everything that is said about the idea: title A, pitch B, all the rest C.
CREATE FUNCTION idea_words(
  title text, pitch text, problem text, solution text, features text, tags text[]
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT idea_words(title, pitch, problem, solution)
    || CASE WHEN features IS NULL AND tags IS NULL THEN ''::tsvector
       ELSE setweight(to_tsvector('pg_catalog.english', concat_ws(' ', features,
              (SELECT string_agg(t, ' ') FROM unnest(tags) AS t))), 'C') END
$$;

CREATE OR REPLACE FUNCTION open_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO idea_texts (idea_id, author_id, opened_at, state, title, pitch, words)
  SELECT id, author_id, opened_at, state, title, pitch,
         idea_words(title, pitch, problem, solution, features, tags)
  FROM fresh;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE idea_texts t
  SET title = n.title, pitch = n.pitch,
      words = idea_words(n.title, n.pitch, n.problem, n.solution, n.features, n.tags)
  FROM fresh n JOIN former o USING (id)
  WHERE t.idea_id = n.id AND (n.title, n.pitch, n.problem, n.solution, n.features, n.tags)
    IS DISTINCT FROM (o.title, o.pitch, o.problem, o.solution, o.features, o.tags);
  RETURN NULL;
END $$;

-- Counts change in the order of the tags, so that two writers never wait for each other.
CREATE FUNCTION open_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fresh WHERE tags IS NOT NULL) THEN RETURN NULL; END IF;
  INSERT INTO idea_tags (idea_id, tag, author_id, opened_at, state)
  SELECT id, tag, author_id, opened_at, state FROM fresh, unnest(tags) AS tag;
  INSERT INTO tag_counts AS c (tag, ideas)
  SELECT tag, count(*) FROM fresh, unnest(tags) AS tag
  WHERE is_public(state) GROUP BY tag ORDER BY tag
  ON CONFLICT (tag) DO UPDATE SET ideas = c.ideas + excluded.ideas;
  RETURN NULL;
END $$;
CREATE TRIGGER ideas_open_tags AFTER INSERT ON ideas
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION open_tags();

CREATE FUNCTION follow_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  change record;
BEGIN
  IF NOT EXISTS (SELECT FROM fresh WHERE tags IS NOT NULL)
     AND NOT EXISTS (SELECT FROM former WHERE tags IS NOT NULL) THEN RETURN NULL; END IF;
  DELETE FROM idea_tags t USING fresh n JOIN former o USING (id)
  WHERE t.idea_id = n.id AND n.tags IS DISTINCT FROM o.tags
    AND NOT coalesce(t.tag = ANY (n.tags), false);
  INSERT INTO idea_tags (idea_id, tag, author_id, opened_at, state)
  SELECT n.id, tag, n.author_id, n.opened_at, n.state
  FROM fresh n JOIN former o USING (id), unnest(n.tags) AS tag
  WHERE n.tags IS DISTINCT FROM o.tags AND NOT coalesce(tag = ANY (o.tags), false);
  -- A row that would fall below zero must not be tried as an insert first.
  FOR change IN
    SELECT tag, sum(n) AS step FROM (
      SELECT tag, 1 AS n FROM fresh, unnest(tags) AS tag WHERE is_public(state)
      UNION ALL
      SELECT tag, -1 FROM former, unnest(tags) AS tag WHERE is_public(state)
    ) AS c GROUP BY tag HAVING sum(n) <> 0 ORDER BY tag
  LOOP
    UPDATE tag_counts SET ideas = ideas + change.step WHERE tag = change.tag;
    IF NOT FOUND THEN
      INSERT INTO tag_counts AS c (tag, ideas) VALUES (change.tag, change.step)
      ON CONFLICT (tag) DO UPDATE SET ideas = c.ideas + excluded.ideas;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER ideas_follow_tags AFTER UPDATE ON ideas
  REFERENCING NEW TABLE AS fresh OLD TABLE AS former
  FOR EACH STATEMENT EXECUTE FUNCTION follow_tags();
