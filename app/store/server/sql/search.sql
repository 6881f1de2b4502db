-- Search runs as the owner: an index of words cannot be used under row security.

CREATE OR REPLACE FUNCTION search_messages(wanted text, part text, most integer)
    RETURNS TABLE (id bigint, chat_id bigint, title text, shown_day text, shown_minute integer, direction text,
      body text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    -- A prepared plan that is kept for any word is ruinous for rare ones; workers cost more than they bring.
    SET plan_cache_mode = force_custom_plan SET max_parallel_workers_per_gather = 0 AS $$
#variable_conflict use_column
DECLARE
  numbers bigint[] := ARRAY(SELECT my_accounts());
  sees_all boolean := pg_has_role(session_user, 'phoneshelf_bridge', 'member')
    OR pg_has_role(session_user, 'phoneshelf_owner', 'member');
  is_narrow boolean := NOT sees_all AND sees_only_own();
  i bigint := me();
  veils boolean := NOT sees_all AND is_veiled();
BEGIN
  RETURN QUERY EXECUTE format($q$
    SELECT m.id, m.chat_id, %s, m.shown_day::text, m.shown_minute, m.direction::text, m.text
    FROM (
      SELECT x.id, x.chat_id, x.shown_day, x.shown_minute, x.direction, x.text FROM message x
      WHERE NOT x.gone %s %s %s %s %s
      ORDER BY x.id DESC LIMIT $4
    ) m JOIN chat c ON c.id = m.chat_id ORDER BY m.id DESC $q$,
    CASE WHEN veils THEN 'veil(c.title)' ELSE 'c.title' END,
    -- What the app itself says in a group names its members by number.
    CASE WHEN veils THEN $s$AND x.kind <> 'system'$s$ ELSE '' END,
    CASE WHEN wanted <> '' THEN 'AND x.search_words @@ $1::tsquery' ELSE '' END,
    CASE WHEN part <> '' THEN 'AND x.search_text LIKE $2' ELSE '' END,
    CASE WHEN sees_all THEN '' ELSE 'AND x.account_id = ANY ($3)' END,
    CASE WHEN is_narrow THEN 'AND EXISTS (SELECT 1 FROM chat o WHERE o.id = x.chat_id
      AND (o.assignee_id IS NULL OR o.assignee_id = $5))' ELSE '' END)
  USING wanted, '%' || part || '%', numbers, least(most, 500), i;
END $$;
