import { type Connection, scramVerifier } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { VerifierOf } from '../provision/index.ts'
import { derivePassword } from '../secrets/index.ts'
import { FIRST_ROTATION, masterKeyOf, rotationsOf } from '../state/index.ts'

/** Gives verifiers of derived passwords, at the rotation that the registry has for each login. */
export async function passwordVerifiers(
  context: ControlContext,
  control: Connection,
  logins: readonly string[],
): Promise<VerifierOf> {
  const masterKey = await masterKeyOf(control, context.secrets)
  const rotations = await rotationsOf(control, 'password', logins)
  return async (login) =>
    scramVerifier(derivePassword(masterKey, login, rotations.get(login) ?? FIRST_ROTATION))
}
