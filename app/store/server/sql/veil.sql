-- Numbers of customers as they are shown to a member who may not see them: the last two digits, as `mask_number` has it.

CREATE OR REPLACE FUNCTION is_veiled() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT NOT sees_numbers FROM member WHERE login = session_user AND removed_at IS NULL), false)
$$;

CREATE OR REPLACE FUNCTION veil_run(run text) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog AS $$
DECLARE digits text := regexp_replace(run, '\D', '', 'g'); code text; rest text; shown text;
BEGIN
  IF NOT starts_with(run, '+') THEN
    RETURN regexp_replace(run, '\d(?=(?:\D*\d){2})', '•', 'g');
  END IF;
  code := left(digits, CASE WHEN digits ~ '^[17]' THEN 1
    WHEN digits ~ '^(20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])' THEN 2 ELSE 3 END);
  rest := substr(digits, length(code) + 1);
  shown := CASE WHEN length(rest) >= 8 THEN left(rest, 1) ELSE '' END;
  RETURN concat_ws(' ', '+' || code, nullif(shown, ''),
    rtrim(regexp_replace(repeat('•', length(rest) - length(shown) - 2), '(••?)', '\1 ', 'g')), right(rest, 2));
END
$$;

CREATE OR REPLACE FUNCTION veil(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, public AS $$
DECLARE run text; before text := ''; rest text := said; place integer;
BEGIN
  LOOP
    run := substring(rest FROM '\+?\d(?:[^[:alnum:]]{0,3}\d){6,}');
    EXIT WHEN run IS NULL;
    place := strpos(rest, run);
    before := before || left(rest, place - 1) || veil_run(run);
    rest := substr(rest, place + length(run));
  END LOOP;
  RETURN before || rest;
END
$$;

CREATE OR REPLACE FUNCTION veil_jid(jid text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  -- That a customer's number is known is needed to send files; a group's identity holds its maker's number.
  SELECT CASE WHEN jid LIKE '%@s.whatsapp.net' THEN substr(veil('+' || split_part(jid, '@', 1)), 2) || '@s.whatsapp.net' END
$$;

CREATE OR REPLACE FUNCTION veil_quote(quoted json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN json_typeof(quoted) = 'object' AND quoted ->> 'author' IS NOT NULL
    THEN jsonb_set(quoted::jsonb, '{author}', to_jsonb(veil(quoted ->> 'author')))::json ELSE quoted END
$$;

CREATE OR REPLACE FUNCTION veil_content(content json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT (content::jsonb || jsonb_strip_nulls(jsonb_build_object('sender', veil(content ->> 'sender'),
    'text', CASE WHEN content ->> 'kind' = 'system' THEN veil(content ->> 'text') ELSE content ->> 'text' END,
    'quoted', veil_quote(content -> 'quoted'))))::json
$$;

-- Who quotes without seeing the sender quotes the right one all the same.
CREATE OR REPLACE FUNCTION unveil_quote() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.sender <> '' AND is_veiled() THEN
    NEW.sender := coalesce((SELECT m.sender FROM message m WHERE m.id = NEW.message_id), '');
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS reply_quote_unveiled ON reply_quote;

CREATE TRIGGER reply_quote_unveiled BEFORE INSERT ON reply_quote FOR EACH ROW EXECUTE FUNCTION unveil_quote();
