/**
 * Where the master key comes from. A file or the environment today; a key management service fits
 * behind the same two members, hence the promise.
 */
export interface SecretProvider {
  /** Where the key is kept, as a person would look for it. Never the key itself. */
  readonly origin: string
  /**
   * At least 32 bytes; the same ones at every call.
   * @throws PANAL_MASTER_KEY_INVALID
   */
  masterKey(): Promise<Buffer>
}
