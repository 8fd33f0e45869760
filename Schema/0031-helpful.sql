-- Comments that the idea's author or a curator found helpful, which earn when the idea becomes a
-- product, and what members show each other with one sign.

CREATE TABLE helpful_marks (
  idea_id    uuid        NOT NULL,
  comment_id uuid        NOT NULL,
  member_id  uuid        NOT NULL REFERENCES members,  -- who marked it
  marked_at  timestamptz NOT NULL,
  CONSTRAINT helpful_marks_once PRIMARY KEY (idea_id, comment_id, member_id),
  CONSTRAINT helpful_marks_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES comments
);
COMMENT ON TABLE helpful_marks IS 'by work';

CREATE TABLE reactions (
  idea_id    uuid        NOT NULL,
  comment_id uuid        NOT NULL,
  member_id  uuid        NOT NULL REFERENCES members,
  kind       text        NOT NULL
    CHECK (kind IN ('thumbs_up', 'heart', 'tada', 'laugh', 'thinking', 'confused')),
  reacted_at timestamptz NOT NULL,
  CONSTRAINT reactions_once PRIMARY KEY (idea_id, comment_id, member_id, kind),
  CONSTRAINT reactions_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES comments
);
CREATE INDEX reactions_of_member ON reactions (member_id, reacted_at);
COMMENT ON TABLE reactions IS 'by work';

-- How many of each kind there are, so that reading a thread counts nothing.
CREATE TABLE reaction_counts (
  idea_id    uuid   NOT NULL,
  comment_id uuid   NOT NULL,
  kind       text   NOT NULL,
  count      bigint NOT NULL CHECK (count >= 0),
  CONSTRAINT reaction_counts_once PRIMARY KEY (idea_id, comment_id, kind),
  CONSTRAINT reaction_counts_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES comments
);
COMMENT ON TABLE reaction_counts IS 'by work';
