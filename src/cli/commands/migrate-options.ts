import { parseShare, type Share } from '../../control/index.ts'
import { BadValue, type Option } from '../framework/index.ts'

/** `--max-failures 5` or `1%`. */
export function share(summary: string): Option<Share | undefined> {
  return { summary, placeholder: 'N·P%', absent: undefined, parse: readShare, repeatable: false }
}

/** `--waves 1,5%,100%`. */
export function waves(summary: string): Option<readonly Share[] | undefined> {
  return {
    summary,
    placeholder: 'LIST',
    absent: undefined,
    parse: (text) => text.split(',').map(readWave),
    repeatable: false,
  }
}

function readWave(text: string): Share {
  const wave = readShare(text)
  if (('count' in wave ? wave.count : wave.percent) > 0) return wave
  throw new BadValue(`"${text}" is an empty wave`, 'Begin with one target at least: 1,5%,100%.')
}

function readShare(text: string): Share {
  const parsed = parseShare(text)
  if (parsed !== null) return parsed
  throw new BadValue(
    `"${text}" is neither a count nor a percentage`,
    'Write a whole number (5), or a percentage up to 100% (2.5%).',
  )
}
