/** The majors that tests have servers of: 18 is the embedded one, 13 one that Panal refuses. */
export type Major = 18 | 15 | 13

/**
 * Who runs Panal:
 * - `superuser`: `postgres`;
 * - `operator`: CREATEROLE CREATEDB, no superuser, as managed services give it;
 * - `second-operator`: the same, with another such operator beside, neither a member of the other.
 */
export type Admin = 'superuser' | 'operator' | 'second-operator'

export interface ServerKind {
  readonly major: Major
  readonly admin: Admin
}

const majors: readonly Major[] = [18, 15]
const admins: readonly Admin[] = ['superuser', 'operator', 'second-operator']

/**
 * The servers that a suite runs on: PANAL_TEST_SERVERS, such as `18-superuser,15-operator`, or `all`
 * for 18 and 15 with each kind of admin. Default: `18-superuser`.
 */
export function serverKinds(wanted: string = process.env.PANAL_TEST_SERVERS || '18-superuser'): ServerKind[] {
  const all = majors.flatMap((major) => admins.map((admin) => ({ major, admin })))
  if (wanted === 'all') return all
  return wanted.split(',').map((name) => {
    const kind = all.find(({ major, admin }) => `${major}-${admin}` === name.trim())
    if (kind === undefined) {
      const known = all.map(({ major, admin }) => `${major}-${admin}`).join(', ')
      throw new Error(`PANAL_TEST_SERVERS names ${JSON.stringify(name)}; there are ${known}, and all`)
    }
    return kind
  })
}
