import { BASE, type ObjectSpec, type PlatformSpec, type ServiceSpec, TENANT_KEY } from './platform-spec.ts'

/** Every migration of a platform: path below the folder of the systems, to text. */
export function migrationFiles(spec: PlatformSpec): Readonly<Record<string, string>> {
  const files = spec.systems.flatMap((system) =>
    system.services.flatMap((service) =>
      service.files.map((objects, index) => {
        const version = String(index + 1).padStart(3, '0')
        const path = `${system.name}/${service.name}/migrations/${version}_objects.sql`
        return [path, objects.map((object) => createSql(service, object)).join('\n')] as const
      }),
    ),
  )
  return Object.fromEntries(files)
}

function createSql(service: ServiceSpec, object: ObjectSpec): string {
  const { kind, name } = object
  switch (kind) {
    case 'table':
      return `CREATE TABLE ${name} (${columns(service, object, name === BASE ? 'PRIMARY KEY' : '')});`
    case 'partitioned':
      return [
        `CREATE TABLE ${name} (${columns(service, object, '')}) PARTITION BY RANGE (amount);`,
        `CREATE TABLE ${name}_low PARTITION OF ${name} FOR VALUES FROM (MINVALUE) TO (100);`,
      ].join('\n')
    case 'view':
      return `CREATE VIEW ${name} WITH (security_invoker = true) AS SELECT label, amount FROM ${BASE};`
    case 'matview':
      return `CREATE MATERIALIZED VIEW ${name} AS SELECT label, amount FROM ${BASE};`
    case 'routine':
      return `CREATE FUNCTION ${name}(wanted integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM ${BASE} WHERE amount = wanted $$;`
    case 'procedure':
      return `CREATE PROCEDURE ${name}(added integer) LANGUAGE sql AS $$ UPDATE ${BASE} SET amount = amount + added $$;`
  }
}

function columns(service: ServiceSpec, { name, key, keyless }: ObjectSpec, constraint: string): string {
  const ids = {
    serial: [`id serial`],
    identity: ['id bigint GENERATED ALWAYS AS IDENTITY'],
    none: [],
  }[key]
  const common = ['label text', 'amount integer NOT NULL DEFAULT 0']
  if (service.tenancy !== 'row') return [...ids, ...common].join(', ')
  // The root's own key is the tenant.
  if (name === BASE)
    return ['id uuid', ...common]
      .map((text, index) => (index === 0 ? `${text} ${constraint}` : text))
      .join(', ')
  return [...ids, ...(keyless ? [] : [`${TENANT_KEY} uuid NOT NULL`]), ...common].join(', ')
}
