-- People, made and removed as the one role that may make logins. Passwords come as verifiers, never as they are typed.

CREATE OR REPLACE FUNCTION require_admin() RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT (pg_has_role(session_user, 'phoneshelf_admin', 'member')
    OR pg_has_role(session_user, 'phoneshelf_owner', 'member')) THEN
    RAISE EXCEPTION 'only an admin' USING ERRCODE = '42501';
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION set_roles(as_login text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE role text; wanted text[];
BEGIN
  SELECT CASE WHEN removed_at IS NOT NULL THEN '{}' WHEN roles = 'agent' AND NOT sees_numbers THEN '{veiled}'
    ELSE string_to_array(roles, ',') END INTO wanted FROM member WHERE login = as_login;
  FOREACH role IN ARRAY ARRAY['agent', 'lead', 'admin', 'auditor', 'bridge', 'veiled'] LOOP
    IF role = ANY (wanted) THEN
      EXECUTE format('GRANT %I TO %I', 'phoneshelf_' || role, as_login);
    ELSIF pg_has_role(as_login, 'phoneshelf_' || role, 'member') THEN
      EXECUTE format('REVOKE %I FROM %I', 'phoneshelf_' || role, as_login);
    END IF;
  END LOOP;
  IF 'veiled' = ANY (wanted) THEN
    EXECUTE format('ALTER ROLE %I SET search_path = veiled, public', as_login);
  ELSE
    EXECUTE format('ALTER ROLE %I RESET search_path', as_login);
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION invite_member(as_login text, as_name text, as_roles text, verifier text,
  until timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  PERFORM require_admin();
  IF as_login !~ '^[a-z][a-z0-9_]{1,40}$' OR as_login ~ '^(pg_|phoneshelf_)' THEN
    RAISE EXCEPTION 'not a login: %', as_login USING ERRCODE = '22023';
  ELSIF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
    RAISE EXCEPTION 'no verifier' USING ERRCODE = '22023';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = as_login) THEN
    IF NOT EXISTS (SELECT 1 FROM member WHERE login = as_login) THEN
      RAISE EXCEPTION 'this login belongs to something else' USING ERRCODE = '42710';
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', as_login, verifier, until);
  ELSE
    EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L VALID UNTIL %L CONNECTION LIMIT 12', as_login, verifier, until);
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', as_login, '30s');
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', as_login, '10s');
  END IF;
  INSERT INTO member (login, name, roles, invited_at, invited_until)
    VALUES (as_login, as_name, as_roles, clock_timestamp(), until)
    ON CONFLICT (login) DO UPDATE SET name = as_name, roles = as_roles, invited_at = clock_timestamp(),
      invited_until = until, joined_at = NULL, removed_at = NULL,
      sees_numbers = member.sees_numbers OR as_roles <> 'agent' RETURNING id INTO made;
  PERFORM set_roles(as_login);
  RETURN made;
END
$$;

CREATE OR REPLACE FUNCTION accept_invitation(verifier text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
    RAISE EXCEPTION 'no verifier' USING ERRCODE = '22023';
  END IF;
  UPDATE member SET joined_at = clock_timestamp(), invited_until = NULL
    WHERE login = session_user AND removed_at IS NULL AND joined_at IS NULL AND invited_until > clock_timestamp();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this invitation was used or is over' USING ERRCODE = 'PS002';
  END IF;
  EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', session_user, verifier, 'infinity');
END
$$;

CREATE OR REPLACE FUNCTION renew_password(verifier text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
    RAISE EXCEPTION 'no verifier' USING ERRCODE = '22023';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM member WHERE login = session_user AND removed_at IS NULL
    AND joined_at IS NOT NULL) THEN
    RAISE EXCEPTION 'not a member' USING ERRCODE = '42501';
  END IF;
  EXECUTE format('ALTER ROLE %I PASSWORD %L', session_user, verifier);
END
$$;

CREATE OR REPLACE FUNCTION remove_member(as_login text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM require_admin();
  UPDATE member SET removed_at = clock_timestamp() WHERE login = as_login AND removed_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', as_login);
  PERFORM set_roles(as_login);
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION set_only_own(as_login text, flag boolean) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM require_admin();
  UPDATE member SET only_own = flag WHERE login = as_login AND removed_at IS NULL;
  RETURN FOUND;
END
$$;

CREATE OR REPLACE FUNCTION set_sees_numbers(as_login text, flag boolean) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM require_admin();
  UPDATE member SET sees_numbers = flag WHERE login = as_login AND removed_at IS NULL AND (flag OR roles = 'agent');
  IF FOUND THEN
    PERFORM set_roles(as_login);
    RETURN true;
  END IF;
  RETURN false;
END
$$;
