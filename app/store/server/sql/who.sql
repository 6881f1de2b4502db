-- Who asks, and for which numbers. `session_user` is the person, also in functions that run as their owner.

CREATE OR REPLACE FUNCTION me() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id FROM member WHERE login = session_user AND removed_at IS NULL
$$;

CREATE OR REPLACE FUNCTION my_accounts() RETURNS SETOF bigint
    LANGUAGE sql STABLE ROWS 5 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.account_id FROM membership s JOIN member m ON m.id = s.member_id WHERE m.login = session_user AND m.removed_at IS NULL
$$;

CREATE OR REPLACE FUNCTION my_send_accounts() RETURNS SETOF bigint
    LANGUAGE sql STABLE ROWS 5 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.account_id FROM membership s JOIN member m ON m.id = s.member_id WHERE m.login = session_user AND m.removed_at IS NULL AND s.may_send
$$;

CREATE OR REPLACE FUNCTION sees_only_own() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT only_own FROM member WHERE login = session_user AND removed_at IS NULL), true)
$$;

CREATE OR REPLACE FUNCTION member_of(as_login text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id FROM member WHERE login = as_login
$$;
