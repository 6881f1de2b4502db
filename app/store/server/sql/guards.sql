-- What column rights cannot say: how a reply may move and by whom, and that an edited message keeps its old text.

CREATE OR REPLACE FUNCTION guard_outbox() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF pg_has_role(session_user, 'phoneshelf_owner', 'member') THEN
    RETURN NEW;
  ELSIF pg_has_role(session_user, 'phoneshelf_bridge', 'member') THEN
    IF NEW.state IN ('claimed', 'typing', 'submitted') AND OLD.state <> NEW.state AND NOT EXISTS (
      SELECT 1 FROM account a WHERE a.id = NEW.account_id AND a.lease_holder = NEW.claimed_by
        AND a.lease_epoch = NEW.claim_epoch AND a.lease_until > clock_timestamp()) THEN
      RAISE EXCEPTION 'the lease of this phone is another''s' USING ERRCODE = 'PS001';
    ELSIF OLD.state IN ('claimed', 'typing', 'submitted') AND NEW.state IN ('queued', 'failed', 'unknown')
      AND EXISTS (SELECT 1 FROM account a WHERE a.id = NEW.account_id AND a.lease_epoch > coalesce(NEW.claim_epoch, 0))
      THEN
      -- Who took the phone over signs with a number of its own. That a bubble was seen is true whoever says so.
      RAISE EXCEPTION 'another drives this phone since' USING ERRCODE = 'PS001';
    END IF;
  ELSIF (OLD.state, NEW.state) NOT IN (('queued', 'cancelled'), ('unknown', 'sent'), ('unknown', 'failed')) THEN
    RAISE EXCEPTION 'only a phone moves a reply so' USING ERRCODE = '42501';
  ELSIF OLD.state = 'queued' AND OLD.author <> session_user
    AND NOT pg_has_role(session_user, 'phoneshelf_lead', 'member') THEN
    RAISE EXCEPTION 'somebody else''s reply' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS outbox_guarded ON outbox;

CREATE TRIGGER outbox_guarded BEFORE UPDATE OF state ON outbox FOR EACH ROW EXECUTE FUNCTION guard_outbox();

CREATE OR REPLACE FUNCTION guard_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (pg_has_role(session_user, 'phoneshelf_lead', 'member')
    OR pg_has_role(session_user, 'phoneshelf_owner', 'member')) THEN
    RAISE EXCEPTION 'to set a rule aside takes a lead' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS override_guarded ON reply_override;

CREATE TRIGGER override_guarded BEFORE INSERT ON reply_override FOR EACH ROW EXECUTE FUNCTION guard_override();

CREATE OR REPLACE FUNCTION guard_message() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (OLD.text <> NEW.text OR OLD.kind <> NEW.kind) AND NOT (OLD.cut AND starts_with(NEW.text, OLD.text))
    AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.message_id = NEW.id AND r.content ->> 'text' = OLD.text)
    AND NOT pg_has_role(session_user, 'phoneshelf_owner', 'member') THEN
    RAISE EXCEPTION 'the text that was there is not kept' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS message_guarded ON message;

CREATE CONSTRAINT TRIGGER message_guarded AFTER UPDATE OF text, kind ON message DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_message();
