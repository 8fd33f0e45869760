-- Who gave a product another contract, and why. NULL: somebody at the machine, or a version from
-- before this was asked; the first version is part of the decision that opened the product.
ALTER TABLE contracts
  ADD COLUMN made_by uuid REFERENCES members,
  ADD COLUMN reason text CHECK (char_length(reason) BETWEEN 1 AND 2000);
