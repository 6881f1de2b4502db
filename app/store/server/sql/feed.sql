-- Others hear of changes at once, by ids; too many for one notice are asked for.

CREATE OR REPLACE FUNCTION tell_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told text;
BEGIN
  SELECT string_agg(id || ' ' || kind || ' ' || row_id || ' ' || coalesce(chat_id::text, ''), ';') INTO told FROM added;
  IF told IS NOT NULL THEN
    PERFORM pg_notify('phoneshelf', CASE WHEN octet_length(told) < 7500 THEN told ELSE '*' END);
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS change_told ON change;

CREATE TRIGGER change_told AFTER INSERT ON change REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_changes();
