import { type Connection, sql } from '../../postgres/index.ts'

/** A secret that never was rotated has this rotation. */
export const FIRST_ROTATION = 1

export type RotationPurpose = 'password' | 'secret-key'

/**
 * The rotation of each secret, by subject. A password's subject is its role; roles of one name on two servers
 * rotate together. A `SECRET_KEY`'s is {@link secretKeySubject}.
 */
export async function rotationsOf(
  connection: Connection,
  purpose: RotationPurpose,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query<{ subject: string; rotation: number }>(sql /* SQL */`
    SELECT subject, rotation FROM panal.rotations
    WHERE purpose = ${purpose} AND subject = ANY (${subjects})`)
  const known = new Map(rows.map(({ subject, rotation }) => [subject, rotation]))
  return new Map(subjects.map((subject) => [subject, known.get(subject) ?? FIRST_ROTATION]))
}

/**
 * Moves a secret on and returns its new rotation. The server still has the old password then:
 * the caller sets the new one, and says the same again when killed in between.
 */
export async function advanceRotation(
  connection: Connection,
  purpose: RotationPurpose,
  subject: string,
): Promise<number> {
  const [row] = await connection.query<{ rotation: number }>(sql /* SQL */`
    INSERT INTO panal.rotations AS known (purpose, subject, rotation)
    VALUES (${purpose}, ${subject}, ${FIRST_ROTATION + 1})
    ON CONFLICT (purpose, subject) DO UPDATE SET rotation = known.rotation + 1, rotated_at = now()
    RETURNING rotation`)
  return row!.rotation
}

export const secretKeySubject = (system: string, tenant: string): string => `${system}/${tenant}`
