-- Votes that staff record for a named person who has told them so. They count nowhere until the
-- person confirms: then an ordinary vote stands, and this row says how it came about.
CREATE TABLE proxy_votes (
  idea_id      uuid        NOT NULL REFERENCES ideas,
  id           uuid        NOT NULL,
  person       text        NOT NULL CHECK (char_length(person) BETWEEN 1 AND 60),
  email        text        NOT NULL,
  note         text        CHECK (char_length(note) BETWEEN 1 AND 500),
  cast_by      uuid        NOT NULL REFERENCES members,
  cast_at      timestamptz NOT NULL,
  rescinded_by uuid        REFERENCES members,
  rescinded_at timestamptz,
  confirmed_by uuid        REFERENCES members,
  confirmed_at timestamptz,
  CONSTRAINT proxy_votes_id PRIMARY KEY (idea_id, id),
  CONSTRAINT proxy_votes_email CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'
                                      AND char_length(email) <= 254),
  CONSTRAINT proxy_votes_rescinded CHECK ((rescinded_by IS NULL) = (rescinded_at IS NULL)),
  CONSTRAINT proxy_votes_confirmed CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT proxy_votes_end_once CHECK (rescinded_at IS NULL OR confirmed_at IS NULL)
);
CREATE UNIQUE INDEX proxy_votes_once ON proxy_votes (idea_id, lower(email))
  WHERE rescinded_at IS NULL;
CREATE INDEX proxy_votes_of_person ON proxy_votes (lower(email))
  WHERE rescinded_at IS NULL AND confirmed_at IS NULL;
COMMENT ON TABLE proxy_votes IS 'by work';

-- Who recorded it and when stays as it was written, and so does its end. The person's name and
-- address may be erased.
CREATE FUNCTION guard_proxy_votes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.idea_id, NEW.id, NEW.cast_by, NEW.cast_at)
        IS DISTINCT FROM (OLD.idea_id, OLD.id, OLD.cast_by, OLD.cast_at)
     OR ((OLD.rescinded_at IS NOT NULL OR OLD.confirmed_at IS NOT NULL)
         AND (NEW.rescinded_by, NEW.rescinded_at, NEW.confirmed_by, NEW.confirmed_at)
           IS DISTINCT FROM (OLD.rescinded_by, OLD.rescinded_at, OLD.confirmed_by,
                             OLD.confirmed_at)) THEN
    RAISE EXCEPTION 'a proxy vote is rescinded or confirmed once, and never deleted'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proxy_votes_guarded BEFORE UPDATE OR DELETE ON proxy_votes
  FOR EACH ROW EXECUTE FUNCTION guard_proxy_votes();
