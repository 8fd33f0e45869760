-- What is said about ideas, and the record of what curators and admins do.

-- One row an idea that has been talked about. Whoever changes which comments there are holds it.
CREATE TABLE conversations (
  idea_id     uuid        PRIMARY KEY REFERENCES ideas,
  comments    bigint      NOT NULL DEFAULT 0 CHECK (comments >= 0),  -- the visible ones
  locked_at   timestamptz,
  locked_by   uuid        REFERENCES members,
  lock_reason text        CHECK (char_length(lock_reason) BETWEEN 1 AND 2000),
  CONSTRAINT conversations_lock CHECK (
    (locked_at IS NULL) = (locked_by IS NULL) AND (locked_at IS NULL) = (lock_reason IS NULL))
);
COMMENT ON TABLE conversations IS 'by work';

-- `path` leads from the root to the comment itself; in its order a thread is read from top to
-- bottom. `html` is what the renderer of the version `rendered` has made of `text`.
CREATE TABLE comments (
  idea_id     uuid        NOT NULL REFERENCES ideas,
  id          uuid        NOT NULL,
  author_id   uuid        NOT NULL REFERENCES members,
  path        uuid[]      NOT NULL CHECK (cardinality(path) BETWEEN 1 AND 5),
  root_id     uuid        NOT NULL GENERATED ALWAYS AS (path[1]) STORED,
  depth       integer     NOT NULL GENERATED ALWAYS AS (cardinality(path)) STORED,
  text        text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
  html        text        NOT NULL,
  rendered    integer     NOT NULL,
  version     integer     NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 100),
  state       text        NOT NULL DEFAULT 'visible'
    CHECK (state IN ('visible', 'deleted', 'removed')),
  reason      text        CHECK (char_length(reason) BETWEEN 1 AND 2000),
  official    boolean     NOT NULL DEFAULT false,
  replies     bigint      NOT NULL DEFAULT 0 CHECK (replies >= 0),    -- visible ones below it
  helpful     bigint      NOT NULL DEFAULT 0 CHECK (helpful >= 0),    -- marks
  reactions   bigint      NOT NULL DEFAULT 0 CHECK (reactions >= 0),  -- of all kinds
  created_at  timestamptz NOT NULL,
  edited_at   timestamptz,
  CONSTRAINT comments_once PRIMARY KEY (idea_id, id),
  CONSTRAINT comments_path CHECK (path[cardinality(path)] = id),
  CONSTRAINT comments_reason CHECK ((state = 'removed') = (reason IS NOT NULL)),
  CONSTRAINT comments_edited CHECK ((version > 1) = (edited_at IS NOT NULL))
);
CREATE INDEX comments_by_id ON comments (id);
CREATE INDEX comments_of_author ON comments (author_id, created_at);
CREATE INDEX comments_threads ON comments (idea_id, root_id, path);
CREATE INDEX comments_roots ON comments (idea_id, id) WHERE depth = 1;
CREATE INDEX comments_helpful ON comments (idea_id, helpful, reactions, id) WHERE depth = 1;
CREATE INDEX comments_official ON comments (idea_id, id) WHERE official;
COMMENT ON TABLE comments IS 'by work';

-- Texts that an edit has replaced. They go only when everything of their author goes.
CREATE TABLE comment_versions (
  idea_id     uuid        NOT NULL,
  comment_id  uuid        NOT NULL,
  version     integer     NOT NULL CHECK (version > 0),
  text        text        NOT NULL,
  replaced_at timestamptz NOT NULL,
  CONSTRAINT comment_versions_once PRIMARY KEY (idea_id, comment_id, version),
  CONSTRAINT comment_versions_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES comments
);
COMMENT ON TABLE comment_versions IS 'by work';
CREATE TRIGGER comment_versions_stay BEFORE UPDATE OR TRUNCATE ON comment_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE comment_mentions (
  idea_id    uuid NOT NULL,
  comment_id uuid NOT NULL,
  member_id  uuid NOT NULL REFERENCES members,
  CONSTRAINT comment_mentions_once PRIMARY KEY (idea_id, comment_id, member_id),
  CONSTRAINT comment_mentions_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES comments
);
CREATE INDEX comment_mentions_of_member ON comment_mentions (member_id, comment_id);
COMMENT ON TABLE comment_mentions IS 'by work';

-- What curators and admins do to what others have made: who, what, on what, why, before and after.
CREATE TABLE audit (
  number     bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  actor_id   uuid        NOT NULL REFERENCES members,
  action     text        NOT NULL CHECK (action ~ '^[a-z]+(_[a-z]+)*$'),
  thing      text        NOT NULL CHECK (thing ~ '^[a-z]+_[0-9a-z]{26}$'),  -- a TypeID
  reason     text        CHECK (char_length(reason) BETWEEN 1 AND 2000),
  before     jsonb,
  after      jsonb,
  happened_at timestamptz NOT NULL
);
CREATE INDEX audit_of_thing ON audit (thing, number);
CREATE INDEX audit_of_actor ON audit (actor_id, number);
CREATE INDEX audit_of_action ON audit (action, number);
COMMENT ON TABLE audit IS 'local';
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whoever may submit ideas may talk about them.
UPDATE tokens SET scopes = scopes || 'comments'::text
WHERE 'ideas' = ANY(scopes) AND NOT 'comments' = ANY(scopes);
