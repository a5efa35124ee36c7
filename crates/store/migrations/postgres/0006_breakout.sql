-- The dialplan item that `settings.voicemailBreakout` points at: it stays as long as it does.

ALTER TABLE customer ADD COLUMN voicemail_breakout TEXT REFERENCES item (id);
CREATE INDEX customer_of_voicemail_breakout ON customer (voicemail_breakout);
