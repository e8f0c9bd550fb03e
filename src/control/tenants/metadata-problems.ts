import { PanalError } from '../../model/index.ts'
import type { TenantMetadata } from '../state/index.ts'

const ENVIRONMENT = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

/**
 * Refuses metadata that would make a bad `.env`: origins must be origins, as browsers compare them letter
 * by letter, and nothing may break out of its line.
 *
 * @throws PANAL_TENANT_METADATA naming every problem
 */
export function checkMetadata(metadata: TenantMetadata): void {
  const { allowedOrigins, frontendUrl, environment } = metadata
  const problems = [
    ...(allowedOrigins ?? []).map((origin) => originProblem(origin)),
    frontendUrl === undefined ? undefined : urlProblem(frontendUrl),
    environment === undefined || ENVIRONMENT.test(environment)
      ? undefined
      : `environment: ${JSON.stringify(environment)} must be 1 to 63 letters, digits, - or _`,
  ].filter((problem) => problem !== undefined)
  if (problems.length === 0) return
  throw new PanalError('PANAL_TENANT_METADATA', 'The metadata of the tenant cannot be used.', {
    details: problems,
  })
}

function originProblem(origin: string): string | undefined {
  const url = webUrl(origin)
  if (url?.origin === origin) return undefined
  const expected = url === null ? 'https://shop.example.com' : url.origin
  return `allowedOrigins: ${JSON.stringify(origin)} is no origin; write it as ${expected}`
}

function urlProblem(frontendUrl: string): string | undefined {
  const url = webUrl(frontendUrl)
  if (url !== null && !/[\s'"\\$`\p{Cc}]/u.test(frontendUrl)) return undefined
  return `frontendUrl: ${JSON.stringify(frontendUrl)} is no http or https URL`
}

function webUrl(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}
