-- Contribution terms: texts with versions that never change, and who accepted which for what.

CREATE TABLE terms (
  version        integer     PRIMARY KEY CHECK (version > 0),
  text           text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 100000),
  sha256         bytea       NOT NULL,
  take_back_days integer     NOT NULL CHECK (take_back_days BETWEEN 0 AND 365),
  effective_from timestamptz NOT NULL,
  made_by        uuid        NOT NULL REFERENCES members,
  made_at        timestamptz NOT NULL,
  CONSTRAINT terms_hash CHECK (sha256 = sha256(convert_to(text, 'UTF8'))),
  CONSTRAINT terms_as_accepted UNIQUE (version, sha256)
);
COMMENT ON TABLE terms IS 'reference';
CREATE TRIGGER terms_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON terms
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An idea is submitted once, under the terms of that day.
CREATE TABLE term_acceptances (
  idea_id         uuid        NOT NULL REFERENCES ideas,
  member_id       uuid        NOT NULL REFERENCES members,
  version         integer     NOT NULL,
  sha256          bytea       NOT NULL,
  accepted_at     timestamptz NOT NULL,
  take_back_until timestamptz NOT NULL CHECK (take_back_until >= accepted_at),
  CONSTRAINT term_acceptances_once PRIMARY KEY (idea_id),
  CONSTRAINT term_acceptances_until UNIQUE (idea_id, take_back_until),
  CONSTRAINT term_acceptances_of_text FOREIGN KEY (version, sha256)
    REFERENCES terms (version, sha256)
);
COMMENT ON TABLE term_acceptances IS 'by work';
CREATE TRIGGER term_acceptances_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON term_acceptances
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What became of the rights when an idea was withdrawn: in time they returned to its author, later
-- the terms stay in force for what was given.
CREATE TABLE term_withdrawals (
  idea_id         uuid        NOT NULL,
  take_back_until timestamptz NOT NULL,
  withdrawn_at    timestamptz NOT NULL,
  taken_back      boolean     NOT NULL,
  CONSTRAINT term_withdrawals_once PRIMARY KEY (idea_id),
  CONSTRAINT term_withdrawals_in_time CHECK (taken_back = (withdrawn_at < take_back_until)),
  CONSTRAINT term_withdrawals_of_acceptance FOREIGN KEY (idea_id, take_back_until)
    REFERENCES term_acceptances (idea_id, take_back_until)
);
COMMENT ON TABLE term_withdrawals IS 'by work';
CREATE TRIGGER term_withdrawals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON term_withdrawals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
