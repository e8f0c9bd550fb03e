import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { displayWidth } from '../terminal/index.ts'
import { startProgress } from './progress.ts'

/** A stream that keeps what is written, and the screen line that would be left of it. */
class Screen {
  readonly isTTY: boolean
  readonly columns = 80
  readonly writes: string[] = []

  constructor(isTTY: boolean) {
    this.isTTY = isTTY
  }

  write(text: string): boolean {
    this.writes.push(text)
    return true
  }

  get text(): string {
    return this.writes.join('')
  }

  /** What a person sees: everything before the last clearing of each line is gone. */
  get lines(): string[] {
    return this.text.split('\n').map((line) => line.slice(line.lastIndexOf('\x1b[2K') + 1).replace('[2K', ''))
  }
}

let clock = 0
const pass = (milliseconds: number): void => {
  for (let step = 0; step < milliseconds; step += 50) {
    clock += 50
    mock.timers.tick(50)
  }
}
const start = (screen: Screen, quiet = false) =>
  startProgress({ stream: screen, environment: { NO_COLOR: '1' }, quiet, now: () => clock })

beforeEach(() => {
  clock = 0
  mock.timers.enable({ apis: ['setInterval'] })
})
afterEach(() => mock.timers.reset())

test('work under a second shows nothing', () => {
  const screen = new Screen(true)
  const { listener, stop } = start(screen)
  listener({ kind: 'begin', label: 'migrate', total: 10 })
  pass(900)
  listener({ kind: 'advance', done: 10, failed: 0 })
  listener({ kind: 'end' })
  stop()
  assert.equal(screen.text, '')
})

test('a terminal gets a bar with rate and time left, at most ten times a second', () => {
  const screen = new Screen(true)
  const { listener, stop } = start(screen)
  listener({ kind: 'begin', label: 'bo-tech/shop', total: 1000 })
  for (let done = 10; done <= 400; done += 10) {
    pass(100)
    listener({ kind: 'advance', done, failed: 1 })
  }
  assert.ok(screen.writes.length <= 32, `${screen.writes.length} redraws in 3 s`)
  const bar = screen.lines.at(-1) ?? ''
  assert.match(bar, /^bo-tech\/shop {2}█+░+ {2}\d{3}\/1,000 {3}\d+\/s {3}0:0\d left {3}1 failed$/)
  assert.ok(displayWidth(bar) < 80)
  stop()
  assert.equal(screen.lines.at(-1), '', 'the bar is taken away')
})

test('a failure scrolls above the bar and stays', () => {
  const screen = new Screen(true)
  const { listener, stop } = start(screen)
  listener({ kind: 'begin', label: 'migrate', total: 10 })
  pass(1200)
  listener({ kind: 'advance', done: 4, failed: 1 })
  listener({ kind: 'failure', line: 'schema_lumen   23514  \x1b[2Jorder 8812' })
  stop()
  assert.deepEqual(screen.lines, ['✗ schema_lumen   23514  \ufffd[2Jorder 8812', ''])
})

test('elsewhere a line every few seconds, without escape sequences', () => {
  const screen = new Screen(false)
  const { listener, stop } = start(screen)
  listener({ kind: 'begin', label: 'migrate', total: 100 })
  for (let done = 1; done <= 90; done++) {
    pass(100)
    listener({ kind: 'advance', done, failed: 0 })
  }
  listener({ kind: 'end' })
  stop()
  assert.equal(screen.writes.length, 3)
  assert.match(screen.writes[1] ?? '', /^migrate {2}\d\d\/100 {3}\d+(\.\d)?\/s {3}0:0\d left\n$/)
  assert.ok(!screen.text.includes('\x1b') && !screen.text.includes('\r'))
})

test('quiet shows nothing at all', () => {
  const screen = new Screen(true)
  const { listener, stop } = start(screen, true)
  listener({ kind: 'begin', label: 'migrate', total: 10 })
  pass(5000)
  listener({ kind: 'failure', line: 'x' })
  listener({ kind: 'note', line: 'x' })
  stop()
  assert.equal(screen.text, '')
})

test('a narrow terminal still gets one line', () => {
  const screen = new Screen(true)
  Object.assign(screen, { columns: 30 })
  const { listener, stop } = start(screen)
  listener({ kind: 'begin', label: 'a very long label of a very long service', total: 1000 })
  pass(1500)
  listener({ kind: 'advance', done: 500, failed: 3 })
  pass(500)
  for (const line of screen.lines) assert.ok(displayWidth(line) < 30, line)
  stop()
})
