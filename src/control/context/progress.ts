/** What a long operation tells whoever watches it: the command line draws it, the API streams it. */
export type ProgressEvent =
  /** A countable part begins; a further `begin` ends the one before. */
  | { readonly kind: 'begin'; readonly label: string; readonly total: number }
  | { readonly kind: 'advance'; readonly done: number; readonly failed: number }
  /** A failure worth showing at once, already formatted as one line without colours. */
  | { readonly kind: 'failure'; readonly line: string }
  /** Something a person should know that is no failure. */
  | { readonly kind: 'note'; readonly line: string }
  | { readonly kind: 'end' }

export type ProgressListener = (event: ProgressEvent) => void

/** For callers that do not watch. */
export const silent: ProgressListener = () => {}
