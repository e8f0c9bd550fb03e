import { createHash } from 'node:crypto'

/**
 * The text that a file is known by: no byte order mark, LF line ends, no white space after the last
 * line. An editor or a checkout with other line ends therefore never counts as an edit; anything
 * else does, a comment or the down part included, since the ledger keeps this text.
 */
export function normalizeText(text: string): string {
  return `${text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .trimEnd()}\n`
}

/** SHA-256 of the normalized text, in hexadecimal. */
export function checksumOf(normalizedText: string): string {
  return createHash('sha256').update(normalizedText, 'utf8').digest('hex')
}
