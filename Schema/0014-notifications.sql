-- Who follows an idea, what they are told about it, and the mails that go out.

CREATE TABLE idea_followers (
  idea_id     uuid        NOT NULL REFERENCES ideas,
  member_id   uuid        NOT NULL REFERENCES members,
  followed_at timestamptz NOT NULL,
  CONSTRAINT idea_followers_once PRIMARY KEY (idea_id, member_id)
);
CREATE INDEX idea_followers_of_member
  ON idea_followers (member_id, followed_at DESC, idea_id DESC);
COMMENT ON TABLE idea_followers IS 'by work';
INSERT INTO idea_followers SELECT id, author_id, created_at FROM ideas;

-- The followers that an original has from a duplicate: what a merge that is taken back takes away.
CREATE TABLE merged_followers (
  duplicate_id uuid        NOT NULL,
  number       integer     NOT NULL,
  member_id    uuid        NOT NULL REFERENCES members,
  followed_at  timestamptz NOT NULL,
  CONSTRAINT merged_followers_once PRIMARY KEY (duplicate_id, number, member_id),
  CONSTRAINT merged_followers_of_merge FOREIGN KEY (duplicate_id, number) REFERENCES idea_merges
);
COMMENT ON TABLE merged_followers IS 'by work';

-- What members can be told, and what they get who have chosen nothing. `weight`: of several notices
-- about the same thing a member gets the weightiest that names them; 0 is never left out for
-- another.
CREATE TABLE notification_kinds (
  kind   text    PRIMARY KEY CHECK (kind ~ '^[a-z][a-z_]{0,39}$'),
  in_app boolean NOT NULL,
  email  text    NOT NULL CHECK (email IN ('off', 'at_once', 'daily', 'weekly')),
  weight integer NOT NULL CHECK (weight BETWEEN 0 AND 9)
);
COMMENT ON TABLE notification_kinds IS 'reference';
INSERT INTO notification_kinds VALUES
  ('idea_state', true, 'daily', 0), ('gate_warning', true, 'at_once', 0),
  ('comment', true, 'daily', 1), ('reply', true, 'at_once', 2), ('mention', true, 'at_once', 3),
  ('official_answer', true, 'at_once', 4), ('helpful', true, 'off', 0),
  ('merge', true, 'daily', 0), ('vote_held', true, 'off', 0), ('evaluation', true, 'at_once', 0),
  ('brief', true, 'weekly', 0), ('moderation', true, 'at_once', 0);

-- What has happened that somebody is to hear about. One row, however many follow the idea: workers
-- hand it out.
CREATE TABLE notices (
  idea_id    uuid        NOT NULL REFERENCES ideas,
  id         uuid        NOT NULL,
  kind       text        NOT NULL REFERENCES notification_kinds,
  subject    uuid,                 -- the comment, the session …; NULL: the idea itself
  detail     text        CHECK (char_length(detail) BETWEEN 1 AND 500),
  actor_id   uuid        REFERENCES members,  -- NULL: the rules did it, by the worker
  recipients uuid[]      CHECK (cardinality(recipients) BETWEEN 1 AND 1000),  -- NULL: followers
  posted_at  timestamptz NOT NULL,
  CONSTRAINT notices_once PRIMARY KEY (idea_id, id)
);
CREATE INDEX notices_about ON notices (idea_id, subject) WHERE recipients IS NOT NULL;
COMMENT ON TABLE notices IS 'by work';
CREATE TRIGGER notices_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON notices
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Notices that are still to be handed out, and how far that has come.
CREATE TABLE notice_work (
  notice_id uuid        PRIMARY KEY,
  idea_id   uuid        NOT NULL,
  after     uuid        NOT NULL,  -- all members up to this one have it
  due_at    timestamptz NOT NULL,
  tries     integer     NOT NULL DEFAULT 0
);
CREATE INDEX notice_work_due ON notice_work (due_at, notice_id);
COMMENT ON TABLE notice_work IS 'local';

CREATE TABLE notification_preferences (
  member_id uuid    NOT NULL REFERENCES members,
  kind      text    NOT NULL REFERENCES notification_kinds,
  in_app    boolean NOT NULL,
  email     text    NOT NULL CHECK (email IN ('off', 'at_once', 'daily', 'weekly')),
  CONSTRAINT notification_preferences_once PRIMARY KEY (member_id, kind)
);
COMMENT ON TABLE notification_preferences IS 'by member';

-- Where the days of a member begin; UTC without a row.
CREATE TABLE member_zones (
  member_id uuid PRIMARY KEY REFERENCES members,
  time_zone text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64)
);
COMMENT ON TABLE member_zones IS 'by member';

CREATE TABLE notifications (
  member_id  uuid        NOT NULL REFERENCES members,
  notice_id  uuid        NOT NULL,
  idea_id    uuid        NOT NULL,
  kind       text        NOT NULL REFERENCES notification_kinds,
  subject    uuid,
  detail     text,
  actor_id   uuid,
  posted_at  timestamptz NOT NULL,
  arrived_at timestamptz NOT NULL,
  in_app     boolean     NOT NULL,
  email      text        NOT NULL CHECK (email IN ('off', 'at_once', 'daily', 'weekly')),
  read_at    timestamptz,
  mail_id    uuid,                 -- the mail it went out with
  CONSTRAINT notifications_once PRIMARY KEY (member_id, notice_id),
  CONSTRAINT notifications_seen CHECK (in_app OR email <> 'off')
);
CREATE INDEX notifications_inbox ON notifications (member_id, arrived_at DESC, notice_id DESC)
  WHERE in_app;
CREATE INDEX notifications_unread ON notifications (member_id, arrived_at DESC, notice_id DESC)
  WHERE in_app AND read_at IS NULL;
CREATE INDEX notifications_unmailed ON notifications (member_id, email)
  WHERE email IN ('daily', 'weekly') AND mail_id IS NULL;
CREATE INDEX notifications_of_mail ON notifications (member_id, mail_id)
  WHERE mail_id IS NOT NULL;
COMMENT ON TABLE notifications IS 'by member';

-- Digests that have something to tell.
CREATE TABLE digest_work (
  member_id uuid        NOT NULL,
  cadence   text        NOT NULL CHECK (cadence IN ('daily', 'weekly')),
  due_at    timestamptz NOT NULL,
  CONSTRAINT digest_work_once PRIMARY KEY (member_id, cadence)
);
CREATE INDEX digest_work_due ON digest_work (due_at);
COMMENT ON TABLE digest_work IS 'local';

-- The next eight o'clock of a zone, or the next on a Monday.
CREATE FUNCTION next_digest(cadence text, since timestamptz, zone text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT (date_trunc(
      CASE cadence WHEN 'daily' THEN 'day' ELSE 'week' END,
      (since AT TIME ZONE zone) - interval '8 hours')
    + CASE cadence WHEN 'daily' THEN interval '1 day' ELSE interval '7 days' END
    + interval '8 hours') AT TIME ZONE zone
$$;

-- Mails on their way. Their text is made of the notifications when they are sent; `id` is also
-- what their Message-ID is made of, so that one that is sent twice is the same message.
CREATE TABLE mails (
  id           uuid        PRIMARY KEY,
  member_id    uuid        NOT NULL,
  cadence      text        NOT NULL CHECK (cadence IN ('at_once', 'daily', 'weekly')),
  state        text        NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
  made_at      timestamptz NOT NULL,
  due_at       timestamptz NOT NULL,
  tries        integer     NOT NULL DEFAULT 0 CHECK (tries >= 0),
  worker       uuid,
  leased_until timestamptz,
  last_error   text,
  ended_at     timestamptz,
  CONSTRAINT mails_lease CHECK ((worker IS NULL) = (leased_until IS NULL)),
  CONSTRAINT mails_end CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CONSTRAINT mails_reason CHECK (state <> 'failed' OR last_error IS NOT NULL)
);
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting';
CREATE INDEX mails_ended ON mails (state, ended_at);
COMMENT ON TABLE mails IS 'local';

-- Keys that this installation signs with, each made when it is first needed.
CREATE TABLE signing_keys (
  purpose text  PRIMARY KEY,
  key     bytea NOT NULL CHECK (octet_length(key) = 32)
);
COMMENT ON TABLE signing_keys IS 'reference';
