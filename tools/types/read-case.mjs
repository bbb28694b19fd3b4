import { readFile } from 'node:fs/promises'

/**
 * A case is a module. A rejected one has one line that ends in `// accepted: <that line as it compiles>`, which makes its
 * twin, and says at its end what the compiler answers: `// expect`, or `// expect legacy, typescript 6` where answers differ.
 *
 * @typedef {{ selectors: string[], text: string }} Expectation
 * @typedef {{ name: string, only: string | undefined, source: string, accepted: string | undefined, expectations: Expectation[] }} Case
 */

const marker = ' // accepted: '

/** @returns {Promise<Case>} */
export async function readCase(file, name) {
  const text = await readFile(file, 'utf8')
  const [source = '', ...blocks] = text.split(/^\/\/ expect/m)
  const marked = source.split('\n').filter((line) => line.includes(marker)).length
  if (marked > 1) throw new Error(`${name} differs from its twin in ${marked} places: mark one line`)
  if (marked === 0 && blocks.length > 0) throw new Error(`${name} expects a diagnostic and has no accepted twin: end a line in "//${marker.slice(3)}…"`)
  return {
    name,
    only: /^\/\/ only: (\w+)$/m.exec(source)?.[1],
    source,
    accepted: marked === 0 ? undefined : twin(source),
    expectations: blocks.map(expectation),
  }
}

const twin = (source) => source.replace(new RegExp(String.raw`^(\s*)\S.*${marker}(.*)$`, 'm'), (_, indent, line) => `${indent}${line}`)

function expectation(block) {
  const [selectors = '', ...lines] = block.trimEnd().split('\n')
  return {
    selectors: selectors
      .split(',')
      .map((selector) => selector.trim())
      .filter((selector) => selector !== ''),
    text: lines
      .filter((line) => line.startsWith('// '))
      .map((line) => line.slice(3))
      .join('\n'),
  }
}

/** What a program must answer: the expectation that says most about it. */
export function expectationFor(one, program) {
  const fitting = one.expectations.filter(({ selectors }) => selectors.every((selector) => selector === program.mode || selector === program.compiler))
  return fitting.toSorted((a, b) => b.selectors.length - a.selectors.length)[0]?.text
}

/** The case file with new expectations: one for all programs where they agree, else one per mode, else one per program. */
export function withExpectations(one, answers) {
  const entries = [...answers]
  const texts = new Set(entries.map(([, text]) => text))
  const blocks =
    texts.size === 1 ? [block([], entries[0][1])] : perMode(entries) ?? entries.map(([program, text]) => block([program.mode, program.compiler], text))
  return `${one.source.trimEnd()}\n\n${blocks.join('\n\n')}\n`
}

function perMode(entries) {
  const blocks = []
  for (const mode of ['legacy', 'standard']) {
    const texts = new Set(entries.filter(([program]) => program.mode === mode).map(([, text]) => text))
    if (texts.size > 1) return undefined
    for (const text of texts) blocks.push(block([mode], text))
  }
  return blocks
}

const block = (selectors, text) =>
  [`// expect ${selectors.join(', ')}`.trimEnd(), ...text.split('\n').map((line) => `// ${line}`)].join('\n')
