/**
 * How Panal knows what it manages: roles and schemas carry the comment `panal:<system>`. A comment
 * survives dumps, costs no table, and whoever removes it takes the object out of Panal's hands.
 */
export const MARKER_PREFIX = 'panal:'

/** The mark of the control role and of what belongs to no system; no system can be called `*`. */
export const CONTROL_MARKER = `${MARKER_PREFIX}*`

export const markerOf = (system: string): string => `${MARKER_PREFIX}${system}`

/** The system whose mark this comment is, or null for a comment that is somebody else's. */
export function systemOfMarker(comment: string | null): string | null {
  return comment?.startsWith(MARKER_PREFIX) ? comment.slice(MARKER_PREFIX.length) : null
}
