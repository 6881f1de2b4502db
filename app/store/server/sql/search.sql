-- Search runs as the owner: an index of words cannot be used under row security.

CREATE OR REPLACE FUNCTION search_messages(wanted text, most integer)
RETURNS TABLE (id bigint, chat_id bigint, title text, shown_day text, shown_minute integer, direction text,
  excerpt text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan SET max_parallel_workers_per_gather = 0 AS $$
  SELECT m.id, m.chat_id, c.title, m.shown_day, m.shown_minute, m.direction,
    ts_headline('simple', m.text, to_tsquery('simple', plain(wanted)),
      'StartSel=' || chr(8296) || ', StopSel=' || chr(8297) || ', MaxWords=16, MinWords=8, HighlightAll=false')
  FROM (
    SELECT * FROM message x
    WHERE to_tsvector('simple', plain(x.text)) @@ to_tsquery('simple', plain(wanted)) AND NOT x.gone
      AND (x.account_id = ANY (ARRAY(SELECT my_accounts()))
        OR pg_has_role(session_user, 'phoneshelf_bridge', 'member')
        OR pg_has_role(session_user, 'phoneshelf_owner', 'member'))
      AND (NOT (SELECT sees_only_own()) OR EXISTS (SELECT 1 FROM chat o WHERE o.id = x.chat_id
        AND (o.assignee_id IS NULL OR o.assignee_id = (SELECT me()))))
    ORDER BY x.id DESC LIMIT least(most, 500)
  ) m JOIN chat c ON c.id = m.chat_id ORDER BY m.id DESC
$$;
