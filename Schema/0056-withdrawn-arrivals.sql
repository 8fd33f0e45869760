-- Where the lines of a report that is withdrawn stand, so that they are found without reading all.
--
-- An index on sale_lines.report_id would be paid for by every line of every import, for something
-- that happens now and then. Lines of one transaction arrive next to each other, and arrivals have
-- a block-range index: each part says between which numbers its lines arrived.

ALTER TABLE sale_report_parts
  ADD COLUMN arrivals int8range NOT NULL DEFAULT '(,)';

-- Together those of its parts, written when it is withdrawn: no line of it can come afterwards.
ALTER TABLE sale_withdrawals
  ADD COLUMN arrivals int8multirange NOT NULL DEFAULT '{(,)}';
