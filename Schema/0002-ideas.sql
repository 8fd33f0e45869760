-- Ideas, the votes on them, and the decisions about them.

CREATE TABLE ideas (
  id         uuid        PRIMARY KEY,
  author_id  uuid        NOT NULL REFERENCES members,
  title      text        NOT NULL CHECK (char_length(title) BETWEEN 10 AND 100),
  pitch      text        NOT NULL CHECK (char_length(pitch) BETWEEN 1 AND 140),
  problem    text        NOT NULL CHECK (char_length(problem) BETWEEN 1 AND 5000),
  solution   text        NOT NULL CHECK (char_length(solution) BETWEEN 1 AND 5000),
  category   text        NOT NULL CHECK (char_length(category) BETWEEN 1 AND 40),
  state      text        NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'removed')),
  votes      bigint      NOT NULL DEFAULT 0 CHECK (votes >= 0),
  opened_at  timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  decided_at timestamptz,
  -- Seconds, so that ten times the votes weigh as much as half a day of youth. `numeric`: exact
  -- and the same everywhere.
  trending   bigint      NOT NULL GENERATED ALWAYS AS (
    trunc(extract(epoch FROM opened_at AT TIME ZONE 'UTC') + 45000 * log((1 + votes)::numeric))
  ) STORED,
  CONSTRAINT ideas_decided CHECK ((state = 'open') = (decided_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX ideas_new ON ideas (state, opened_at DESC, id DESC);
CREATE INDEX ideas_top ON ideas (state, votes DESC, id DESC);
CREATE INDEX ideas_trending ON ideas (state, trending DESC, id DESC);
CREATE INDEX ideas_of_author ON ideas (author_id);
COMMENT ON TABLE ideas IS 'by work';

-- One vote per member and idea. ideas.votes counts these rows; both change in one statement.
CREATE TABLE votes (
  idea_id   uuid        NOT NULL REFERENCES ideas,
  member_id uuid        NOT NULL REFERENCES members,
  cast_at   timestamptz NOT NULL,
  CONSTRAINT votes_once PRIMARY KEY (idea_id, member_id)
);
CREATE INDEX votes_of_member ON votes (member_id, cast_at);
COMMENT ON TABLE votes IS 'by work';

CREATE TABLE decisions (
  idea_id    uuid        NOT NULL REFERENCES ideas,
  decision   text        NOT NULL CHECK (decision IN ('accept', 'decline', 'remove')),
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  decided_by uuid        NOT NULL REFERENCES members,
  decided_at timestamptz NOT NULL,
  CONSTRAINT decisions_once PRIMARY KEY (idea_id)
);
COMMENT ON TABLE decisions IS 'by work';

-- What was decided stays on record, also against the role that made it.
REVOKE UPDATE, DELETE, TRUNCATE ON decisions FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON decisions FROM PUBLIC;
