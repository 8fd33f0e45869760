-- Groups of members whose votes may weigh more or less than one. The count of votes stays what it
-- is; the weighted sum is told beside it, under the weights of the day the idea ended.
CREATE TABLE vote_groups (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$')
);
COMMENT ON TABLE vote_groups IS 'reference';

-- In thousandths of a vote; the newest row counts from when it was made.
CREATE TABLE vote_group_weights (
  name    text        NOT NULL REFERENCES vote_groups,
  number  integer     NOT NULL CHECK (number > 0),
  weight  integer     NOT NULL CHECK (weight BETWEEN 0 AND 100000),
  reason  text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  made_by uuid        REFERENCES members,
  made_at timestamptz NOT NULL,
  CONSTRAINT vote_group_weights_once PRIMARY KEY (name, number)
);
COMMENT ON TABLE vote_group_weights IS 'reference';
CREATE TRIGGER vote_group_weights_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON vote_group_weights
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE vote_group_members (
  name       text        NOT NULL REFERENCES vote_groups,
  member_id  uuid        NOT NULL REFERENCES members,
  added_at   timestamptz NOT NULL,
  added_by   uuid        REFERENCES members,
  removed_at timestamptz,
  removed_by uuid        REFERENCES members,
  CONSTRAINT vote_group_members_once PRIMARY KEY (name, member_id, added_at),
  CONSTRAINT vote_group_members_order CHECK (removed_at >= added_at)
);
CREATE UNIQUE INDEX vote_group_members_one ON vote_group_members (name, member_id)
  WHERE removed_at IS NULL;
COMMENT ON TABLE vote_group_members IS 'reference';
