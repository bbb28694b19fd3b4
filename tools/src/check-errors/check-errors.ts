import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeenError } from '../../vitest/record-errors.ts'
import type { Checked } from '../checked.ts'
import { filesOf, packagesOf } from '../workspace.ts'
import { documentedCodes, errorsPage, writtenCodes } from './codes.ts'

/** Compares the codes in the sources with the page and with what the tests provoked, and reads the messages that were seen. */
export function checkErrors(root: string): Checked {
  const written = writtenCodes(root)
  const codes = [...written.keys()].sort()
  const page = join(root, errorsPage)
  const documented = existsSync(page) ? documentedCodes(readFileSync(page, 'utf8')) : []
  const seen = seenErrors(root)
  const provoked = codes.filter((code) => seen.some((error) => error.code === code))
  const problems = [
    ...codes.filter((code) => !documented.includes(code)).map((code) => `${code} (${written.get(code)}) is not in ${errorsPage}. Add its row`),
    ...[...new Set(documented)].filter((code) => !written.has(code)).map((code) => `${errorsPage} has ${code}, which no source writes. Remove its row`),
    ...[...new Set(documented)]
      .filter((code) => documented.filter((other) => other === code).length > 1)
      .map((code) => `${errorsPage} has ${code} twice. Keep one row`),
    ...codes
      .filter((code) => !provoked.includes(code))
      .map((code) => `${code} (${written.get(code)}) was not seen while the tests ran. Write the test that provokes it`),
    ...provoked
      .filter(
        (code) => !(code in valueless) && !seen.some((error) => error.code === code && (error.cause || value.test(error.message.replace(`(${code})`, '')))),
      )
      .map((code) => `${code} (${written.get(code)}) shows no value in its message. Quote what was wrong`),
    ...seen.filter(({ code, cause }) => !cause && written.has(code) && !userWritten.has(code)).flatMap(wording),
  ]
  return {
    line: `${codes.length} codes, ${documented.length} documented, ${provoked.length} provoked`,
    held: provoked.filter((code) => documented.includes(code)).length,
    problems,
  }
}

/** Their message is the user's own. */
const userWritten = new Set(['WAYBILL_UNRECOVERABLE'])

/** Codes whose message has no value to show, and why. */
const valueless: Readonly<Record<string, string>> = {
  WAYBILL_UNRECOVERABLE: "its message is the user's own",
  WAYBILL_NOT_SUPPORTED: 'it names the feature',
  WAYBILL_REFUSED: 'a test has told the broker to refuse',
}

/** A quoted text, a number, or a name that a program gave. */
const value = /["`\d]|[a-z][A-Z]|\(\)/

/** The ends of the sentences in a message. */
const sentences = /[.:;?!](?=\s|$)/g

function wording({ code, message, advice }: SeenError): readonly string[] {
  const shown = JSON.stringify(message.length > 160 ? `${message.slice(0, 159)}…` : message)
  if (!message.endsWith(`(${code})`)) return [`${code} does not stand at the end of its message: ${shown}. Make it by WaybillError's constructor`]
  const said = `${message.slice(0, -code.length - 2).trim()}. ${advice === undefined ? '' : `${advice}.`}`
  return (said.match(sentences) ?? []).length >= 2 ? [] : [`${code} does not say what to do: ${shown}. Add a second sentence, or an advice`]
}

function seenErrors(root: string): readonly SeenError[] {
  return packagesOf(root).flatMap(({ path }) => ['unit', 'process'].flatMap((mode) => recorded(join(path, 'reports', `${mode}-errors`))))
}

const recorded = (folder: string): readonly SeenError[] =>
  filesOf(folder, '*.json').flatMap((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly errors: readonly SeenError[] }).errors)
