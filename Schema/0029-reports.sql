-- What members report, as cases for curators.

-- One case a thing while it is open. Reports of it join the case; the next one after its resolution
-- opens another.
CREATE TABLE cases (
  id          uuid        PRIMARY KEY,
  kind        text        NOT NULL CHECK (kind IN ('idea', 'member', 'comment')),
  thing       uuid        NOT NULL,
  member_id   uuid        NOT NULL REFERENCES members,  -- who answers for it
  idea_id     uuid        REFERENCES ideas,             -- what a comment is about, or the idea
  reports     bigint      NOT NULL CHECK (reports > 0),
  opened_at   timestamptz NOT NULL,
  claimed_by  uuid        REFERENCES members,
  claimed_at  timestamptz,
  action      text        CHECK (action IN ('dismiss', 'remove', 'warn', 'ban')),
  resolution  text        CHECK (char_length(resolution) BETWEEN 1 AND 2000),
  resolved_by uuid        REFERENCES members,
  resolved_at timestamptz,
  CONSTRAINT cases_idea CHECK ((idea_id IS NULL) = (kind = 'member')),
  CONSTRAINT cases_claim CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
  CONSTRAINT cases_resolution CHECK (num_nulls(action, resolution, resolved_by, resolved_at)
                                     IN (0, 4))
);
CREATE UNIQUE INDEX cases_open ON cases (kind, thing) WHERE resolved_at IS NULL;
CREATE INDEX cases_oldest ON cases (opened_at, id) WHERE resolved_at IS NULL;
CREATE INDEX cases_most_reported ON cases (reports, id) WHERE resolved_at IS NULL;
COMMENT ON TABLE cases IS 'local';

CREATE TABLE reports (
  case_id     uuid        NOT NULL REFERENCES cases,
  reporter_id uuid        NOT NULL REFERENCES members,
  reason      text        NOT NULL CHECK (reason IN ('spam', 'abuse', 'off_topic', 'illegal',
                                                     'personal_data', 'duplicate', 'other')),
  text        text        CHECK (char_length(text) BETWEEN 1 AND 1000),
  reported_at timestamptz NOT NULL,
  CONSTRAINT reports_once PRIMARY KEY (case_id, reporter_id)
);
CREATE INDEX reports_of_member ON reports (reporter_id, reported_at);
COMMENT ON TABLE reports IS 'local';
CREATE TRIGGER reports_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON reports
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
