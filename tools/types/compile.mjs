import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** @typedef {{ mode: 'legacy' | 'standard', compiler: 'typescript 7' | 'typescript 6', package: string }} Program */

export const programs = ['legacy', 'standard'].flatMap((mode) => [
  { mode, compiler: 'typescript 7', package: 'typescript' },
  { mode, compiler: 'typescript 6', package: 'typescript6' },
])

export const versionOf = async (root, name) => JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')).version

/**
 * Compiles the modules as one program and returns the diagnostics of each: `TS2345: text`, with its lines.
 *
 * @param {Map<string, string>} modules source by name, without the ending
 * @returns {Promise<Map<string, string[]>>}
 */
export async function compile(program, modules, { root, folder, shared }) {
  const out = join(folder, `${program.mode}-${program.package}`)
  await rm(out, { recursive: true, force: true })
  const files = new Map([...modules].map(([name, source]) => [`cases/${name}.ts`, source]))
  for (const [file, text] of [...files, ...shared, ['tsconfig.json', JSON.stringify(settings(program, files), null, 2)]]) {
    await mkdir(dirname(join(out, file)), { recursive: true })
    await writeFile(join(out, file), text)
  }
  const output = await run(process.execPath, [join(root, 'node_modules', program.package, 'bin/tsc'), '-p', out, '--pretty', 'false'], out)
  return diagnostics(output, modules)
}

const settings = ({ mode }, files) => ({
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2024', 'esnext.disposable', 'esnext.decorators'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
    experimentalDecorators: mode === 'legacy',
    emitDecoratorMetadata: mode === 'legacy',
  },
  files: [...files.keys()],
})

function diagnostics(output, modules) {
  const found = new Map([...modules.keys()].map((name) => [name, []]))
  let current
  for (const line of output.split('\n').filter((each) => each.trim() !== '')) {
    if (/^\s/.test(line)) {
      if (current === undefined) throw new Error(output)
      current[current.length - 1] += `\n${line.trimEnd()}`
      continue
    }
    const [, file = '', code, text] = /^(.+?)\(\d+,\d+\): error (TS\d+): (.*)$/.exec(line) ?? []
    current = found.get(
      file
        .replaceAll('\\', '/')
        .replace(/^cases\//, '')
        .replace(/\.ts$/, ''),
    )
    // What is wrong outside of the cases makes every verdict worthless.
    if (current === undefined) throw new Error(output)
    current.push(`${code}: ${text.trimEnd()}`)
  }
  return found
}

/** What a process writes to its output; its exit code says less than that. */
export function run(command, parameters, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject).on('close', () => resolve(output))
  })
}
