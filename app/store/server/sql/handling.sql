-- Who did what to a chat is who says so; a draft changes hands by its owner alone; who owns a chat is in the audit log.

CREATE OR REPLACE FUNCTION guard_event() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM chat c WHERE c.id = NEW.chat_id AND c.account_id = NEW.account_id)
    OR NEW.case_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM chat_case k WHERE k.id = NEW.case_id AND k.chat_id = NEW.chat_id) THEN
    RAISE EXCEPTION 'not of this chat' USING ERRCODE = '23503';
  ELSIF pg_has_role(session_user, 'phoneshelf_owner', 'member') THEN
    RETURN NEW;
  ELSIF NEW.reply_uid IS NOT NULL THEN
    -- An answer is its author's, whoever found out that it went out.
    IF NOT EXISTS (SELECT 1 FROM outbox o WHERE o.uid = NEW.reply_uid AND o.chat_id = NEW.chat_id
      AND o.state IN ('sent', 'delivered', 'read') AND o.author = coalesce(NEW.actor, o.author)) THEN
      RAISE EXCEPTION 'no answer that went out' USING ERRCODE = '42501';
    END IF;
  ELSIF pg_has_role(session_user, 'phoneshelf_bridge', 'member') THEN
    IF NEW.actor IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM outbox o WHERE o.chat_id = NEW.chat_id AND o.author = NEW.actor) THEN
      RAISE EXCEPTION 'a phone speaks for nobody' USING ERRCODE = '42501';
    END IF;
  ELSIF NEW.actor IS DISTINCT FROM session_user AND NOT (NEW.actor IS NULL AND NEW.kind IN ('open', 'reopen')) THEN
    RAISE EXCEPTION 'somebody else' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS handling_event_guarded ON handling_event;

CREATE TRIGGER handling_event_guarded BEFORE INSERT ON handling_event FOR EACH ROW EXECUTE FUNCTION guard_event();

CREATE OR REPLACE FUNCTION hand_draft(of_chat bigint, heir bigint) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE i bigint := me();
BEGIN
  IF NOT EXISTS (SELECT 1 FROM draft d WHERE d.chat_id = of_chat AND d.member_id = i) THEN
    RETURN 'none';
  ELSIF heir = i OR NOT EXISTS (SELECT 1 FROM draft d JOIN membership s ON s.account_id = d.account_id
    JOIN member m ON m.id = s.member_id
    WHERE d.chat_id = of_chat AND d.member_id = i AND s.member_id = heir AND s.may_send AND m.removed_at IS NULL) THEN
    RETURN 'stranger';
  ELSIF EXISTS (SELECT 1 FROM draft d WHERE d.chat_id = of_chat AND d.member_id = heir) THEN
    RETURN 'taken';
  END IF;
  UPDATE draft SET member_id = heir, handed_by = i, changed_at = clock_timestamp()
    WHERE chat_id = of_chat AND member_id = i;
  RETURN 'done';
END
$$;

CREATE OR REPLACE FUNCTION assign_chat(of_chat bigint, heir bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE number bigint;
  is_program boolean := pg_has_role(session_user, 'phoneshelf_owner', 'member')
    OR pg_has_role(session_user, 'phoneshelf_bridge', 'member');
BEGIN
  SELECT c.account_id INTO number FROM chat c WHERE c.id = of_chat AND (is_program
    OR c.account_id = ANY (ARRAY(SELECT my_send_accounts()))
      AND (NOT sees_only_own() OR c.assignee_id IS NULL OR c.assignee_id = me()));
  IF number IS NULL OR NOT is_program AND heir IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM membership s WHERE s.account_id = number AND s.member_id = heir) THEN
    RAISE EXCEPTION 'not yours to give' USING ERRCODE = '42501';
  END IF;
  UPDATE chat SET assignee_id = heir WHERE id = of_chat;
END
$$;

CREATE OR REPLACE FUNCTION audit_owner() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_audit('chat assigned', 'chat ' || NEW.id, coalesce('member ' || NEW.assignee_id, 'nobody'));
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS chat_owner_audited ON chat;

CREATE CONSTRAINT TRIGGER chat_owner_audited AFTER UPDATE OF assignee_id ON chat
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.assignee_id IS DISTINCT FROM OLD.assignee_id)
  EXECUTE FUNCTION audit_owner();
