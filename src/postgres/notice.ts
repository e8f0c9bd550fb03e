/** A message of the server that is no error: NOTICE, WARNING, INFO, … */
export interface Notice {
  /** In the server's language. */
  readonly severity: string
  readonly sqlState: string
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly where: string | undefined
}

/** The fields of the driver's notice that are worth keeping. */
export interface DriverNotice {
  readonly severity: string | undefined
  readonly code: string | undefined
  readonly message: string | undefined
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly where: string | undefined
}

export function noticeFrom({ severity, code, message, detail, hint, where }: DriverNotice): Notice {
  return { severity: severity ?? '', sqlState: code ?? '', message: message ?? '', detail, hint, where }
}
