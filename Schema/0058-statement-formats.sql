-- By which form a publication's statements are made: a statement is made anew whenever it is read,
-- and so those that members hold keep theirs.
ALTER TABLE publications ADD COLUMN format smallint NOT NULL DEFAULT 1 CHECK (format > 0);
ALTER TABLE publications ALTER COLUMN format DROP DEFAULT;
