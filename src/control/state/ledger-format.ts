import { type Sql, sql } from '../../postgres/index.ts'

/** What `panal.ledger_apply` and `panal.ledger_revert` raise; the class `PN` is nobody else's. */
export const LEDGER_LOCKED = 'PN001'
export const LEDGER_UNCHANGED = 'PN002'

/**
 * The ledger's tables as steps from one format to the next: step n leads to format n + 1. A step that
 * was ever released is never edited. The registry may stand in the same schema, so names are distinct.
 */
export const ledgerSteps: readonly (readonly Sql[])[] = [
  [
    sql /* SQL */`
      CREATE TABLE panal.ledger_format (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        format integer NOT NULL
      )`,
    sql /* SQL */`
      CREATE TABLE panal.ledger_systems (
        system text PRIMARY KEY,
        since timestamptz NOT NULL DEFAULT now()
      )`,
    // Each content once, however many targets it ran on: the text is what an edited file is compared with.
    sql /* SQL */`
      CREATE TABLE panal.ledger_files (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        system text NOT NULL,
        service text NOT NULL,
        name text NOT NULL,
        item text NOT NULL,
        checksum text NOT NULL,
        text text NOT NULL,
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        UNIQUE (system, service, name, checksum)
      )`,
    // The item is the version without leading zeros, or the name of a repeatable file. No foreign key to
    // ledger_files, whose rows are never deleted: lanes that migrate a thousand targets at once would
    // queue to lock the one row of their file.
    sql /* SQL */`
      CREATE TABLE panal.ledger_applied (
        system text NOT NULL,
        service text NOT NULL,
        schema text NOT NULL,
        item text NOT NULL,
        tenant text,
        file integer NOT NULL,
        how text NOT NULL CHECK (how IN ('applied', 'baseline')),
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        duration_ms integer,
        run text,
        PRIMARY KEY (system, service, schema, item) INCLUDE (file)
      )`,
    sql /* SQL */`
      CREATE TABLE panal.ledger_statements (
        system text NOT NULL,
        service text NOT NULL,
        schema text NOT NULL,
        file integer NOT NULL,
        direction text NOT NULL CHECK (direction IN ('up', 'down')),
        position integer NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        done_at timestamptz,
        PRIMARY KEY (system, service, schema, file, direction, position)
      )`,
    // Lock and row in one statement, before the file's own: afterwards the session is the service's owner,
    // to whom this schema is closed. A blocking lock would deadlock with CREATE INDEX CONCURRENTLY.
    sql /* SQL */`
      CREATE FUNCTION panal.ledger_apply(
        lock_key bigint, of_system text, of_service text, of_tenant text, of_schema text,
        of_item text, of_file integer, of_run text
      ) RETURNS void LANGUAGE plpgsql AS $function$
        BEGIN
          IF NOT pg_try_advisory_xact_lock(lock_key) THEN
            RAISE EXCEPTION 'another run works on schema %', of_schema USING ERRCODE = 'PN001';
          END IF;
          INSERT INTO panal.ledger_applied AS applied (system, service, schema, item, tenant, file, how, run)
          VALUES (of_system, of_service, of_schema, of_item, of_tenant, of_file, 'applied', of_run)
          ON CONFLICT (system, service, schema, item) DO UPDATE
            SET file = excluded.file, how = excluded.how, applied_at = excluded.applied_at,
              duration_ms = NULL, run = excluded.run
            WHERE of_item LIKE 'R%' AND applied.file <> excluded.file;
          IF NOT FOUND THEN
            RAISE EXCEPTION '% is applied to schema % already', of_item, of_schema USING ERRCODE = 'PN002';
          END IF;
        END
      $function$`,
    sql /* SQL */`
      CREATE FUNCTION panal.ledger_revert(
        lock_key bigint, of_system text, of_service text, of_schema text, of_item text
      ) RETURNS void LANGUAGE plpgsql AS $function$
        BEGIN
          IF NOT pg_try_advisory_xact_lock(lock_key) THEN
            RAISE EXCEPTION 'another run works on schema %', of_schema USING ERRCODE = 'PN001';
          END IF;
          DELETE FROM panal.ledger_applied
          WHERE (system, service, schema, item) = (of_system, of_service, of_schema, of_item);
          IF NOT FOUND THEN
            RAISE EXCEPTION '% is not applied to schema %', of_item, of_schema USING ERRCODE = 'PN002';
          END IF;
        END
      $function$`,
    sql /* SQL */`REVOKE ALL ON FUNCTION panal.ledger_apply FROM PUBLIC`,
    sql /* SQL */`REVOKE ALL ON FUNCTION panal.ledger_revert FROM PUBLIC`,
  ],
]

/** The format that this Panal reads and writes. */
export const LEDGER_FORMAT = ledgerSteps.length
