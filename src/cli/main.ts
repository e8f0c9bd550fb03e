/** The entry of the command line: ties runCli to the process. */
import { errorDocument, toPanalError } from './error-document.ts'
import { listenForInterrupts } from './interrupts.ts'
import { type CliProcess, runCli } from './run-cli.ts'
import { errorPage, terminalOf } from './terminal/index.ts'

const { argv, env: environment, stdin, stdout, stderr } = process

// A reader that went away (`panal status | head`) must not break off the work.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1
  })
}

const interrupts = listenForInterrupts(
  () =>
    stderr.write(
      '\nStopping after what is in flight; what is done stays recorded. Once more stops at once.\n',
    ),
  () => process.exit(130),
)

const cli: CliProcess = {
  argv: argv.slice(2),
  cwd: process.cwd(),
  environment,
  stdin,
  stdout,
  stderr,
  signal: interrupts.signal,
}

// A callback outside every await is a defect of Panal; it is reported as one and never hangs.
process.on('uncaughtException', (thrown) => {
  const error = toPanalError(thrown)
  if (cli.argv.includes('--json')) stdout.write(`${JSON.stringify(errorDocument(error))}\n`)
  else stderr.write(errorPage(error, terminalOf(stderr, environment), cli.cwd))
  process.exit(error.exitCode)
})

// Everything is written and nothing is left to do: an idle connection must not hold the shell.
process.exit(await runCli(cli))
