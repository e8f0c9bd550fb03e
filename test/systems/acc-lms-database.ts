import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The services in the document's order; each schema is named like its service. */
export const services = [
  'auth',
  'users',
  'courses',
  'enrollments',
  'assessments',
  'payments',
  'ai',
  'notifications',
] as const
export type Service = (typeof services)[number]

/** Of the document (ACC-07 to ACC-14): 25 in all. */
export const documentTables: Readonly<Record<Service, readonly string[]>> = {
  auth: ['refresh_tokens', 'users'],
  users: ['preferences', 'profiles', 'stats'],
  courses: ['categories', 'courses', 'lessons', 'sections'],
  enrollments: ['enrollments', 'lesson_progress'],
  assessments: ['quiz_questions', 'quiz_responses', 'quiz_submissions', 'quizzes'],
  payments: ['discount_codes', 'orders', 'reviews', 'transactions'],
  ai: ['content_embeddings', 'conversations', 'messages'],
  notifications: ['queue', 'templates', 'user_settings'],
}

/** Of the resolutions; `domain_events` beside them in every schema. */
export const supportTables: Readonly<Partial<Record<Service, readonly string[]>>> = {
  payments: ['discount_redemptions', 'enrollment_refs', 'review_votes'],
  notifications: ['contacts'],
}

/** A session of a superuser: a real server's or PGlite's. */
export interface Session {
  script(text: string): Promise<readonly { readonly rows: readonly Record<string, unknown>[] }[]>
}

interface SqlFile {
  readonly name: string
  readonly text: string
}

/** The SQL files of a service in the order in which they run. */
export function filesOf(service: Service, kind: 'migrations' | 'seeds'): readonly SqlFile[] {
  const folder = fileURLToPath(new URL(`../../systems/acc-lms/${service}/${kind}/`, import.meta.url))
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, text: readFileSync(folder + name, 'utf8') }))
}

/** The rows of the last statement. */
export async function rowsOf(session: Session, text: string): Promise<readonly Record<string, unknown>[]> {
  return (await session.script(text)).at(-1)?.rows ?? []
}

/** The only value of the only row. */
export async function singleValue(session: Session, text: string): Promise<unknown> {
  const [row] = await rowsOf(session, text)
  return Object.values(row ?? {})[0]
}

/** Runs a text in a transaction as the service's owner, with the search_path of its migrations. */
export async function runAsOwner(session: Session, service: Service, text: string): Promise<void> {
  await session.script('begin')
  try {
    await session.script(
      `set local role ${ownerOf(service)}; set local search_path = ${service}, extensions;\n${text}`,
    )
    await session.script('commit')
  } catch (error) {
    await session.script('rollback')
    throw error
  }
}

/** Schemas and their owners, as provisioning leaves them for the migrations; nobody has TEMPORARY. */
export async function prepareSchemas(session: Session): Promise<void> {
  await session.script(`do $$ begin
      execute format('revoke all on database %I from public', current_database());
    end $$;
    create schema extensions; grant usage on schema extensions to public`)
  for (const service of services) {
    await session.script(`do $$ begin
        if to_regrole('${ownerOf(service)}') is null then create role ${ownerOf(service)} nologin; end if;
      end $$;
      create schema ${service} authorization ${ownerOf(service)}`)
  }
}

export async function migrateUp(session: Session): Promise<void> {
  for (const service of services) {
    for (const { text } of filesOf(service, 'migrations'))
      await runAsOwner(session, service, partsOf(text).up)
  }
}

export async function migrateDown(session: Session): Promise<void> {
  for (const service of services.toReversed()) {
    for (const { text } of filesOf(service, 'migrations').toReversed()) {
      await runAsOwner(session, service, partsOf(text).down)
    }
  }
}

/** Runs the seeds of every service, or of one; `scale` multiplies the people. */
export async function seed(
  session: Session,
  { scale = 1, only }: { scale?: number; only?: Service } = {},
): Promise<void> {
  for (const service of only === undefined ? services : [only]) {
    for (const { text } of filesOf(service, 'seeds')) {
      await runAsOwner(session, service, `set local panal.scale = '${scale}';\n${text}`)
    }
  }
}

/** A hash of every row of every table; `without` names columns to leave out. */
export async function contentHash(session: Session, without: readonly string[] = []): Promise<string> {
  const hashes: string[] = []
  for (const service of services) {
    for (const table of [...documentTables[service], ...(supportTables[service] ?? [])]) {
      const removed = without.map((column) => ` - '${column}'`).join('')
      const hash = await singleValue(
        session,
        `select count(*) || ':' || md5(coalesce(string_agg(line, chr(10) order by line collate "C"), ''))
           from (select (to_jsonb(t)${removed})::text as line from ${service}.${table} t) as lines`,
      )
      hashes.push(`${service}.${table} ${String(hash)}`)
    }
  }
  return hashes.join('\n')
}

export const ownerOf = (service: Service): string => `acc_lms_${service}_owner`

function partsOf(text: string): { up: string; down: string } {
  const [up, down] = text.slice(text.indexOf('-- migrate:up')).split('-- migrate:down')
  if (up === undefined || down === undefined) throw new Error('A migration of acc-lms has no down part')
  return { up, down }
}
