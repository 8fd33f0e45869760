-- What ideas that were imported are called where they come from, and what was said there: a repeat
-- is known again, and the same name with other content is a conflict.
CREATE TABLE imported_ideas (
  source      text        NOT NULL CHECK (char_length(source) BETWEEN 1 AND 64),
  external_id text        NOT NULL CHECK (char_length(external_id) BETWEEN 1 AND 200),
  idea_id     uuid        NOT NULL,
  sha256      bytea       NOT NULL CHECK (octet_length(sha256) = 32),
  imported_by uuid,  -- NULL: on the command line
  imported_at timestamptz NOT NULL,
  CONSTRAINT imported_ideas_once PRIMARY KEY (source, external_id)
);
COMMENT ON TABLE imported_ideas IS 'local';
CREATE TRIGGER imported_ideas_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON imported_ideas
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
