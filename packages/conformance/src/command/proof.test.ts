import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { main } from './main.js'

describe('every command with --json FILE', () => {
  it.each([
    ['memory', ['memory', '--only', 'DS-01']],
    ['checkers', ['checkers']],
    ['mutants', ['mutants', '--only', 'drop', '--seeds', '1']],
    ['guarantees', ['guarantees', 'docs/there-is-no-such-page.md', '--check']],
  ])('writes what %s has come to', async (command, argv) => {
    const folder = await mkdtemp(join(tmpdir(), 'proof-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'proof.json')
    const lines: string[] = []
    const code = await main([...argv, '--json', file], (line) => void lines.push(line))
    const proof = JSON.parse(await readFile(file, 'utf8')) as { readonly counts: Readonly<Record<string, number>> }
    expect(proof).toMatchObject({ command, ok: code === 0, versions: { node: process.versions.node } })
    const { passed, failed } = proof.counts
    const last = lines.join('\n').split('\n').at(-1)
    expect(last).toBe(command === 'mutants' ? `mutants: ${passed} killed, ${failed} alive` : `${command}: ${passed} passed, ${failed} failed, 0 skipped`)
  })

  it.each(['memory', 'checkers', 'mutants', 'guarantees'])('refuses a file that cannot be written before %s runs', async (command) => {
    const lines: string[] = []
    expect(
      await main(
        [command, ...(command === 'guarantees' ? ['docs/page.md', '--check'] : []), '--json', '/no/such/folder/proof.json'],
        (line) => void lines.push(line),
      ),
    ).toBe(2)
    expect(lines[0]).toMatch(/^--json cannot be "\/no\/such\/folder\/proof\.json"/)
  })
})
