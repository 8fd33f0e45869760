-- Who is kept from what, and until when. The record knows of the command line too.

ALTER TABLE audit ALTER COLUMN actor_id DROP NOT NULL;  -- NULL: an operator at the command line
ALTER TABLE audit DROP CONSTRAINT audit_thing_check;
-- A TypeID, or the name of something that there is once, such as the chosen gates.
ALTER TABLE audit ADD CONSTRAINT audit_thing CHECK (thing ~ '^[a-z]+(_[0-9a-z]{26})?$');

-- Each row is a ban, or with a NULL scope the end of one by hand. The last row counts.
CREATE TABLE bans (
  member_id uuid        NOT NULL REFERENCES members,
  number    integer     NOT NULL CHECK (number > 0),
  scope     text        CHECK (scope IN ('comments', 'ideas', 'votes', 'all')),
  until     timestamptz,  -- NULL: until it is lifted
  reason    text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  made_by   uuid        NOT NULL REFERENCES members,
  made_at   timestamptz NOT NULL,
  CONSTRAINT bans_once PRIMARY KEY (member_id, number),
  CONSTRAINT bans_end_later CHECK (until > made_at),
  CONSTRAINT bans_lift CHECK (scope IS NOT NULL OR until IS NULL),
  CONSTRAINT bans_of_others CHECK (member_id <> made_by)
);
COMMENT ON TABLE bans IS 'by member';
CREATE TRIGGER bans_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON bans
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A token whose member is banned from voting has `votes_banned` where it had `votes`.
CREATE INDEX tokens_narrowed ON tokens (member_id) WHERE 'votes_banned' = ANY(scopes);
