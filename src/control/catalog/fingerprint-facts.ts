import { type Sql, sql } from '../../postgres/index.ts'

/**
 * What a fingerprint is made of: a query for each kind of thing, over all wanted schemas at once. Each gives
 * `number` (of the schema), `kind`, `name` and `definition`. They stand on two relations that
 * read-shapes.ts puts before them: `target` (number, namespace, schema, path, owner, login) and `members`
 * (what extensions own).
 *
 * The server prints a name of the schema itself without the schema where search_path leads to it, so each
 * deparsing call first takes the path of its own schema. That is what makes a definition the same for
 * every tenant, string literals and equally named tables included, which no replacement in the text could.
 * CASE fixes the order: the path, then the deparsing. Asking first whether the path is right already saves
 * computing it anew for each of a schema's rows.
 *
 * Not among the facts, on purpose: comments (no program runs on them), rights (the access matrix has them),
 * the order of columns (a down part that brings a column back puts it last), attached partitions with all that
 * they have, statistics targets, and what extensions own.
 */
const inPath = (expression: Sql): Sql => sql /* SQL */`
  CASE WHEN current_setting('search_path') = target.path
    OR set_config('search_path', target.path, true) IS NOT NULL THEN ${expression} END`

/** A role by its part in the target, or by its name. */
const roleName = (role: Sql): Sql => sql /* SQL */`
  CASE ${role} WHEN 0 THEN 'public' WHEN target.owner THEN '{owner}' WHEN target.login THEN '{login}'
    ELSE pg_get_userbyid(${role}) END`

/** Said only of an object that belongs to somebody else than the target's owner. */
const strangeOwner = (owner: Sql): Sql => sql /* SQL */`
  CASE WHEN ${owner} <> target.owner THEN 'owned by ' || ${roleName(owner)} END`

const sortedOptions = (options: Sql): Sql => sql /* SQL */`
  (SELECT 'with (' || string_agg(option, ', ' ORDER BY option) || ')' FROM unnest(${options}) AS option)`

/** Relations whose parts are looked at: attached partitions and members of extensions are left out. */
const ownRelation = sql /* SQL */`
  NOT relation.relispartition AND relation.oid <> ALL (SELECT unnest(members.relations) FROM members)`

const schemas = sql /* SQL */`
  SELECT number, 'schema' AS kind, '{schema}' AS name,
    concat('owned by ', ${roleName(sql`nspowner`)}) AS definition
  FROM target JOIN pg_namespace ON pg_namespace.oid = namespace`

const relations = sql /* SQL */`
  SELECT number,
    CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
      WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' ELSE 'table' END AS kind,
    quote_ident(relname) AS name,
    concat_ws(', ',
      CASE relpersistence WHEN 'u' THEN 'unlogged' END,
      CASE relkind WHEN 'p' THEN 'partition by ' || ${inPath(sql`pg_get_partkeydef(relation.oid)`)}
        WHEN 'c' THEN 'composite' END,
      CASE WHEN reloftype <> 0 THEN 'of ' || ${inPath(sql`format_type(reloftype, NULL)`)} END,
      CASE WHEN relhassubclass OR relkind = 'r' THEN (
        SELECT 'inherits ' || string_agg(${inPath(sql`inhparent::regclass::text`)}, ', ' ORDER BY inhseqno)
        FROM pg_inherits WHERE inhrelid = relation.oid) END,
      CASE WHEN amname <> 'heap' THEN 'using ' || amname END,
      CASE WHEN relrowsecurity THEN 'row level security' END,
      CASE WHEN relforcerowsecurity THEN 'forced row level security' END,
      CASE relreplident WHEN 'f' THEN 'replica identity full' WHEN 'n' THEN 'replica identity nothing'
        WHEN 'i' THEN 'replica identity by index' END,
      ${sortedOptions(sql`reloptions`)},
      CASE WHEN relkind = 'f' THEN (
        SELECT concat_ws(' ', 'server', quote_ident(srvname), ${sortedOptions(sql`ftoptions`)})
        FROM pg_foreign_table JOIN pg_foreign_server ON pg_foreign_server.oid = ftserver
        WHERE ftrelid = relation.oid) END,
      CASE WHEN seqrelid IS NOT NULL THEN concat_ws(' ', format_type(seqtypid, NULL), 'start', seqstart,
        'increment', seqincrement, 'min', seqmin, 'max', seqmax, 'cache', seqcache,
        CASE WHEN seqcycle THEN 'cycle' END) END,
      CASE WHEN relkind = 'S' THEN (
        SELECT 'of ' || ${inPath(sql`refobjid::regclass::text`)} || '.' || quote_ident(attname)
        FROM pg_depend JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
        WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND refclassid = 'pg_class'::regclass
          AND deptype IN ('a', 'i') AND refobjsubid > 0) END,
      ${strangeOwner(sql`relowner`)},
      CASE WHEN relkind IN ('v', 'm') THEN E'as\n' || ${inPath(sql`pg_get_viewdef(relation.oid, true)`)} END
    ) AS definition
  FROM target
  JOIN pg_class AS relation ON relnamespace = namespace
  LEFT JOIN pg_am ON pg_am.oid = relam
  LEFT JOIN pg_sequence ON seqrelid = relation.oid
  WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND ${ownRelation}`

/**
 * Equal columns are grouped before they are written down, since most of the time goes into their names and
 * types: over 1,000 schemas of 86 columns 1.06 s became 0.75 s. A type of pg_catalog is the same everywhere.
 */
const columns = sql /* SQL */`
  SELECT numbers, 'column' AS kind, quote_ident(relname) || '.' || quote_ident(attname) AS name,
    concat_ws(' ', coalesce(own_type, format_type(common_type, atttypmod)), collated,
      CASE WHEN attnotnull THEN 'not null' END,
      CASE attidentity WHEN 'a' THEN 'generated always as identity'
        WHEN 'd' THEN 'generated by default as identity' END,
      CASE attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
      CASE attgenerated WHEN '' THEN 'default ' ELSE 'generated as ' END || expression) AS definition
  FROM (
    SELECT array_agg(number) AS numbers, relname, attname, own_type, common_type, atttypmod, collated,
      attnotnull, attidentity, attgenerated, expression
    FROM (
      SELECT number, relname, attname, atttypmod, attnotnull, attidentity, attgenerated,
        CASE WHEN typnamespace = 'pg_catalog'::regnamespace THEN atttypid END AS common_type,
        CASE WHEN typnamespace <> 'pg_catalog'::regnamespace
          THEN ${inPath(sql`format_type(atttypid, atttypmod)`)} END AS own_type,
        CASE WHEN attcollation <> typcollation
          THEN 'collate ' || ${inPath(sql`attcollation::regcollation::text`)} END AS collated,
        CASE WHEN adbin IS NOT NULL THEN ${inPath(sql`pg_get_expr(adbin, adrelid, true)`)} END AS expression
      FROM target
      JOIN pg_class AS relation ON relnamespace = namespace
      JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
      JOIN pg_type ON pg_type.oid = atttypid
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND ${ownRelation}
    ) AS own_column
    GROUP BY relname, attname, own_type, common_type, atttypmod, collated, attnotnull, attidentity,
      attgenerated, expression
  ) AS alike`

/**
 * Rows with a parent belong to a partition, or to a foreign key that points at one. NOT NULL, of which 18 makes
 * a constraint for every column, is the column's to tell; its name and its weaker forms are told here.
 */
const tableConstraints = sql /* SQL */`
  SELECT number, 'constraint' AS kind, quote_ident(relname) || '.' || quote_ident(conname) AS name,
    CASE WHEN contype <> 'n' THEN ${inPath(sql`pg_get_constraintdef(pg_constraint.oid, true)`)}
      ELSE concat_ws(' ', 'NOT NULL', CASE WHEN connoinherit THEN 'NO INHERIT' END,
        CASE WHEN NOT convalidated THEN 'NOT VALID' END) END AS definition
  FROM target
  JOIN pg_class AS relation ON relnamespace = namespace
  JOIN pg_constraint ON conrelid = relation.oid AND contype <> 't' AND conparentid = 0
  WHERE relkind IN ('r', 'p', 'f') AND ${ownRelation}`

/** The index of a key is told by its constraint. */
const indexes = sql /* SQL */`
  SELECT number, 'index' AS kind, quote_ident(index.relname) AS name,
    concat_ws(', ', ${inPath(sql`pg_get_indexdef(indexrelid, 0, true)`)},
      CASE WHEN NOT indisvalid THEN 'invalid' END) AS definition
  FROM target
  JOIN pg_class AS relation ON relation.relnamespace = namespace
  JOIN pg_index ON indrelid = relation.oid
  JOIN pg_class AS index ON index.oid = indexrelid
  WHERE relation.relkind IN ('r', 'p', 'm') AND ${ownRelation}
    AND NOT EXISTS (SELECT FROM pg_constraint
      WHERE conrelid = indrelid AND conindid = indexrelid AND contype IN ('p', 'u', 'x'))`

/** The server's own triggers of foreign keys count where somebody switched them off. */
const triggers = sql /* SQL */`
  SELECT number, 'trigger' AS kind,
    quote_ident(relname) || '.' || CASE WHEN tgisinternal
      THEN concat_ws('.', quote_ident(conname), 'on', tgtype) ELSE quote_ident(tgname) END AS name,
    concat_ws(', ', CASE WHEN NOT tgisinternal THEN ${inPath(sql`pg_get_triggerdef(pg_trigger.oid, true)`)} END,
      CASE tgenabled WHEN 'D' THEN 'disabled' WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replicas' END)
      AS definition
  FROM target
  JOIN pg_class AS relation ON relnamespace = namespace
  JOIN pg_trigger ON tgrelid = relation.oid AND tgparentid = 0
  LEFT JOIN pg_constraint ON pg_constraint.oid = tgconstraint
  WHERE ${ownRelation} AND (NOT tgisinternal OR (tgenabled <> 'O' AND conparentid = 0))`

const rules = sql /* SQL */`
  SELECT number, 'rule' AS kind, quote_ident(relname) || '.' || quote_ident(rulename) AS name,
    concat_ws(', ', ${inPath(sql`pg_get_ruledef(pg_rewrite.oid, true)`)},
      CASE ev_enabled WHEN 'D' THEN 'disabled' WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replicas' END)
      AS definition
  FROM target
  JOIN pg_class AS relation ON relnamespace = namespace
  JOIN pg_rewrite ON ev_class = relation.oid AND rulename <> '_RETURN'
  WHERE ${ownRelation}`

const policies = sql /* SQL */`
  SELECT number, 'policy' AS kind, quote_ident(relname) || '.' || quote_ident(polname) AS name,
    concat_ws(' ', CASE WHEN polpermissive THEN 'permissive' ELSE 'restrictive' END,
      CASE polcmd WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
        ELSE 'delete' END,
      'to', (SELECT string_agg(name, ', ' ORDER BY name)
        FROM (SELECT ${roleName(sql`role`)}::text AS name FROM unnest(polroles) AS role) AS named),
      'using (' || ${inPath(sql`pg_get_expr(polqual, polrelid, true)`)} || ')',
      'with check (' || ${inPath(sql`pg_get_expr(polwithcheck, polrelid, true)`)} || ')') AS definition
  FROM target
  JOIN pg_class AS relation ON relnamespace = namespace
  JOIN pg_policy ON polrelid = relation.oid
  WHERE ${ownRelation}`

const extendedStatistics = sql /* SQL */`
  SELECT number, 'statistics' AS kind, quote_ident(stxname) AS name,
    concat_ws(' ', array_to_string(stxkind, ''), 'on',
      ${inPath(sql`pg_get_statisticsobjdef_columns(pg_statistic_ext.oid)`)},
      'of', ${inPath(sql`stxrelid::regclass::text`)}, ${strangeOwner(sql`stxowner`)}) AS definition
  FROM target JOIN pg_statistic_ext ON stxnamespace = namespace`

/**
 * Without the constructors that come with a range type. A routine's settings are identifiers where they are a
 * search_path, in quotes or not, as whoever set them wrote it; its body is a text, kept as it was
 * written: a literal in it that reads like the schema is no reference to it.
 */
const routines = sql /* SQL */`
  SELECT number, CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
    quote_ident(proname) || '(' || ${inPath(sql`pg_get_function_identity_arguments(pg_proc.oid)`)} || ')' AS name,
    concat_ws(E'\n',
      '(' || ${inPath(sql`pg_get_function_arguments(pg_proc.oid)`)} || ')',
      'returns ' || ${inPath(sql`pg_get_function_result(pg_proc.oid)`)},
      concat_ws(' ', 'language', lanname,
        CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
        CASE proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted' END,
        CASE WHEN prosecdef THEN 'security definer' END,
        CASE WHEN proisstrict THEN 'strict' END,
        CASE WHEN proleakproof THEN 'leakproof' END,
        CASE prokind WHEN 'w' THEN 'window' END,
        'cost', procost, 'rows', prorows,
        CASE WHEN prosupport <> 0 THEN 'support ' || ${inPath(sql`prosupport::text`)} END,
        ${strangeOwner(sql`proowner`)}),
      (SELECT string_agg('set ' || CASE WHEN starts_with(setting, 'search_path=')
          THEN regexp_replace(regexp_replace(setting, '"([a-z_][a-z0-9_]*)"', '\\1', 'g'),
            '(=|, *)' || target.schema || '(?= *(,|$))', '\\1{schema}', 'g')
          ELSE setting END, E'\n' ORDER BY setting)
        FROM unnest(proconfig) AS setting),
      (SELECT concat_ws(' ', 'state', ${inPath(sql`format_type(aggtranstype, NULL)`)}, 'by',
          ${inPath(sql`aggtransfn::text`)}, 'final', ${inPath(sql`aggfinalfn::text`)},
          'combine', ${inPath(sql`aggcombinefn::text`)}, 'initial', agginitval)
        FROM pg_aggregate WHERE aggfnoid = pg_proc.oid),
      coalesce(${inPath(sql`pg_get_function_sqlbody(pg_proc.oid)`)}, prosrc), probin) AS definition
  FROM target
  JOIN pg_proc ON pronamespace = namespace
  JOIN pg_language ON pg_language.oid = prolang
  WHERE pg_proc.oid <> ALL (SELECT unnest(members.routines) FROM members)
    AND NOT EXISTS (SELECT FROM pg_depend
      WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'i')`

const types = sql /* SQL */`
  SELECT number, 'type' AS kind, quote_ident(typname) AS name,
    concat_ws(' ',
      CASE typtype WHEN 'e' THEN (SELECT 'enum (' || string_agg(quote_literal(enumlabel), ', '
          ORDER BY enumsortorder) || ')' FROM pg_enum WHERE enumtypid = pg_type.oid)
        WHEN 'd' THEN 'domain ' || ${inPath(sql`format_type(typbasetype, typtypmod)`)}
        WHEN 'r' THEN (SELECT 'range of ' || ${inPath(sql`format_type(rngsubtype, NULL)`)}
          FROM pg_range WHERE rngtypid = pg_type.oid)
        ELSE 'base' END,
      CASE WHEN typnotnull THEN 'not null' END,
      'default ' || typdefault,
      CASE WHEN typtype = 'd' AND typcollation <> 0
        THEN 'collate ' || ${inPath(sql`typcollation::regcollation::text`)} END,
      ${strangeOwner(sql`typowner`)}) AS definition
  FROM target
  JOIN pg_type ON typnamespace = namespace
  WHERE (typtype IN ('e', 'd', 'r') OR (typtype = 'b' AND typelem = 0))
    AND pg_type.oid <> ALL (SELECT unnest(members.types) FROM members)`

const domainConstraints = sql /* SQL */`
  SELECT number, 'constraint' AS kind, quote_ident(typname) || '.' || quote_ident(conname) AS name,
    ${inPath(sql`pg_get_constraintdef(pg_constraint.oid, true)`)} AS definition
  FROM target
  JOIN pg_type ON typnamespace = namespace AND typtype = 'd'
  JOIN pg_constraint ON contypid = pg_type.oid AND contype <> 'n'`

/** What hardly any service makes: that it is there, and its mapping or options. */
const textSearch = sql /* SQL */`
  SELECT number, 'text search configuration' AS kind, quote_ident(cfgname) AS name,
    (SELECT string_agg(concat_ws(' ', maptokentype, mapseqno, ${inPath(sql`mapdict::regdictionary::text`)}), ', '
        ORDER BY maptokentype, mapseqno)
      FROM pg_ts_config_map WHERE mapcfg = pg_ts_config.oid) AS definition
  FROM target JOIN pg_ts_config ON cfgnamespace = namespace
  UNION ALL
  SELECT number, 'text search dictionary', quote_ident(dictname), dictinitoption
  FROM target JOIN pg_ts_dict ON dictnamespace = namespace`

const operators = sql /* SQL */`
  SELECT number, 'operator' AS kind, ${inPath(sql`pg_operator.oid::regoperator::text`)} AS name,
    ${inPath(sql`oprcode::text`)} AS definition
  FROM target JOIN pg_operator ON oprnamespace = namespace
  UNION ALL
  SELECT number, 'collation', quote_ident(collname), concat_ws(' ', collprovider, collcollate, collctype)
  FROM target JOIN pg_collation ON collnamespace = namespace`

/** Equal facts as one row, with the `numbers` of the schemas that have them. */
const grouped = (facts: Sql): Sql => sql /* SQL */`
  SELECT array_agg(number) AS numbers, kind, name, coalesce(definition, '') AS definition FROM (${facts}) AS fact
  GROUP BY kind, name, fact.definition`

/** Every part of a fingerprint; the long ones first, so that two connections end at about the same time. */
export const shapeQueries: readonly Sql[] = [
  columns,
  ...[tableConstraints, indexes, relations, routines, triggers, policies, types, domainConstraints].map(
    grouped,
  ),
  ...[rules, extendedStatistics, textSearch, operators, schemas].map(grouped),
]
