/** The embedded PostgreSQL while it accepts connections. */
export interface EmbeddedServer {
  readonly running: true
  /** Of the superuser `postgres` in database `postgres`, its password percent-encoded. */
  readonly url: string
  /** On 127.0.0.1. */
  readonly port: number
  readonly dataDir: string
  /** As the server says it, such as `18.4`. */
  readonly version: string
  /** Whether this call started it. */
  readonly started: boolean
}

/** The embedded PostgreSQL while it does not run. */
export interface StoppedServer {
  readonly running: false
  readonly url: null
  /** The one it had last and will have again if it is free; null before the first start. */
  readonly port: number | null
  readonly dataDir: string
  /** The major version of its data; null before the first start. */
  readonly version: string | null
}
