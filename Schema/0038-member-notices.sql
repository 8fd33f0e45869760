-- Notices that are about no idea: to members about themselves, and about briefs.

-- `recipients` NULL: who has asked for the kind by a preference.
CREATE TABLE member_notices (
  id         uuid        PRIMARY KEY,
  kind       text        NOT NULL REFERENCES notification_kinds,
  subject    uuid,                 -- the brief …; NULL: the member
  detail     text        CHECK (char_length(detail) BETWEEN 1 AND 500),
  actor_id   uuid        REFERENCES members,  -- NULL: the rules did it, by the worker
  recipients uuid[]      CHECK (cardinality(recipients) BETWEEN 1 AND 1000),
  posted_at  timestamptz NOT NULL
);
COMMENT ON TABLE member_notices IS 'local';
CREATE TRIGGER member_notices_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON member_notices
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE notice_work ALTER COLUMN idea_id DROP NOT NULL;
ALTER TABLE notifications ALTER COLUMN idea_id DROP NOT NULL;

-- Nobody gets it who has not asked.
INSERT INTO notification_kinds VALUES ('new_brief', false, 'off', 0);
CREATE INDEX notification_preferences_asked ON notification_preferences (kind, member_id)
  WHERE in_app OR email <> 'off';

-- Briefs from before this are told already.
ALTER TABLE briefs
  ADD COLUMN opening_told boolean NOT NULL DEFAULT true,
  ADD COLUMN closing_told boolean NOT NULL DEFAULT true;
ALTER TABLE briefs
  ALTER COLUMN opening_told SET DEFAULT false,
  ALTER COLUMN closing_told SET DEFAULT false;
CREATE INDEX briefs_untold ON briefs (opens_at) WHERE NOT closing_told;
