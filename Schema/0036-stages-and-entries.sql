-- The stages of a product, and what projects need besides their rows: files of entries, texts that
-- are entered once, threads of their own, and the rules that never break.

-- How a stage may follow another. `explained`: with a reason; forward and with news about the stage
-- it is in, a product goes with or without one.
CREATE TABLE stage_transitions (
  old_stage text    NOT NULL,
  new_stage text    NOT NULL,
  explained boolean NOT NULL,
  CONSTRAINT stage_transitions_once PRIMARY KEY (old_stage, new_stage, explained)
);
COMMENT ON TABLE stage_transitions IS 'reference';
WITH line AS (
  SELECT stage, place FROM unnest(ARRAY[
    'research', 'design', 'finish', 'naming', 'tagline', 'packaging', 'pricing', 'presale',
    'production', 'shipping', 'line_extension']) WITH ORDINALITY AS s (stage, place))
INSERT INTO stage_transitions
  SELECT a.stage, b.stage, explained
  FROM line a, line b, (VALUES (true), (false)) AS e (explained)
  WHERE a.place <= b.place OR explained
  UNION ALL SELECT stage, 'shelved', true FROM line
  UNION ALL SELECT 'shelved', stage, true FROM line
  UNION ALL VALUES ('shelved', 'rights_returned', true);

-- Every stage a product was in, and every news about it; the last row tells the present.
CREATE TABLE product_stages (
  product_id  uuid        NOT NULL REFERENCES products,
  number      integer     NOT NULL CHECK (number > 0),
  before      integer     GENERATED ALWAYS AS (nullif(number, 1) - 1) STORED,
  old_stage   text,
  stage       text        NOT NULL CHECK (stage IN (
    'research', 'design', 'finish', 'naming', 'tagline', 'packaging', 'pricing', 'presale',
    'production', 'shipping', 'line_extension', 'shelved', 'rights_returned')),
  -- News about the same stage leave it as it is.
  entered_at  timestamptz NOT NULL,
  due_on      date,
  needed_next text        CHECK (char_length(needed_next) BETWEEN 1 AND 2000),
  reason      text        CHECK (char_length(reason) BETWEEN 1 AND 2000),
  explained   boolean     NOT NULL GENERATED ALWAYS AS (reason IS NOT NULL) STORED,
  changed_by  uuid        REFERENCES members,  -- NULL: the rules did it
  changed_at  timestamptz NOT NULL CHECK (changed_at >= entered_at),
  CONSTRAINT product_stages_once PRIMARY KEY (product_id, number),
  CONSTRAINT product_stages_stage UNIQUE (product_id, number, stage),
  CONSTRAINT product_stages_first CHECK (
    (number = 1) = (old_stage IS NULL) AND (number > 1 OR stage = 'research')),
  CONSTRAINT product_stages_follow FOREIGN KEY (product_id, before, old_stage)
    REFERENCES product_stages (product_id, number, stage),
  CONSTRAINT product_stages_allowed FOREIGN KEY (old_stage, stage, explained)
    REFERENCES stage_transitions (old_stage, new_stage, explained)
);
COMMENT ON TABLE product_stages IS 'by work';
CREATE TRIGGER product_stages_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON product_stages
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO product_stages (product_id, number, stage, entered_at, changed_at)
  SELECT id, 1, 'research', created_at, created_at FROM products;

ALTER TABLE products
  ADD COLUMN stage text NOT NULL DEFAULT 'research',
  ADD COLUMN stage_number integer NOT NULL DEFAULT 1,
  ADD CONSTRAINT products_as_stages FOREIGN KEY (id, stage_number, stage)
    REFERENCES product_stages (product_id, number, stage) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX products_by_age ON products (created_at, id);
CREATE INDEX products_by_stage ON products (stage, created_at, id);

INSERT INTO notification_kinds VALUES
  ('product_stage', true, 'at_once', 0), ('project', true, 'daily', 0),
  ('team_entry', true, 'at_once', 0);

-- Projects

CREATE INDEX projects_by_opening ON projects (product_id, opens_at, id);
CREATE INDEX projects_by_state ON projects (state, opens_at, id);
CREATE INDEX projects_due ON projects (closes_at) WHERE state = 'open';

-- What members have seen of a project stays; it only ever closes later.
CREATE FUNCTION guard_projects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (
      (OLD.state = 'draft' AND NEW.state IN ('open', 'cancelled'))
      OR (OLD.state = 'open' AND NEW.state IN ('closed', 'cancelled'))
      OR (OLD.state = 'closed' AND NEW.state IN ('decided', 'cancelled'))) THEN
    RAISE EXCEPTION 'a project does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'projects_transition';
  END IF;
  IF OLD.state <> 'draft' AND (
      (NEW.slice, NEW.title, NEW.brief, NEW.form, NEW.choosing, NEW.rules, NEW.entries_per_member,
       NEW.hides_tallies, NEW.opens_at, NEW.entries_until, NEW.choosing_from, NEW.made_by,
       NEW.made_at)
      IS DISTINCT FROM
      (OLD.slice, OLD.title, OLD.brief, OLD.form, OLD.choosing, OLD.rules, OLD.entries_per_member,
       OLD.hides_tallies, OLD.opens_at, OLD.entries_until, OLD.choosing_from, OLD.made_by,
       OLD.made_at)
      OR NEW.closes_at < OLD.closes_at
      OR (NEW.closes_at > OLD.closes_at AND OLD.state <> 'open')) THEN
    RAISE EXCEPTION 'a project that is % stays as it is', OLD.state
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'projects_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_guarded BEFORE UPDATE ON projects
  FOR EACH ROW EXECUTE FUNCTION guard_projects();

-- Entries

ALTER TABLE project_entries
  ADD CONSTRAINT entries_of_project UNIQUE (product_id, project_id, id),
  ADD CONSTRAINT entries_removed_with_reason CHECK (state <> 'removed' OR reason IS NOT NULL);

-- What was taken back does not count; what a curator has removed does.
CREATE FUNCTION guard_entry_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  offender record;
BEGIN
  -- Held, so that of two who enter at once the second counts what the first has entered.
  PERFORM FROM projects p WHERE (p.product_id, p.id) IN (SELECT product_id, project_id FROM added)
    FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM added a JOIN projects p
               ON p.product_id = a.product_id AND p.id = a.project_id
             WHERE p.state = 'draft' OR a.entered_at < p.opens_at
               OR a.entered_at >= p.entries_until) THEN
    RAISE EXCEPTION 'the project takes no entries then'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'entries_in_time';
  END IF;
  SELECT e.author_id INTO offender
    FROM project_entries e JOIN projects p ON p.product_id = e.product_id AND p.id = e.project_id
    WHERE e.state <> 'withdrawn'
      AND (e.product_id, e.project_id, e.author_id) IN (
        SELECT product_id, project_id, author_id FROM added)
    GROUP BY e.product_id, e.project_id, e.author_id, p.entries_per_member
    HAVING count(*) > p.entries_per_member LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a member has more entries in a project than it takes'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'entries_per_member';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER project_entries_limited AFTER INSERT ON project_entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_entry_limit();

CREATE FUNCTION guard_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (
      (OLD.state = 'waiting' AND NEW.state IN ('entered', 'withdrawn', 'removed'))
      OR (OLD.state = 'entered' AND NEW.state IN ('withdrawn', 'removed'))) THEN
    RAISE EXCEPTION 'an entry does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'entries_transition';
  END IF;
  IF (NEW.product_id, NEW.project_id, NEW.id, NEW.number, NEW.author_id, NEW.entered_at)
     IS DISTINCT FROM
     (OLD.product_id, OLD.project_id, OLD.id, OLD.number, OLD.author_id, OLD.entered_at) THEN
    RAISE EXCEPTION 'an entry never becomes another'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER project_entries_guarded BEFORE UPDATE ON project_entries
  FOR EACH ROW EXECUTE FUNCTION guard_entries();

-- Texts that nobody else may enter in the same field, folded: single blanks, lower case, NFKC.
-- They go with their entry when it is taken back or removed.
CREATE TABLE entry_texts (
  product_id uuid  NOT NULL,
  project_id uuid  NOT NULL,
  field      text  NOT NULL,
  folded     bytea NOT NULL CHECK (octet_length(folded) = 32),  -- SHA-256
  entry_id   uuid  NOT NULL,
  CONSTRAINT entry_texts_once PRIMARY KEY (product_id, project_id, field, folded),
  CONSTRAINT entry_texts_of_entry FOREIGN KEY (product_id, project_id, entry_id)
    REFERENCES project_entries (product_id, project_id, id)
);
CREATE INDEX entry_texts_by_entry ON entry_texts (product_id, entry_id);
COMMENT ON TABLE entry_texts IS 'by work';

-- A split is whole, and never changes; each maker says yes or no once.
ALTER TABLE entry_makers
  ADD COLUMN declined_at timestamptz,
  ADD CONSTRAINT makers_answer_once CHECK (accepted_at IS NULL OR declined_at IS NULL);
CREATE INDEX entry_makers_waiting ON entry_makers (member_id)
  WHERE accepted_at IS NULL AND declined_at IS NULL;

CREATE FUNCTION guard_split() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM entry_makers m
             WHERE (m.product_id, m.entry_id) IN (SELECT product_id, entry_id FROM added)
             GROUP BY m.product_id, m.entry_id HAVING sum(m.ppm) <> 1000000) THEN
    RAISE EXCEPTION 'the parts of an entry add up to 1000000 ppm'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'split_is_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entry_makers_whole AFTER INSERT ON entry_makers
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_split();

CREATE FUNCTION guard_makers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.accepted_at IS NOT NULL OR OLD.declined_at IS NOT NULL
     OR (NEW.product_id, NEW.entry_id, NEW.member_id, NEW.ppm)
        IS DISTINCT FROM (OLD.product_id, OLD.entry_id, OLD.member_id, OLD.ppm) THEN
    RAISE EXCEPTION 'the split of an entry stays, and each maker answers once'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_makers_guarded BEFORE UPDATE OR DELETE ON entry_makers
  FOR EACH ROW EXECUTE FUNCTION guard_makers();

-- Files and images of entries. Until an entry uses one it is its uploader's, for a day.
CREATE TABLE entry_files (
  product_id   uuid        NOT NULL,
  id           uuid        NOT NULL,
  project_id   uuid        NOT NULL,
  uploader_id  uuid        NOT NULL REFERENCES members,
  field        text        NOT NULL,
  media_type   text        NOT NULL CHECK (char_length(media_type) BETWEEN 3 AND 100),
  -- Of what was sent.
  sha256       bytea       NOT NULL CHECK (octet_length(sha256) = 32),
  byte_count   integer     NOT NULL CHECK (byte_count BETWEEN 1 AND 16777216),
  width        integer     CHECK (width BETWEEN 1 AND 65535),
  height       integer     CHECK (height BETWEEN 1 AND 65535),
  uploaded_at  timestamptz NOT NULL,
  entry_id     uuid,
  unused_since timestamptz,
  CONSTRAINT entry_files_once PRIMARY KEY (product_id, id),
  CONSTRAINT entry_files_of_project FOREIGN KEY (product_id, project_id) REFERENCES projects,
  CONSTRAINT entry_files_of_entry FOREIGN KEY (product_id, project_id, entry_id)
    REFERENCES project_entries (product_id, project_id, id),
  CONSTRAINT entry_files_used CHECK ((entry_id IS NULL) = (unused_since IS NOT NULL)),
  CONSTRAINT entry_files_pixels CHECK ((width IS NULL) = (height IS NULL))
);
CREATE INDEX entry_files_unused ON entry_files (unused_since) WHERE entry_id IS NULL;
CREATE INDEX entry_files_held ON entry_files (product_id, project_id, uploader_id)
  WHERE entry_id IS NULL;
CREATE INDEX entry_files_of ON entry_files (product_id, entry_id) WHERE entry_id IS NOT NULL;
COMMENT ON TABLE entry_files IS 'by work';

-- `side` as for images of ideas; 0 is the file itself.
CREATE TABLE entry_file_bytes (
  product_id uuid    NOT NULL,
  file_id    uuid    NOT NULL,
  side       integer NOT NULL CHECK (side IN (0, 320, 1280)),
  bytes      bytea   NOT NULL CHECK (octet_length(bytes) >= 1),
  CONSTRAINT entry_file_bytes_once PRIMARY KEY (product_id, file_id, side),
  CONSTRAINT entry_file_bytes_of_file FOREIGN KEY (product_id, file_id) REFERENCES entry_files
    ON DELETE CASCADE
);
ALTER TABLE entry_file_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE entry_file_bytes IS 'by work';

CREATE FUNCTION guard_entry_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.entry_id IS NOT NULL THEN
      RAISE EXCEPTION 'a file that an entry uses stays'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.product_id, NEW.id, NEW.project_id, NEW.uploader_id, NEW.field, NEW.media_type,
      NEW.sha256, NEW.byte_count, NEW.width, NEW.height, NEW.uploaded_at)
     IS DISTINCT FROM
     (OLD.product_id, OLD.id, OLD.project_id, OLD.uploader_id, OLD.field, OLD.media_type,
      OLD.sha256, OLD.byte_count, OLD.width, OLD.height, OLD.uploaded_at)
     OR (OLD.entry_id IS NOT NULL AND NEW.entry_id IS NOT NULL
         AND NEW.entry_id <> OLD.entry_id) THEN
    RAISE EXCEPTION 'a file never becomes another'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_files_guarded BEFORE UPDATE OR DELETE ON entry_files
  FOR EACH ROW EXECUTE FUNCTION guard_entry_files();

-- Threads: an idea's own, under the id that is all zeros, and one for each project of its product.

ALTER TABLE comments
  ADD COLUMN project_id uuid,
  ADD COLUMN thread_id uuid NOT NULL
    GENERATED ALWAYS AS (coalesce(project_id, '00000000-0000-0000-0000-000000000000')) STORED,
  ADD CONSTRAINT comments_of_project FOREIGN KEY (idea_id, project_id) REFERENCES projects;
DROP INDEX comments_roots, comments_helpful, comments_official;
CREATE INDEX comments_roots ON comments (idea_id, thread_id, id) WHERE depth = 1;
CREATE INDEX comments_helpful ON comments (idea_id, thread_id, helpful, reactions, id)
  WHERE depth = 1;
CREATE INDEX comments_official ON comments (idea_id, thread_id, id) WHERE official;

ALTER TABLE conversations
  ADD COLUMN thread_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  DROP CONSTRAINT conversations_pkey,
  ADD PRIMARY KEY (idea_id, thread_id);
