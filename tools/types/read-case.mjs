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

/** The case file with new expectations: as few as say it all. */
export function withExpectations(one, answers) {
  const entries = [...answers]
  const ways = [() => [], ({ compiler }) => [compiler], ({ mode }) => [mode], ({ mode, compiler }) => [mode, compiler]]
  const [blocks = []] = ways.map((way) => grouped(entries, way)).filter((found) => found !== undefined)
  return `${one.source.trimEnd()}\n\n${blocks.join('\n\n')}\n`
}

/** One block per group of programs, where each group agrees. */
function grouped(entries, selectorsOf) {
  const groups = Map.groupBy(entries, ([program]) => selectorsOf(program).join(', '))
  const agreed = [...groups].map(([selectors, group]) => [selectors, new Set(group.map(([, text]) => text))])
  return agreed.some(([, texts]) => texts.size > 1) ? undefined : agreed.map(([selectors, [text]]) => block(selectors, text))
}

const block = (selectors, text) => [`// expect ${selectors}`.trimEnd(), ...text.split('\n').map((line) => `// ${line}`)].join('\n')
