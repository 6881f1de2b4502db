-- What a team keeps beside its chats: whose contact a chat is, across numbers that not everybody sees; uses counted.

CREATE OR REPLACE FUNCTION my_contacts() RETURNS SETOF bigint
    LANGUAGE sql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH RECURSIVE merges (here, there) AS (
    SELECT id, merged_into FROM contact WHERE merged_into IS NOT NULL
    UNION ALL SELECT merged_into, id FROM contact WHERE merged_into IS NOT NULL
  ), seen (id) AS (
    SELECT x.contact_id FROM contact_chat x JOIN chat c ON c.id = x.chat_id
      WHERE c.account_id = ANY (ARRAY(SELECT my_accounts()))
        AND (NOT (SELECT sees_only_own()) OR c.assignee_id IS NULL OR c.assignee_id = (SELECT me()))
    UNION SELECT m.there FROM seen s JOIN merges m ON m.here = s.id
  )
  SELECT id FROM seen
$$;

CREATE OR REPLACE FUNCTION chat_number(c chat) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT substring(CASE WHEN c.kind <> 'person' THEN NULL
    WHEN c.jid LIKE '%@s.whatsapp.net' THEN '+' || split_part(c.jid, '@', 1)
    WHEN starts_with(c.title, '+') THEN '+' || regexp_replace(c.title, '[^0-9]', '', 'g') END
    FROM '^\+[1-9][0-9]{6,14}$')
$$;

CREATE OR REPLACE FUNCTION contact_for(of_chat bigint, new_uid text, new_name text, new_key text, apart boolean)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE c chat; number_there text; found_id bigint;
BEGIN
  SELECT * INTO c FROM chat o WHERE o.id = of_chat AND (pg_has_role(session_user, 'phoneshelf_owner', 'member')
    OR o.account_id = ANY (ARRAY(SELECT my_accounts()))
      AND (NOT sees_only_own() OR o.assignee_id IS NULL OR o.assignee_id = me()));
  number_there := chat_number(c);
  IF number_there IS NULL THEN
    RETURN NULL;
  END IF;
  -- Two who open chats of one number at once make one contact.
  -- One lock for all: one that is made of the number could be read by who may not see it.
  PERFORM pg_advisory_xact_lock(7305113);
  IF NOT apart THEN
    SELECT x.contact_id INTO found_id FROM contact_chat x WHERE x.chat_id = of_chat;
    IF found_id IS NOT NULL THEN
      RETURN found_id;
    END IF;
    SELECT x.contact_id INTO found_id FROM contact_chat x WHERE x.number = number_there
      ORDER BY x.at, x.chat_id LIMIT 1;
  END IF;
  IF found_id IS NULL THEN
    INSERT INTO contact (uid, name, name_key, fields, revisions, made_at)
      VALUES (new_uid, new_name, new_key, '{}', '{}', clock_timestamp()) RETURNING id INTO found_id;
  END IF;
  INSERT INTO contact_chat (chat_id, contact_id, number, at)
    VALUES (of_chat, found_id, number_there, clock_timestamp())
    ON CONFLICT (chat_id) DO UPDATE SET contact_id = found_id, number = number_there, at = clock_timestamp();
  RETURN found_id;
END
$$;

CREATE OR REPLACE FUNCTION count_canned_use() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE canned SET uses = uses + 1, last_used_at = NEW.at WHERE id = NEW.canned_id;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS canned_used ON canned_use;

CREATE TRIGGER canned_used AFTER INSERT ON canned_use FOR EACH ROW EXECUTE FUNCTION count_canned_use();

CREATE OR REPLACE FUNCTION audit_beside() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'account_hours' THEN
    PERFORM enter_audit('hours', 'account ' || NEW.account_id, '');
  ELSIF TG_TABLE_NAME = 'canned' THEN
    PERFORM enter_audit('canned ' || CASE WHEN NEW.removed_at IS NULL THEN lower(TG_OP) ELSE 'removed' END,
      'canned ' || NEW.id, '');
  ELSIF TG_TABLE_NAME = 'label' THEN
    -- What is put on a chat and taken off again is its own history; a label itself is made, changed and removed.
    PERFORM enter_audit('label ' || CASE WHEN NEW.removed_at IS NULL THEN lower(TG_OP) ELSE 'removed' END,
      'label ' || NEW.id, '');
  ELSIF TG_TABLE_NAME = 'contact' THEN
    PERFORM enter_audit('contact ' || CASE WHEN NEW.merged_into IS NULL THEN 'parted' ELSE 'merged' END,
      'contact ' || NEW.id, 'contact ' || coalesce(NEW.merged_into, OLD.merged_into));
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS account_hours_audited ON account_hours;

CREATE CONSTRAINT TRIGGER account_hours_audited AFTER INSERT OR UPDATE ON account_hours
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_beside();

DROP TRIGGER IF EXISTS canned_audited ON canned;

CREATE CONSTRAINT TRIGGER canned_audited
  AFTER INSERT OR UPDATE OF name_key, shortcut, title, body, language, account_id, files, removed_at ON canned
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_beside();

DROP TRIGGER IF EXISTS label_audited ON label;

CREATE CONSTRAINT TRIGGER label_audited AFTER INSERT OR UPDATE OF name, colour, removed_at ON label
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_beside();

DROP TRIGGER IF EXISTS contact_audited ON contact;

CREATE CONSTRAINT TRIGGER contact_audited AFTER UPDATE OF merged_into ON contact
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.merged_into IS DISTINCT FROM OLD.merged_into)
  EXECUTE FUNCTION audit_beside();
