/** What is known of a tenant beyond its slug. Keys that Panal does not know are kept as they are. */
export interface TenantMetadata {
  /** `ALLOWED_ORIGINS` of its backend. */
  readonly allowedOrigins?: readonly string[]
  /** `FRONTEND_URL` of its backend. */
  readonly frontendUrl?: string
  /** `ENVIRONMENT` of its backend. */
  readonly environment?: string
  readonly [key: string]: unknown
}
