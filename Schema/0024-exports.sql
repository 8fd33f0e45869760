-- Who voted, in exports: a keyed hash of the member. The key is one of `signing_keys`, made here
-- when it is first needed; it never leaves the database, and who has an export and no key cannot
-- tell members from it, also not by trying all of them.
CREATE FUNCTION pseudonym(member uuid, key bytea) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(substr(sha256(key || sha256(key || uuid_send(member))), 1, 16), 'hex')::uuid
$$;
