import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installApplication, nodes, type Application } from './installed-application.js'

let application: Application

beforeAll(async () => {
  application = await installApplication()
  await application.compile()
  application.plant('waybill-halfway', "import 'left-out'\nexport const fromConfig = () => undefined\n")
  application.plant('waybill-hollow', 'export const transport = 1\n')
  application.plant('waybill-modern', 'export { fromConfig } from "waybill-shelf"\n', { import: './index.js' })
  writeFileSync(join(application.folder, 'required.cjs'), "const { createBus } = require('@waybill/core')\nconsole.log(typeof createBus)\n")
})
afterAll(() => application.remove())

describe('the tarball, installed by npm in an empty folder', () => {
  it('holds what is built, the sources for debuggers, and no tests; nothing but its own small dependency comes with it', () => {
    const installed = join(application.folder, 'node_modules', '@waybill', 'core')
    expect(readdirSync(installed).toSorted()).toEqual(expect.arrayContaining(['README.md', 'dist', 'package.json', 'src']))
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /\.test\.|tsbuildinfo|^(test|reports|test-types)\b/.test(file))).toEqual([])
    expect(
      readdirSync(join(application.folder, 'node_modules'))
        .filter((name) => !/^\.|^waybill-(?!shelf)/.test(name))
        .toSorted(),
    ).toEqual(['@standard-schema', '@waybill', 'waybill-shelf', 'zod'])
  })

  it('compiles an application and a transport by a stranger, with strict settings and every declaration checked', async () => {
    expect(await application.compile()).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await application.compile('--experimentalDecorators', 'false', '--outDir', 'standard')).toEqual({ code: 0, stdout: '', stderr: '' })
    // Nothing of ours is left to import at run time: types alone.
    expect(readFileSync(join(application.folder, 'waybill-shelf', 'index.js'), 'utf8')).not.toContain('@waybill')
  })

  describe.each(nodes)('on Node $version', ({ version, node }) => {
    it('runs send, publish and request over that transport, chosen by its scheme in an environment variable', async () => {
      expect(await application.run(node, 'main.js', { WAYBILL_TRANSPORT: 'shelf://orders' })).toEqual({ code: 0, stderr: '', stdout: outcome('shelf') })
    })

    it('runs it chosen by a block', async () => {
      const block = JSON.stringify({ kind: 'shelf', name: 'orders' })
      expect(await application.run(node, 'main.js', { WAYBILL_TRANSPORT: block })).toEqual({ code: 0, stderr: '', stdout: outcome('shelf') })
    })

    it('runs it compiled with standard decorators', async () => {
      expect(await application.run(node, join('standard', 'main.js'), { WAYBILL_TRANSPORT: 'shelf://orders' })).toEqual({
        code: 0,
        stderr: '',
        stdout: outcome('shelf'),
      })
    })

    it('runs the same program in memory', async () => {
      expect(await application.run(node, 'main.js', { WAYBILL_TRANSPORT: 'memory:' })).toEqual({ code: 0, stderr: '', stdout: outcome('memory') })
    })

    it('ends with code 1 and the install command where the package of a transport is missing', async () => {
      const { code, stdout, stderr } = await application.run(node, 'main.js', { WAYBILL_TRANSPORT: 'nosuch://user:s3cret@x' })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('WAYBILL_TRANSPORT_MISSING')
      expect(stderr).toContain('No package for the transport "nosuch": tried @waybill/nosuch and waybill-nosuch. Install it: npm install @waybill/nosuch')
      expect(stderr).not.toContain('s3cret')
    })

    it('names the package that a transport lacks itself, and does not call the transport missing', async () => {
      const { code, stderr } = await application.run(node, 'main.js', { WAYBILL_TRANSPORT: 'halfway://x' })
      expect(code).toBe(1)
      expect(stderr).toContain("Cannot find package 'left-out'")
      expect(stderr).not.toContain('npm install @waybill/halfway')
    })

    it('says what a package that is no transport lacks', async () => {
      const { code, stderr } = await application.run(node, 'main.js', { WAYBILL_TRANSPORT: 'hollow://x' })
      expect(code).toBe(1)
      expect(stderr).toContain('waybill-hollow exports no fromConfig')
      expect(stderr).toContain('Use a version of the package that does, or pass an object from its factory.')
    })

    it('is required by CommonJS', async () => {
      const { code, stdout } = await application.run(node, 'required.cjs')
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'function\n' })
    })

    it('is the version that it says', async () => {
      expect((await application.run(node, '--version')).stdout).toBe(`v${version}\n`)
    })
  })
})

describe('the example of the README, after esbuild --bundle --minify', () => {
  const readme = fileURLToPath(new URL('../../../../examples/readme/src/main.ts', import.meta.url))
  let alone: string

  beforeAll(async () => {
    alone = join(application.folder, '..', 'nothing but the bundle')
    mkdirSync(alone)
    copyFileSync(readme, join(application.folder, 'readme.ts'))
    copyFileSync(fileURLToPath(new URL('minified/nameless.ts', import.meta.url)), join(application.folder, 'nameless.ts'))
    for (const name of ['readme', 'nameless']) {
      const { code, stderr } = await application.bundle(`${name}.ts`, join(alone, `${name}.mjs`))
      if (code !== 0) throw new Error(stderr)
    }
  })

  it('is one file that needs no package beside it', () => {
    expect(existsSync(join(alone, 'node_modules'))).toBe(false)
    expect(readdirSync(alone).toSorted()).toEqual(['nameless.mjs', 'readme.mjs'])
  })

  it.each(nodes)('runs on Node $version', async ({ node }) => {
    expect(await application.run(node, join(alone, 'readme.mjs'))).toEqual({ code: 0, stdout: 'order number 42\n', stderr: '' })
  })

  it.each(nodes)('finds on Node $version a transport that is installed where the application runs', async ({ node }) => {
    const ended = await application.run(node, join(alone, 'readme.mjs'), { WAYBILL_TRANSPORT: 'shelf://readme' })
    expect(ended).toEqual({ code: 0, stdout: 'order number 42\n', stderr: '' })
  })

  it.each(nodes)('says on Node $version what keeps a transport from being found from a bundle', async ({ node }) => {
    const inPlace = await application.run(node, 'main.js', { WAYBILL_TRANSPORT: 'modern://readme' })
    expect(inPlace).toEqual({ code: 0, stderr: '', stdout: outcome('shelf') })
    const { code, stderr } = await application.run(node, join(alone, 'readme.mjs'), { WAYBILL_TRANSPORT: 'modern://readme' })
    expect(code).toBe(1)
    expect(stderr).toContain('waybill-modern is installed, and its exports have no condition "default" or "require"')
  })

  it.each(nodes)('refuses on Node $version a handler whose id would be its minified class name, and says how to name it', async ({ node }) => {
    const { code, stdout, stderr } = await application.run(node, join(alone, 'nameless.mjs'))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('WAYBILL_CONFIGURATION')
    expect(stderr).toMatch(
      /Handler id ".{1,3}" for orders\.order-placed .* looks minified, and ids must be stable: they name rows and dead letters\.\n\s+Give it one: @EventHandler\(.*, \{ id: '.+' \}\)\./,
    )
  })
})

const outcome = (transport: string): string => `on ${transport}
requested: attempt 2
published by orders: o-1
published by orders: o-2
sent: o-3
requested: o-1 is placed
unfinished: 0
`
