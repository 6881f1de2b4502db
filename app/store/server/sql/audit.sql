-- The audit log: written here alone, each entry hashed over the one before. It holds ids, never a text or a name.
-- Entries are made at the end of a transaction, so that the one head of the log is held for a moment only.

CREATE OR REPLACE FUNCTION audit_hash(before text, entry audit_entry) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(before, entry.id, entry.at, entry.login, entry.action,
    entry.subject, entry.details)::text, 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION enter_audit(did text, what text, facts text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before text; entry audit_entry;
BEGIN
  SELECT hash INTO before FROM audit_head FOR UPDATE;
  INSERT INTO audit_entry (at, login, action, subject, details, hash)
    VALUES (clock_timestamp(), session_user, left(did, 40), left(what, 80), facts, '') RETURNING * INTO entry;
  UPDATE audit_entry SET hash = audit_hash(before, entry) WHERE id = entry.id RETURNING * INTO entry;
  UPDATE audit_head SET hash = entry.hash;
END
$$;

CREATE OR REPLACE FUNCTION verify_audit() RETURNS TABLE (entries bigint, first_wrong bigint, head text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH checked AS (
    SELECT e.id, e.hash = audit_hash(coalesce(lag(e.hash) OVER (ORDER BY e.id), ''), e) AS is_right FROM audit_entry e
  ), newest AS (SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1)
  SELECT (SELECT count(*) FROM checked),
    coalesce((SELECT min(id) FROM checked WHERE NOT is_right),
      CASE WHEN (SELECT hash FROM audit_head) IS DISTINCT FROM coalesce((SELECT hash FROM newest), '') THEN 0 END),
    (SELECT hash FROM audit_head)
$$;

CREATE OR REPLACE FUNCTION audit_event(did text, what text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF did NOT IN ('log in', 'log out', 'export', 'import') THEN
    RAISE EXCEPTION 'no event of a client: %', did USING ERRCODE = '42501';
  END IF;
  PERFORM enter_audit(did, what, '');
END
$$;

CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'outbox' THEN
    PERFORM enter_audit('reply ' || NEW.state, 'reply ' || NEW.uid,
      'chat ' || NEW.chat_id || coalesce(', ' || NEW.reason, ''));
  ELSIF TG_TABLE_NAME = 'reply_override' THEN
    PERFORM enter_audit('override', 'reply ' || NEW.reply_uid, NEW.rule);
  ELSIF TG_TABLE_NAME = 'membership' THEN
    IF TG_OP = 'DELETE' THEN
      PERFORM enter_audit('off number', 'member ' || OLD.member_id, 'account ' || OLD.account_id);
    ELSE
      PERFORM enter_audit('on number', 'member ' || NEW.member_id,
        'account ' || NEW.account_id || CASE WHEN NEW.may_send THEN ', may send' ELSE ', reads' END);
    END IF;
  ELSIF TG_TABLE_NAME = 'member' THEN
    PERFORM enter_audit(CASE WHEN NEW.removed_at IS NOT NULL THEN 'member removed' ELSE 'member ' || lower(TG_OP) END,
      'member ' || NEW.id, NEW.roles || CASE WHEN NEW.only_own THEN ', only own chats' ELSE '' END
        || CASE WHEN NEW.sees_numbers THEN '' ELSE ', numbers hidden' END);
  ELSIF TG_TABLE_NAME = 'account' AND TG_OP = 'UPDATE' AND NEW.rules::text IS DISTINCT FROM OLD.rules::text THEN
    PERFORM enter_audit('rules', 'account ' || NEW.id, coalesce(NEW.rules::text, ''));
  ELSIF TG_TABLE_NAME = 'account' THEN
    PERFORM enter_audit('number ' || lower(TG_OP), 'account ' || NEW.id, '');
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS outbox_audited ON outbox;

CREATE CONSTRAINT TRIGGER outbox_audited AFTER INSERT OR UPDATE OF state ON outbox
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.state IN ('queued', 'cancelled', 'submitted', 'sent', 'failed', 'unknown')) EXECUTE FUNCTION audit_row();

DROP TRIGGER IF EXISTS reply_override_audited ON reply_override;

CREATE CONSTRAINT TRIGGER reply_override_audited AFTER INSERT ON reply_override
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_row();

DROP TRIGGER IF EXISTS membership_audited ON membership;

CREATE CONSTRAINT TRIGGER membership_audited AFTER INSERT OR UPDATE OR DELETE ON membership
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_row();

DROP TRIGGER IF EXISTS member_audited ON member;

CREATE CONSTRAINT TRIGGER member_audited AFTER INSERT OR UPDATE ON member
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_row();

DROP TRIGGER IF EXISTS account_audited ON account;

CREATE CONSTRAINT TRIGGER account_audited AFTER INSERT OR UPDATE OF name, reading, policy, rules, removed ON account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_row();
