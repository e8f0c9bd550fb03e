/** The queries of canonical-dump.ts. Each gives one column `line`; names only, so that servers compare. */

/** An access list as text: items sorted, the default spelled out, `*` behind what may be granted on. */
export const rightsFunction = /* SQL */ `
  CREATE FUNCTION pg_temp.rights(acl aclitem[], kind "char", owner oid) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(item, ' ' ORDER BY item), 'nobody') FROM (
      SELECT CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee)::text END
        || '=' || string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ',' ORDER BY privilege_type)
        || '/' || pg_get_userbyid(grantor) AS item
      FROM aclexplode(coalesce(acl, acldefault(kind, owner))) GROUP BY grantee, grantor
    ) AS items
  $$`

export const clusterLines = /* SQL */ `
  SELECT 'role ' || rolname || ' ' || concat_ws(' ',
    CASE WHEN rolcanlogin THEN 'LOGIN' END, CASE WHEN rolinherit THEN 'INHERIT' END,
    CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, 'limit', rolconnlimit, 'until', coalesce(rolvaliduntil::text, 'ever'),
    shobj_description(oid, 'pg_authid')) AS line
  FROM pg_roles WHERE rolname !~ '^pg_';
  SELECT 'member ' || pg_get_userbyid(member) || ' of ' || pg_get_userbyid(roleid) || ' by ' || pg_get_userbyid(grantor)
    || concat(CASE WHEN admin_option THEN ' ADMIN' END,
      CASE WHEN (to_jsonb(m) ->> 'inherit_option')::boolean THEN ' INHERIT' END,
      CASE WHEN (to_jsonb(m) ->> 'set_option')::boolean THEN ' SET' END) AS line
  FROM pg_auth_members AS m WHERE pg_get_userbyid(roleid) !~ '^pg_';
  SELECT 'database ' || datname || ' of ' || pg_get_userbyid(datdba) || ' ' || pg_encoding_to_char(encoding)
    || ': ' || pg_temp.rights(datacl, 'd', datdba) AS line
  FROM pg_database;
  SELECT 'setting of ' || pg_get_userbyid(setrole) || ' in ' || coalesce(datname, 'every database') || ': ' || setting AS line
  FROM pg_db_role_setting LEFT JOIN pg_database AS d ON d.oid = setdatabase, unnest(setconfig) AS setting
  WHERE setrole <> 0`

const userSchema = `nspname !~ '^pg_' AND nspname <> 'information_schema'`

export const databaseLines = /* SQL */ `
  SELECT 'schema ' || nspname || ' of ' || pg_get_userbyid(nspowner) || ' ' || coalesce(obj_description(oid, 'pg_namespace'), '')
    || ': ' || pg_temp.rights(nspacl, 'n', nspowner) AS line
  FROM pg_namespace WHERE ${userSchema};
  SELECT 'relation ' || relkind::text || ' ' || nspname || '.' || relname || ' of ' || pg_get_userbyid(relowner)
    || concat(CASE WHEN relrowsecurity THEN ' enabled' END, CASE WHEN relforcerowsecurity THEN ' forced' END)
    || ': ' || pg_temp.rights(relacl, (CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relowner) AS line
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${userSchema};
  SELECT 'column ' || nspname || '.' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN attacl IS NULL THEN '' ELSE ': ' || pg_temp.rights(attacl, 'c', relowner) END AS line
  FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f') AND ${userSchema};
  SELECT 'index ' || nspname || '.' || relname || CASE WHEN indisvalid AND indisready THEN '' ELSE ' invalid' END AS line
  FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid JOIN pg_namespace AS n ON n.oid = relnamespace WHERE ${userSchema};
  SELECT 'constraint ' || nspname || '.' || conrelid::regclass || '.' || conname || CASE WHEN convalidated THEN '' ELSE ' not valid' END AS line
  FROM pg_constraint JOIN pg_namespace AS n ON n.oid = connamespace WHERE contype <> 'n' AND ${userSchema};
  SELECT 'routine ' || nspname || '.' || proname || '(' || pg_get_function_identity_arguments(p.oid) || ') of ' || pg_get_userbyid(proowner)
    || CASE WHEN prosecdef THEN ' definer' ELSE '' END || ': ' || pg_temp.rights(proacl, 'f', proowner) AS line
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace WHERE ${userSchema};
  SELECT 'enum ' || nspname || '.' || typname || ' ' || string_agg(enumlabel, ',' ORDER BY enumsortorder) AS line
  FROM pg_enum JOIN pg_type AS t ON t.oid = enumtypid JOIN pg_namespace AS n ON n.oid = typnamespace GROUP BY nspname, typname;
  SELECT 'default ' || pg_get_userbyid(defaclrole) || ' in ' || coalesce(nspname, 'every schema') || ' ' || defaclobjtype::text
    || ': ' || pg_temp.rights(defaclacl, defaclobjtype, defaclrole) AS line
  FROM pg_default_acl LEFT JOIN pg_namespace AS n ON n.oid = defaclnamespace;
  SELECT 'policy ' || polname || ' on ' || polrelid::regclass || ' for ' || polcmd::text || ' to '
    || (SELECT string_agg(CASE WHEN role = 0 THEN 'public' ELSE pg_get_userbyid(role)::text END, ',' ORDER BY pg_get_userbyid(role)::text)
        FROM unnest(polroles) AS role)
    || ' using ' || coalesce(pg_get_expr(polqual, polrelid), '-') || ' check ' || coalesce(pg_get_expr(polwithcheck, polrelid), '-')
    || CASE WHEN polpermissive THEN '' ELSE ' restrictive' END AS line
  FROM pg_policy;
  SELECT 'extension ' || extname || ' in ' || nspname AS line FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace`

/** One statement that counts the rows of every table of the systems. */
export const rowCountQuery = /* SQL */ `
  SELECT string_agg(format('SELECT %L || count(*) AS line FROM %I.%I', 'rows ' || nspname || '.' || relname || ': ', nspname, relname), ' UNION ALL ') AS line
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND ${userSchema} AND nspname <> 'panal' HAVING count(*) > 0`

/** What ledger and registry say, by the table whose presence shows that they stand. */
export const rowCountLines: Readonly<Record<string, readonly string[]>> = {
  ledger_applied: [
    /* SQL */ `SELECT 'applied ' || concat_ws('/', a.system, a.service, tenant) || ' in ' || schema || ': ' || a.item
      || ' ' || how || ' ' || name || ' ' || checksum AS line
      FROM panal.ledger_applied AS a JOIN panal.ledger_files AS f ON f.id = file`,
    /* SQL */ `SELECT 'statement left over ' || concat_ws('/', system, service, schema, file, direction, position) AS line
      FROM panal.ledger_statements`,
    /* SQL */ `SELECT 'ledger of ' || system AS line FROM panal.ledger_systems`,
  ],
  tenants: [
    /* SQL */ `SELECT 'registered ' || name AS line FROM panal.systems`,
    /* SQL */ `SELECT 'tenant ' || system || '/' || slug || ' ' || status AS line FROM panal.tenants`,
    /* SQL */ `SELECT 'target ' || concat_ws('/', system, service, tenant) || ' ' || concat_ws(' ', database, schema, owner, login)
      || ' ' || status AS line FROM panal.targets`,
  ],
}
