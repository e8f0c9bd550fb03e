import { type Sql, sql } from '../../postgres/index.ts'

/**
 * The registry's tables as steps from one format to the next: step n leads to format n + 1. A step that
 * was ever released is never edited. The ledger may stand in the same schema, so names are distinct.
 */
export const registrySteps: readonly (readonly Sql[])[] = [
  [
    sql /* SQL */`
      CREATE TABLE panal.registry_settings (
        key text PRIMARY KEY,
        value text NOT NULL
      )`,
    sql /* SQL */`
      CREATE TABLE panal.systems (
        name text PRIMARY KEY,
        created_at timestamptz NOT NULL DEFAULT now()
      )`,
    sql /* SQL */`
      CREATE TABLE panal.tenants (
        system text NOT NULL REFERENCES panal.systems,
        slug text NOT NULL,
        status text NOT NULL CHECK (status IN ('provisioning', 'active', 'suspended')),
        metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
        created_at timestamptz NOT NULL DEFAULT now(),
        status_since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (system, slug)
      )`,
    // A service's own target has no tenant: MATCH SIMPLE leaves it unchecked, NULLS NOT DISTINCT keeps it single.
    sql /* SQL */`
      CREATE TABLE panal.targets (
        system text NOT NULL REFERENCES panal.systems,
        service text NOT NULL,
        tenant text,
        database text NOT NULL,
        schema text NOT NULL,
        owner text NOT NULL,
        login text,
        status text NOT NULL CHECK (status IN ('provisioning', 'active', 'orphaned')),
        created_at timestamptz NOT NULL DEFAULT now(),
        status_since timestamptz NOT NULL DEFAULT now(),
        UNIQUE NULLS NOT DISTINCT (system, service, tenant),
        UNIQUE (database, schema),
        FOREIGN KEY (system, tenant) REFERENCES panal.tenants
      )`,
    sql /* SQL */`
      CREATE TABLE panal.rotations (
        purpose text NOT NULL CHECK (purpose IN ('password', 'secret-key')),
        subject text NOT NULL,
        rotation integer NOT NULL CHECK (rotation > 0),
        rotated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (purpose, subject)
      )`,
    sql /* SQL */`
      CREATE TABLE panal.runs (
        id text PRIMARY KEY,
        kind text NOT NULL,
        status text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'interrupted')),
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        finished_at timestamptz,
        actor text NOT NULL DEFAULT session_user,
        host text NOT NULL,
        options jsonb NOT NULL,
        summary jsonb,
        CHECK ((status = 'running') = (finished_at IS NULL))
      )`,
    sql /* SQL */`CREATE INDEX runs_started_at ON panal.runs (started_at DESC)`,
    // seq has gaps and commits out of order. tx tells a sealer which entries can no longer be joined by
    // an earlier one (tx below the oldest running transaction), so that nobody queues on a chain's last link.
    sql /* SQL */`
      CREATE TABLE panal.audit_entries (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor text NOT NULL DEFAULT session_user,
        host text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        detail jsonb NOT NULL,
        run text
      )`,
    sql /* SQL */`CREATE INDEX audit_entries_at ON panal.audit_entries (at)`,
    sql /* SQL */`CREATE INDEX audit_entries_action ON panal.audit_entries (action, at)`,
    // is_superuser follows SET ROLE: also a superuser who acts as panal_control, as Panal does, is refused.
    sql /* SQL */`
      CREATE FUNCTION panal.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $function$
        BEGIN
          IF current_setting('is_superuser') = 'on' THEN
            RETURN NULL;
          END IF;
          RAISE EXCEPTION 'audit entries are never changed or removed'
            USING ERRCODE = 'insufficient_privilege', HINT = 'A superuser may, in the open.';
        END
      $function$`,
    sql /* SQL */`REVOKE ALL ON FUNCTION panal.refuse_audit_change() FROM PUBLIC`,
    sql /* SQL */`
      CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR DELETE OR TRUNCATE ON panal.audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION panal.refuse_audit_change()`,
    // ALWAYS: session_replication_role = replica would switch an ordinary trigger off.
    sql /* SQL */`ALTER TABLE panal.audit_entries ENABLE ALWAYS TRIGGER refuse_audit_change`,
    sql /* SQL */`REVOKE UPDATE, DELETE, TRUNCATE ON panal.audit_entries FROM CURRENT_USER`,
  ],
  [
    // What migrations make of a schema, found by running them: a cache, from which rows may be deleted.
    sql /* SQL */`
      CREATE TABLE panal.shapes (
        key text PRIMARY KEY,
        system text NOT NULL,
        service text NOT NULL,
        fingerprint text NOT NULL,
        schema text NOT NULL,
        facts jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'array'),
        made_at timestamptz NOT NULL DEFAULT now()
      )`,
  ],
  [
    // No foreign key to targets: what a run did stays said when a tenant is gone.
    sql /* SQL */`
      CREATE TABLE panal.run_targets (
        run text NOT NULL REFERENCES panal.runs ON DELETE CASCADE,
        system text NOT NULL,
        service text NOT NULL,
        tenant text,
        database text NOT NULL,
        schema text NOT NULL,
        wave integer NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'done', 'failed', 'skipped')),
        finished_at timestamptz,
        duration_ms integer,
        files integer NOT NULL DEFAULT 0,
        failure jsonb,
        PRIMARY KEY (run, database, schema)
      )`,
    sql /* SQL */`
      CREATE INDEX run_targets_last ON panal.run_targets (database, schema, finished_at DESC)
        WHERE finished_at IS NOT NULL`,
  ],
]

/** The format that this Panal reads and writes. */
export const REGISTRY_FORMAT = registrySteps.length
