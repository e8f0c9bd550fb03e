/** Preloaded into a process that is measured: writes its peak resident memory, in KiB, when it ends. */
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { PEAK_MEMORY_FILE } = process.env
  if (PEAK_MEMORY_FILE !== undefined) writeFileSync(PEAK_MEMORY_FILE, `${process.resourceUsage().maxRSS}`)
})
