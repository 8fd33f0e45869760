-- A foreign key looks its row up for each row: more than half of the time of writing a period's
-- statements. They are written by one statement each, in one transaction; verify looks for rows
-- without their statement, and for statements without their member or publication.
ALTER TABLE statement_balances DROP CONSTRAINT statement_balances_member_id_period_id_version_fkey;
ALTER TABLE statement_movements
  DROP CONSTRAINT statement_movements_member_id_period_id_version_fkey;
ALTER TABLE statements
  DROP CONSTRAINT statements_member_id_fkey,
  DROP CONSTRAINT statements_period_id_version_fkey;
