import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface TypeError {
  readonly file: string
  readonly line: number
  /** Its first line, code included: `TS2322: Type …`. */
  readonly message: string
}

/**
 * What the compiler says of files by name, under the settings of the repository, where `panal` is
 * the source of this checkout.
 */
export async function typeErrors(files: Readonly<Record<string, string>>): Promise<readonly TypeError[]> {
  await using folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true })
    await writeFile(join(folder.path, name), text)
  }
  const project = {
    extends: join(root, 'tsconfig.json'),
    // Examples leave variables unused; what is checked here is the types.
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')], noUnusedLocals: false },
    files: Object.keys(files),
    include: [],
  }
  await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify(project))
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }')
  const output = await tsc(folder.path)
  return [...output.matchAll(/^(\S+?)\((\d+),\d+\): error (TS\d+: .*)$/gm)].map(
    ([, file, line, message]) => ({
      file: file!,
      line: Number(line),
      message: message!,
    }),
  )
}

/** @throws Error when the compiler fails without naming a place in one of the files */
function tsc(cwd: string): Promise<string> {
  const program = join(root, 'node_modules/typescript/bin/tsc')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, '--pretty', 'false'], { cwd }, (error, stdout, stderr) => {
      if (error === null || /^\S+\(\d+,\d+\): error TS/m.test(stdout)) resolve(stdout)
      else reject(new Error(`tsc: ${stdout}${stderr}`, { cause: error }))
    })
  })
}
