-- Nobody is told the same thing twice while it is unread.
CREATE INDEX notifications_about ON notifications (member_id, subject, kind)
  WHERE subject IS NOT NULL AND read_at IS NULL;
