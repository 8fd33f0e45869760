-- Disputes about proposed shares: what a member objects to, and what became of it. Both are only
-- ever added; a dispute without an end is open.

CREATE TABLE disputes (
  product_id uuid        NOT NULL,
  id         uuid        NOT NULL,
  -- The proposal it is about.
  version    integer     NOT NULL,
  member_id  uuid        NOT NULL REFERENCES members,
  text       text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 5000),
  -- Links and ids that show it.
  evidence   text[]      NOT NULL CHECK (cardinality(evidence) <= 20),
  opened_at  timestamptz NOT NULL,
  PRIMARY KEY (product_id, id),
  FOREIGN KEY (product_id, version) REFERENCES share_versions
);
COMMENT ON TABLE disputes IS 'by work';
CREATE INDEX disputes_by_version ON disputes (product_id, version);
CREATE INDEX disputes_by_member ON disputes (member_id);
CREATE TRIGGER disputes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON disputes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE dispute_ends (
  product_id uuid        NOT NULL,
  dispute_id uuid        NOT NULL,
  outcome    text        NOT NULL CHECK (outcome IN ('upheld', 'rejected', 'withdrawn')),
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  -- What will be different in the next proposal.
  changes    text        CHECK (char_length(changes) BETWEEN 1 AND 2000),
  ended_by   uuid        NOT NULL REFERENCES members,
  ended_at   timestamptz NOT NULL,
  CONSTRAINT dispute_ends_once PRIMARY KEY (product_id, dispute_id),
  FOREIGN KEY (product_id, dispute_id) REFERENCES disputes,
  CONSTRAINT upheld_says_what_changes CHECK ((outcome = 'upheld') = (changes IS NOT NULL))
);
COMMENT ON TABLE dispute_ends IS 'by work';
CREATE TRIGGER dispute_ends_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON dispute_ends
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Nobody locks shares over an open dispute, also not by proposing them again, nor a proposal that
-- a dispute has shown to be wrong.
CREATE FUNCTION refuse_disputed_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM disputes d
    LEFT JOIN dispute_ends e ON e.product_id = d.product_id AND e.dispute_id = d.id
    WHERE d.product_id = NEW.product_id
      AND (e.outcome IS NULL OR e.outcome = 'upheld' AND d.version = NEW.version)) THEN
    RAISE EXCEPTION 'shares % of a product are disputed', NEW.version
      USING ERRCODE = 'check_violation', TABLE = 'share_versions',
        CONSTRAINT = 'locked_without_dispute';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER locked_without_dispute BEFORE UPDATE ON share_versions
  FOR EACH ROW WHEN (NEW.state = 'locked' AND OLD.state <> 'locked')
  EXECUTE FUNCTION refuse_disputed_lock();

INSERT INTO notification_kinds VALUES ('dispute', true, 'at_once', 0);
