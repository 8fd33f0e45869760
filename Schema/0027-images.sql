-- Pictures of ideas. Their bytes are in a table of their own, so that lists never meet them.
CREATE TABLE idea_images (
  idea_id     uuid        NOT NULL REFERENCES ideas,
  id          uuid        NOT NULL,
  sha256      bytea       NOT NULL CHECK (octet_length(sha256) = 32),  -- of what was sent
  type        text        NOT NULL CHECK (type IN ('png', 'jpeg', 'gif', 'webp')),
  width       integer     NOT NULL CHECK (width BETWEEN 1 AND 65535),
  height      integer     NOT NULL CHECK (height BETWEEN 1 AND 65535),
  frames      integer     NOT NULL CHECK (frames >= 1),
  byte_count  integer     NOT NULL CHECK (byte_count >= 1),
  description text        CHECK (char_length(description) BETWEEN 1 AND 200),
  place       integer     CHECK (place BETWEEN 1 AND 8),
  added_at    timestamptz NOT NULL,
  deleted_at  timestamptz,
  CONSTRAINT idea_images_id PRIMARY KEY (idea_id, id),
  -- Looked at when a statement ends, so that one statement may move several.
  CONSTRAINT idea_images_places UNIQUE (idea_id, place) DEFERRABLE,
  CONSTRAINT idea_images_pixels CHECK (width::bigint * height <= 40000000),
  CONSTRAINT idea_images_deleted CHECK ((place IS NULL) = (deleted_at IS NOT NULL))
);
CREATE UNIQUE INDEX idea_images_once ON idea_images (idea_id, sha256) WHERE deleted_at IS NULL;
-- An image's address does not name its idea.
CREATE INDEX idea_images_by_id ON idea_images (id);
COMMENT ON TABLE idea_images IS 'by work';

-- `side` is the square that a thumbnail fits into; 0 is the image itself. What is compressed
-- already is stored as it is.
CREATE TABLE image_bytes (
  idea_id  uuid    NOT NULL,
  image_id uuid    NOT NULL,
  side     integer NOT NULL CHECK (side IN (0, 320, 1280)),
  bytes    bytea   NOT NULL CHECK (octet_length(bytes) >= 1),
  CONSTRAINT image_bytes_once PRIMARY KEY (idea_id, image_id, side),
  CONSTRAINT image_bytes_of_image FOREIGN KEY (idea_id, image_id) REFERENCES idea_images
);
ALTER TABLE image_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE image_bytes IS 'by work';

-- An image is added while the idea's texts may change, never becomes another, and is deleted once;
-- its row stays.
CREATE FUNCTION guard_idea_images() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM ideas
                   WHERE id = NEW.idea_id AND state IN ('draft', 'submitted', 'open')) THEN
      RAISE EXCEPTION 'the images of the idea are frozen'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
              CONSTRAINT = 'idea_images_frozen';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE'
     OR (NEW.idea_id, NEW.id, NEW.sha256, NEW.type, NEW.width, NEW.height, NEW.frames,
         NEW.byte_count, NEW.added_at)
        IS DISTINCT FROM (OLD.idea_id, OLD.id, OLD.sha256, OLD.type, OLD.width, OLD.height,
                          OLD.frames, OLD.byte_count, OLD.added_at)
     OR (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS DISTINCT FROM OLD.deleted_at) THEN
    RAISE EXCEPTION 'an image never becomes another, and its row stays'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER idea_images_guarded BEFORE INSERT OR UPDATE OR DELETE ON idea_images
  FOR EACH ROW EXECUTE FUNCTION guard_idea_images();

CREATE FUNCTION guard_image_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     OR EXISTS (SELECT FROM idea_images
                WHERE idea_id = OLD.idea_id AND id = OLD.image_id AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'the bytes of an image never change, and go with it'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER image_bytes_guarded BEFORE UPDATE OR DELETE ON image_bytes
  FOR EACH ROW EXECUTE FUNCTION guard_image_bytes();
