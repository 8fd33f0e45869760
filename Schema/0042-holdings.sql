-- What becomes of shares after they are earned: two accounts that are one person, shares that are
-- given to another, members who leave or die; and how members are shown as holders.

-- Two accounts of one person. Each side confirms, signed in as that account; the first by asking.
CREATE TABLE identity_merges (
  id                uuid        PRIMARY KEY,
  -- Its claims count as the other's while the merge is in force.
  from_member       uuid        NOT NULL REFERENCES members,
  to_member         uuid        NOT NULL REFERENCES members,
  asked_by          uuid        NOT NULL REFERENCES members,
  asked_at          timestamptz NOT NULL,
  reason            text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  from_confirmed_at timestamptz,
  to_confirmed_at   timestamptz,
  -- Which side wants it undone.
  from_undo_at      timestamptz,
  to_undo_at        timestamptz,
  ended_at          timestamptz,
  ended_by          uuid        REFERENCES members,
  end_reason        text        CHECK (char_length(end_reason) BETWEEN 1 AND 2000),
  CONSTRAINT merge_of_two CHECK (from_member <> to_member),
  CONSTRAINT merge_asked_by_a_side CHECK (asked_by IN (from_member, to_member)),
  CONSTRAINT merge_ends_with_reason CHECK (num_nulls(ended_at, ended_by, end_reason) IN (0, 3))
);
COMMENT ON TABLE identity_merges IS 'by member';
CREATE UNIQUE INDEX identity_merges_one ON identity_merges (from_member) WHERE ended_at IS NULL;
CREATE INDEX identity_merges_to ON identity_merges (to_member);
CREATE INDEX identity_merges_undo ON identity_merges (asked_at, id)
  WHERE ended_at IS NULL AND (from_undo_at IS NOT NULL OR to_undo_at IS NOT NULL);

-- One order for events and changes: a snapshot counts both up to one number of arrival.
CREATE TABLE holding_changes (
  product_id  uuid        NOT NULL REFERENCES products,
  arrival     bigint      NOT NULL DEFAULT nextval('influence_events_arrival_seq'),
  kind        text        NOT NULL CHECK (kind IN ('merge', 'unmerge', 'assignment', 'leave')),
  from_member uuid        NOT NULL REFERENCES members,
  -- The zero uuid is the house.
  to_member   uuid        NOT NULL,
  -- Of what the giver holds when it arrives.
  ppm         bigint      NOT NULL CHECK (ppm BETWEEN 1 AND 1000000),
  -- The merge, the offer, the death, or the member who left.
  cause       uuid        NOT NULL,
  evidence    text        NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_by uuid,
  PRIMARY KEY (product_id, arrival),
  CONSTRAINT holding_changes_once UNIQUE (product_id, cause, kind),
  CONSTRAINT change_between_two CHECK (from_member <> to_member),
  CONSTRAINT only_leavers_give_to_the_house CHECK (
    (kind = 'leave') = (to_member = '00000000-0000-0000-0000-000000000000')),
  CONSTRAINT parts_are_assigned CHECK (kind = 'assignment' OR ppm = 1000000)
);
COMMENT ON TABLE holding_changes IS 'by work';
CREATE INDEX holding_changes_from ON holding_changes (from_member);
CREATE INDEX holding_changes_to ON holding_changes (to_member);
REVOKE UPDATE, DELETE, TRUNCATE ON holding_changes FROM CURRENT_USER;

-- A part of what one holds of a product, offered to another; without an end it is open until it
-- expires.
CREATE TABLE share_offers (
  product_id  uuid        NOT NULL REFERENCES products,
  id          uuid        NOT NULL,
  from_member uuid        NOT NULL REFERENCES members,
  to_member   uuid        NOT NULL REFERENCES members,
  ppm         bigint      NOT NULL CHECK (ppm BETWEEN 1 AND 1000000),
  message     text        NOT NULL CHECK (char_length(message) <= 500),
  offered_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  PRIMARY KEY (product_id, id),
  CONSTRAINT offer_to_another CHECK (from_member <> to_member),
  CONSTRAINT offer_expires_later CHECK (expires_at > offered_at)
);
COMMENT ON TABLE share_offers IS 'by work';
CREATE INDEX share_offers_from ON share_offers (from_member, offered_at);
CREATE INDEX share_offers_to ON share_offers (to_member, offered_at);
CREATE TRIGGER share_offers_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON share_offers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE share_offer_ends (
  product_id uuid        NOT NULL,
  offer_id   uuid        NOT NULL,
  outcome    text        NOT NULL CHECK (outcome IN ('accepted', 'declined', 'withdrawn')),
  ended_by   uuid        NOT NULL REFERENCES members,
  ended_at   timestamptz NOT NULL,
  CONSTRAINT share_offer_ends_once PRIMARY KEY (product_id, offer_id),
  FOREIGN KEY (product_id, offer_id) REFERENCES share_offers
);
COMMENT ON TABLE share_offer_ends IS 'by work';
CREATE TRIGGER share_offer_ends_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON share_offer_ends
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What becomes of the holdings of members who leave from then on; without a row they keep them,
-- under the pseudonym.
CREATE TABLE leaver_rules (
  version integer     PRIMARY KEY CHECK (version > 0),
  rule    text        NOT NULL CHECK (rule IN ('keep', 'house')),
  reason  text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  made_by uuid        NOT NULL REFERENCES members,
  made_at timestamptz NOT NULL
);
COMMENT ON TABLE leaver_rules IS 'reference';
REVOKE UPDATE, DELETE, TRUNCATE ON leaver_rules FROM CURRENT_USER;

-- Who has left under a rule that gives to the house.
CREATE TABLE leavers (
  member_id uuid        PRIMARY KEY REFERENCES members,
  left_at   timestamptz NOT NULL
);
COMMENT ON TABLE leavers IS 'by member';

-- A curator records a death and names the heir, who accepts. The account is closed until a record
-- is taken back.
CREATE TABLE deaths (
  member_id   uuid        NOT NULL REFERENCES members,
  id          uuid        NOT NULL,
  heir_id     uuid        NOT NULL REFERENCES members,
  evidence    text        NOT NULL CHECK (char_length(evidence) BETWEEN 1 AND 2000),
  recorded_by uuid        NOT NULL REFERENCES members,
  recorded_at timestamptz NOT NULL,
  outcome     text        CHECK (outcome IN ('accepted', 'declined', 'taken_back')),
  ended_by    uuid        REFERENCES members,
  ended_at    timestamptz,
  PRIMARY KEY (member_id, id),
  CONSTRAINT heir_is_another CHECK (heir_id <> member_id),
  CONSTRAINT death_ends_whole CHECK (num_nulls(outcome, ended_by, ended_at) IN (0, 3))
);
COMMENT ON TABLE deaths IS 'by member';
CREATE UNIQUE INDEX deaths_one ON deaths (member_id)
  WHERE outcome IS NULL OR outcome = 'accepted';
CREATE INDEX deaths_by_heir ON deaths (heir_id);

-- How members are shown where the public sees holdings; without a row by their names, and on no
-- leaderboard.
CREATE TABLE display_choices (
  member_id uuid        PRIMARY KEY REFERENCES members,
  -- In the order of choosing.
  number    bigint      NOT NULL CONSTRAINT display_choices_number UNIQUE,
  anonymous boolean     NOT NULL,
  -- Ranked by holdings; by credited amounts.
  holdings  boolean     NOT NULL,
  earnings  boolean     NOT NULL,
  chosen_at timestamptz NOT NULL,
  CONSTRAINT nobody_is_ranked_anonymously CHECK (NOT (anonymous AND (holdings OR earnings)))
);
COMMENT ON TABLE display_choices IS 'by member';
CREATE INDEX display_choices_ranked ON display_choices (member_id) WHERE holdings OR earnings;

INSERT INTO notification_kinds VALUES ('holding', true, 'at_once', 0);

-- The list of products, the newest first.
CREATE INDEX products_newest ON products (created_at DESC, id DESC);
