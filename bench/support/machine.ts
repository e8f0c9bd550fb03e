import { availableParallelism, totalmem } from 'node:os'

/** The machine as far as it matters to read a figure. */
export function machine(): Record<string, string | number> {
  return {
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
}
